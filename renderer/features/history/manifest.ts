import { History } from '@lucide/vue';
import type { Feature } from '../../app/feature.ts';

export const feature: Feature = {
  name: 'history',
  screen: { title: { en: 'History', ko: '통화 이력' }, path: '/history', icon: History, scope: 'customers.read', home: 5, page: () => import('./HistoryPage.vue') },
  texts: { history: () => import('./messages.ts') },
};
