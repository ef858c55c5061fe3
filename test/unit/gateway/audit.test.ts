import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { jobKinds, JobRunner } from '../../../center/jobs/index.ts';
import { appendAudit } from '../../../center/store/audit-log.ts';
import { isFinished, Job } from '../../../contract/job.ts';
import { until } from '../../support/until.ts';
import { temporaryFolder } from '../store/support.ts';
import { agent, stage } from './stage.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** A gateway whose jobs are done, and what one person asks of it. */
async function auditStage() {
  const filesFolder = join(await temporaryFolder(), 'files');
  const office = await stage({ filesFolder }, 5);
  const { db, clock } = office.store;
  const runner = new JobRunner({ db, kinds: jobKinds, settings: { filesFolder, keepContactsDays: null, keepEventsDays: null }, clock, logger: silent });
  const work = (): void => {
    runner.start();
    onTestFinished(() => runner.stop());
  };
  const as = async (account: string) => {
    const { accessToken } = await office.signIn(account);
    const headers = { authorization: `Bearer ${accessToken}` };
    const get = async (path: string) => office.send(`/api/v1${path}`, undefined, headers, 'GET');
    const post = async (path: string, body: unknown = {}) => office.send(`/api/v1${path}`, body, headers);
    const ended = (jobId: string): Promise<Job> => until('the job has ended', async () => { const job = Job.parse((await get(`/jobs/${jobId}`)).body); return isFinished(job) ? job : null; });
    return { get, post, ended };
  };
  const actions = async () => (await db.selectFrom('audit').select(['actor', 'action', 'subject']).orderBy('id').execute()).map(({ actor, action, subject }) => `${actor} ${action} ${subject}`);
  return { ...office, as, work, actions };
}

const Page = { entries: expect.any(Array) as unknown[], next: expect.anything() as unknown };
const idsOf = (body: unknown): number[] => (body as { entries: { id: number }[] }).entries.map(({ id }) => id);

describe('the audit log', () => {
  it('is read newest first, page by page, by who, what, whom and when', async () => {
    const { as, store } = await auditStage();
    const { get } = await as('admin');
    const { at } = store.clock;
    for (let n = 0; n < 25; n++) await appendAudit(store.db, { at: at + 1000 + Math.floor(n / 2), actor: agent(n % 2 === 0 ? 'agent1' : 'agent2'), action: n % 5 === 0 ? 'customers.erase' : 'customers.update', subject: `cu-${n % 3}`, address: '192.0.2.1', details: { outcome: 'ok' }, ...(n === 0 && { note: 'a reason' }) });
    const period = `from=${at + 1000}&to=${at + 2000}`;
    const first = await get(`/audit?${period}&limit=10`);
    expect(first.body).toMatchObject({ ...Page, entries: expect.arrayContaining([]) });
    const newest = idsOf(first.body);
    const second = await get(`/audit?${period}&limit=10&cursor=${(first.body as { next: string }).next}`);
    const third = await get(`/audit?${period}&limit=10&cursor=${(second.body as { next: string }).next}`);
    expect(third.body).toMatchObject({ next: null });
    const all = [...newest, ...idsOf(second.body), ...idsOf(third.body)];
    expect(all).toEqual(Array.from({ length: 25 }, (_, n) => (newest[0] ?? 0) - n));
    expect((third.body as { entries: unknown[] }).entries.at(-1)).toMatchObject({ actor: 'agent1', action: 'customers.erase', subject: 'cu-0', address: '192.0.2.1', details: { outcome: 'ok' }, note: 'a reason' });
    expect(idsOf((await get(`/audit?${period}&actor=agent1`)).body)).toHaveLength(13);
    expect(idsOf((await get(`/audit?${period}&action=customers.erase`)).body)).toHaveLength(5);
    expect(idsOf((await get(`/audit?${period}&actor=agent1&action=customers.erase`)).body)).toHaveLength(3);
    expect(idsOf((await get(`/audit?${period}&subject=cu-1`)).body)).toHaveLength(8);
    expect(idsOf((await get(`/audit?from=${at + 1000}&to=${at + 1002}`)).body)).toHaveLength(4);
  });

  it('of personal data is read apart', async () => {
    const { as, store } = await auditStage();
    const { get } = await as('admin');
    for (const [n, customer] of ['cu-1', 'cu-2', null].entries()) await store.db.insertInto('access_log').values({ at: n, agent_id: 'agent1', address: '', kind: customer === null ? 'search' : 'customer', customer_id: customer, customers: 1, contacts: 0 }).execute();
    expect(idsOf((await get('/audit/accesses')).body)).toHaveLength(3);
    expect((await get('/audit/accesses?customerId=cu-2')).body).toMatchObject({ entries: [{ agentId: 'agent1', kind: 'customer', customerId: 'cu-2' }], next: null });
  });

  it('is checked, exported and fetched by an administrator, and the log says so', async () => {
    const { as, work, actions } = await auditStage();
    work();
    const { get, post, ended } = await as('admin');
    const check = Job.parse((await post('/audit/verifications')).body);
    expect(await ended(check.jobId)).toMatchObject({ state: 'done', result: { of: 'check', brokenAt: null } });
    const asked = Job.parse((await post('/audit/exports', { of: 'audit', format: 'csv', from: 0, to: 4_000_000_000_000 })).body);
    const made = await ended(asked.jobId);
    expect(made).toMatchObject({ state: 'done', result: { of: 'file', parts: 1 } });
    const { body } = await get(`/jobs/${asked.jobId}/file?part=0`);
    const text = Buffer.from((body as { data: string }).data, 'base64').toString('utf8');
    expect(text.startsWith('\uFEFF번호,')).toBe(true);
    expect(text).toContain('auth.signed-in');
    expect(await actions()).toEqual(expect.arrayContaining(['admin audit.verify ', 'admin audit.export audit', `admin jobs.file ${asked.jobId}`]));
    expect((await get(`/jobs/${asked.jobId}/file?part=1`)).status).toBe(404);
    expect((await get('/jobs')).body).toMatchObject([{ jobId: asked.jobId }, { jobId: check.jobId }]);
  });

  it('is asked for twice, and written once', async () => {
    const { as } = await auditStage();
    const { post } = await as('admin');
    const whole = { of: 'audit', format: 'csv', from: 0, to: 10 };
    const [one, other] = [await post('/audit/exports', whole), await post('/audit/exports', whole)];
    expect(Job.parse(one.body).jobId).toBe(Job.parse(other.body).jobId);
    expect(Job.parse((await post('/audit/exports', { ...whole, to: 11 })).body).jobId).not.toBe(Job.parse(one.body).jobId);
  });
});

