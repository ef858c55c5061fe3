import { Settings } from '@lucide/vue';
import type { Feature } from '../../app/feature.ts';

export const feature: Feature = {
  name: 'settings',
  screen: { title: { en: 'Settings', ko: '설정' }, path: '/settings', icon: Settings, scope: 'account.own', page: () => import('./SettingsPage.vue') },
  texts: { settings: () => import('./messages.ts') },
};
