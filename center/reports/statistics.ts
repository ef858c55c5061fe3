import type { AgentStateName } from '../../contract/agent-state.ts';
import type { Disposer } from '../../contract/errors.ts';
import type { AgentId, GroupId } from '../../contract/ids.ts';
import { localTime } from '../../contract/local-time.ts';
import { abandonRate, answerRate, averageHandleTimeMs, averageSpeedOfAnswerMs, serviceLevel, type DirectCalls, type GroupStatistics, type HourCounters } from '../../contract/statistics.ts';
import type { Roster } from '../agents/roster.ts';
import { startOfDay } from '../business-day.ts';
import { parseCenterEvent, type CenterEvent } from '../events.ts';
import type { CenterLogger } from '../logger.ts';
import type { Office } from '../office.ts';
import type { Clock, Records } from '../ports.ts';
import { addTo, noCounters, noDirectCalls, type GroupHour, type Hours } from './counters.ts';
import { fold, hourFinder, nothingCarried, type Carried } from './fold.ts';

const DAY_MS = 24 * 3600 * 1000;
/** Lines that are counted in one turn of the event loop, a few milliseconds of it. */
const LINES_A_TURN = 500;
/** Lines that a start waits for: what is written within some minutes. More are counted while the center runs. */
const LINES_OF_A_START = 20_000;
/** Between two turns of counting, while the center runs. */
const BREATH_MS = 10;
/** Calls that began so long before the day may still go on in it. */
const MARGIN_MS = 3600 * 1000;
/** First wait after something could not be read; each further one doubles, up to the longest. */
const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

interface StatisticsParts {
  office: Office;
  roster: Roster;
  records: Pick<Records, 'countedSince' | 'countedLines' | 'countedHours'>;
  clock: Clock;
  logger: CenterLogger;
  waitingIn: (groupId: GroupId) => { waiting: number; oldestSince: number | null };
  /** A group's figures are others now: whoever wants to know asks. */
  onChanged: (groupId: GroupId) => void;
  /** Calls of no group are others now. */
  onDirectCalls: () => void;
}

const STATE_COUNTS: Readonly<Record<AgentStateName, keyof GroupStatistics['agents']>> = {
  READY: 'ready',
  RESERVED: 'reserved',
  TALKING: 'talking',
  AFTER_CALL: 'afterCall',
  NOT_READY: 'away',
  LOGGED_OUT: 'loggedOut',
};

/**
 * What the wallboard shows: each group's business day. A center that starts goes on from the hours that are counted
 * (`roll-ups`), counts the lines after them, and from then on each line as it is written. A day that begins while the
 * center runs begins empty, and none waits for the disk.
 */
export class Statistics {
  private readonly parts: StatisticsParts;
  /** Of today, and of the day before for a clock that is set back over midnight. */
  private hours: Hours = new Map();
  private carried: Carried = nothingCarried();
  private hourOf: (at: number) => number;
  /** The moments between which the date is today's. */
  private from = 0;
  private to = 0;
  /** Lines of this run that come while earlier ones are being counted; null when those are. */
  private waiting: CenterEvent[] | null = null;
  private lastWeek = new Map<GroupId, HourCounters[]>();
  private stopRetrying: Disposer = () => {};

  constructor(parts: StatisticsParts) {
    this.parts = parts;
    this.hourOf = hourFinder(parts.office.configuration.timeZone);
  }

  /** Restores the day so far, and the same weekday last week. What is long to count is counted later. */
  async start(): Promise<void> {
    const { clock, office, records } = this.parts;
    this.turnTo(clock.now());
    const counted = await records.countedSince(office.configuration.timeZone, this.from - DAY_MS, this.from - MARGIN_MS);
    this.hours = counted.hours;
    this.carried = counted.carried;
    const { upTo, last } = counted;
    if (last - upTo > LINES_OF_A_START) {
      this.waiting = [];
      this.parts.logger.warn({ lines: last - upTo }, 'the hourly roll-ups are behind: today is counted while calls go on');
      void this.catchUp(upTo, last, RETRY_MS);
    } else for (let from = upTo; from < last; from += LINES_A_TURN) await this.countLines(from, Math.min(from + LINES_A_TURN, last));
    await this.readLastWeek();
  }

