import { z } from 'zod';
import { AgentId, EpochMs, GroupId } from '../../contract/ids.ts';
import { Counters, DirectCounters } from '../../contract/statistics.ts';
import { parseCenterEvent } from '../events.ts';
import type { Counted } from '../ports.ts';
import { addHours, groupIn, hourIn, type Hours } from '../reports/counters.ts';
import { CarriedJson, carriedFromJson, carriedToJson, COUNTED, fold, foldVersion, hourFinder, nothingCarried } from '../reports/fold.ts';
import { firstLineBefore, lastLine, lineBefore, linesAfter, timeOfLine } from './event-log.ts';
import { jsonColumn, readRows } from './rows.ts';
import type { Database, Reader, Tables, Writer } from './tables.ts';

const HOUR_MS = 3600_000;

const ids = { hour: EpochMs, group_id: z.string(), agent_id: z.string() };
const RollupRow = z.discriminatedUnion('of', [
  z.object({ ...ids, of: z.literal('group'), group_id: GroupId, counters: jsonColumn(Counters) }),
  z.object({ ...ids, of: z.literal('agent'), group_id: GroupId, agent_id: AgentId, counters: jsonColumn(z.object({ answered: z.number().int().nonnegative() })) }),
  z.object({ ...ids, of: z.enum(['internal', 'outbound']), counters: jsonColumn(DirectCounters) }),
]);

const StateRow = z.object({ version: z.string(), since: EpochMs, up_to: z.number().int().nonnegative(), carried: jsonColumn(CarriedJson) });
type State = z.infer<typeof StateRow>;

async function stateOf(db: Reader, version: string): Promise<State | null> {
  const [state] = readRows(db, 'rollup_state', StateRow, await db.selectFrom('rollup_state').selectAll().execute());
  return state?.version === version ? state : null;
}

/** What was counted in the hours that began at or after `fromMs` and before `toMs`. */
export async function countedHours(db: Reader, timeZone: string, fromMs: number, toMs: number): Promise<Hours> {
  const version = foldVersion(timeZone);
  return hoursBetween(db, version, (await stateOf(db, version))?.since ?? 0, fromMs, toMs);
}

/** Hours before `since` are of lines that are gone: as they were counted, so they stay. */
async function hoursBetween(db: Reader, version: string, since: number, fromMs: number, toMs: number): Promise<Hours> {
  const rows = await db
    .selectFrom('rollups')
    .selectAll()
    .where('hour', '>=', fromMs)
    .where('hour', '<', toMs)
    .where((where) => where.or([where('version', '=', version), where('hour', '<', since)]))
    .execute();
  const hours: Hours = new Map();
  for (const row of readRows(db, 'rollups', RollupRow, rows)) {
    const hour = hourIn(hours, row.hour);
    if (row.of === 'group') groupIn(hour, row.group_id).counters = row.counters;
    else if (row.of === 'agent') groupIn(hour, row.group_id).answeredBy.set(row.agent_id, row.counters.answered);
    else hour.direct[row.of] = row.counters;
  }
  return hours;
}

/** Lines that are counted in a moment, of whichever day they are. */
const FEW_LINES = 20_000;

/**
 * From where a center counts on: the hours since `fromMs` and the line that they are counted up to. Where the roll-ups
 * are far behind, they are nothing to count on from: the lines since `margin` are.
 * @param margin epoch milliseconds; contacts that began later are counted as one across `fromMs`
 */
export function countedSince(db: Database, timeZone: string, fromMs: number, margin: number): Promise<Counted> {
  const version = foldVersion(timeZone);
  // One moment of the store: another process may be counting.
  return db.transaction().execute(async (tx) => {
    const state = await stateOf(tx, version);
    const last = await lastLine(tx);
    if (state !== null && (last - state.up_to <= FEW_LINES || ((await timeOfLine(tx, state.up_to)) ?? 0) >= margin)) {
      return { hours: await hoursBetween(tx, version, state.since, fromMs, Number.MAX_SAFE_INTEGER), carried: carriedFromJson(state.carried), upTo: state.up_to, last };
    }
    return { hours: new Map(), carried: nothingCarried(), upTo: await lineBefore(tx, margin), last };
  });
}

