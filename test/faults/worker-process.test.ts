import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readPart } from '../../center/jobs/files.ts';
import { addAudit } from '../../center/store/audit-log.ts';
import { openBeside } from '../../center/store/index.ts';
import { enqueueJob, findJob, secretOfJob } from '../../center/store/jobs.ts';
import { countedHours } from '../../center/store/rollups.ts';
import { ContactId, GroupId } from '../../contract/ids.ts';
import { systemClock } from '../../server/clock.ts';
import { createLogger } from '../../server/logger.ts';
import { forkWorker, type Worker } from '../../server/worker.ts';
import { until } from '../support/until.ts';
import { sumOf } from '../unit/center/center-stage.ts';
import { temporaryFolder, temporaryStore } from '../unit/store/support.ts';

const ORDERS = GroupId.parse('orders');
const SEOUL = 'Asia/Seoul';

/** An encrypted store that this process writes, as a center does, and a worker beside it that is not started yet. */
async function centerWithWorker() {
  const folder = await temporaryFolder();
  const file = join(folder, 'center.db');
  const key = randomBytes(32);
  const store = await temporaryStore(file, { key });
  const worker: Worker = forkWorker({ place: { file }, key, settings: { filesFolder: join(folder, 'files'), media: { kind: 'folder', folder: join(folder, 'media') }, keepContactsDays: null, keepEventsDays: null }, customersChanged: () => {}, clock: systemClock, logger: createLogger('silent') });
  onTestFinished(() => worker.stop());
  let calls = 0;
  const at = Date.UTC(2026, 4, 20, 3, 0, 0);
  /** Some calls of an hour, each offered once. */
  const log = (count: number): Promise<void> => store.records.append(Array.from({ length: count }, () => ({ type: 'contact.queued', at: at + (calls % 3600) * 1000, contactId: ContactId.parse(`k${calls++}`), agentId: null, groupId: ORDERS, data: {} })));
  const counted = async (): Promise<number> => sumOf(await countedHours(store.db, SEOUL, 0, at * 2), ORDERS)?.offered ?? 0;
  return { file, key, store, worker, log, counted, logged: () => calls };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a worker beside a center', () => {
  it('counts what the center writes meanwhile, each line once, however often it is killed in the middle of it', async () => {
    const { worker, log, counted, logged } = await centerWithWorker();
    for (let i = 0; i < 4; i++) await log(5000);
    worker.start();
    const killed = new Set<number>();
    // While it is at it: what is counted is more than before, and not all.
    while (killed.size < 3) {
      const before = await counted();
      await until('it is at work', async () => (await counted()) > before, 60_000, 5);
      expect(await counted()).toBeLessThan(logged());
      const pid = worker.pid ?? 0;
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
      await until('it is known to be gone', () => worker.pid !== pid);
      expect(worker.trouble()).toContain('SIGKILL');
      for (let i = 0; i < 20; i++) await log(10);
    }
    await until('all is counted', async () => (await counted()) >= logged(), 90_000);
    await until('it is well again', () => worker.trouble() === null);
    expect(await counted()).toBe(logged());
    expect(killed.size).toBe(3);
  }, 180_000);

  it('never keeps the center from writing, though both write all the time', async () => {
    const { worker, store, log, counted, logged } = await centerWithWorker();
    await log(5000);
    worker.start();
    const failures: unknown[] = [];
    while ((await counted()) < 5000) {
      await log(1).catch((error: unknown) => void failures.push(error));
      // A transaction that reads before it writes.
      await store.db.transaction().execute(async (tx) => {
        const { value } = await tx.selectFrom('revision').select('value').executeTakeFirstOrThrow();
        await tx.updateTable('revision').set({ value: value + 1 }).execute();
      }).catch((error: unknown) => void failures.push(error));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(failures).toEqual([]);
    expect(logged()).toBeGreaterThan(5000);
  }, 60_000);

  it('that is killed in the middle of an export writes it once, whole', async () => {
    const { worker, store, file } = await centerWithWorker();
    const from = store.clock.at;
    for (let n = 0; n < 60; n++) {
      await store.db.transaction().execute(async (tx) => {
        for (let line = 0; line < 100; line++) await addAudit(tx, { at: from + n * 100 + line, actor: null, action: 'x', subject: `s${n}`, address: '', details: {} });
      });
    }
    const jobId = await enqueueJob(store.db, { kind: 'audit.export', payload: { of: 'audit', format: 'ndjson', from, to: from + 10_000_000, language: 'en' }, askedBy: null, now: 0 });
    worker.start();
    await until('it is under way', async () => ((await findJob(store.db, jobId))?.progress?.done ?? 0) > 0, 60_000, 1);
    process.kill(worker.pid ?? 0, 'SIGKILL');
    const job = await until('it is done', async () => { const found = await findJob(store.db, jobId); return found?.state === 'done' ? found : null; }, 60_000);
    const secret = (await secretOfJob(store.db, jobId)) ?? '';
    const parts = job.result?.of === 'file' ? job.result.parts : 0;
    const read = await Promise.all(Array.from({ length: parts }, (_, part) => readPart(join(dirname(file), 'files'), jobId, { secret, part, parts })));
    const ids = Buffer.concat(read.map((part) => part ?? Buffer.alloc(0))).toString('utf8').split('\n').filter(Boolean).map((line): number => JSON.parse(line).id);
    expect(ids).toEqual(Array.from({ length: 6000 }, (_, n) => n + 1));
    expect(job).toMatchObject({ attempts: 2, result: { of: 'file', rows: 6000 } });
  }, 120_000);

  it('is told to stop, and is gone; what it had to do waits', async () => {
    const { worker, store } = await centerWithWorker();
    worker.start();
    await until('it works', async () => (await store.db.selectFrom('job_schedules').select('kind').execute()).length > 0);
    const pid = worker.pid ?? 0;
    expect(isAlive(pid)).toBe(true);
    await worker.stop();
    expect(isAlive(pid)).toBe(false);
    const jobId = await enqueueJob(store.db, { kind: 'jobs.tidy', payload: {}, askedBy: null, now: 0 });
    expect(await findJob(store.db, jobId)).toMatchObject({ state: 'waiting' });
    expect(worker.trouble()).toBeNull();
  });
});

describe('failure: a database beside which no worker can work', () => {
  it('is told: one of another version, another key, or none', async () => {
    const { file, key, store } = await centerWithWorker();
    await expect(openBeside({ file, key: randomBytes(32) })).rejects.toMatchObject({ code: 'corrupt' });
    await expect(openBeside({ file: `${file}.not-there`, key })).rejects.toMatchObject({ code: 'unwritable' });
    await sql`PRAGMA user_version = 9999`.execute(store.db);
    await expect(openBeside({ file, key })).rejects.toMatchObject({ code: 'newer' });
  });
});
