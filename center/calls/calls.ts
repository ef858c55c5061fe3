import { randomUUID } from 'node:crypto';
import type { ContactKind } from '../../contract/customer.ts';
import { E164 } from '../../contract/customer.ts';
import { MAX_NUMBER } from '../../contract/phone-number.ts';
import type { ContactView, LegParty } from '../../contract/contact.ts';
import type { AppError } from '../../contract/errors.ts';
import { ContactId, LegId, type AgentId } from '../../contract/ids.ts';
import { moveParticipant, type ParticipantEvent, type ParticipantState } from '../../contract/participant-state.ts';
import type { Acd } from '../acd/acd.ts';
import type { Agent } from '../agents/agent.ts';
import type { Roster } from '../agents/roster.ts';
import type { Dialling } from '../dialling/dialling.ts';
import type { DialAccount } from '../dialling/rules.ts';
import type { Desks } from '../desks.ts';
import type { FlowRuns } from '../flows/flow-runs.ts';
import type { Journal } from '../journal.ts';
import type { CenterLogger } from '../logger.ts';
import type { Office } from '../office.ts';
import type { Clock, Records } from '../ports.ts';
import type { ChannelId, HangUpCause, SwitchPort } from '../switch/port.ts';
import { Arrangement } from './arrangement.ts';
import { anchorOf, customerLeg, type CallTarget, type Contact, type Leg, type LegRole, type Participant, type RejoinCall } from './contact.ts';
import type { History } from './history.ts';
import { layoutOf } from './layout.ts';
import { talkedUntilNow } from './parts.ts';
import { releaseParties } from './parties.ts';
import { Refusals } from './refusals.ts';
import { savedContact } from './saved-contact.ts';
import { Supervisions } from './supervision.ts';
import { noTalkTime, partPhaseOf, settlePart, settleTalkTime, talkPhaseOf } from './talk-time.ts';
import { contactView, isOnHold } from './views.ts';
import { asksDisposition } from './wrap-up.ts';

export interface CallParts {
  office: Office;
  roster: Roster;
  desks: Desks;
  journal: Journal;
  history: History;
  records: Pick<Records, 'customerByNumber'>;
  acd: Acd;
  dialling: Dialling;
  flows: FlowRuns;
  switchPort: SwitchPort;
  clock: Clock;
  logger: CenterLogger;
}

export interface NewContact {
  kind: ContactKind;
  number: string;
  dialled: string;
  callerName?: string;
  foreign?: boolean;
}

export interface NewLeg {
  party: LegParty;
  role: LegRole;
  target: CallTarget;
  channelId: ChannelId;
  name: string;
  number: string;
  dialogKey?: string;
  dialledBy?: DialAccount;
  /** The agent whose desk shows this leg. */
  agent?: { agentId: AgentId; state: ParticipantState; offer: Participant['offer']; secondary: boolean };
}

/** The live contacts and their legs, and the steps every operation on them is made of. */
export class Calls {
  readonly parts: CallParts;
  readonly supervisions: Supervisions = new Supervisions(this);
  readonly refusals: Refusals = new Refusals(this);
  /** The switch refused to make this channel: it has ended before it began. */
  channelFailed: (channelId: ChannelId, error: AppError) => void = () => {};
  private readonly contacts = new Map<ContactId, Contact>();
  private readonly channels = new Map<ChannelId, { contact: Contact; leg: Leg }>();
  /** Channels that are to take a leg's former one's place. */
  private readonly rejoins = new Map<ChannelId, { contact: Contact; leg: Leg }>();
  private readonly arrangements = new Map<ContactId, Arrangement>();
  /** What is kept of each contact, as text. */
  private readonly saved = new Map<ContactId, string>();
  private unpublished = new Set<Contact>();

  constructor(parts: CallParts) {
    this.parts = parts;
  }

  get all(): Contact[] {
    return [...this.contacts.values()];
  }

  contact(contactId: ContactId): Contact | undefined {
    return this.contacts.get(contactId);
  }

  onChannel(channelId: ChannelId): { contact: Contact; leg: Leg } | undefined {
    return this.channels.get(channelId);
  }

