import { defineAsyncComponent } from 'vue';
import type { Feature } from '../../app/feature.ts';
import { messages } from './messages.ts';

/** Asks once in a browser whether one is heard and hears. */
export const DeviceCheck = defineAsyncComponent(() => import('./DeviceCheck.vue'));

export const feature: Feature = { name: 'devices', firstTexts: messages };
