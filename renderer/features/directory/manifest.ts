import { BookUser } from '@lucide/vue';
import type { Feature } from '../../app/feature.ts';

export const feature: Feature = {
  name: 'directory',
  screen: { title: { en: 'Directory', ko: '조직도' }, path: '/directory', icon: BookUser, scope: 'account.own', page: () => import('./DirectoryPage.vue') },
  texts: { directory: () => import('./messages.ts') },
};