  /** The leg whose phone is being dialled again by this channel. */
  rejoining(channelId: ChannelId): { contact: Contact; leg: Leg; rejoin: RejoinCall } | undefined {
    const found = this.rejoins.get(channelId);
    return found?.leg.rejoin?.channelId === channelId ? { ...found, rejoin: found.leg.rejoin } : undefined;
  }

  create({ kind, number: written, dialled: dialledAs, callerName = '', foreign = false }: NewContact): Contact {
    // Phones and carriers say what they like; it is kept, shown and fetched by everybody.
    const [number, dialled] = [written.slice(0, MAX_NUMBER), dialledAs.slice(0, MAX_NUMBER)];
    const contact: Contact = {
      contactId: ContactId.parse(randomUUID()),
      kind,
      startedAt: this.parts.clock.now(),
      dialled,
      foreign,
      number,
      groupId: null,
      customerId: null,
      customerName: '',
      callerName,
      flowPath: [],
      queuedAt: null,
      queuedMonotonic: 0,
      waitedMs: null,
      waiting: null,
      legs: [],
      consultation: null,
      transfer: null,
      dispositionId: null,
      memo: '',
      answered: false,
      handledBy: null,
      talkTime: noTalkTime(this.parts.clock.monotonic()),
      outcome: null,
      parts: [],
      refusal: null,
      lastLeft: null,
      extended: new Set(),
      dispositionMissing: false,
    };
    this.contacts.set(contact.contactId, contact);
    if (!foreign) {
      this.parts.journal.write('contact.started', { kind }, { contactId: contact.contactId });
      this.save(contact);
      this.parts.logger.info({ contactId: contact.contactId, kind }, 'contact started');
      void this.findCustomer(contact);
    }
    return contact;
  }

  addLeg(contact: Contact, { party, role, target, channelId, name, number, dialogKey, dialledBy, agent }: NewLeg): Leg {
    const { clock } = this.parts;
    const legId = LegId.parse(randomUUID());
    const leg: Leg = {
      legId,
      channelId,
      rejoin: null,
      referFailed: null,
      party,
      role,
      target,
      name,
      number,
      dialogKey: dialogKey ?? legId,
      state: 'ringing',
      since: clock.now(),
      held: false,
      parked: false,
      aside: false,
      muted: false,
      heldSince: null,
      place: 'silence',
      early: false,
      participant: agent ? { ...agent, since: clock.now(), answeredAt: null, spoke: false, wrapUpDeadline: null, wrapUpEndsAt: null, counted: null, talkMs: 0, holdMs: 0, consultMs: 0, phase: 'none', phaseSince: clock.monotonic(), enteredAt: clock.monotonic() } : null,
      dialledBy: dialledBy ?? null,
      stopTimer: () => {},
    };
    contact.legs.push(leg);
    this.channels.set(channelId, { contact, leg });
    return leg;
  }

  /** A contact of a center before us, whose channels live. */
  restore(contact: Contact): void {
    this.contacts.set(contact.contactId, contact);
    for (const leg of contact.legs) this.channels.set(leg.channelId, { contact, leg });
  }

  /** A leg goes on in another contact, with its channel. */
  adopt(contact: Contact, leg: Leg): void {
    contact.legs.push(leg);
    this.channels.set(leg.channelId, { contact, leg });
    if (leg.rejoin !== null) this.rejoins.set(leg.rejoin.channelId, { contact, leg });
  }

  /** The leg's phone is being dialled again. */
  startRejoin(contact: Contact, leg: Leg, made: RejoinCall): void {
    leg.rejoin = made;
    this.rejoins.set(made.channelId, { contact, leg });
  }

  /** It comes to nothing: its channel is hung up. */
  stopRejoin(leg: Leg): void {
    const { rejoin } = leg;
    if (rejoin === null) return;
    rejoin.stopTimers();
    leg.rejoin = null;
    this.rejoins.delete(rejoin.channelId);
    this.hangUpChannel(rejoin.channelId, 'cancelled');
  }

