export * from './access.ts';
export * from './calls.ts';
export * from './desktop.ts';
export * from './events.ts';
export * from './facade.ts';
export * from './ipc.ts';
export * from './media.ts';
export * from './views.ts';
