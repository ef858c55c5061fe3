import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PART_BYTES, readPart } from '../../../center/jobs/files.ts';
import { auditExportJob } from '../../../center/jobs/kinds/audit-export.ts';
import { auditVerifyJob } from '../../../center/jobs/kinds/audit-verify.ts';
import { tidyJob } from '../../../center/jobs/kinds/tidy.ts';
import { appendAudit, eraseAuditNotes } from '../../../center/store/audit-log.ts';
import { secretOfJob } from '../../../center/store/jobs.ts';
import type { JobId } from '../../../contract/job.ts';
import { until } from '../../support/until.ts';
import { dropRefusal } from '../store/harm.ts';
import { jobStage } from './support.ts';

const DAY_MS = 86_400_000;

async function exportStage(entries: number) {
  const stage = await jobStage([auditExportJob, auditVerifyJob, tidyJob]);
  const { db, clock, settings } = stage;
  const from = clock.at - 1000;
  for (let n = 0; n < entries; n++) await appendAudit(db, { at: from + n, actor: null, action: 'x', subject: `s${n % 7}`, address: '', details: { n }, ...(n % 5 === 0 && { note: `word ${n} of a person` }) });
  const whole = { of: 'audit', format: 'ndjson', from, to: from + DAY_MS, language: 'en' };
  const exportOf = (more: object = {}): Promise<JobId> => stage.ask({ ...whole, ...more }, undefined, 'audit.export');
  /** What the file of a job says; null where it cannot be read. */
  const fileOf = async (jobId: JobId): Promise<string | null> => {
    const { result } = await stage.job(jobId);
    const secret = await secretOfJob(db, jobId);
    if (result?.of !== 'file' || secret === null) return null;
    const parts = await Promise.all(Array.from({ length: result.parts }, (_, part) => readPart(settings.filesFolder, jobId, { secret, part, parts: result.parts })));
    return parts.includes(null) ? null : Buffer.concat(parts as Buffer[]).toString('utf8');
  };
  const lines = async (jobId: JobId): Promise<{ id: number; note: string | null }[]> => ((await fileOf(jobId)) ?? '').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  return { ...stage, from, exportOf, fileOf, lines };
}

