import type { PageProps } from '../screens/page.ts';

export const ReviewPage = ({ voice }: PageProps) => <main class="empty">{voice.text.pageLoading}</main>;
