import type { AgentCard, GroupCard } from '../../../contract/directory.ts';
import { answerRate, averageHandleTimeMs, averageSpeedOfAnswerMs, serviceLevel, type Counters, type GroupStatistics, type HourCounters } from '../../../contract/statistics.ts';
import { levelOfQueue, levelOfWait, worst, type Level } from './thresholds.ts';

/** A group and its figures: one tile. */
export interface Tile {
  group: GroupCard;
  figures: GroupStatistics;
}

export type TileOrder = 'given' | 'urgent';

/** The tiles in the center's order. A group without figures (it was just made) has no tile yet. */
export function tilesOf(groups: readonly GroupCard[], statistics: readonly GroupStatistics[]): Tile[] {
  const byGroup = new Map(statistics.map((figures) => [figures.groupId, figures]));
  return groups.flatMap((group) => {
    const figures = byGroup.get(group.groupId);
    return figures === undefined ? [] : [{ group, figures }];
  });
}

/** Agents of a group who are signed in. */
export const onDuty = ({ agents }: GroupStatistics): number => agents.ready + agents.reserved + agents.talking + agents.afterCall + agents.away;

/** How urgently a group's queue wants somebody, now. */
export function urgency({ group, figures }: Tile, now: number): Level {
  const wait = figures.oldestWaitingSince === null ? null : now - figures.oldestWaitingSince;
  return worst(levelOfQueue(figures.waiting, figures.agents.ready, onDuty(figures)), levelOfWait(wait, group.serviceLevelMs));
}

/**
 * The longest wait first; groups where nobody waits follow in the center's order. The order does not depend on the
 * clock, so that tiles change places only when a caller comes or goes.
 */
export function orderTiles(tiles: readonly Tile[], order: TileOrder): readonly Tile[] {
  if (order === 'given') return tiles;
  const since = ({ figures }: Tile) => figures.oldestWaitingSince ?? Number.POSITIVE_INFINITY;
  return tiles.toSorted((a, b) => (since(a) === since(b) ? 0 : since(a) - since(b)));
}

/** Everything together, for the top of the board. */
export interface Totals {
  waiting: number;
  oldestWaitingSince: number | null;
  serviceLevel: number | null;
  answerRate: number | null;
  asaMs: number | null;
  ahtMs: number | null;
}

export function totalsOf(tiles: readonly Tile[]): Totals {
  const waits = tiles.flatMap(({ figures }) => (figures.oldestWaitingSince === null ? [] : [figures.oldestWaitingSince]));
  const counters = tiles.map(({ figures }) => figures.today).reduce(added, nothing());
  return {
    waiting: tiles.reduce((sum, { figures }) => sum + figures.waiting, 0),
    oldestWaitingSince: waits.length === 0 ? null : Math.min(...waits),
    serviceLevel: serviceLevel(counters),
    answerRate: answerRate(counters),
    asaMs: averageSpeedOfAnswerMs(counters),
    ahtMs: averageHandleTimeMs(counters),
  };
}

const nothing = (): Counters => ({
  offered: 0, answered: 0, answeredInTime: 0, abandoned: 0, shortAbandoned: 0, rona: 0, closed: 0, noAgents: 0, queueFull: 0, transferredOut: 0, handled: 0, answerDelayMs: 0, talkMs: 0, holdMs: 0, afterCallMs: 0,
});

function added(a: Counters, b: Counters): Counters {
  const sum = { ...a };
  for (const key of Object.keys(sum) as (keyof Counters)[]) sum[key] += b[key];
  return sum;
}

/** One hour of today beside the same hour last week; null where there is no figure. */
export interface HourRow {
  hour: number;
  today: HourCounters | null;
  lastWeek: HourCounters | null;
}

/**
 * Today by hour, over some groups, beside the same weekday last week: from the first hour in which
 * anything happened to the last. Hours that are yet to come have no figure today.
 */
