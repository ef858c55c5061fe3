import type { AgentStateName } from '../../contract/agent-state.ts';
import type { AgentId, GroupId } from '../../contract/ids.ts';
import { abandonRate, answerRate, averageHandleTimeMs, averageSpeedOfAnswerMs, serviceLevel, type DirectCalls, type GroupStatistics, type HourCounters } from '../../contract/statistics.ts';
import type { Roster } from '../agents/roster.ts';
import { localTime, startOfDay } from '../business-day.ts';
import { parseCenterEvent, type CenterEvent } from '../events.ts';
import type { Office } from '../office.ts';
import type { Clock, Records } from '../ports.ts';
import { count, countAll, countDirect, emptyDay, noDirectCalls, type DayCounters } from './counters.ts';

const DAY_MS = 24 * 3600 * 1000;
/** Changes within this time are told together: a wallboard is up to date well within a second. */
const TELL_EVERY_MS = 150;

interface StatisticsParts {
  office: Office;
  roster: Roster;
  records: Pick<Records, 'eventsBetween'>;
  clock: Clock;
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

/** What the wallboard shows: each group's business day, counted from the event log and kept up with it. */
export class Statistics {
  private readonly parts: StatisticsParts;
  private date = '';
  private days = new Map<GroupId, DayCounters>();
  private lastWeek = new Map<GroupId, HourCounters[]>();
  private direct = noDirectCalls();
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
    const today = startOfDay(now, timeZone);
    this.date = localTime(now, timeZone).date;
    const events = await this.eventsBetween(today, now + 1);
    this.days = countAll(events, timeZone);
    this.direct = noDirectCalls();
    for (const event of events) countDirect(this.direct, event);
    this.directIsDirty = true;
    const lastWeek = countAll(await this.eventsBetween(today - 7 * DAY_MS, today - 6 * DAY_MS), timeZone);
    this.lastWeek = new Map([...lastWeek].map(([groupId, day]) => [groupId, hoursOf(day)]));
    for (const { groupId } of office.allGroups) this.touch(groupId);
  }

  /** Counts an event that has just been written. */
  record(event: CenterEvent): void {
    if (countDirect(this.direct, event)) {
      this.directIsDirty = true;
      this.tellSoon();
    }
    if (event.groupId === null) return;
    const day = this.days.get(event.groupId) ?? emptyDay();
    this.days.set(event.groupId, day);
    count(day, event, this.parts.office.configuration.timeZone);
    this.touch(event.groupId);
  }

  /** Something shown of this group has changed: its queue, its agents. */
  touch(groupId: GroupId): void {
    this.dirty.add(groupId);
    this.tellSoon();
  }

  /** Begins a new business day where one has begun. */
  async tick(): Promise<void> {
    const { date } = localTime(this.parts.clock.now(), this.parts.office.configuration.timeZone);
    if (date !== this.date) await this.start();
  }

  answeredToday(groupId: GroupId, agentId: AgentId): number {
    return this.days.get(groupId)?.answeredBy.get(agentId) ?? 0;
  }

  all(): GroupStatistics[] {
    return this.parts.office.allGroups.map(({ groupId }) => this.of(groupId));
  }

  get directCalls(): DirectCalls {
    return { internal: { ...this.direct.internal }, outbound: { ...this.direct.outbound } };
  }

  private of(groupId: GroupId): GroupStatistics {
    const day = this.days.get(groupId) ?? emptyDay();
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
