import type { ContactId } from '../../contract/ids.ts';
import type { ParticipantState } from '../../contract/participant-state.ts';
import type { Agent } from '../agents/agent.ts';
import type { FormerRun } from '../former-run.ts';
import type { ChannelId, ChannelInfo } from '../switch/port.ts';
import type { Calls } from './calls.ts';
import type { Contact, Leg, Place } from './contact.ts';
import { endContact } from './endings.ts';
import { limitLength } from './longest.ts';
import { queueAgain } from './queueing.ts';
import { contactsOf } from './interrupted.ts';
import type { SavedContact, SavedLeg } from './saved-contact.ts';
import { noTalkTime } from './talk-time.ts';

const CONSULTING: ReadonlySet<ParticipantState> = new Set(['consultDialling', 'consulting', 'swapped']);

/**
 * Goes on with the contacts whose calls outlived a center before us: a switch of its own keeps its calls when the
 * center dies. What was kept of each contact is put together with the channels that live; agents are on their
 * calls again, waiting callers wait again at their old place, and whoever was in a flow hears it from its beginning.
 * @param former what the store says of that center
 * @param adopted told of each agent who is on a call now, with no desk yet
 * @returns the contacts that it has seen to
 */
export async function adoptContacts(calls: Calls, former: FormerRun, adopted: (agent: Agent) => void): Promise<ReadonlySet<ContactId>> {
  const { switchPort } = calls.parts;
  const [channels, bridges] = await Promise.all([switchPort.listChannels(), switchPort.listBridges()]);
  if (!channels.ok || !bridges.ok || channels.value.length === 0) return new Set();
  const live = new Map(channels.value.filter(({ state }) => state === 'up').map((channel) => [channel.channelId, channel]));
  const rooms = new Map(bridges.value.map(({ bridgeId, channels: members }) => [bridgeId, members]));
  const taken = new Set<ContactId>();
  for (const { contactId, saved, ended } of contactsOf(former)) if (saved !== null && ended === null && adoptOne(calls, contactId, saved, live, rooms, (contact, leg) => takeUp(calls, contact, leg, former, adopted))) taken.add(contactId);
  return taken;
}

/** @returns whether a leg of it lives */
function adoptOne(calls: Calls, contactId: ContactId, saved: SavedContact, live: ReadonlyMap<ChannelId, ChannelInfo>, rooms: ReadonlyMap<string, readonly ChannelId[]>, takeUpLeg: (contact: Contact, leg: Leg) => void): boolean {
  const legs = saved.legs.filter(({ channelId }) => live.has(channelId)).map((leg) => legOf(calls, leg));
  if (legs.length === 0) return false;
  const contact = contactOf(calls, contactId, saved, legs);
  calls.restore(contact);
  mendConsultation(calls, contact);
  const arrangement = calls.arrangementOf(contact);
  const places = new Map<ChannelId, Place>();
  for (const room of ['main', 'side'] as const) for (const channelId of rooms.get(arrangement.bridgeId(room)) ?? []) places.set(channelId, room);
  arrangement.adopt(places, (['main', 'side'] as const).filter((room) => rooms.has(arrangement.bridgeId(room))));
  for (const leg of legs) takeUpLeg(contact, leg);
  const [first, ...others] = legs;
  if (first === undefined || others.length > 0) calls.arrange(contact);
  else if (first.place === 'flow') startFlowAnew(calls, contact);
  // A caller alone: who waited waits on.
  else if (first.participant !== null) calls.arrange(contact);
  else if (!queueAgain(calls, contact, 'networkLost')) endContact(calls, contact, 'networkLost', 'normal');
  return true;
}

