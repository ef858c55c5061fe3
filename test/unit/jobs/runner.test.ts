import { describe, expect, it } from 'vitest';
import { NoRoom } from '../../../center/jobs/job.ts';
import { askedJobs } from '../../../center/store/jobs.ts';
import { AgentId } from '../../../contract/ids.ts';
import { until } from '../../support/until.ts';
import { ASKER, jobStage, kindOf, NOTHING } from './support.ts';

/** Something that a test lets happen. */
function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

const DAY_MS = 86_400_000;

describe('a job', () => {
  it('is done once, says how far it is meanwhile, and what came of it', async () => {
    const { opened, open } = gate();
    const seen: number[] = [];
    const stage = await jobStage([
      kindOf(async ({ step }, { n }) => {
        seen.push(n);
        await step({ done: 3, total: 10 });
        await opened;
        return { result: { of: 'check', checked: 10, brokenAt: null } };
      }),
    ]);
    const jobId = await stage.ask({ n: 7 });
    expect(await stage.job(jobId)).toMatchObject({ state: 'waiting', askedBy: ASKER, progress: null });
    stage.work();
    await until('it says how far it is', async () => (await stage.job(jobId)).progress?.done === 3);
    expect(await stage.job(jobId)).toMatchObject({ state: 'running', progress: { done: 3, total: 10 } });
    open();
    expect(await stage.ended(jobId)).toMatchObject({ state: 'done', attempts: 1, result: { of: 'check', checked: 10 }, failure: null });
    expect(seen).toEqual([7]);
  });

  it('with a key is queued once while it is not finished, and again afterwards', async () => {
    const stage = await jobStage([kindOf(() => Promise.resolve(NOTHING))]);
    const first = await stage.ask({}, 'the same');
    expect(await stage.ask({}, 'the same')).toBe(first);
    expect(await stage.ask({}, 'another')).not.toBe(first);
    stage.work();
    await stage.ended(first);
    expect(await stage.ask({}, 'the same')).not.toBe(first);
  });

  it('that two workers are offered is done by one', async () => {
    const seen: number[] = [];
    const stage = await jobStage([
      kindOf(async ({ step }, { n }) => {
        await step(null);
        seen.push(n);
        return NOTHING;
      }),
    ]);
    const asked = await Promise.all(Array.from({ length: 20 }, (_, n) => stage.ask({ n })));
    stage.work();
    stage.work();
    for (const jobId of asked) await stage.ended(jobId);
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('is seen by who asked for it, the newest first', async () => {
    const stage = await jobStage([]);
    const [first, second] = [await stage.ask(), (stage.clock.at += 1, await stage.ask())];
    expect((await askedJobs(stage.db, ASKER, 10)).map(({ jobId }) => jobId)).toEqual([second, first]);
    expect(await askedJobs(stage.db, AgentId.parse('agent1'), 10)).toEqual([]);
    expect(await askedJobs(stage.db, null, 1)).toHaveLength(1);
  });

  it('is not waited for by those of the other lane', async () => {
    const { opened, open } = gate();
    const stage = await jobStage([kindOf(() => opened.then(() => NOTHING)), kindOf(() => Promise.resolve(NOTHING), { kind: 'test.upkeep', lane: 'upkeep' })]);
    stage.work();
    const long = await stage.ask();
    await until('the long one runs', async () => (await stage.job(long)).state === 'running');
    expect(await stage.ended(await stage.ask({}, undefined, 'test.upkeep'))).toMatchObject({ state: 'done' });
    open();
    expect(await stage.ended(long)).toMatchObject({ state: 'done' });
  });
});

describe('what is done regularly', () => {
  it('is made up for once after an outage, and only the last of it is kept', async () => {
    let done = 0;
    const stage = await jobStage([kindOf(() => Promise.resolve((done++, NOTHING)), { lane: 'upkeep', schedule: { everyMs: 60_000 } })]);
    stage.work();
    await until('it was done at first', () => done === 1);
    stage.clock.at += 10 * DAY_MS;
    await until('it is made up for', () => done === 2);
    stage.clock.at += 60_001;
    await until('it goes on', () => done === 3);
    await until('the last is told', async () => (await stage.db.selectFrom('jobs').select('state').execute()).every(({ state }) => state === 'done'));
    expect(await stage.db.selectFrom('jobs').select('state').execute()).toEqual([{ state: 'done' }]);
  });
});

describe('failure: a job', () => {
  it('that throws is tried again after growing waits, and then has failed', async () => {
    const at: number[] = [];
    const stage = await jobStage([kindOf(({ now }) => Promise.reject(new Error(String(at.push(now())))))]);
    stage.work();
    const jobId = await stage.ask();
    expect(await stage.ended(jobId, 100)).toMatchObject({ state: 'failed', attempts: 3, failure: 'unexpected', result: null });
    const [first = 0, second = 0, third = 0] = at;
    expect(third - second).toBeGreaterThan(second - first);
    expect(second - first).toBeGreaterThanOrEqual(1000);
  });

  it('that throws once is done afterwards, without what it had not finished', async () => {
    let attempts = 0;
    const stage = await jobStage([
      kindOf(async ({ step }) => {
        await step(null, async (tx) => {
          await tx.insertInto('meta').values({ key: `attempt ${attempts}`, value: '' }).execute();
          if (attempts++ === 0) throw new Error('in the middle of a step');
        });
        return NOTHING;
      }),
    ]);
    stage.work();
    expect(await stage.ended(await stage.ask(), 500)).toMatchObject({ state: 'done', attempts: 2 });
    expect(await stage.db.selectFrom('meta').select('key').where('key', 'like', 'attempt %').execute()).toEqual([{ key: 'attempt 1' }]);
  });

  it('that stands still is given to the next who comes, and writes nothing any more', async () => {
    const { opened, open } = gate();
    let attempts = 0;
    const late: unknown[] = [];
    const stage = await jobStage([
      kindOf(
        async ({ step }) => {
          if (attempts++ > 0) return NOTHING;
          await opened;
          await step(null, (tx) => tx.insertInto('meta').values({ key: 'too late', value: '' }).execute()).catch((error: unknown) => void late.push(error));
          return NOTHING;
        },
        { leaseMs: 100 },
      ),
    ]);
    stage.work();
    const jobId = await stage.ask();
    expect(await stage.ended(jobId, 50)).toMatchObject({ state: 'done', attempts: 2 });
    open();
    await until('the first has noticed', () => late.length === 1);
    expect(late).toMatchObject([{ name: 'JobOver', why: 'lost' }]);
    expect(await stage.db.selectFrom('meta').select('key').where('key', '=', 'too late').execute()).toEqual([]);
  });

  it('that stands still each time has failed, and does not keep the next from its turn', async () => {
    const stage = await jobStage([kindOf((_context, { n }) => (n === 0 ? new Promise(() => {}) : Promise.resolve(NOTHING)), { leaseMs: 50, mostAttempts: 2 })]);
    stage.work();
    const hangs = await stage.ask({ n: 0 });
    stage.clock.at += 1;
    const next = await stage.ask({ n: 1 });
    expect(await stage.ended(hangs, 50)).toMatchObject({ state: 'failed', failure: 'hung' });
    expect(await stage.ended(next, 50)).toMatchObject({ state: 'done' });
  });

  it('whose worker stops goes on at the next one, and that was no attempt', async () => {
    const ends = { after: Infinity };
    const stage = await jobStage([
      kindOf(async ({ step }) => {
        for (let i = 0; i < ends.after; i++) await step({ done: i, total: null });
        return NOTHING;
      }),
    ]);
    const jobId = await stage.ask();
    const first = stage.work();
    await until('it is under way', async () => ((await stage.job(jobId)).progress?.done ?? 0) > 1);
    await first.stop();
    ends.after = 2;
    expect(await stage.job(jobId)).toMatchObject({ state: 'waiting', attempts: 0 });
    stage.work();
    expect(await stage.ended(jobId)).toMatchObject({ state: 'done', attempts: 1 });
  });

  it.each(['while it waits', 'while it runs', 'while whoever had it is gone'] as const)('that is cancelled %s is over, and what is over stays so', async (when) => {
    const stage = await jobStage([
      kindOf(async ({ step }) => {
        for (let i = 0; ; i++) await step({ done: i, total: null });
      }),
    ]);
    const jobId = await stage.ask();
    const runs = () => until('it runs', async () => (await stage.job(jobId)).progress !== null);
    if (when === 'while it runs') {
      stage.work();
      await runs();
    } else if (when === 'while whoever had it is gone') {
      await stage.db.updateTable('jobs').set({ state: 'running', lease: 'of one that was killed', lease_until: stage.clock.at + 30_000 }).execute();
      stage.work();
    }
    await stage.cancel(jobId);
    expect(await stage.ended(jobId, 5000)).toMatchObject({ state: 'cancelled', cancelling: false, result: null });
    await stage.cancel(jobId);
    expect(await stage.job(jobId)).toMatchObject({ state: 'cancelled' });
  });

  it('that finds the disk full waits, and that is no attempt', async () => {
    let isFull = true;
    let tries = 0;
    const stage = await jobStage([
      kindOf(() => {
        tries++;
        return isFull ? Promise.reject(tries % 2 === 0 ? new NoRoom() : Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })) : Promise.resolve(NOTHING);
      }),
    ]);
    stage.work();
    const jobId = await stage.ask();
    await until('it has tried often', () => ((stage.clock.at += 31_000), tries > 4));
    expect(await stage.job(jobId)).toMatchObject({ failure: null, finishedAt: null });
    isFull = false;
    expect(await stage.ended(jobId, 31_000)).toMatchObject({ state: 'done', attempts: 1 });
  });

  it('of a kind that nobody knows any more waits, and hinders nobody', async () => {
    const stage = await jobStage([kindOf(() => Promise.resolve(NOTHING))]);
    stage.work();
    const unknown = await stage.ask({}, undefined, 'of another version');
    stage.clock.at += 1;
    expect(await stage.ended(await stage.ask())).toMatchObject({ state: 'done' });
    expect(await stage.job(unknown)).toMatchObject({ state: 'waiting' });
  });
});
