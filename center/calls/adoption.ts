import type { ContactId } from '../../contract/ids.ts';
import type { Agent } from '../agents/agent.ts';
import { parseCenterEvent } from '../events.ts';
import type { Records } from '../ports.ts';
import type { ChannelId, ChannelInfo } from '../switch/port.ts';
import type { Calls } from './calls.ts';
import type { Contact, Leg, Place } from './contact.ts';
import { endContact } from './endings.ts';
import { queueAgain } from './queueing.ts';
import type { SavedContact, SavedLeg } from './saved-contact.ts';

/** No call is longer. */
const LOOK_BACK_MS = 24 * 3600 * 1000;

/**
 * Goes on with the contacts whose calls outlived a center before us: a switch of its own keeps its calls when the
 * center dies. What the log kept of each contact is put together with the channels that live; agents are on their
 * calls again, waiting callers wait again at their old place, and whoever was in a flow is let go.
 * @param adopted told of each agent who is on a call now, with no desk yet
 * @returns how many contacts go on
 */
export async function adoptContacts(calls: Calls, records: Pick<Records, 'eventsBetween'>, adopted: (agent: Agent) => void): Promise<number> {
  const { switchPort, clock } = calls.parts;
  const [channels, bridges] = await Promise.all([switchPort.listChannels(), switchPort.listBridges()]);
  if (!channels.ok || !bridges.ok || channels.value.length === 0) return 0;
  const live = new Map(channels.value.filter(({ state }) => state === 'up').map((channel) => [channel.channelId, channel]));
  const rooms = new Map(bridges.value.map(({ bridgeId, channels: members }) => [bridgeId, members]));
  const now = clock.now();
  const kept = await openContacts(records, now);
  let count = 0;
  for (const [contactId, saved] of kept) if (await adoptOne(calls, contactId, saved, live, rooms, adopted)) count++;
  return count;
}

/** The last word of the log on each contact that has not ended. */
async function openContacts(records: Pick<Records, 'eventsBetween'>, now: number): Promise<Map<ContactId, SavedContact>> {
  const open = new Map<ContactId, SavedContact>();
  for (const line of await records.eventsBetween(now - LOOK_BACK_MS, now + 1)) {
    const event = parseCenterEvent(line);
    if (event === null || event.contactId === null) continue;
    if (event.type === 'contact.saved') open.set(event.contactId, event.data);
    if (event.type === 'contact.ended') open.delete(event.contactId);
  }
  return open;
}

async function adoptOne(calls: Calls, contactId: ContactId, saved: SavedContact, live: ReadonlyMap<ChannelId, ChannelInfo>, rooms: ReadonlyMap<string, readonly ChannelId[]>, adopted: (agent: Agent) => void): Promise<boolean> {
  const legs = saved.legs.filter(({ channelId }) => live.has(channelId)).map((leg) => legOf(calls, leg));
  if (legs.length === 0) return false;
  const contact = contactOf(calls, contactId, saved, legs);
  calls.restore(contact);
  const arrangement = calls.arrangementOf(contact);
  const places = new Map<ChannelId, Place>();
  for (const room of ['main', 'side'] as const) for (const channelId of rooms.get(arrangement.bridgeId(room)) ?? []) places.set(channelId, room);
  arrangement.adopt(places, (['main', 'side'] as const).filter((room) => rooms.has(arrangement.bridgeId(room))));
  for (const leg of legs) takeUp(calls, contact, leg, adopted);
  const [first, ...others] = legs;
  if (others.length === 0 && first?.participant === null) {
    // A caller alone: who waited waits on; of a flow nobody knows how far it had come.
    if (!queueAgain(calls, contact, 'networkLost')) {
      endContact(calls, contact, 'networkLost', 'normal');
      return false;
    }
    return true;
  }
  calls.arrange(contact);
  return true;
}

/** The agent is on this call again; their desk is heard of when it has found us. */
function takeUp(calls: Calls, contact: Contact, leg: Leg, adopted: (agent: Agent) => void): void {
  const agent = calls.agentOf(leg);
  if (agent === undefined || leg.participant?.secondary === true) return;
  if (agent.state.name === 'LOGGED_OUT') agent.apply({ type: 'signedIn' });
  agent.apply({ type: 'dialled', contactId: contact.contactId });
  adopted(agent);
}

function legOf(calls: Calls, { agent, ...saved }: SavedLeg): Leg {
  const { clock } = calls.parts;
  const now = clock.now();
  return {
    ...saved,
    state: 'up',
    since: now,
    participant: agent === null ? null : {
      ...agent, since: now, offer: null, wrapUpDeadline: null, wrapUpEndsAt: null,
      // The pause of the center counts as talk: they talked on.
      talkMs: agent.answeredAt === null ? 0 : Math.max(0, now - agent.answeredAt),
      holdMs: 0,
      enteredAt: clock.monotonic(),
    },
    stopTimer: () => {},
  };
}

function contactOf(calls: Calls, contactId: ContactId, { legs: _legs, consultation, ...saved }: SavedContact, legs: Leg[]): Contact {
  const by = legs.find(({ legId }) => legId === consultation?.by);
  const target = legs.find(({ legId }) => legId === consultation?.target);
  const waitedSince = saved.queuedAt === null ? 0 : calls.parts.clock.monotonic() - Math.max(0, calls.parts.clock.now() - saved.queuedAt);
  return {
    ...saved,
    contactId,
    foreign: false,
    queuedMonotonic: waitedSince,
    legs,
    consultation: consultation !== null && by !== undefined && target !== undefined ? { by, target, state: consultation.state } : null,
    transfer: null,
    talkMs: 0,
    outcome: null,
  };
}
