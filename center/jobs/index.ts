export { askJob, MOST_AN_HOUR, MOST_UNFINISHED } from './asking.ts';
export type { JobSettings } from './job.ts';
export { jobKinds } from './kinds.ts';
export { JobRunner, type RunnerLogger } from './runner.ts';
export { ALIVE_EVERY_MS, FromWorker, ToWorker } from './worker-messages.ts';
