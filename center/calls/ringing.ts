import { randomUUID } from 'node:crypto';
import { dialClassOf } from '../../contract/dial-class.ts';
import { fail, ok, unreachable, type Result } from '../../contract/errors.ts';
import { AgentId } from '../../contract/ids.ts';
import { transition } from '../../contract/agent-state.ts';
import type { ContactView, LegParty } from '../../contract/contact.ts';
import type { DialAccount } from '../dialling/rules.ts';
import type { Destination } from '../switch/port.ts';
import { callerUser } from '../switch/text.ts';
import type { Calls } from './calls.ts';
import { anchorOf, type CallTarget, type Contact, type Leg, type LegRole } from './contact.ts';

/** How long a person or an outside number is rung, where no group says so. */
export const DIRECT_RING_MS = 30_000;
/** The switch's own limit lies behind ours, which decides. */
const SWITCH_RING_SLACK_MS = 5000;

type Via = NonNullable<ContactView['me']['offer']>['via'];

export interface Ring {
  role: Exclude<LegRole, 'caller'>;
  target: CallTarget;
  via: Via;
  /** Who consults or transfers; empty for a group's offer. */
  from: string;
  ringMs: number;
  /** Whose number the phone shows; the contact's unless given. */
  callerNumber?: string;
  callerName?: string;
  /** Whose wish it is: who answers for a leg that leaves the center. */
  by: DialAccount | null;
  /** What this leg is to the contact; by its target unless given. */
  party?: LegParty;
}

const partyOf = ({ kind }: CallTarget): LegParty => (kind === 'agent' ? 'agent' : 'target');

/**
 * Rings somebody for a contact. An agent is reserved for it.
 * `target.busy`: the agent's state does not allow it. `target.unavailable`: their phone cannot be rung for this
 * contact. `dial.…`: whoever wishes it may not dial that number, or not now. What becomes of it is told by the switch's events.
 */
export function ring(calls: Calls, contact: Contact, request: Ring, onTimeout: (leg: Leg) => void): Result<Leg> {
  const { clock, office, journal, switchPort } = calls.parts;
  const { role, target, via, from, ringMs, by } = request;
  const direct = role !== 'groupOffer';
  // Whoever is signed out when their call is over begins no other, by whatever phone: but for help.
  const isLeaving = by?.kind === 'person' && calls.parts.roster.agent(AgentId.parse(by.id))?.leaving === true;
  if (isLeaving && !(target.kind === 'outside' && dialClassOf(target.number) === 'emergency')) return fail('auth.replaced', 'this sign-in has ended');
  const agent = target.kind === 'agent' ? calls.parts.roster.agent(target.agentId) : undefined;
  if (target.kind === 'agent') {
    if (agent === undefined) return fail('target.unknown', 'no such agent');
    if (agent.supervising) return fail('target.busy', 'supervising a call');
    const allowed = transition(agent.state, { type: 'offered', contactId: contact.contactId, direct });
    if (!allowed.ok) return fail('target.busy', allowed.error.message);
  }
  const destination = destinationOf(calls, target);
  const beside = anchorOf(contact);
  // Of a phone that is not registered at all the switch itself tells what becomes of the call.
  if (destination.kind === 'endpoint' && switchPort.isRegistered(destination.user) && !switchPort.isRegistered(destination.user, beside)) return fail('target.unavailable', 'the phone is not registered where this call is');
  // Two telephones of the demo's outside world are nobody's cost.
  const isPaid = target.kind === 'outside' && !contact.foreign;
  const permit = isPaid ? calls.parts.dialling.dial(by, target.number, contact.contactId) : null;
  if (permit?.ok === false) return permit;
  const leg = calls.addLeg(contact, {
    party: request.party ?? partyOf(target),
    role,
    target,
    channelId: randomUUID(),
    ...identityOf(calls, target),
    ...(isPaid && by !== null && { dialledBy: by }),
    ...(agent && { agent: { agentId: agent.agentId, state: 'ringing', offer: { via, from, deadline: clock.now() + ringMs }, secondary: false } }),
  });
  if (leg.dialledBy !== null) calls.parts.dialling.begun(leg.legId, leg.dialledBy);
  agent?.apply({ type: 'offered', contactId: contact.contactId, direct });
  if (agent !== undefined) journal.write('contact.offered', { via }, { contactId: contact.contactId, agentId: agent.agentId, groupId: direct ? null : contact.groupId });
  leg.stopTimer = clock.setTimeout(() => onTimeout(leg), ringMs);

  const callerNumber = callerUser(target.kind === 'outside' ? office.callerId : (request.callerNumber ?? contact.number));
  void switchPort
    .originate({
      channelId: leg.channelId,
      destination,
      callerNumber,
      // Outside nobody's name is given away, nor what only our own phones understand.
      callerName: target.kind === 'outside' ? '' : (request.callerName ?? (contact.customerName || contact.callerName)),
      ringTimeoutMs: ringMs + SWITCH_RING_SLACK_MS,
      ...(target.kind !== 'outside' && { headers: { 'X-Sangdam-Leg': leg.dialogKey, 'X-Sangdam-Contact': contact.contactId } }),
      ...(beside !== undefined && { beside }),
    })
    .then((result) => {
      if (!result.ok) calls.channelFailed(leg.channelId, result.error);
    });
  calls.publish(contact);
  return ok(leg);
}

function identityOf(calls: Calls, target: CallTarget): { name: string; number: string } {
  switch (target.kind) {
    case 'agent': {
      const record = calls.parts.roster.agent(target.agentId)?.record;
      return { name: record?.name ?? '', number: record?.extension ?? '' };
    }
    case 'phone':
      return { name: target.name, number: target.number };
    case 'outside':
      return { name: '', number: target.number };
    default:
      return unreachable(target);
  }
}

function destinationOf(calls: Calls, target: CallTarget): Destination {
  switch (target.kind) {
    case 'agent':
      return { kind: 'endpoint', user: calls.parts.roster.agent(target.agentId)?.record.extension ?? '' };
    case 'phone':
      return { kind: 'endpoint', user: target.user };
    case 'outside':
      return { kind: 'trunk', number: target.number };
    default:
      return unreachable(target);
  }
}

/** What people call this target: a name where there is one. */
export const nameOfTarget = (calls: Calls, target: CallTarget): string => {
  const { name, number } = identityOf(calls, target);
  return name === '' ? number : name;
};
