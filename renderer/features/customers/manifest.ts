import { UserSearch } from '@lucide/vue';
import type { Feature } from '../../app/feature.ts';

export const feature: Feature = {
  name: 'customers',
  screen: { title: { en: 'Customers', ko: '고객' }, path: '/customers', icon: UserSearch, scope: 'customers.read', page: () => import('./CustomersPage.vue') },
  texts: { customers: () => import('./messages.ts') },
};
