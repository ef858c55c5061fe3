import type { AgentState } from '../../../contract/agent-state.ts';
import type { Target } from '../../../contract/contact.ts';
import type { Customer } from '../../../contract/customer.ts';
import type { AgentCard, GroupCard } from '../../../contract/directory.ts';
import { dialRefusalOf, type DialRefusal } from '../../../contract/dial-class.ts';
import type { DialRights } from '../../../contract/dial-rights.ts';
import type { AgentId } from '../../../contract/ids.ts';
import type { GroupStatistics } from '../../../contract/statistics.ts';
import { dialStringOf, parseDialString } from '../../../contract/phone-number.ts';
import { byText, found } from '../../../contract/search/index.ts';

export type Purpose = 'consult' | 'transfer' | 'conference';

/** One line of the picker. */
export type TargetOption = { id: string; target: Target } & (
  | { kind: 'agent'; agent: AgentCard }
  | { kind: 'group'; group: GroupCard }
  | { kind: 'contact'; customer: Customer; number: string }
  | { kind: 'number'; number: string; outside: boolean }
);

/** Why nobody can be reached there now; texts: `desk.picker.refused.<reason>`. */
export type Refusal = 'signedOut' | 'noPhone' | 'busy' | 'closedGroup' | 'emptyGroup' | 'fullGroup' | 'groupOnly' | DialRefusal;

/** What a desk knows beside the places themselves. */
export interface Known {
  agents: readonly AgentCard[];
  /** Of the groups whose figures this person may see. */
  statistics: readonly Pick<GroupStatistics, 'groupId' | 'waiting'>[];
  dialling: DialRights | null;
}

interface Sources extends Known {
  groups: readonly GroupCard[];
  customers: readonly Customer[];
  me: AgentId | null;
}

/**
 * What the typed text may mean, whoever can take the call first: agents by name or extension who are ready, then those
 * who are away, groups that are open, the number itself and customers found in the cache; behind them who is busy, what
 * is closed, and who is not there at all. The extension that was typed is the first in any case.
 */
export function targetOptions(text: string, { groups, customers, me, ...known }: Sources): TargetOption[] {
  const wanted = text.trim();
  const dialled = parseDialString(wanted);
  const others = known.agents.filter((agent) => agent.agentId !== me);
  const colleagues = found(others, text, ({ name, extension }) => ({ texts: [name], numbers: [extension] })).toSorted((a, b) => byText(a.name, b.name));
  const number = dialled.ok ? dialStringOf(dialled.value) : '';
  const isExtensionOfColleague = colleagues.some(({ extension }) => extension === number);
  const options: TargetOption[] = [
    ...colleagues.map((agent): TargetOption => ({ id: agent.agentId, kind: 'agent', agent, target: { kind: 'agent', agentId: agent.agentId } })),
    ...found(groups, text, ({ name }) => ({ texts: [name] })).map((group): TargetOption => ({ id: group.groupId, kind: 'group', group, target: { kind: 'group', groupId: group.groupId } })),
    ...(dialled.ok && !isExtensionOfColleague
      ? [{ id: 'number', kind: 'number', number, outside: dialled.value.kind !== 'extension', target: { kind: 'number', number } } satisfies TargetOption]
      : []),
    ...(wanted === '' ? [] : customers).flatMap((customer) =>
      customer.numbers.map(({ e164 }): TargetOption => ({ id: `${customer.customerId}-${e164}`, kind: 'contact', customer, number: e164, target: { kind: 'number', number: e164 } })),
    ),
  ];
  const rankOf = (option: TargetOption): number => (option.kind === 'agent' && option.agent.extension === number ? -1 : RANK[placeOf(option, known)]);
  return options.toSorted((a, b) => rankOf(a) - rankOf(b));
}

const RANK = { ready: 0, away: 1, openGroup: 2, number: 3, contact: 4, busy: 5, closedGroup: 6, emptyGroup: 6, fullGroup: 6, class: 6, blocked: 6, noPhone: 7, signedOut: 8 } as const;

function placeOf(option: TargetOption, known: Known): keyof typeof RANK {
  const refusal = refusalOf(option, 'transfer', known);
  if (refusal !== null && refusal !== 'groupOnly') return refusal;
  switch (option.kind) {
    case 'agent':
      return option.agent.state.name === 'READY' ? 'ready' : 'away';
    case 'group':
      return 'openGroup';
    case 'number':
    case 'contact':
      return option.kind;
    default:
      return option satisfies never;
  }
}

/** Why the center would refuse it now, as far as a desk knows; null: nothing is in the way. A group has nobody to consult with. */
export function refusalOf(option: TargetOption, purpose: Purpose, known: Known): Refusal | null {
  if (option.kind === 'group') return purpose === 'transfer' ? groupRefusalOf(option.group, known) : 'groupOnly';
  if (option.kind !== 'agent') return known.dialling === null ? null : dialRefusalOf(known.dialling, option.number);
  const { state, reachable } = option.agent;
  if (state.name === 'LOGGED_OUT') return 'signedOut';
  if (!reachable) return 'noPhone';
  return state.name === 'READY' || state.name === 'NOT_READY' ? null : 'busy';
}

function groupRefusalOf({ groupId, open, refusesWhenEmpty, maxWaiting }: GroupCard, { agents, statistics }: Known): Refusal | null {
  if (!open) return 'closedGroup';
  if (refusesWhenEmpty && !agents.some((agent) => agent.groupIds.includes(groupId) && isOnDuty(agent))) return 'emptyGroup';
  const waiting = statistics.find((group) => group.groupId === groupId)?.waiting ?? 0;
  return waiting >= maxWaiting ? 'fullGroup' : null;
}

/** Whether callers of a group may hope for them, as the center sees it. */
const isOnDuty = ({ state, role }: AgentCard): boolean => state.name !== 'LOGGED_OUT' && (state.name !== 'NOT_READY' || (role === 'agent' && state.reason !== 'disconnected'));

/** Who can be called and may not be at their desk: that is said before it rings in vain. */
export function absenceOf(option: TargetOption): AgentState | null {
  return option.kind === 'agent' && option.agent.state.name === 'NOT_READY' ? option.agent.state : null;
}

/** Whether calling it leaves the house and costs money. */
export const isOutside = (option: TargetOption): boolean => option.kind === 'contact' || (option.kind === 'number' && option.outside);
