import type { JobKind } from './job.ts';
import { auditExportJob } from './kinds/audit-export.ts';
import { auditVerifyJob } from './kinds/audit-verify.ts';
import { eraseCustomerJob } from './kinds/erase-customer.ts';
import { mediaPrepareJob } from './kinds/media-prepare.ts';
import { mediaSweepJob } from './kinds/media-sweep.ts';
import { retentionJob } from './kinds/retention.ts';
import { rollUpJob } from './kinds/roll-up.ts';
import { tidyJob } from './kinds/tidy.ts';

/** Everything that is done beside the calls. */
export const jobKinds: readonly JobKind[] = [rollUpJob, retentionJob, tidyJob, auditVerifyJob, auditExportJob, eraseCustomerJob, mediaPrepareJob, mediaSweepJob];
