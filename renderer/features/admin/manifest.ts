import { Building2 } from '@lucide/vue';
import type { Feature } from '../../app/feature.ts';

export const feature: Feature = {
  name: 'admin',
  screen: { title: { en: 'Set-up', ko: '센터 설정' }, path: '/admin', icon: Building2, scope: 'configuration.write', home: 2, page: () => import('./AdminPage.vue') },
  texts: { admin: () => import('./messages.ts'), away: () => import('./away-messages.ts'), announcements: () => import('./announcements/messages.ts'), people: () => import('../../shared/people/messages.ts') },
};
