import { sql } from 'kysely';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCenterEvent } from '../../../center/events.ts';
import type { LoggedEvent } from '../../../center/ports.ts';
import type { Hours } from '../../../center/reports/counters.ts';
import { fold, hourFinder } from '../../../center/reports/fold.ts';
import { countedHours, countedSince, rollUp } from '../../../center/store/rollups.ts';
import type { Database } from '../../../center/store/tables.ts';
import { ContactId, GroupId } from '../../../contract/ids.ts';
import { countAll, sumOf } from '../center/center-stage.ts';
import { linesOfDay } from '../center/lines-of-day.ts';
import { placeAt } from './places.ts';
import { eraseEventsBefore, NOW, temporaryFolder, temporaryStore } from './support.ts';

const SEOUL = 'Asia/Seoul';
const HOUR_MS = 3600_000;
const ORDERS = GroupId.parse('orders');

const queued = (at: number, contact = `k${at}`): LoggedEvent => ({ at, type: 'contact.queued', contactId: ContactId.parse(contact), agentId: null, groupId: ORDERS, data: {} });

/** What a center that starts now counts on from, with the lines after it. */
async function restored(db: Database, fromMs: number): Promise<Hours> {
  const { hours, carried, upTo, last } = await countedSince(db, SEOUL, fromMs, fromMs - HOUR_MS);
  const hourOf = hourFinder(SEOUL);
  for (const { data, contact_id, agent_id, group_id, ...line } of await db.selectFrom('events').selectAll().where('id', '>', upTo).where('id', '<=', last).orderBy('id').execute()) {
    const event = parseCenterEvent({ ...line, data: JSON.parse(data), contactId: contact_id, agentId: agent_id, groupId: group_id } as LoggedEvent);
    if (event !== null) fold(hours, carried, event, hourOf);
  }
  return hours;
}

/** Of one moment in the log's order, without hours of which nothing is left. */
const shown = (hours: Hours) => [...hours.values()].map(({ from, groups, direct }) => ({ from, direct, groups: Object.fromEntries([...groups].map(([groupId, { counters, answeredBy }]) => [groupId, { counters, answeredBy: Object.fromEntries(answeredBy) }])) })).filter(({ groups, direct }) => JSON.stringify([groups, direct]).match(/:[1-9]/)).toSorted((a, b) => a.from - b.from);

const rollUpAll = async (db: Database, most = 1000): Promise<void> => {
  while ((await rollUp(db, SEOUL, most)) > 0);
};

describe('hourly roll-ups', () => {
  it('and the lines after them come to what the whole log counts, however it was rolled up in between', async () => {
    const store = await temporaryStore();
    await fc.assert(
      fc.asyncProperty(linesOfDay(NOW), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 }), async (lines, steps) => {
        for (const table of ['rollups', 'rollup_state'] as const) await store.db.deleteFrom(table).execute();
        await sql`INSERT INTO retention VALUES ('events', ${Number.MAX_SAFE_INTEGER}) ON CONFLICT DO NOTHING`.execute(store.db);
        await store.db.deleteFrom('events').execute();
        await store.db.deleteFrom('retention').execute();
        let from = 0;
        for (const step of steps) {
          await store.records.append(lines.slice(from, from + step));
          from += step;
          await rollUp(store.db, SEOUL, step);
        }
        await store.records.append(lines.slice(from));
        expect(shown(await restored(store.db, NOW - 24 * HOUR_MS))).toEqual(shown(countAll(lines, SEOUL)));
        await rollUpAll(store.db);
        expect(shown(await countedHours(store.db, SEOUL, 0, NOW * 2))).toEqual(shown(countAll(lines, SEOUL)));
      }),
      { numRuns: 30 },
    );
  });

  it('count each line once, though two do it at once', async () => {
    const { db, records } = await temporaryStore();
    await records.append(Array.from({ length: 100 }, (_, i) => queued(NOW + i)));
    await Promise.all([rollUp(db, SEOUL, 60), rollUp(db, SEOUL, 60), rollUp(db, SEOUL, 60)]);
    await rollUpAll(db);
    expect(sumOf(await countedHours(db, SEOUL, NOW, NOW + HOUR_MS), ORDERS)).toMatchObject({ offered: 100 });
  });

  it('are counted anew where another fold or zone counts them, and those of lines that are gone stay as they are', async () => {
    const { db, records } = await temporaryStore();
    await records.append([queued(NOW - 5 * HOUR_MS), queued(NOW), queued(NOW + HOUR_MS)]);
    await rollUpAll(db);
    await eraseEventsBefore(db, NOW - 2 * HOUR_MS);
    await db.updateTable('rollup_state').set({ version: 'of another program' }).execute();
    for (const { hour, of, counters } of await db.selectFrom('rollups').selectAll().execute()) await db.updateTable('rollups').set({ version: 'of another program', counters: JSON.stringify({ ...JSON.parse(counters), offered: 7 }) }).where('hour', '=', hour).where('of', '=', of).execute();
    await rollUpAll(db, 1);
    const offered = [...(await countedHours(db, SEOUL, 0, NOW * 2)).values()].map(({ from, groups }) => [from - NOW, groups.get(ORDERS)?.counters.offered]);
    expect(offered).toEqual([[-5 * HOUR_MS, 7], [0, 1], [HOUR_MS, 1]]);
  });

  it('that are far behind are not counted on from: the lines of today are, though the clock was set back among them', async () => {
    const { db, records } = await temporaryStore();
    await records.append(Array.from({ length: 20_002 }, (_, i) => queued(NOW - 30 * HOUR_MS + i)));
    await rollUp(db, SEOUL, 1);
    await records.append([queued(NOW + 5), queued(NOW)]);
    expect(await countedSince(db, SEOUL, NOW, NOW - HOUR_MS)).toMatchObject({ upTo: 20_002, last: 20_004 });
    expect(sumOf(await restored(db, NOW), ORDERS)).toMatchObject({ offered: 2 });
  });
});

describe('failure: a process that is killed while it writes and rolls up', () => {
  it('leaves what the whole log counts, each time', async () => {
    const file = join(await temporaryFolder(), 'center.db');
    let written = 0;
    for (let kill = 0; kill < 4; kill++) {
      const child = fork(join(import.meta.dirname, 'rolling-process.ts'), [JSON.stringify(await placeAt(file)), String(written)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      const killed = once(child, 'exit');
      // Somewhere in its work, and not where it waits for anybody.
      for (let told = 0; told < 5 + kill * 7; told++) await Promise.race([once(child, 'message'), killed]);
      child.kill('SIGKILL');
      await killed;
      const store = await temporaryStore(file);
      const lines = (await store.db.selectFrom('events').selectAll().orderBy('id').execute()).map(({ data, contact_id, agent_id, group_id, ...line }) => ({ ...line, data: JSON.parse(data), contactId: contact_id, agentId: agent_id, groupId: group_id }) as LoggedEvent);
      expect(lines.length).toBeGreaterThan(written);
      written = lines.length;
      const state = await store.db.selectFrom('rollup_state').select('up_to').executeTakeFirst();
      expect(state?.up_to).toBeGreaterThan(0);
      expect(shown(await restored(store.db, NOW - 24 * HOUR_MS))).toEqual(shown(countAll(lines, SEOUL)));
      await store.close();
    }
  }, 120_000);
});