export function hourRows(groups: readonly GroupStatistics[], hourNow: number): HourRow[] {
  const today = addedByHour(groups.map(({ byHour }) => byHour));
  const lastWeek = addedByHour(groups.map(({ lastWeekByHour }) => lastWeekByHour));
  const busy = [...today.values(), ...lastWeek.values()].filter(({ offered, answered, abandoned }) => offered + answered + abandoned > 0).map(({ hour }) => hour);
  if (busy.length === 0) return [];
  const [from, to] = [Math.min(...busy), Math.max(...busy)];
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const hour = from + index;
    const none = { hour, offered: 0, answered: 0, abandoned: 0 };
    return {
      hour,
      today: hour > hourNow ? null : (today.get(hour) ?? none),
      lastWeek: lastWeek.size === 0 ? null : (lastWeek.get(hour) ?? none),
    };
  });
}

function addedByHour(series: readonly (readonly HourCounters[])[]): Map<number, HourCounters> {
  const sums = new Map<number, HourCounters>();
  for (const { hour, offered, answered, abandoned } of series.flat()) {
    const sum = sums.get(hour) ?? { hour, offered: 0, answered: 0, abandoned: 0 };
    sums.set(hour, { hour, offered: sum.offered + offered, answered: sum.answered + answered, abandoned: sum.abandoned + abandoned });
  }
  return sums;
}

const STATE_ORDER: Record<AgentCard['state']['name'], number> = { RESERVED: 0, TALKING: 1, AFTER_CALL: 2, READY: 3, NOT_READY: 4, LOGGED_OUT: 5 };

/** Who is signed in, of one group or of all; by state, and in each the longest first. */
export const agentsOnDuty = (agents: readonly AgentCard[], groupId: string | null): AgentCard[] =>
  agents
    .filter(({ state, groupIds }) => state.name !== 'LOGGED_OUT' && (groupId === null ? groupIds.length > 0 : groupIds.some((id) => id === groupId)))
    .sort((a, b) => STATE_ORDER[a.state.name] - STATE_ORDER[b.state.name] || a.since - b.since || a.extension.localeCompare(b.extension));

/** How large tiles are: the largest that lets all be seen at once, else the smallest, which scroll. */
export interface Density {
  size: 'large' | 'medium' | 'small';
  columns: number;
  rowHeight: number;
}

const SIZES = [
  { size: 'large', minWidth: 380, height: 264 },
  { size: 'medium', minWidth: 300, height: 212 },
  { size: 'small', minWidth: 232, height: 140 },
] as const;
const GAP = 8;
/** A tile is not made taller than that. */
const MOST_HEIGHT = 640;

/** @param width, height of the place for tiles, in CSS pixels */
export function densityOf(count: number, width: number, height: number): Density {
  const fitting = SIZES.map(({ size, minWidth, height: tileHeight }) => {
    const most = Math.max(1, Math.floor((width + GAP) / (minWidth + GAP)));
    const rows = Math.max(1, Math.ceil(count / most));
    // As few columns as these rows need: four tiles stand two by two and not three and one.
    const columns = Math.max(1, Math.ceil(count / rows));
    return { size, columns, rows, tileHeight };
  });
  const chosen = fitting.find(({ rows, tileHeight }) => rows * (tileHeight + GAP) - GAP <= height) ?? fitting.at(-1);
  if (chosen === undefined) throw new Error('there are sizes');
  const whole = chosen.tileHeight + GAP;
  // Tiles that all fit share the height; others are a little taller, so that no row is cut in two.
  const rowsSeen = Math.max(1, chosen.rows * whole - GAP <= height ? chosen.rows : Math.floor((height + GAP) / whole));
  const share = Math.floor((height + GAP) / rowsSeen);
  return { size: chosen.size, columns: chosen.columns, rowHeight: Math.max(whole, Math.min(share, MOST_HEIGHT)) };
}