/** The lines that count, of the log's lines `after` to `to`. */
export const countedLines = (db: Reader, after: number, to: number): ReturnType<typeof linesAfter> => linesAfter(db, after, to, COUNTED);

/**
 * Counts the next lines of the log into their hours: these and how far they are counted change together, so that a line
 * counts once whenever this is cut short, and by however many at once it is done. Another fold than before begins anew.
 * @param most lines of one step
 * @returns how many lines are still to be counted
 */
export async function rollUp(db: Database, timeZone: string, most: number): Promise<number> {
  const version = foldVersion(timeZone);
  const state = (await stateOf(db, version)) ?? (await beginAnew(db, version));
  const last = await lastLine(db);
  const to = Math.min(state.up_to + most, last);
  if (to <= state.up_to) return 0;
  const hourOf = hourFinder(timeZone);
  const carried = carriedFromJson(state.carried);
  const more: Hours = new Map();
  for (const line of await countedLines(db, state.up_to, to)) {
    const event = parseCenterEvent(line);
    if (event !== null) fold(more, carried, event, hourOf);
  }
  for (const from of more.keys()) if (from < state.since) more.delete(from);
  await db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx.updateTable('rollup_state').set({ up_to: to, carried: JSON.stringify(carriedToJson(carried)) }).where('version', '=', version).where('up_to', '=', state.up_to).executeTakeFirst();
    // Somebody else has counted them meanwhile.
    if (numUpdatedRows > 0n) await addToHours(tx, version, state.since, more);
  });
  return last - to;
}

/** Everything that the log still has as a whole is counted anew; what it has lost since stays as it was counted. */
async function beginAnew(db: Database, version: string): Promise<State> {
  return db.transaction().execute(async (tx) => {
    const gone = await tx.selectFrom('retention').select('before').where('of', '=', 'events').executeTakeFirst();
    // Hours of some zones begin at half past.
    const since = gone === undefined ? 0 : (Math.ceil(gone.before / HOUR_MS) + 1) * HOUR_MS;
    const carried = carriedToJson(nothingCarried());
    const state = { version, since, up_to: await firstLineBefore(tx) };
    const row = { only: 1, ...state, carried: JSON.stringify(carried) };
    await tx.insertInto('rollup_state').values(row).onConflict((conflict) => conflict.column('only').doUpdateSet(row)).execute();
    return { ...state, carried };
  });
}

async function addToHours(tx: Writer, version: string, since: number, more: Hours): Promise<void> {
  for (const { from } of more.values()) {
    const hours = await hoursBetween(tx, version, since, from, from + 1);
    const changed: Hours = new Map([[from, more.get(from) ?? hourIn(more, from)]]);
    addHours(hours, changed);
    const rows = rowsOf(hours, changed, version);
    for (const row of rows) await tx.insertInto('rollups').values(row).onConflict((conflict) => conflict.columns(['hour', 'of', 'group_id', 'agent_id']).doUpdateSet({ version: row.version, counters: row.counters })).execute();
  }
}

/** The rows of `hours` that `changed` has touched. */
function rowsOf(hours: Hours, changed: Hours, version: string): Tables['rollups'][] {
  return [...changed.values()].flatMap(({ from, groups, direct }) => {
    const hour = hourIn(hours, from);
    const row = (of: Tables['rollups']['of'], group_id: string, agent_id: string, counters: object): Tables['rollups'] => ({ hour: from, of, group_id, agent_id, version, counters: JSON.stringify(counters) });
    return [
      ...[...groups].flatMap(([groupId, { answeredBy }]) => [
        row('group', groupId, '', groupIn(hour, groupId).counters),
        ...[...answeredBy.keys()].map((agentId) => row('agent', groupId, agentId, { answered: groupIn(hour, groupId).answeredBy.get(agentId) ?? 0 })),
      ]),
      ...(['internal', 'outbound'] as const).filter((kind) => direct[kind].attempted > 0).map((kind) => row(kind, '', '', hour.direct[kind])),
    ];
  });
}