  /** Counts an event that has just been written. */
  record(event: CenterEvent): void {
    if (event.at < this.from || event.at >= this.to) this.begin(event.at);
    if (this.waiting !== null) return void this.waiting.push(event);
    const counted = fold(this.hours, this.carried, event, this.hourOf);
    if (counted === 'direct') this.parts.onDirectCalls();
    if (event.groupId !== null) this.touch(event.groupId);
  }

  private async countLines(after: number, to: number): Promise<void> {
    for (const line of await this.parts.records.countedLines(after, to)) {
      const event = parseCenterEvent(line);
      if (event !== null) fold(this.hours, this.carried, event, this.hourOf);
    }
  }

  /** Counts what the log held at the start, a little at a time, and then what has come since. */
  private async catchUp(upTo: number, last: number, waitMs: number): Promise<void> {
    const { clock, logger } = this.parts;
    const again = (from: number, inMs: number, nextWaitMs: number): void => void clock.setTimeout(() => void this.catchUp(from, last, nextWaitMs), inMs);
    const to = Math.min(upTo + LINES_A_TURN, last);
    try {
      await this.countLines(upTo, to);
    } catch (error) {
      logger.error({ err: error }, 'the day could not be counted: it is tried again');
      return again(upTo, waitMs, Math.min(waitMs * 2, LONGEST_RETRY_MS));
    }
    this.touchAll();
    if (to < last) return again(to, BREATH_MS, RETRY_MS);
    const { waiting } = this;
    this.waiting = null;
    for (const event of waiting ?? []) this.record(event);
    logger.info({}, 'today is counted');
  }

  /** Something shown of this group has changed: its queue, its agents. */
  touch(groupId: GroupId): void {
    this.parts.onChanged(groupId);
  }

  /** Begins a new business day where one has begun. */
  tick(): void {
    const now = this.parts.clock.now();
    if (now < this.from || now >= this.to) this.begin(now);
    // Roll-ups that were behind may have come to it.
    else if ([...this.lastWeek.values()].every(({ length }) => length === 0)) void this.lastWeekUntilRead(RETRY_MS);
  }

  /** The center is in another zone from now on: its day begins elsewhere among the hours that are counted. */
  zoneChanged(): void {
    this.hourOf = hourFinder(this.parts.office.configuration.timeZone);
    this.begin(this.parts.clock.now());
  }

  answeredToday(groupId: GroupId, agentId: AgentId): number {
    let answered = 0;
    for (const { answeredBy } of this.hoursOfGroup(groupId).values()) answered += answeredBy.get(agentId) ?? 0;
    return answered;
  }

  get groupIds(): GroupId[] {
    return this.parts.office.allGroups.map(({ groupId }) => groupId);
  }

  get directCalls(): DirectCalls {
    const sum = noDirectCalls();
    for (const [from, { direct }] of this.hours) {
      if (from < this.from || from >= this.to) continue;
      addTo(sum.internal, direct.internal);
      addTo(sum.outbound, direct.outbound);
    }
    return sum;
  }

  private begin(now: number): void {
    this.turnTo(now);
    // That of another day is not shown in the meantime.
    this.lastWeek = new Map();
    void this.lastWeekUntilRead(RETRY_MS);
  }

  /** Counts go to the day of this moment from now on. */
  private turnTo(now: number): void {
    const { timeZone } = this.parts.office.configuration;
    this.from = startOfDay(now, timeZone);
    // A day is of 23 to 25 hours.
    this.to = startOfDay(this.from + DAY_MS + DAY_MS / 2, timeZone);
    for (const from of this.hours.keys()) if (from < this.from - DAY_MS) this.hours.delete(from);
    this.parts.onDirectCalls();
    this.touchAll();
  }

