import type { ContactPart } from '../../contract/customer.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { Calls } from './calls.ts';
import type { Contact, Leg, LegRole } from './contact.ts';

/*
 * A contact's way, stretch by stretch, for the history. A stretch is written down when it is over; with `contact.saved`
 * it outlives the center.
 */

type Talked = Extract<ContactPart, { kind: 'talked' }>;

const asOfRole: Record<LegRole, Talked['as']> = { caller: 'dialled', groupOffer: 'answered', direct: 'answered', consult: 'consulted', transfer: 'transferred', conference: 'joined' };

/** The caller hears music, and nobody has them. */
export function startsWaiting(calls: Calls, contact: Contact): void {
  contact.waiting ??= { at: calls.parts.clock.now(), since: calls.parts.clock.monotonic() };
}

/** Somebody answered, or nobody will. */
export function stopsWaiting(calls: Calls, contact: Contact): void {
  if (contact.waiting === null) return;
  const { at, since } = contact.waiting;
  contact.waiting = null;
  const groupName = contact.groupId === null ? '' : (calls.parts.office.group(contact.groupId)?.name ?? '');
  contact.parts.push({ kind: 'waited', at, groupId: contact.groupId, groupName, ms: Math.max(0, Math.round(calls.parts.clock.monotonic() - since)) });
}

/** It rang at an agent, who did not take it. */
export function missedBy(contact: Contact, leg: Leg, why: 'rona' | 'rejected'): void {
  if (leg.participant !== null) contact.parts.push({ kind: 'missed', at: leg.since, agentId: leg.participant.agentId, name: leg.name, why });
}

/** An agent's own part is over, or that of a number outside that was called in; handle times are settled by then. */
export function talkedUntilNow(calls: Calls, contact: Contact, { participant, role, name, number, state, since }: Leg): void {
  const as = asOfRole[role];
  if (participant === null) {
    if (state !== 'up') return;
    contact.parts.push({ kind: 'talked', at: since, agentId: null, name, number, as, from: '', talkMs: Math.max(0, calls.parts.clock.now() - since), holdMs: 0, consultMs: 0, to: '' });
    return;
  }
  const { agentId, answeredAt, offer, talkMs, holdMs, consultMs } = participant;
  // Who dialled in vain is part of it, too.
  if (answeredAt === null && role !== 'caller') return;
  contact.parts.push({ kind: 'talked', at: answeredAt ?? contact.startedAt, agentId, name, number: '', as, from: offer?.from ?? '', talkMs: Math.round(talkMs), holdMs: Math.round(holdMs), consultMs: Math.round(consultMs), to: '' });
}

/** The agent, whose part is over, has handed the customer to this one. */
export function handedTo(contact: Contact, agentId: AgentId | undefined, to: string): void {
  const index = contact.parts.findLastIndex((part) => part.kind === 'talked' && part.agentId === agentId);
  const part = contact.parts[index];
  if (agentId !== undefined && part?.kind === 'talked') contact.parts[index] = { ...part, to };
}

/** What the customer has waited in queues, all together, this time left out; null for who never did. */
export function waitedBefore({ parts }: Pick<Contact, 'parts'>): number | null {
  const waits = parts.flatMap((part) => (part.kind === 'waited' ? [part.ms] : []));
  return waits.length === 0 ? null : waits.reduce((sum, ms) => sum + ms, 0);
}
