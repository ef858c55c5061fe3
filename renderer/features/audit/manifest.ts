import { ScrollText } from '@lucide/vue';
import type { Feature } from '../../app/feature.ts';

export const feature: Feature = {
  name: 'audit',
  screen: { title: { en: 'Audit log', ko: '감사 기록' }, path: '/audit', icon: ScrollText, scope: 'audit.read', home: 4, page: () => import('./AuditPage.vue') },
  texts: { audit: () => import('./messages.ts') },
};
