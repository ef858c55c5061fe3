import type { AgentStateName } from '../../contract/agent-state.ts';
import type { Disposer } from '../../contract/errors.ts';
import type { AgentId, GroupId } from '../../contract/ids.ts';
import { abandonRate, answerRate, averageHandleTimeMs, averageSpeedOfAnswerMs, serviceLevel, type DirectCalls, type GroupStatistics, type HourCounters } from '../../contract/statistics.ts';
import type { Roster } from '../agents/roster.ts';
import { localTime } from '../../contract/local-time.ts';
import { startOfDay } from '../business-day.ts';
import { parseCenterEvent, type CenterEvent } from '../events.ts';
import type { CenterLogger } from '../logger.ts';
import type { Office } from '../office.ts';
import type { Clock, Records } from '../ports.ts';
import { count, countAll, countDirect, emptyDay, noDirectCalls, type DayCounters } from './counters.ts';

const DAY_MS = 24 * 3600 * 1000;
/** Changes within this time are told together: a wallboard is up to date well within a second. */
const TELL_EVERY_MS = 150;
/** First wait after last week could not be read; each further one doubles, up to the longest. */
const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

interface StatisticsParts {
  office: Office;
  roster: Roster;
  records: Pick<Records, 'eventsBetween'>;
  clock: Clock;
  logger: CenterLogger;
  waitingIn: (groupId: GroupId) => { waiting: number; oldestSince: number | null };
  onChanged: (groups: GroupStatistics[]) => void;
  onDirectCalls: (calls: DirectCalls) => void;
}

const STATE_COUNTS: Readonly<Record<AgentStateName, keyof GroupStatistics['agents']>> = {
  READY: 'ready',
  RESERVED: 'reserved',
  TALKING: 'talking',
  AFTER_CALL: 'afterCall',
  NOT_READY: 'away',
  LOGGED_OUT: 'loggedOut',
};

/** A business day as it is counted. */
interface Day {
  /** `2026-11-25` */
  date: string;
  groups: Map<GroupId, DayCounters>;
  direct: DirectCalls;
}

/**
 * What the wallboard shows: each group's business day, counted from the event log when the center starts and from
 * then on with it. A day that begins while the center runs begins empty: every line of it is counted as it is
 * written, and none waits for the disk.
 */
export class Statistics {
  private readonly parts: StatisticsParts;
  private today: Day = { date: '', groups: new Map(), direct: noDirectCalls() };
  /** The day before, for a clock that is set back over midnight. */
  private yesterday: Day | null = null;
  /** The moments between which the date is today's. */
  private from = 0;
  private to = 0;
  private lastWeek = new Map<GroupId, HourCounters[]>();
  private stopRetrying: Disposer = () => {};
  private directIsDirty = false;
  private dirty = new Set<GroupId>();
  private isTelling = false;

  constructor(parts: StatisticsParts) {
    this.parts = parts;
  }

  /** Counts the day so far, and the same weekday last week, from the log. */
  async start(): Promise<void> {
    const { clock, office } = this.parts;
    const { timeZone } = office.configuration;
    const now = clock.now();
    this.turnTo(now);
    const events = await this.eventsBetween(this.from, now + 1);
    this.today.groups = countAll(events, timeZone);
    for (const event of events) countDirect(this.today.direct, event);
    await this.readLastWeek();
  }

  /** Counts an event that has just been written. */
  record(event: CenterEvent): void {
    if (event.at < this.from || event.at >= this.to) this.begin(event.at);
    if (countDirect(this.today.direct, event)) {
      this.directIsDirty = true;
      this.tellSoon();
    }
    if (event.groupId === null) return;
    const day = this.today.groups.get(event.groupId) ?? emptyDay();
    this.today.groups.set(event.groupId, day);
    count(day, event, this.parts.office.configuration.timeZone);
    this.touch(event.groupId);
  }

