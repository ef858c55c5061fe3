import { CONTRACT } from '../contract/contract-version.ts';
import type { CtiEvent, CtiSnapshot } from '../contract/cti/index.ts';
import type { WallView } from '../contract/credentials.ts';
import type { Me } from '../contract/directory.ts';
import type { GroupId } from '../contract/ids.ts';
import { hasScope } from '../contract/permissions.ts';
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

/** Desks from before there were topics take no snapshot without these; of others and of figures they show nothing. */
const forOlderDesks: object = { statistics: [], directCalls: null };

interface Moment {
  /** Epoch milliseconds. */
  now: number;
  switchAvailable: boolean;
  customersCursor: number;
  store: StoreHealth;
}

/** The center as one person may see it, whole; with `agent`, at that agent's desk. */
export function snapshotFor({ office, calls }: Pick<Shown, 'office' | 'calls'>, me: Me, agent: Agent | null, { now, switchAvailable, customersCursor, store }: Moment): Omit<CtiSnapshot, 'seq'> {
  return {
    ...forOlderDesks,
    contract: CONTRACT,
    serverNow: now,
    timeZone: office.configuration.timeZone,
    me,
    switchAvailable,
    contacts: calls.all.flatMap((contact) => {
      const leg = agent === null ? undefined : legOfAgent(contact, agent.agentId);
      return leg?.participant ? [calls.viewOf(contact, leg, leg.participant)] : [];
    }),
    agents: agent === null ? [] : [agent.card],
    groups: office.allGroups.map((group) => office.card(group, now)),
    dispositions: office.dispositions,
    setUp: office.deskSetUp,
    dialling: calls.parts.dialling.shownTo(me.agentId),
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
    statistics: groupIds.filter((groupId) => office.group(groupId) !== undefined).map((groupId) => statistics.of(groupId)),
    ready: roster.all.filter(({ state, groupIds: theirs }) => state.name === 'READY' && theirs.some((groupId) => groupIds.includes(groupId))).map((agent) => agent.groupIds.filter((groupId) => groupIds.includes(groupId))),
  };
}

/** Tells who is in charge. */
export const tellInCharge = (desks: Desks, event: CtiEvent): void => desks.tellWho(isInCharge, event);

/** Supervisors and administrators see what concerns the center as a whole. */
const isInCharge = (me: Me): boolean => hasScope(me, 'center.watch');
