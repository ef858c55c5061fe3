import type { AgentId, GroupId } from '../../contract/ids.ts';
import type { Counters, DirectCalls, DirectCounters } from '../../contract/statistics.ts';

/** What one group counted in one hour. */
export interface GroupHour {
  counters: Counters;
  /** Answered by each agent. */
  answeredBy: Map<AgentId, number>;
}

/** What was counted in one hour of the center's zone. */
export interface Hour {
  /** Its first moment, epoch milliseconds. */
  from: number;
  groups: Map<GroupId, GroupHour>;
  direct: DirectCalls;
}

/** By their first moments; only hours in which something counted. */
export type Hours = Map<number, Hour>;

export const noCounters = (): Counters => ({
  offered: 0,
  answered: 0,
  answeredInTime: 0,
  abandoned: 0,
  shortAbandoned: 0,
  rona: 0,
  closed: 0,
  noAgents: 0,
  queueFull: 0,
  transferredOut: 0,
  handled: 0,
  answerDelayMs: 0,
  talkMs: 0,
  holdMs: 0,
  afterCallMs: 0,
});

export const noDirectCounters = (): DirectCounters => ({ attempted: 0, answered: 0, busy: 0, noAnswer: 0, rejected: 0, unknownNumber: 0, failed: 0, talkMs: 0 });

export const noDirectCalls = (): DirectCalls => ({ internal: noDirectCounters(), outbound: noDirectCounters() });

export function hourIn(hours: Hours, from: number): Hour {
  const known = hours.get(from);
  if (known !== undefined) return known;
  const made: Hour = { from, groups: new Map(), direct: noDirectCalls() };
  hours.set(from, made);
  return made;
}

export function groupIn({ groups }: Hour, groupId: GroupId): GroupHour {
  const known = groups.get(groupId);
  if (known !== undefined) return known;
  const made: GroupHour = { counters: noCounters(), answeredBy: new Map() };
  groups.set(groupId, made);
  return made;
}

/** Adds numbers name by name. What was taken back in `more` is less than nothing there, and never in the sum. */
export function addTo<Numbers extends Record<keyof Numbers, number>>(sum: Numbers, more: Numbers): Numbers {
  for (const name in sum) (sum as Record<string, number>)[name] = sum[name] + more[name];
  return sum;
}

/** Adds what other hours counted. */
export function addHours(hours: Hours, more: Hours): void {
  for (const { from, groups, direct } of more.values()) {
    const hour = hourIn(hours, from);
    addTo(hour.direct.internal, direct.internal);
    addTo(hour.direct.outbound, direct.outbound);
    for (const [groupId, { counters, answeredBy }] of groups) {
      const group = groupIn(hour, groupId);
      addTo(group.counters, counters);
      for (const [agentId, answered] of answeredBy) group.answeredBy.set(agentId, (group.answeredBy.get(agentId) ?? 0) + answered);
    }
  }
}
