import { callerNumber, readCaller, readDialled, toE164, type Caller as Who } from '../../contract/phone-number.ts';
import type { LegParty } from '../../contract/contact.ts';
import { dialClassOf } from '../../contract/dial-class.ts';
import type { ErrorCode, Result } from '../../contract/errors.ts';
import type { Agent } from '../agents/agent.ts';
import type { FlowRecord } from '../configuration/records.ts';
import type { ChannelInfo, HangUpCause } from '../switch/port.ts';
import { dialFailed } from './before-answer.ts';
import type { Calls } from './calls.ts';
import { accountOf, type CallTarget, type Contact, type Leg } from './contact.ts';
import { hasNoLine, isFull } from './line-limits.ts';
import { DIRECT_RING_MS, ring } from './ringing.ts';
import { resolveNumber, type Resolved } from './targets.ts';

/** The header by which a desk's phone tells us which leg it is. */
const LEG_HEADER = 'x-sangdam-leg';
/** An outside party may take its time. */
const OUTSIDE_RING_MS = 60_000;

/** Whose call it is that came in. */
type Caller = { kind: 'agent'; agent: Agent } | { kind: 'phone'; user: string; number: string; name: string } | { kind: 'outside' };

/**
 * A call came in: to a representative number, or from a phone of ours to anybody. From outside nobody calls on through
 * us: what is no number of ours, a range of ours that is not set up and emergency numbers among them, is refused.
 */
export function channelArrived(calls: Calls, arrived: ChannelInfo): void {
  const channel = { ...arrived, dialled: readDialled(arrived.dialled) };
  const caller = callerOf(calls, channel);
  const flow = calls.parts.office.flowOf(channel.dialled);
  if (caller.kind !== 'outside') {
    if (hasNoLine(calls, caller)) calls.refusals.refuse(channel, 'lines');
    else if (flow === undefined) dialOut(calls, channel, caller);
    else enterFlow(calls, channel, caller, flow, { number: channel.callerNumber, name: '', withheld: false });
    return;
  }
  const who = readCaller(channel.callerNumber, channel.callerName);
  if (flow === undefined) callBetweenOutsiders(calls, channel);
  // Ours never come back to us in good order: a carrier returns a call of our own, or somebody shows our number.
  else if (who.number !== null && calls.parts.office.isOurs(who.number)) calls.refusals.refuse(channel, 'loop');
  else if (isFull(calls, callerNumber(who), channel.dialled)) calls.refusals.refuse(channel, 'full');
  else enterFlow(calls, channel, caller, flow, who);
}

/** A caller without an endpoint came over a trunk. A phone of the demo's outside world counts as one. */
function callerOf(calls: Calls, { endpoint }: ChannelInfo): Caller {
  if (endpoint === null) return { kind: 'outside' };
  const agent = calls.parts.roster.atExtension(endpoint);
  if (agent !== undefined) return { kind: 'agent', agent };
  const phone = calls.parts.office.phone(endpoint);
  return phone?.kind === 'desk' ? { kind: 'phone', user: phone.user, number: phone.number, name: phone.displayName } : { kind: 'outside' };
}

function enterFlow(calls: Calls, channel: ChannelInfo, caller: Caller, flow: FlowRecord, who: Who): void {
  const inbound = caller.kind === 'outside';
  const number = callerNumber(who);
  // A name that callers give themselves is for those without a number; else it would stand where a customer's does.
  const callerName = number === '' || who.withheld ? who.name : '';
  const contact = calls.create({ kind: inbound ? 'inbound' : 'internal', number, dialled: channel.dialled, callerName });
  const leg = callerLeg(calls, contact, channel, caller, number);
  if (leg === null) return;
  leg.place = 'flow';
  calls.parts.flows.prepare(contact.contactId, flow.steps);
  command(calls, leg, calls.parts.switchPort.answer(channel.channelId));
}

/**
 * Two telephones of the demo's outside world: the switch carries it, the center has no part in it. Both are accounts of
 * ours; what came over a trunk has none, and leads to none of them.
 */
function callBetweenOutsiders(calls: Calls, channel: ChannelInfo): void {
  const number = toE164(channel.dialled);
  if (channel.endpoint === null || number === null || !calls.parts.office.isCustomerPhone(number)) {
    calls.refusals.refuse(channel, 'notOurs');
    return;
  }
  const contact = calls.create({ kind: 'outbound', number, dialled: channel.dialled, foreign: true });
  const leg = callerLeg(calls, contact, channel, { kind: 'outside' }, channel.callerNumber);
  if (leg !== null) ringDialled(calls, contact, leg, { kind: 'outside', number }, channel);
}

/** An agent or a desk phone dials. */
function dialOut(calls: Calls, channel: ChannelInfo, caller: Caller): void {
  const resolved = resolveNumber(calls, channel.dialled);
  const target = resolved.ok && resolved.value.kind === 'call' ? resolved.value.target : null;
  const isOutside = target === null ? !/^\d{2,5}$/.test(channel.dialled) : target.kind === 'outside';
  const number = target?.kind === 'outside' ? target.number : channel.dialled;
  const contact = calls.create({ kind: isOutside ? 'outbound' : 'internal', number, dialled: channel.dialled });
  const leg = callerLeg(calls, contact, channel, caller, channel.callerNumber);
  if (leg === null) return;
  if (target === null || isSelf(target, caller)) {
    dialFailed(calls, contact, leg, isSelf(target, caller) ? 'busy' : causeOf(resolved));
    return;
  }
  ringDialled(calls, contact, leg, target, channel);
}

