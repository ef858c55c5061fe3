export * from './commands.ts';
export * from './events.ts';
export * from './microphone.ts';
export * from './notice.ts';
export * from './sign-in.ts';
export * from './snapshot.ts';
export * from './topic-names.ts';
export * from './topics.ts';