  /** The new channel is the leg's from now on. What becomes of the former concerns nobody any more. */
  takeRejoin(leg: Leg): void {
    const found = leg.rejoin === null ? undefined : this.rejoins.get(leg.rejoin.channelId);
    if (found === undefined || leg.rejoin === null) return;
    const { channelId, stopTimers } = leg.rejoin;
    stopTimers();
    leg.rejoin = null;
    this.rejoins.delete(channelId);
    this.channels.delete(leg.channelId);
    leg.channelId = channelId;
    this.channels.set(channelId, found);
  }

  agentOf({ participant }: Leg): Agent | undefined {
    return participant === null ? undefined : this.parts.roster.agent(participant.agentId);
  }

  /** Who answers for each leg that the center dialled to the outside and that lives. */
  get outsideLegs(): DialAccount[] {
    return this.all.flatMap(({ legs }) => legs.flatMap(({ state, dialledBy }) => (state === 'ended' || dialledBy === null ? [] : [dialledBy])));
  }

  /** Marks a leg as up: its channel was answered. */
  isUp(leg: Leg): void {
    leg.stopTimer();
    leg.state = 'up';
    leg.since = this.parts.clock.now();
  }

  /** Forgets a leg whose channel is gone. */
  isGone(leg: Leg): void {
    leg.stopTimer();
    this.stopRejoin(leg);
    // An agent's part is written down when their handle times are settled.
    const { contact } = this.channels.get(leg.channelId) ?? {};
    if (contact !== undefined && leg.participant === null && leg.party !== 'customer') talkedUntilNow(this, contact, leg);
    if (leg.dialledBy !== null) this.parts.dialling.ended(leg.legId, leg.state === 'up' ? this.parts.clock.now() - leg.since : 0);
    leg.state = 'ended';
    leg.since = this.parts.clock.now();
    this.supervisions.legEnded(leg);
    this.channels.delete(leg.channelId);
  }

  /** Ends a leg's channel. What its end tells later concerns nobody any more. */
  hangUp(leg: Leg, cause: HangUpCause): void {
    if (leg.state === 'ended') return;
    this.isGone(leg);
    this.hangUpChannel(leg.channelId, cause);
  }

  /** Ends a channel that is nobody's leg, or no longer. */
  hangUpChannel(channelId: ChannelId, cause: HangUpCause): void {
    void this.parts.switchPort.hangUp(channelId, cause).then((result) => {
      if (!result.ok && result.error.code !== 'switch.channel-gone') this.parts.logger.warn({ code: result.error.code, why: result.error.message }, 'a channel could not be hung up');
    });
  }

  /** Moves an agent's part; a move that its state does not know is a defect, is logged and changes nothing. */
  move(leg: Leg, event: ParticipantEvent): boolean {
    const { participant } = leg;
    if (participant === null) return false;
    const next = moveParticipant(participant.state, event);
    if (!next.ok) {
      this.parts.logger.warn({ agentId: participant.agentId, why: next.error.message }, 'a move that a participant does not know');
      return false;
    }
    this.settleClock(participant);
    participant.enteredAt = participant.phaseSince;
    if (event === 'answered') participant.answeredAt = this.parts.clock.now();
    participant.state = next.value;
    participant.since = this.parts.clock.now();
    return true;
  }

  /** Adds the interval that ends now to the handle times. */
  settleClock(participant: Participant): void {
    settlePart(participant, this.parts.clock.monotonic());
  }

  /** Adds the interval that ends now to the contact's talk or hold. */
  settleTalk(contact: Contact): void {
    settleTalkTime(contact, this.parts.clock.monotonic());
  }

