import { UsersRound } from '@lucide/vue';
import type { Feature } from '../../app/feature.ts';

export const feature: Feature = {
  name: 'team',
  screen: { title: { en: 'Team', ko: '팀 관리' }, path: '/team', icon: UsersRound, scope: 'agents.lead', home: 3, page: () => import('./TeamPage.vue') },
  // Whoever listens in sees some of them on every screen, in a bar that fetches them too.
  texts: { team: () => import('./messages.ts') },
};