const isSelf = (target: CallTarget | null, caller: Caller): boolean =>
  (target?.kind === 'agent' && caller.kind === 'agent' && target.agentId === caller.agent.agentId) || (target?.kind === 'phone' && caller.kind === 'phone' && target.user === caller.user);

function causeOf(resolved: Result<Resolved>): HangUpCause {
  if (resolved.ok) return 'unreachable';
  switch (resolved.error.code) {
    case 'target.busy':
      return 'busy';
    case 'target.unavailable':
      return 'unreachable';
    default:
      return 'unknownNumber';
  }
}

function ringDialled(calls: Calls, contact: Contact, caller: Leg, target: CallTarget, channel: ChannelInfo): void {
  const isOutside = target.kind === 'outside';
  const party: LegParty | undefined = isOutside && !contact.foreign ? 'customer' : undefined;
  const rung = ring(
    calls,
    contact,
    {
      role: 'direct',
      target,
      via: 'direct',
      from: caller.name,
      by: accountOf(caller),
      ringMs: isOutside ? OUTSIDE_RING_MS : DIRECT_RING_MS,
      callerNumber: channel.callerNumber,
      callerName: caller.name,
      ...(party && { party }),
    },
    (leg) => directUnanswered(calls, contact, leg, 'noAnswer'),
  );
  if (!rung.ok) {
    dialFailed(calls, contact, caller, causeOfRefusal(rung.error.code), rung.error.code.startsWith('dial.') ? rung.error.code : undefined);
    return;
  }
  calls.arrangementOf(contact).prepare();
}

function causeOfRefusal(code: ErrorCode): HangUpCause {
  if (code.startsWith('dial.')) return 'forbidden';
  return code === 'target.unavailable' ? 'unreachable' : 'busy';
}

/** The one who was dialled did not answer: the caller hears why, the record says it. */
export function directUnanswered(calls: Calls, contact: Contact, leg: Leg, cause: HangUpCause): void {
  const caller = contact.legs.find(({ role }) => role === 'caller');
  calls.hangUp(leg, cause === 'noAnswer' ? 'noAnswer' : 'cancelled');
  if (leg.participant !== null) settleDirect(calls, contact, leg, cause);
  if (caller !== undefined) dialFailed(calls, contact, caller, cause);
}

function settleDirect(calls: Calls, contact: Contact, leg: Leg, cause: HangUpCause): void {
  const agent = calls.agentOf(leg);
  if (agent === undefined) return;
  calls.move(leg, 'ended');
  calls.withdraw(contact, agent.agentId);
  const rejected = cause === 'rejected' || cause === 'busy';
  calls.parts.journal.write('contact.offerEnded', { why: rejected ? 'rejected' : 'rona' }, { contactId: contact.contactId, agentId: agent.agentId });
  agent.apply({ type: rejected ? 'rejected' : 'offerTimedOut', direct: true });
  if (!rejected) calls.parts.desks.notify(agent, 'callerGone', contact.contactId);
}

/** The leg of whoever calls; null when they may not now, and the call has been refused. */
function callerLeg(calls: Calls, contact: Contact, channel: ChannelInfo, caller: Caller, number: string): Leg | null {
  const { channelId, callerName } = channel;
  // Only a desk of ours names its leg: whoever else writes the header could pass for one.
  const dialogKey = caller.kind === 'agent' ? channel.headers[LEG_HEADER] : undefined;
  const identity = { role: 'caller', channelId, number, ...(dialogKey !== undefined && { dialogKey }) } as const;
  switch (caller.kind) {
    case 'outside':
      return calls.addLeg(contact, { ...identity, party: contact.foreign ? 'target' : 'customer', target: { kind: 'outside', number }, name: contact.foreign ? callerName : contact.customerName });
    case 'phone':
      return calls.addLeg(contact, { ...identity, party: 'target', target: caller, name: caller.name });
    case 'agent': {
      const { agent } = caller;
      // A second call beside the one they talk in: how a phone without its desk consults (RFC 5589 §7).
      const secondary = agent.state.name === 'TALKING';
      const leg = calls.addLeg(contact, {
        ...identity,
        party: 'agent',
        target: { kind: 'agent', agentId: agent.agentId },
        name: agent.record.name,
        agent: { agentId: agent.agentId, state: 'dialling', offer: null, secondary },
      });
      if (secondary || agent.apply({ type: 'dialled', contactId: contact.contactId }).ok) {
        calls.publish(contact);
        return leg;
      }
      // Signed out, ringing, or still writing up another call: their state stays as it is.
      if (leg.participant !== null) leg.participant.secondary = true;
      // Whoever needs help need not finish anything first.
      if (dialClassOf(channel.dialled) === 'emergency') {
        calls.publish(contact);
        return leg;
      }
      dialFailed(calls, contact, leg, 'busy');
      return null;
    }
    default:
      return null;
  }
}

/** The channel may be gone by then; its end is told by an event of its own. */
function command(calls: Calls, leg: Leg, answered: Promise<Result<null>>): void {
  void answered.then((result) => {
    if (!result.ok && result.error.code !== 'switch.channel-gone') calls.channelFailed(leg.channelId, result.error);
  });
}
