export { createContactCenter } from './center.ts';
export type { ContactCenterOptions } from './core.ts';
