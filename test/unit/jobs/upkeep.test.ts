import { expect, it } from 'vitest';
import { retentionJob } from '../../../center/jobs/kinds/retention.ts';
import { rollUpJob } from '../../../center/jobs/kinds/roll-up.ts';
import { tidyJob } from '../../../center/jobs/kinds/tidy.ts';
import { countedHours } from '../../../center/store/rollups.ts';
import { plainLine } from '../../../contract/customer.ts';
import { ContactId, GroupId } from '../../../contract/ids.ts';
import { until } from '../../support/until.ts';
import { sumOf } from '../center/center-stage.ts';
import { logOf } from '../store/support.ts';
import { jobStage } from './support.ts';

const DAY_MS = 86_400_000;

it('what has been kept long enough is erased soon after the start and each day, by the days that are set', async () => {
  const stage = await jobStage([retentionJob]);
  const { db, clock, settings, store } = stage;
  const at = (days: number) => clock.now() - days * DAY_MS;
  const line = (contactId: string, days: number) => ({ ...plainLine, contactId: ContactId.parse(contactId), customerId: null, number: '+821012345678', kind: 'inbound' as const, startedAt: at(days), groupId: null, groupName: '', agentId: null, agentName: '', outcome: 'answered' as const, talkMs: 1, disposition: '', memo: 'm' });
  await store.records.putTimelineEntries([...Array.from({ length: 120 }, (_, n) => line(`old${n}`, 31)), line('soon', 29.5), line('new', 1)]);
  await store.records.append([9, 9, 7].map((days) => ({ type: 'x', at: at(days), contactId: null, agentId: null, groupId: null, data: {} })));
  const memos = async () => (await db.selectFrom('contacts').select('memo').where('erased', '=', 0).orderBy('started_at').execute()).length;

  Object.assign(settings, { keepContactsDays: 30, keepEventsDays: 1 });
  const worker = stage.work();
  await until('the old contacts are nobody’s', async () => (await memos()) === 2);
  // Statistics need a week.
  await until('the old events are gone', async () => (await logOf({ db })).length === 1);
  clock.at += DAY_MS;
  await until('the next one is nobody’s a day later', async () => (await memos()) === 1);
  await worker.stop();

  Object.assign(settings, { keepContactsDays: null, keepEventsDays: null });
  clock.at += 400 * DAY_MS;
  stage.work();
  const dueBefore = await db.selectFrom('job_schedules').select('due_at').executeTakeFirstOrThrow();
  await until('it was looked at again', async () => (await db.selectFrom('job_schedules').select('due_at').executeTakeFirstOrThrow()).due_at > dueBefore.due_at);
  await until('that is over', async () => (await db.selectFrom('jobs').select('state').execute()).every(({ state }) => state === 'done'));
  expect(await memos()).toBe(1);
});

it('the log is counted into its hours at the start and each minute', async () => {
  const stage = await jobStage([rollUpJob]);
  const { db, clock, store } = stage;
  const queued = (contact: string) => ({ type: 'contact.queued', at: clock.now(), contactId: ContactId.parse(contact), agentId: null, groupId: GroupId.parse('orders'), data: {} });
  const offered = async () => sumOf(await countedHours(db, 'Asia/Seoul', 0, clock.now() + DAY_MS), GroupId.parse('orders'))?.offered ?? 0;
  await store.records.append(Array.from({ length: 2500 }, (_, n) => queued(`k${n}`)));
  stage.work();
  await until('the log is counted', async () => (await offered()) === 2500);
  await store.records.append([queued('next')]);
  clock.at += 60_001;
  await until('the next minute is counted', async () => (await offered()) === 2501);
  expect(await offered()).toBe(2501);
});

it('jobs are forgotten a month after they are finished', async () => {
  const stage = await jobStage([tidyJob]);
  const old = await stage.ask();
  await stage.cancel(old);
  stage.clock.at += 20 * DAY_MS;
  const young = await stage.ask();
  await stage.cancel(young);
  stage.clock.at += 11 * DAY_MS;
  stage.work();
  await until('the old one is forgotten', async () => (await stage.db.selectFrom('jobs').select('job_id').where('job_id', '=', old).execute()).length === 0);
  expect(await stage.job(young)).toMatchObject({ state: 'cancelled' });
});