describe('failure: a job', () => {
  it('of somebody else is not there: not seen, not cancelled, not fetched', async () => {
    const { as, actions } = await auditStage();
    const admin = await as('admin');
    const { jobId } = Job.parse((await admin.post('/audit/verifications')).body);
    for (const account of ['agent1', 'supervisor']) {
      const other = await as(account);
      expect((await other.get('/jobs')).body).toEqual([]);
      expect([(await other.get(`/jobs/${jobId}`)).status, (await other.post(`/jobs/${jobId}/cancel`)).status, (await other.get(`/jobs/${jobId}/file`)).status]).toEqual([404, 404, 404]);
      expect([(await other.get('/audit')).status, (await other.get('/audit/accesses')).status, (await other.post('/audit/exports', { of: 'audit', format: 'csv', from: 0, to: 1 })).status]).toEqual([403, 403, 403]);
    }
    expect(await actions()).toContain('supervisor audit.export audit');
    expect(Job.parse((await admin.post(`/jobs/${jobId}/cancel`)).body)).toMatchObject({ state: 'cancelled' });
  });

  it('whose file is not made, or whose day is over, has none to fetch', async () => {
    const { as, store, work } = await auditStage();
    const { get, post, ended } = await as('admin');
    const { jobId } = Job.parse((await post('/audit/exports', { of: 'access', format: 'ndjson', from: 0, to: 10 })).body);
    expect((await get(`/jobs/${jobId}/file`)).status).toBe(404);
    work();
    await ended(jobId);
    expect((await get(`/jobs/${jobId}/file`)).body).toEqual({ data: '' });
    await store.db.updateTable('jobs').set({ result: JSON.stringify({ of: 'file', name: 'x', rows: 0, bytes: 0, parts: 1, expiresAt: store.clock.at, withdrawn: false }) }).where('job_id', '=', jobId).execute();
    expect((await get(`/jobs/${jobId}/file`)).status).toBe(404);
  });

  it('of a period that ends before it begins is none', async () => {
    const { as } = await auditStage();
    const { post, get } = await as('admin');
    expect((await post('/audit/exports', { of: 'audit', format: 'csv', from: 5, to: 5 })).status).toBe(400);
    expect((await get('/audit?cursor=not-one')).status).toBe(400);
  });
});