describe('an export of the audit log', () => {
  it('holds each entry of the period once, oldest first, as the log has it', async () => {
    const stage = await exportStage(1203);
    stage.work();
    const jobId = await stage.exportOf({ from: stage.from + 100, to: stage.from + 1200 });
    expect(await stage.ended(jobId)).toMatchObject({ state: 'done', progress: { done: 1100, total: 1100 }, result: { of: 'file', name: expect.stringMatching(/^audit-2026-05-20-2026-05-20\.ndjson$/), rows: 1100 } });
    const lines = await stage.lines(jobId);
    expect(lines.map(({ id }) => id)).toEqual(Array.from({ length: 1100 }, (_, n) => n + 101));
    expect(lines[0]).toMatchObject({ subject: 's2', details: { n: 100 }, note: 'word 100 of a person', hash: expect.stringMatching(/^[\da-f]{64}$/) });
  });

  it('reaches from the first date that there is to the last', async () => {
    const stage = await exportStage(3);
    stage.work();
    const jobId = await stage.exportOf({ from: 0, to: 8_640_000_000_000_000 });
    expect(await stage.ended(jobId)).toMatchObject({ state: 'done', attempts: 1, result: { name: expect.stringMatching(/^audit-1970-01-01-275760-09-13\.ndjson$/), rows: 3 } });
  });

  it('is of the access log, too, and a CSV begins as spreadsheets want it', async () => {
    const stage = await exportStage(0);
    await stage.db.insertInto('access_log').values({ at: stage.clock.at, agent_id: 'agent1', address: '192.0.2.1', kind: 'customer', customer_id: 'cu-1', customers: 1, contacts: 0 }).execute();
    stage.work();
    const jobId = await stage.exportOf({ of: 'access', format: 'csv', language: 'ko' });
    await stage.ended(jobId);
    expect(await stage.fileOf(jobId)).toBe('\uFEFF번호,시각,조회한 사람,주소,종류,고객,고객 수,이력 수\r\n1,2026-05-20 12:00:00,agent1,192.0.2.1,customer,cu-1,1,0\r\n');
  });

  it('is whole over many parts, and nothing of it is on the disk in the clear', async () => {
    const stage = await exportStage(0);
    const word = 'WORDSOFAPERSON '.repeat(4000);
    for (let n = 0; n < 12; n++) await appendAudit(stage.db, { at: stage.clock.at, actor: null, action: 'x', subject: 's', address: '', details: {}, note: `${n} ${word}` });
    stage.work();
    const jobId = await stage.exportOf();
    const { result } = await stage.ended(jobId);
    expect(result).toMatchObject({ of: 'file', parts: 3, rows: 12 });
    expect((await stage.lines(jobId)).map(({ note }) => note)).toEqual(Array.from({ length: 12 }, (_, n) => `${n} ${word}`));
    const [name = ''] = await readdir(stage.settings.filesFolder);
    expect((await stat(join(stage.settings.filesFolder, name))).size).toBeGreaterThan(2 * PART_BYTES);
    expect((await readFile(join(stage.settings.filesFolder, name), 'latin1')).includes('WORDSOFAPERSON')).toBe(false);
    expect((await stat(join(stage.settings.filesFolder, name))).mode & 0o777).toBe(0o600);
  });

  it('is gone after a day, and so is what a job that was cut short left behind', async () => {
    const stage = await exportStage(3);
    stage.work();
    const old = await stage.exportOf();
    await stage.ended(old);
    const names = () => readdir(stage.settings.filesFolder);
    const leftBehind = join(stage.settings.filesFolder, `${old}.0000.new`);
    await writeFile(leftBehind, '');
    for (const name of await names()) await utimes(join(stage.settings.filesFolder, name), stage.clock.at / 1000, stage.clock.at / 1000);
    stage.clock.at += DAY_MS / 2;
    const young = await stage.exportOf({ to: stage.clock.at });
    await stage.ended(young);
    stage.clock.at += DAY_MS / 2 + 1;
    await until('the old one and what was left behind are gone', async () => (await names()).join() === `${young}.part`);
    expect(await stage.fileOf(old)).toBeNull();
    expect(await stage.lines(young)).toHaveLength(3);
  });
});

describe('what is erased while it is exported', () => {
  it('is in no file: one that is made is begun anew, and one that was made is read by nobody any more', async () => {
    const stage = await exportStage(1200);
    stage.work();
    const made = await stage.exportOf();
    await stage.ended(made);
    expect((await stage.lines(made)).some(({ note }) => note === 'word 0 of a person')).toBe(true);

    const under = await stage.exportOf({ to: stage.from + 1_000_000 });
    await until('it is under way', async () => (await stage.job(under)).progress !== null, 20_000, 1);
    await stage.db.transaction().execute((tx) => eraseAuditNotes(tx, 's0'));
    expect(await stage.job(made)).toMatchObject({ result: { of: 'file', withdrawn: true } });
    expect(await stage.fileOf(made)).toBeNull();

    const ended = await stage.ended(under);
    expect(ended).toMatchObject({ state: 'done' });
    const lines = ended.result?.of === 'file' && ended.result.withdrawn ? [] : await stage.lines(under);
    expect(lines.some(({ note }) => note === 'word 0 of a person')).toBe(false);
    const again = await stage.exportOf();
    await stage.ended(again);
    expect((await stage.lines(again)).map(({ id }) => id)).toEqual(Array.from({ length: 1200 }, (_, n) => n + 1));
  });
});

describe('a check of the audit log', () => {
  it('says that it is whole, or which entry is not as it was written', async () => {
    const stage = await exportStage(1203);
    stage.work();
    expect((await stage.ended(await stage.ask({}, undefined, 'audit.verify'))).result).toEqual({ of: 'check', checked: 1203, brokenAt: null });
    await dropRefusal(stage.db, 'audit', 'update');
    await stage.db.updateTable('audit').set({ subject: 'another' }).where('id', '=', 777).execute();
    expect((await stage.ended(await stage.ask({}, undefined, 'audit.verify'))).result).toEqual({ of: 'check', checked: 1203, brokenAt: 777 });
  });
});
