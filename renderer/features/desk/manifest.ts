import { Headset } from '@lucide/vue';
import type { Feature } from '../../app/feature.ts';
import { messages } from './messages.ts';

export const feature: Feature = {
  name: 'desk',
  screen: { title: { en: 'Desk', ko: '상담' }, path: '/', icon: Headset, scope: 'calls.handle', home: 1, page: () => import('./DeskPage.vue') },
  // A call is seen on every screen.
  firstTexts: messages,
};
