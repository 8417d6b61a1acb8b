import type { PageProps } from '../screens/page.ts';

export const AdminPage = ({ voice }: PageProps) => <main class="empty">{voice.text.pageLoading}</main>;
