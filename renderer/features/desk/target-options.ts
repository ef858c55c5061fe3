import type { Target } from '../../../contract/contact.ts';
import type { Customer } from '../../../contract/customer.ts';
import type { AgentCard, GroupCard } from '../../../contract/directory.ts';
import type { AgentId } from '../../../contract/ids.ts';
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
export type Refusal = 'signedOut' | 'noPhone' | 'busy' | 'closedGroup' | 'groupOnly';

interface Sources {
  agents: readonly AgentCard[];
  groups: readonly GroupCard[];
  customers: readonly Customer[];
  me: AgentId | null;
}

/**
 * What the typed text may mean, whoever can take the call first: agents by name or extension who are ready, then those
 * who are away, groups that are open, the number itself and customers found in the cache; behind them who is busy, what
 * is closed, and who is not there at all. The extension that was typed is the first in any case.
 */
export function targetOptions(text: string, { agents, groups, customers, me }: Sources): TargetOption[] {
  const wanted = text.trim();
  const dialled = parseDialString(wanted);
  const others = agents.filter((agent) => agent.agentId !== me);
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
  const rankOf = (option: TargetOption): number => (option.kind === 'agent' && option.agent.extension === number ? -1 : RANK[placeOf(option)]);
  return options.toSorted((a, b) => rankOf(a) - rankOf(b));
}

const RANK = { ready: 0, away: 1, openGroup: 2, number: 3, contact: 4, busy: 5, closedGroup: 6, noPhone: 7, signedOut: 8 } as const;

function placeOf(option: TargetOption): keyof typeof RANK {
  const refusal = refusalOf(option, 'transfer');
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
export function refusalOf(option: TargetOption, purpose: Purpose): Refusal | null {
  if (option.kind === 'group') {
    if (purpose !== 'transfer') return 'groupOnly';
    return option.group.open ? null : 'closedGroup';
  }
  if (option.kind !== 'agent') return null;
  const { state, reachable } = option.agent;
  if (state.name === 'LOGGED_OUT') return 'signedOut';
  if (!reachable) return 'noPhone';
  return state.name === 'READY' || state.name === 'NOT_READY' ? null : 'busy';
}

/** Whether calling it leaves the house and costs money. */
export const isOutside = (option: TargetOption): boolean => option.kind === 'contact' || (option.kind === 'number' && option.outside);
