import type { JobKind } from './job.ts';
import { retentionJob } from './kinds/retention.ts';
import { rollUpJob } from './kinds/roll-up.ts';
import { tidyJob } from './kinds/tidy.ts';

/** Everything that is done beside the calls. */
export const jobKinds: readonly JobKind[] = [rollUpJob, retentionJob, tidyJob];
