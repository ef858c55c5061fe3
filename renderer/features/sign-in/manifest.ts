import type { Feature } from '../../app/feature.ts';
import { messages } from './messages.ts';

export { default as SignIn } from './SignIn.vue';

export const feature: Feature = { name: 'signIn', firstTexts: messages };
