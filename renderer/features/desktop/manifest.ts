import { defineAsyncComponent } from 'vue';
import type { Feature } from '../../app/feature.ts';
import { messages } from './messages.ts';

export const FirstRun = defineAsyncComponent(() => import('./FirstRun.vue'));
export const DesktopAsk = defineAsyncComponent(() => import('./DesktopAsk.vue'));
export const DesktopNotes = defineAsyncComponent(() => import('./DesktopNotes.vue'));

export const feature: Feature = { name: 'desktop', firstTexts: messages };
