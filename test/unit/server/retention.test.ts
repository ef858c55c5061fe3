import { expect, it } from 'vitest';
import { keepNoLonger } from '../../../server/retention.ts';
import { createLogger } from '../../../server/logger.ts';
import { defaultData } from '../../../server/data-settings.ts';
import { plainLine } from '../../../contract/customer.ts';
import { ContactId } from '../../../contract/ids.ts';
import { until } from '../../support/until.ts';
import { TestClock } from '../center/center-stage.ts';
import { logOf, temporaryStore } from '../store/support.ts';

const DAY_MS = 86_400_000;

it('what has been kept long enough is erased a minute after the start and each day, by the days that are set', async () => {
  const { db, records } = await temporaryStore();
  const clock = new TestClock();
  const at = (days: number) => clock.now() - days * DAY_MS;
  const line = (contactId: string, days: number) => ({ ...plainLine, contactId: ContactId.parse(contactId), customerId: null, number: '+821012345678', kind: 'inbound' as const, startedAt: at(days), groupId: null, groupName: '', agentId: null, agentName: '', outcome: 'answered' as const, talkMs: 1, disposition: '', memo: 'm' });
  await records.putTimelineEntries([line('old', 31), line('soon', 29.5), line('new', 1)]);
  await records.append([9, 7].map((days) => ({ type: 'x', at: at(days), contactId: null, agentId: null, groupId: null, data: {} })));
  const memos = async () => (await db.selectFrom('timeline').select('memo').orderBy('started_at').execute()).map(({ memo }) => memo);
  const events = async () => (await logOf({ db })).length;

  const end = keepNoLonger(db, clock, { ...defaultData, keepContactsDays: 30, keepEventsDays: 1 }, createLogger('silent'));
  await clock.pass(60_000);
  await until('the old contact is nobody’s', async () => (await memos()).join() === ',m,m');
  // Statistics need a week.
  expect(await events()).toBe(1);
  await until('the next day is waited for', () => clock.pass(DAY_MS).then(async () => (await memos()).join() === ',,m'));
  end();
  const never = keepNoLonger(db, clock, defaultData, createLogger('silent'));
  await clock.pass(400 * DAY_MS);
  expect(await memos()).toEqual(['', '', 'm']);
  never();
});
