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

const ORDER: Record<AgentCard['state']['name'], number> = { READY: 0, AFTER_CALL: 1, NOT_READY: 2, RESERVED: 3, TALKING: 4, LOGGED_OUT: 5 };

interface Sources {
  agents: readonly AgentCard[];
  groups: readonly GroupCard[];
  customers: readonly Customer[];
  me: AgentId | null;
}

/**
 * What the typed text may mean, most likely first: agents by name or extension (who can talk comes first),
 * groups, customers found in the cache, and the number itself.
 */
export function targetOptions(text: string, { agents, groups, customers, me }: Sources): TargetOption[] {
  const wanted = text.trim();
  const dialled = parseDialString(wanted);
  const others = agents.filter((agent) => agent.agentId !== me);
  const colleagues = found(others, text, ({ name, extension }) => ({ texts: [name], numbers: [extension] })).toSorted((a, b) => ORDER[a.state.name] - ORDER[b.state.name] || byText(a.name, b.name));
  const number = dialled.ok ? dialStringOf(dialled.value) : '';
  const isExtensionOfColleague = colleagues.some(({ extension }) => extension === number);
  return [
    ...colleagues.map((agent): TargetOption => ({ id: agent.agentId, kind: 'agent', agent, target: { kind: 'agent', agentId: agent.agentId } })),
    ...found(groups, text, ({ name }) => ({ texts: [name] })).map((group): TargetOption => ({ id: group.groupId, kind: 'group', group, target: { kind: 'group', groupId: group.groupId } })),
    ...(dialled.ok && !isExtensionOfColleague
      ? [{ id: 'number', kind: 'number', number, outside: dialled.value.kind !== 'extension', target: { kind: 'number', number } } satisfies TargetOption]
      : []),
    ...(wanted === '' ? [] : customers).flatMap((customer) =>
      customer.numbers.map(({ e164 }): TargetOption => ({ id: `${customer.customerId}-${e164}`, kind: 'contact', customer, number: e164, target: { kind: 'number', number: e164 } })),
    ),
  ];
}

/** A group has nobody to consult with: it can only be transferred to. */
export const mayBe = (option: TargetOption, purpose: Purpose): boolean => option.kind !== 'group' || purpose === 'transfer';

/** Whether calling it leaves the house and costs money. */
export const isOutside = (option: TargetOption): boolean => option.kind === 'contact' || (option.kind === 'number' && option.outside);
