import { MonitorDot } from '@lucide/vue';
import type { Feature } from '../../app/feature.ts';

export const feature: Feature = {
  name: 'wallboard',
  screen: { title: { en: 'Wallboard', ko: '전광판' }, path: '/wallboard', icon: MonitorDot, fullScreen: true, home: 6, page: () => import('./WallboardPage.vue') },
  texts: { wallboard: () => import('./messages.ts') },
};