  private touchAll(): void {
    for (const { groupId } of this.parts.office.allGroups) this.touch(groupId);
  }

  private async lastWeekUntilRead(waitMs: number): Promise<void> {
    this.stopRetrying();
    const { from } = this;
    try {
      await this.readLastWeek();
    } catch (error) {
      if (this.from !== from) return;
      this.parts.logger.error({ err: error }, 'last week could not be counted: it is tried again');
      this.stopRetrying = this.parts.clock.setTimeout(() => void this.lastWeekUntilRead(Math.min(waitMs * 2, LONGEST_RETRY_MS)), waitMs);
    }
  }

  private async readLastWeek(): Promise<void> {
    const { from } = this;
    const { timeZone } = this.parts.office.configuration;
    const hours = await this.parts.records.countedHours(timeZone, from - 7 * DAY_MS, from - 6 * DAY_MS);
    // Another day has begun meanwhile: it reads its own.
    if (this.from !== from) return;
    this.lastWeek = new Map();
    for (const { groupId } of this.parts.office.allGroups) {
      this.lastWeek.set(groupId, this.byHour(groupIn(hours, groupId)));
      this.touch(groupId);
    }
  }

  /** A group's figures as they are now. */
  of(groupId: GroupId): GroupStatistics {
    const hours = this.hoursOfGroup(groupId);
    const today = noCounters();
    for (const { counters } of hours.values()) addTo(today, counters);
    const { waiting, oldestSince } = this.parts.waitingIn(groupId);
    return {
      groupId,
      waiting,
      oldestWaitingSince: oldestSince,
      agents: this.agentsOf(groupId),
      today,
      serviceLevel: serviceLevel(today),
      answerRate: answerRate(today),
      abandonRate: abandonRate(today),
      asaMs: averageSpeedOfAnswerMs(today),
      ahtMs: averageHandleTimeMs(today),
      byHour: this.byHour(hours),
      lastWeekByHour: this.lastWeek.get(groupId) ?? [],
    };
  }

  private hoursOfGroup(groupId: GroupId): Map<number, GroupHour> {
    return groupIn(this.hours, groupId, this.from, this.to);
  }

  /** As a clock on the wall names them: on a day on which clocks change one may come twice. */
  private byHour(hours: ReadonlyMap<number, GroupHour>): HourCounters[] {
    const shown = new Map<number, HourCounters>();
    for (const [from, { counters: { offered, answered, abandoned } }] of hours) {
      if (offered + answered + abandoned === 0) continue;
      const { hour } = localTime(from, this.parts.office.configuration.timeZone);
      const before = shown.get(hour) ?? { hour, offered: 0, answered: 0, abandoned: 0 };
      shown.set(hour, { hour, offered: before.offered + offered, answered: before.answered + answered, abandoned: before.abandoned + abandoned });
    }
    return [...shown.values()].toSorted((a, b) => a.hour - b.hour);
  }

  private agentsOf(groupId: GroupId): GroupStatistics['agents'] {
    const counts: GroupStatistics['agents'] = { ready: 0, reserved: 0, talking: 0, afterCall: 0, away: 0, loggedOut: 0 };
    for (const agent of this.parts.roster.membersOf(groupId)) {
      // A supervisor belongs to a group to see it; they are no one a call could reach unless they are ready.
      if (agent.record.role === 'agent' || agent.isFree) counts[STATE_COUNTS[agent.state.name]] += 1;
    }
    return counts;
  }
}

/** Of a group, the hours that began between two moments. */
function groupIn(hours: Hours, groupId: GroupId, fromMs = -Infinity, toMs = Infinity): Map<number, GroupHour> {
  const found = new Map<number, GroupHour>();
  for (const [from, { groups }] of hours) {
    const group = from >= fromMs && from < toMs ? groups.get(groupId) : undefined;
    if (group !== undefined) found.set(from, group);
  }
  return found;
}
