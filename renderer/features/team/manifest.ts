import { UsersRound } from '@lucide/vue';
import type { Feature } from '../../app/feature.ts';
import { messages } from './messages.ts';

export const feature: Feature = {
  name: 'team',
  screen: { title: { en: 'Team', ko: '팀 관리' }, path: '/team', icon: UsersRound, scope: 'agents.lead', home: 3, page: () => import('./TeamPage.vue') },
  // Whoever listens in sees it on every screen.
  firstTexts: messages,
};