  /** Lets the switch sound as the legs' places say, and notes who talks with the customer by that. */
  arrange(contact: Contact): void {
    // Who ends a contact has arranged and forgotten it: whatever comes behind that would keep it for good.
    if (this.contacts.get(contact.contactId) !== contact) return;
    releaseParties(this, contact);
    for (const leg of contact.legs) leg.heldSince = isOnHold(leg) ? (leg.heldSince ?? this.parts.clock.now()) : null;
    const customer = customerLeg(contact);
    for (const { state, place, participant } of contact.legs) {
      if (participant === null || state !== 'up' || place !== 'main') continue;
      contact.handledBy = participant.agentId;
      if (customer?.state === 'up' && customer.place === 'main') participant.spoke = true;
    }
    for (const leg of contact.legs) {
      if (leg.participant === null) continue;
      this.settleClock(leg.participant);
      leg.participant.phase = partPhaseOf(contact, leg);
    }
    this.settleTalk(contact);
    contact.talkTime.phase = talkPhaseOf(contact);
    this.arrangementOf(contact).apply(layoutOf(contact.legs, this.supervisions.earsOf(contact)), contact.outcome !== null);
    this.save(contact);
    this.publish(contact);
  }

  /** Keeps the contact where it differs from what is kept already: whose it is, its legs, and what agents saved. */
  save(contact: Contact): void {
    const { contactId, groupId, foreign, outcome } = contact;
    if (foreign || outcome !== null) return;
    const saved = savedContact(contact);
    const text = JSON.stringify(saved);
    if (this.saved.get(contactId) === text) return;
    this.saved.set(contactId, text);
    this.parts.journal.write('contact.saved', saved, { contactId, groupId });
  }

  arrangementOf(contact: Contact): Arrangement {
    const { contactId } = contact;
    const known = this.arrangements.get(contactId);
    if (known !== undefined) return known;
    const made = new Arrangement(contactId, this.parts.switchPort, this.parts.logger, () => anchorOf(contact));
    made.onDeaf = (channelId) => this.supervisions.failed(channelId);
    this.arrangements.set(contactId, made);
    return made;
  }

  /** Shows a contact to the desks it concerns; several changes of one turn of the event loop are one message. */
  publish(contact: Contact): void {
    if (this.unpublished.size === 0) queueMicrotask(() => this.tell());
    this.unpublished.add(contact);
  }

  /** The desk drops the contact. */
  withdraw(contact: Contact, agentId: AgentId): void {
    const agent = this.parts.roster.agent(agentId);
    if (agent !== undefined) this.parts.desks.tell(agent, { type: 'contact.removed', payload: { contactId: contact.contactId } });
  }

  /** Lets go of a contact that nobody works on any more. */
  forget(contact: Contact): void {
    this.contacts.delete(contact.contactId);
    this.arrangements.delete(contact.contactId);
    this.saved.delete(contact.contactId);
  }

  /** The contact as the desk of this leg's agent sees it. */
  viewOf(contact: Contact, leg: Leg, participant: Participant): ContactView {
    const agent = this.parts.roster.agent(participant.agentId);
    return contactView(contact, leg, participant, { supervisors: this.supervisions.presentIn(contact), dispositionRequired: agent !== undefined && asksDisposition(this, contact, agent) });
  }

  /** Looks up who has this number, and shows it when it is known. */
  async findCustomer(contact: Contact): Promise<void> {
    if (!E164.safeParse(contact.number).success) return;
    try {
      const customer = await this.parts.records.customerByNumber(contact.number);
      if (customer === null || contact.customerId !== null) return;
      contact.customerId = customer.customerId;
      contact.customerName = customer.name;
      for (const leg of contact.legs) if (leg.party === 'customer') leg.name = customer.name;
      this.publish(contact);
    } catch (error) {
      this.parts.logger.error({ err: error, contactId: contact.contactId }, 'a customer could not be looked up');
    }
  }

  private tell(): void {
    const contacts = this.unpublished;
    this.unpublished = new Set();
    for (const contact of contacts) {
      const shown = new Set<AgentId>();
      for (const leg of contact.legs.toReversed()) {
        const { participant } = leg;
        if (participant === null || participant.state === 'ended' || shown.has(participant.agentId)) continue;
        shown.add(participant.agentId);
        const agent = this.parts.roster.agent(participant.agentId);
        if (agent !== undefined) this.parts.desks.tell(agent, { type: 'contact.changed', payload: this.viewOf(contact, leg, participant) });
      }
    }
  }
}
