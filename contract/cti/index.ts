export * from './commands.ts';
export * from './events.ts';
export * from './sign-in.ts';