  /** Something shown of this group has changed: its queue, its agents. */
  touch(groupId: GroupId): void {
    this.dirty.add(groupId);
    this.tellSoon();
  }

  /** Begins a new business day where one has begun. */
  tick(): void {
    const now = this.parts.clock.now();
    if (now < this.from || now >= this.to) this.begin(now);
  }

  answeredToday(groupId: GroupId, agentId: AgentId): number {
    return this.today.groups.get(groupId)?.answeredBy.get(agentId) ?? 0;
  }

  all(): GroupStatistics[] {
    return this.parts.office.allGroups.map(({ groupId }) => this.of(groupId));
  }

  get directCalls(): DirectCalls {
    return { internal: { ...this.today.direct.internal }, outbound: { ...this.today.direct.outbound } };
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
    const { date } = localTime(now, timeZone);
    this.from = startOfDay(now, timeZone);
    // A day is of 23 to 25 hours.
    this.to = startOfDay(this.from + DAY_MS + DAY_MS / 2, timeZone);
    if (date !== this.today.date) [this.today, this.yesterday] = [this.yesterday?.date === date ? this.yesterday : { date, groups: new Map(), direct: noDirectCalls() }, this.today];
    this.directIsDirty = true;
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
    const counted = countAll(await this.eventsBetween(from - 7 * DAY_MS, from - 6 * DAY_MS), this.parts.office.configuration.timeZone);
    // Another day has begun meanwhile: it reads its own.
    if (this.from !== from) return;
    this.lastWeek = new Map([...counted].map(([groupId, day]) => [groupId, hoursOf(day)]));
    for (const { groupId } of this.parts.office.allGroups) this.touch(groupId);
  }

  private of(groupId: GroupId): GroupStatistics {
    const day = this.today.groups.get(groupId) ?? emptyDay();
    const { today } = day;
    const { waiting, oldestSince } = this.parts.waitingIn(groupId);
    return {
      groupId,
      waiting,
      oldestWaitingSince: oldestSince,
      agents: this.agentsOf(groupId),
      today: { ...today },
      serviceLevel: serviceLevel(today),
      answerRate: answerRate(today),
      abandonRate: abandonRate(today),
      asaMs: averageSpeedOfAnswerMs(today),
      ahtMs: averageHandleTimeMs(today),
      byHour: hoursOf(day),
      lastWeekByHour: this.lastWeek.get(groupId) ?? [],
    };
  }

  private agentsOf(groupId: GroupId): GroupStatistics['agents'] {
    const counts: GroupStatistics['agents'] = { ready: 0, reserved: 0, talking: 0, afterCall: 0, away: 0, loggedOut: 0 };
    for (const agent of this.parts.roster.membersOf(groupId)) {
      // A supervisor belongs to a group to see it; they are no one a call could reach unless they are ready.
      if (agent.record.role === 'agent' || agent.isFree) counts[STATE_COUNTS[agent.state.name]] += 1;
    }
    return counts;
  }

  private async eventsBetween(fromMs: number, toMs: number): Promise<CenterEvent[]> {
    const events = await this.parts.records.eventsBetween(fromMs, toMs);
    return events.map(parseCenterEvent).filter((event) => event !== null);
  }

  private tellSoon(): void {
    if (this.isTelling) return;
    this.isTelling = true;
    this.parts.clock.setTimeout(() => this.tell(), TELL_EVERY_MS);
  }

  private tell(): void {
    this.isTelling = false;
    const groups = [...this.dirty].map((groupId) => this.of(groupId));
    this.dirty = new Set();
    if (groups.length > 0) this.parts.onChanged(groups);
    if (this.directIsDirty) this.parts.onDirectCalls(this.directCalls);
    this.directIsDirty = false;
  }
}

const hoursOf = ({ byHour }: DayCounters): HourCounters[] => [...byHour.values()].toSorted((a, b) => a.hour - b.hour).map((hour) => ({ ...hour }));
