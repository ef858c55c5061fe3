import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { isFinished, type Job } from '../../../contract/job.ts';
import { useApi } from '../../app/use-api.ts';

/** How often a job that goes on is asked after: one looks at it, and it lasts. */
const LOOK_EVERY_MS = 700;

export interface WatchedJobs {
  /** The newest first. */
  jobs: ShallowRef<readonly Job[]>;
  /** Follows one from now on, until it is over. */
  follow: (job: Job) => void;
  cancel: (job: Job) => Promise<void>;
  /** Those that one has asked for before, of these kinds. */
  load: () => Promise<void>;
}

/** What becomes of jobs of these kinds that this person has asked for, in a component's setup. They go on when one leaves. */
export function useJobs(kinds: readonly string[]): WatchedJobs {
  const api = useApi();
  const jobs = shallowRef<readonly Job[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isGone = false;

  const put = (job: Job): void => {
    const isKnown = jobs.value.some(({ jobId }) => jobId === job.jobId);
    jobs.value = isKnown ? jobs.value.map((one) => (one.jobId === job.jobId ? job : one)) : [job, ...jobs.value];
  };
  const lookSoon = (): void => {
    clearTimeout(timer);
    if (!isGone && jobs.value.some((job) => !isFinished(job))) timer = setTimeout(() => void look(), LOOK_EVERY_MS);
  };
  async function look(): Promise<void> {
    const answers = await Promise.all(jobs.value.filter((job) => !isFinished(job)).map(({ jobId }) => api('jobs.get', { jobId })));
    for (const answer of answers) if (answer.ok) put(answer.value);
    lookSoon();
  }
  onScopeDispose(() => {
    isGone = true;
    clearTimeout(timer);
  });

  return {
    jobs,
    follow: (job) => {
      put(job);
      lookSoon();
    },
    cancel: async ({ jobId }) => {
      const answer = await api('jobs.cancel', { jobId });
      if (answer.ok) put(answer.value);
      lookSoon();
    },
    load: async () => {
      const answer = await api('jobs.list', { own: true });
      if (!answer.ok) return;
      jobs.value = answer.value.filter((job) => kinds.includes(job.kind));
      lookSoon();
    },
  };
}
