import type { CtiEvent, CtiSnapshot } from '../contract/cti/index.ts';
import type { GroupId } from '../contract/ids.ts';
import { hasScope } from '../contract/permissions.ts';
import type { GroupStatistics } from '../contract/statistics.ts';
import type { StoreHealth } from '../contract/store-health.ts';
import type { Agent } from './agents/agent.ts';
import type { Roster } from './agents/roster.ts';
import type { Calls } from './calls/calls.ts';
import { legOfAgent } from './calls/contact.ts';
import type { Desks } from './desks.ts';
import type { Office } from './office.ts';
import type { Statistics } from './reports/statistics.ts';

interface Shown {
  office: Office;
  roster: Roster;
  calls: Calls;
  statistics: Statistics;
}

interface Moment {
  /** Epoch milliseconds. */
  now: number;
  switchAvailable: boolean;
  customersCursor: number;
  store: StoreHealth;
}

/** The center as one agent's desk may see it, whole. */
export function snapshotFor({ office, roster, calls, statistics }: Shown, agent: Agent, { now, switchAvailable, customersCursor, store }: Moment): Omit<CtiSnapshot, 'seq'> {
  return {
    serverNow: now,
    timeZone: office.configuration.timeZone,
    me: agent.me,
    switchAvailable,
    contacts: calls.all.flatMap((contact) => {
      const leg = legOfAgent(contact, agent.agentId);
      return leg?.participant ? [calls.viewOf(contact, leg, leg.participant)] : [];
    }),
    agents: roster.all.map(({ card }) => card),
    groups: office.allGroups.map((group) => office.card(group, now)),
    dispositions: office.dispositions,
    dialling: calls.parts.dialling.shownTo(agent.agentId),
    statistics: statistics.all().filter(({ groupId }) => mayWatch(agent, groupId)),
    directCalls: isInCharge(agent) ? statistics.directCalls : null,
    store: isInCharge(agent) ? store : null,
    supervision: calls.supervisions.viewOf(agent),
    customersCursor,
  };
}

/** Tells each desk the figures it may see. */
export function tellStatistics(desks: Desks, roster: Roster, groups: GroupStatistics[]): void {
  for (const agent of roster.all) {
    const theirs = agent.sink === null ? [] : groups.filter(({ groupId }) => mayWatch(agent, groupId));
    if (theirs.length > 0) desks.tell(agent, { type: 'statistics.changed', payload: { groups: theirs } });
  }
}

/** Tells who is in charge. */
export function tellInCharge(desks: Desks, roster: Roster, event: CtiEvent): void {
  for (const agent of roster.all) if (isInCharge(agent)) desks.tell(agent, event);
}

/** Supervisors and administrators see what concerns the center as a whole. */
const isInCharge = ({ record }: Agent): boolean => hasScope(record.role, 'center.watch');

/** Whose figures a person may see: an agent's and a supervisor's own groups, all of them for an admin. */
const mayWatch = (agent: Agent, groupId: GroupId): boolean => agent.record.role === 'admin' || agent.isMemberOf(groupId);
