import type { CtiEvent, CtiSnapshot } from '../contract/cti/index.ts';
import type { WallView } from '../contract/credentials.ts';
import type { Me } from '../contract/directory.ts';
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

/** The center as one person may see it, whole; with `agent`, at that agent's desk. */
export function snapshotFor({ office, roster, calls, statistics }: Shown, me: Me, agent: Agent | null, { now, switchAvailable, customersCursor, store }: Moment): Omit<CtiSnapshot, 'seq'> {
  return {
    serverNow: now,
    timeZone: office.configuration.timeZone,
    me,
    switchAvailable,
    contacts: calls.all.flatMap((contact) => {
      const leg = agent === null ? undefined : legOfAgent(contact, agent.agentId);
      return leg?.participant ? [calls.viewOf(contact, leg, leg.participant)] : [];
    }),
    agents: roster.all.map(({ card }) => card),
    groups: office.allGroups.map((group) => office.card(group, now)),
    dispositions: office.dispositions,
    dialling: calls.parts.dialling.shownTo(me.agentId),
    statistics: statistics.all().filter(({ groupId }) => mayWatch(me, groupId)),
    directCalls: isInCharge(me) ? statistics.directCalls : null,
    store: isInCharge(me) ? store : null,
    supervision: agent === null ? null : calls.supervisions.viewOf(agent),
    customersCursor,
  };
}

/** What a wall shows of some groups: figures, and of nobody by name. */
export function wallOf({ office, roster, statistics }: Shown, groupIds: readonly GroupId[], now: number): Omit<WallView, 'name'> {
  const isShown = ({ groupId }: { groupId: GroupId }): boolean => groupIds.includes(groupId);
  return {
    serverNow: now,
    timeZone: office.configuration.timeZone,
    groups: office.allGroups.filter(isShown).map((group) => office.card(group, now)),
    statistics: statistics.all().filter(isShown),
    ready: roster.all.filter(({ state, groupIds: theirs }) => state.name === 'READY' && theirs.some((groupId) => groupIds.includes(groupId))).map((agent) => agent.groupIds.filter((groupId) => groupIds.includes(groupId))),
  };
}

/** Tells everybody the figures they may see. */
export function tellStatistics(desks: Desks, groups: GroupStatistics[]): void {
  for (const { me, sink } of desks.watchers) {
    const theirs = groups.filter(({ groupId }) => mayWatch(me, groupId));
    if (theirs.length > 0) sink.send({ type: 'statistics.changed', payload: { groups: theirs } });
  }
}

/** Tells who is in charge. */
export const tellInCharge = (desks: Desks, event: CtiEvent): void => desks.tellWho(isInCharge, event);

/** Supervisors and administrators see what concerns the center as a whole. */
const isInCharge = (me: Me): boolean => hasScope(me, 'center.watch');

/** Whose figures a person may see: an agent's and a supervisor's own groups, all of them for an admin. */
const mayWatch = ({ role, groupIds }: Me, groupId: GroupId): boolean => role === 'admin' || groupIds.includes(groupId);
