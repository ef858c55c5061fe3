import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openMedia } from '../../../center/media/index.ts';
import { jobKinds, JobRunner, MOST_AN_HOUR, MOST_UNFINISHED } from '../../../center/jobs/index.ts';
import { appendAudit } from '../../../center/store/audit-log.ts';
import { isFinished, Job } from '../../../contract/job.ts';
import type { KeyScope } from '../../../contract/permissions.ts';
import { until } from '../../support/until.ts';
import { temporaryFolder } from '../store/support.ts';
import { agent, stage } from './stage.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** A gateway whose jobs are done, and what one person asks of it. */
async function auditStage() {
  const filesFolder = join(await temporaryFolder(), 'files');
  const office = await stage({ filesFolder }, 5);
  const { db, clock } = office.store;
  const mediaSettings = { kind: 'folder' as const, folder: join(filesFolder, '../media') };
  const media = openMedia({ db, key: null, settings: mediaSettings, clock });
  const runner = new JobRunner({ db, media, kinds: jobKinds, settings: { filesFolder, media: mediaSettings, keepContactsDays: null, keepEventsDays: null }, clock, logger: silent, customersChanged: () => {} });
  const work = (): void => {
    runner.start();
    onTestFinished(() => runner.stop());
  };
  const withToken = (token: unknown) => {
    const headers = { authorization: `Bearer ${String(token)}` };
    const get = async (path: string) => office.send(`/api/v1${path}`, undefined, headers, 'GET');
    const post = async (path: string, body: unknown = {}) => office.send(`/api/v1${path}`, body, headers);
    const ended = (jobId: string): Promise<Job> => until('the job has ended', async () => { const job = Job.parse((await get(`/jobs/${jobId}`)).body); return isFinished(job) ? job : null; });
    return { get, post, ended };
  };
  const as = async (account: string) => withToken((await office.signIn(account)).accessToken);
  /** Another system, whose key an administrator makes. */
  const withKey = async ({ post }: ReturnType<typeof withToken>, scopes: readonly KeyScope[]) => {
    const { token } = z.object({ token: z.string() }).parse((await post('/keys', { name: 'SIEM', scopes, expiresAt: clock.now() + 86_400_000 })).body);
    return withToken(token);
  };
  const actions = async () => (await db.selectFrom('audit').select(['actor', 'action', 'subject']).orderBy('id').execute()).map(({ actor, action, subject }) => `${actor} ${action} ${subject}`);
  return { ...office, as, withKey, work, actions };
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
    const { as, work, actions, store } = await auditStage();
    work();
    const { get, post, ended } = await as('admin');
    const check = Job.parse((await post('/audit/verifications')).body);
    expect(await ended(check.jobId)).toMatchObject({ state: 'done', result: { of: 'check', brokenAt: null } });
    store.clock.at += 1;
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

describe('a key that may read the audit log', () => {
  it('sees to what it asked for, to the end: looks at it, fetches it, ends it, and sees nobody else’s', async () => {
    const { as, withKey, work, actions } = await auditStage();
    const admin = await as('admin');
    const theirs = Job.parse((await admin.post('/audit/verifications')).body);
    const key = await withKey(admin, ['audit.read']);
    const whole = { of: 'audit', format: 'ndjson', from: 0, to: 4_000_000_000_000 };
    const { jobId, askedBy } = Job.parse((await key.post('/audit/exports', whole)).body);
    expect((await key.get('/jobs')).body).toMatchObject([{ jobId, state: 'waiting' }]);
    expect([(await key.get(`/jobs/${theirs.jobId}`)).status, (await key.post(`/jobs/${theirs.jobId}/cancel`)).status, (await key.get(`/jobs/${theirs.jobId}/file`)).status]).toEqual([404, 404, 404]);
    const other = Job.parse((await key.post('/audit/exports', { ...whole, to: 1 })).body);
    expect((await key.post(`/jobs/${other.jobId}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    work();
    expect(await key.ended(jobId)).toMatchObject({ state: 'done', askedBy });
    const { body } = await key.get(`/jobs/${jobId}/file`);
    expect(Buffer.from((body as { data: string }).data, 'base64').toString('utf8')).toContain('"action":"auth.signed-in"');
    expect(await actions()).toEqual(expect.arrayContaining([`${askedBy} audit.export audit`, `${askedBy} jobs.cancel ${other.jobId}`, `${askedBy} jobs.file ${jobId}`]));
    expect(askedBy).toMatch(/^key:/);
    expect((await admin.post(`/keys/${String(askedBy).slice(4)}/revoke`)).status).toBe(204);
    expect((await key.get(`/jobs/${jobId}/file`)).status).toBe(401);
  });

  it('has nothing of it without that scope', async () => {
    const { as, withKey } = await auditStage();
    const key = await withKey(await as('admin'), ['customers.read', 'customers.write', 'configuration.read', 'configuration.write']);
    expect([(await key.get('/jobs')).status, (await key.post('/audit/verifications')).status]).toEqual([403, 403]);
  });
});

describe('what is asked again and again', () => {
  it('is one line of the audit log: the check that is not over, its end, and the file that was read', async () => {
    const { as, work, actions } = await auditStage();
    const { get, post, ended } = await as('admin');
    const repeated = async (ask: () => Promise<{ status: number }>): Promise<number[]> => [(await ask()).status, (await ask()).status, (await ask()).status];
    const check = Job.parse((await post('/audit/verifications')).body);
    expect(await repeated(() => post('/audit/verifications'))).toEqual([200, 200, 200]);
    expect(await repeated(() => post(`/jobs/${check.jobId}/cancel`))).toEqual([200, 200, 200]);
    const whole = { of: 'audit', format: 'csv', from: 0, to: 4_000_000_000_000 };
    const { jobId } = Job.parse((await post('/audit/exports', whole)).body);
    expect(await repeated(() => post('/audit/exports', whole))).toEqual([200, 200, 200]);
    // One that came too early is no reading of it.
    expect((await get(`/jobs/${jobId}/file`)).status).toBe(404);
    work();
    await ended(jobId);
    expect(await repeated(() => get(`/jobs/${jobId}/file`))).toEqual([200, 200, 200]);
    expect(await repeated(() => post(`/jobs/${jobId}/cancel`))).toEqual([200, 200, 200]);
    const lines = await actions();
    expect(lines.slice(lines.indexOf('admin audit.verify '))).toEqual(['admin audit.verify ', `admin jobs.cancel ${check.jobId}`, 'admin audit.export audit', `admin jobs.file ${jobId}`, `admin jobs.file ${jobId}`]);
  });

  it('a file is not read unseen, whichever part is read first', async () => {
    const { as, store, work, actions } = await auditStage();
    const { get, post, ended } = await as('admin');
    for (let n = 0; n < 2; n++) await appendAudit(store.db, { at: store.clock.at, actor: null, action: 'x', subject: 's', address: '', details: {}, note: 'n'.repeat(200_000) });
    work();
    const { jobId } = Job.parse((await post('/audit/exports', { of: 'audit', format: 'ndjson', from: 0, to: 4_000_000_000_000 })).body);
    await ended(jobId);
    expect((await get(`/jobs/${jobId}/file?part=1`)).status).toBe(200);
    expect((await actions()).at(-1)).toBe(`admin jobs.file ${jobId}`);
  });
});

describe('failure: a job', () => {
  it('is one too many: a few of one asker wait at once, and others come to their turn', async () => {
    const { as, withKey, actions } = await auditStage();
    const admin = await as('admin');
    const key = await withKey(admin, ['audit.read']);
    const before = (await actions()).length;
    const asked = [];
    for (let to = 1; to <= 20; to++) asked.push(await key.post('/audit/exports', { of: 'audit', format: 'csv', from: 0, to }));
    expect(asked.map(({ status }) => status)).toEqual([...Array.from({ length: MOST_UNFINISHED }, () => 200), ...Array.from({ length: 20 - MOST_UNFINISHED }, () => 429)]);
    expect(asked.at(-1)?.body).toMatchObject({ code: 'rate-limited' });
    expect((await key.post('/audit/verifications')).body).toMatchObject({ code: 'rate-limited' });
    // The same again is no other.
    expect((await key.post('/audit/exports', { of: 'audit', format: 'csv', from: 0, to: 1 })).status).toBe(200);
    // Refusals are some lines a minute.
    expect((await actions()).length - before).toBeLessThanOrEqual(MOST_UNFINISHED + 11);
    const theirs = Job.parse((await admin.post('/audit/verifications')).body);
    // Nor are theirs crowded out of their list.
    expect((await admin.get('/jobs?own=true&limit=2')).body).toMatchObject([{ jobId: theirs.jobId }]);
    expect((await admin.get('/jobs')).body).toHaveLength(MOST_UNFINISHED + 1);
    const { jobId } = Job.parse(asked[0]?.body);
    await admin.post(`/jobs/${jobId}/cancel`);
    expect((await key.post('/audit/verifications')).status).toBe(200);
  });

  it('that is begun and cancelled over and over is one too many for this hour', async () => {
    const { as, store } = await auditStage();
    const { post } = await as('admin');
    const begun = async (to: number): Promise<{ status: number; headers: Headers }> => {
      const answer = await post('/audit/exports', { of: 'audit', format: 'csv', from: 0, to });
      if (answer.status === 200) await post(`/jobs/${Job.parse(answer.body).jobId}/cancel`);
      return answer;
    };
    for (let to = 1; to <= MOST_AN_HOUR; to++) expect((await begun(to)).status).toBe(200);
    const refused = await begun(1000);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3600']);
    store.clock.at += 3_600_000;
    const { post: later } = await as('admin');
    expect((await later('/audit/exports', { of: 'audit', format: 'csv', from: 0, to: 1000 })).status).toBe(200);
  });

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

  it('of a period that is no date is refused, and none is made', async () => {
    const { as, store } = await auditStage();
    const { post, get } = await as('admin');
    const [last, tooLate] = [8_640_000_000_000_000, Number.MAX_SAFE_INTEGER];
    for (const to of [last + 1, tooLate]) {
      expect([(await post('/audit/exports', { of: 'audit', format: 'csv', from: 0, to })).status, (await get(`/audit?to=${to}`)).status, (await get(`/audit/accesses?from=${to}`)).status]).toEqual([400, 400, 400]);
      expect((await post('/displays', { name: '전광판', groupIds: ['orders'], expiresAt: to })).status).toBe(400);
    }
    expect(await store.db.selectFrom('jobs').select('job_id').where('asked_by', 'is not', null).execute()).toEqual([]);
  });

  it('of a period that ends before it begins is none', async () => {
    const { as } = await auditStage();
    const { post, get } = await as('admin');
    expect((await post('/audit/exports', { of: 'audit', format: 'csv', from: 5, to: 5 })).status).toBe(400);
    expect((await get('/audit?cursor=not-one')).status).toBe(400);
  });
});
