export { createContactCenter, type ContactCenterOptions } from './center.ts';
