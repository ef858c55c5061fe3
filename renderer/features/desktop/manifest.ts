import { defineAsyncComponent } from 'vue';
import type { Feature } from '../../app/feature.ts';

export const FirstRun = defineAsyncComponent(() => import('./FirstRun.vue'));
export const DesktopAsk = defineAsyncComponent(() => import('./DesktopAsk.vue'));
export const DesktopNotes = defineAsyncComponent(() => import('./DesktopNotes.vue'));

/** Its texts are there from the start on a desktop, and nowhere else. */
export const feature: Feature = { name: 'desktop', texts: { desktop: () => import('./messages.ts') } };
