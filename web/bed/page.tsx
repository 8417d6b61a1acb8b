import type { PageProps } from '../screens/page.ts';

export const BedPage = ({ voice }: PageProps) => <main class="empty">{voice.text.pageLoading}</main>;