/** A consultation that rang, or whose other end did not outlive the center, is over: those who are left talk with each other. */
function mendConsultation(calls: Calls, contact: Contact): void {
  if (contact.consultation !== null || contact.legs.length < 2) return;
  const isCutShort = ({ place, participant }: Leg): boolean => place === 'side' || (participant !== null && CONSULTING.has(participant.state));
  if (!contact.legs.some(isCutShort)) return;
  for (const leg of contact.legs) {
    leg.place = 'main';
    if (leg.participant === null || !CONSULTING.has(leg.participant.state)) continue;
    calls.move(leg, leg.participant.state === 'consultDialling' ? 'consultFailed' : 'consultCancelled');
    if (leg.held) calls.move(leg, 'held');
  }
}

/** How far the caller had come nobody knows: they hear the flow of the number they dialled from its beginning. */
function startFlowAnew(calls: Calls, contact: Contact): void {
  const flow = calls.parts.office.flowOf(contact.dialled);
  if (flow === undefined) {
    endContact(calls, contact, 'networkLost', 'normal');
    return;
  }
  contact.flowPath = [];
  calls.parts.logger.info({ contactId: contact.contactId }, 'a caller whose flow was cut short hears it from its beginning');
  calls.arrange(contact);
  calls.parts.flows.prepare(contact.contactId, flow.steps);
  calls.parts.flows.begin(contact.contactId);
}

/** The agent is on this call again, as they were; their desk is heard of when it has found us. */
function takeUp(calls: Calls, contact: Contact, leg: Leg, former: FormerRun, adopted: (agent: Agent) => void): void {
  const agent = calls.agentOf(leg);
  if (leg.dialledBy !== null) limitLength(calls, contact, leg, Math.max(0, calls.parts.dialling.longestOf(leg.dialledBy) - (calls.parts.clock.now() - contact.startedAt)));
  if (agent === undefined || leg.participant?.secondary === true) return;
  const was = former.duringCall(agent.agentId, contact.contactId);
  if (agent.state.name === 'LOGGED_OUT') agent.apply(was === null ? { type: 'signedIn' } : { type: 'resumed', as: was.resume });
  agent.apply({ type: 'dialled', contactId: contact.contactId });
  if (was?.pending) agent.apply({ type: 'chosen', choice: was.pending });
  adopted(agent);
}

function legOf(calls: Calls, { agent, ...saved }: SavedLeg): Leg {
  const { clock } = calls.parts;
  const now = clock.now();
  return {
    ...saved,
    rejoin: null,
    referFailed: null,
    early: false,
    state: 'up',
    heldSince: null,
    since: now,
    participant: agent === null ? null : {
      ...agent, since: now, offer: null, wrapUpDeadline: null, wrapUpEndsAt: null, counted: null,
      // The pause of the center counts as talk: they talked on.
      talkMs: agent.answeredAt === null ? 0 : Math.max(0, now - agent.answeredAt),
      holdMs: 0,
      consultMs: 0,
      phase: 'none',
      phaseSince: clock.monotonic(),
      enteredAt: clock.monotonic(),
    },
    stopTimer: () => {},
  };
}

function contactOf(calls: Calls, contactId: ContactId, { legs: _legs, consultation, waitingAt, ...saved }: SavedContact, legs: Leg[]): Contact {
  const by = legs.find(({ legId }) => legId === consultation?.by);
  const target = legs.find(({ legId }) => legId === consultation?.target);
  const waitedSince = saved.queuedAt === null ? 0 : calls.parts.clock.monotonic() - Math.max(0, calls.parts.clock.now() - saved.queuedAt);
  return {
    ...saved,
    contactId,
    foreign: false,
    queuedMonotonic: waitedSince,
    waiting: waitingAt === null ? null : { at: waitingAt, since: calls.parts.clock.monotonic() - Math.max(0, calls.parts.clock.now() - waitingAt) },
    legs,
    consultation: consultation !== null && by !== undefined && target !== undefined ? { by, target, state: consultation.state } : null,
    transfer: null,
    talkTime: noTalkTime(calls.parts.clock.monotonic(), Math.max(0, ...legs.map(({ participant }) => participant?.talkMs ?? 0))),
    outcome: null,
    refusal: null,
    lastLeft: null,
    extended: new Set(),
    dispositionMissing: false,
  };
}
