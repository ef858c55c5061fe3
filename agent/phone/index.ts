export { Phone, type PhoneEvent, type PhoneOptions } from './phone.ts';
export type { AskRedial } from './redials.ts';
export type { DialogView } from './dialog.ts';
export type { DialogState } from './dialog-state.ts';
export type { RegistrationState } from './registration.ts';
