import { randomUUID } from 'node:crypto';
import { done, fail, type Disposer, type Result } from '../../contract/errors.ts';
import { LegId } from '../../contract/ids.ts';
import type { SupervisionMode, SupervisionView, SupervisorPresence } from '../../contract/supervision.ts';
import type { Agent } from '../agents/agent.ts';
import type { ChannelId, SnoopId, SwitchEvent } from '../switch/port.ts';
import { callerUser } from '../switch/text.ts';
import type { Calls } from './calls.ts';
import type { Contact, Leg } from './contact.ts';
import type { Ear } from './layout.ts';

/** The supervisor's own phone answers by itself; one that takes longer is not there. */
const RING_MS = 15_000;

/*
 * A supervisor's ear in an agent's call. Its phone leg is no leg of the contact: it has no part in the outcome, the
 * statistics or the agent's state, and what it hears follows the agent's place (layout.ts).
 *
 *                       ┌─────────── setMode ───────────┐
 *   start ─▶ calling ─answered─▶ up: listen ⇄ whisper ⇄ barge ─▶ over
 *               └─refused, no answer──────────────────────────▶ over (failed)
 *
 *   over: the supervisor stops, hangs up, takes or makes a call, signs out; or the agent's leg ends.
 */
interface Supervision {
  readonly supervisor: Agent;
  /** Whose leg: an agent's part in a contact, wherever that goes. */
  readonly leg: Leg;
  readonly channelId: ChannelId;
  readonly dialogKey: string;
  mode: SupervisionMode;
  state: SupervisionView['state'];
  since: number;
  stopTimer: Disposer;
}

/** `stopped`: as the supervisor wished. */
type End = 'stopped' | 'callOver' | 'failed';

/** Who listens to whose calls. One call a supervisor. */
export class Supervisions {
  private readonly calls: Calls;
  private readonly bySupervisor = new Map<Agent, Supervision>();

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /**
   * Calls the supervisor's phone, to listen to the agent's call. Somebody else's they listen to is let go; on the same
   * one it is a change of mode. `agent.on-call`: they have a call of their own. `contact.action-not-allowed`: the agent
   * has none that is up.
   */
  start(supervisor: Agent, agent: Agent, mode: SupervisionMode): Result<null> {
    if (agent === supervisor) return fail('input.invalid', 'nobody supervises themselves');
    if (supervisor.state.name !== 'READY' && supervisor.state.name !== 'NOT_READY') return fail('agent.on-call', 'a call of their own comes first');
    if (!supervisor.registered) return fail('agent.phone-not-registered', 'the phone is not registered');
    const leg = this.legOf(agent);
    if (leg === undefined) return fail('contact.action-not-allowed', 'the agent talks with nobody');
    const former = this.bySupervisor.get(supervisor);
    if (former?.leg === leg) return this.setMode(supervisor, mode);
    if (former !== undefined) this.end(former, 'stopped');
    this.call(supervisor, leg, mode);
    return done();
  }

  setMode(supervisor: Agent, mode: SupervisionMode): Result<null> {
    const supervision = this.bySupervisor.get(supervisor);
    if (supervision === undefined) return fail('contact.not-found', 'listening to nobody');
    if (supervision.mode === mode) return done();
    supervision.mode = mode;
    if (supervision.state === 'up') this.write(supervision, 'supervision.changed');
    this.show(supervision);
    return done();
  }

  /** Done already is done. */
  stop(supervisor: Agent): Result<null> {
    const supervision = this.bySupervisor.get(supervisor);
    if (supervision !== undefined) this.end(supervision, 'stopped');
    return done();
  }

  /** Nobody listens any more: the center stops. */
  endAll(): void {
    for (const supervision of this.bySupervisor.values()) this.end(supervision, 'failed');
  }

  /** What the switch says of a supervisor's channel. @returns whether it was one */
  heard(event: SwitchEvent): boolean {
    if (!('channelId' in event)) return false;
    const supervision = this.onChannel(event.channelId);
    if (supervision === undefined) return false;
    if (event.type === 'channel.answered') this.answered(supervision);
    if (event.type === 'channel.ended') this.end(supervision, supervision.state === 'up' ? 'stopped' : 'failed');
    // There is nothing to hand on.
    if (event.type === 'channel.transferRequested') void this.calls.parts.switchPort.transferProgress(event.transferId, 'failed');
    if (event.type === 'snoop.ended' && this.isDeaf(supervision, event.snoopId)) this.end(supervision, 'failed');
    return true;
  }

  /** An agent's leg is over, and with it what there was to hear. */
  legEnded(leg: Leg): void {
    for (const supervision of this.bySupervisor.values()) if (supervision.leg === leg) this.end(supervision, 'callOver');
  }

  /** A supervisor with a call of their own, or signed out, listens no more. */
  stateChanged(agent: Agent): void {
    if (agent.state.name !== 'READY' && agent.state.name !== 'NOT_READY') this.stop(agent);
  }

  /** The switch could not let them hear, or does not have the channel any more. */
  failed(channelId: ChannelId): void {
    const supervision = this.onChannel(channelId);
    if (supervision !== undefined) this.end(supervision, 'failed');
  }

  /** Those who hear this contact, each as the layout wants to know it. */
  earsOf(contact: Contact): Ear[] {
    return this.ofContact(contact).map(({ channelId, leg, mode }) => ({ channelId, targetId: leg.channelId, mode }));
  }

  /** Those who hear this contact, as its agents see them. */
  presentIn(contact: Contact): SupervisorPresence[] {
    return this.ofContact(contact).map(({ supervisor, mode }) => ({ agentId: supervisor.agentId, name: supervisor.record.name, mode }));
  }

  viewOf(supervisor: Agent): SupervisionView | null {
    const supervision = this.bySupervisor.get(supervisor);
    if (supervision === undefined) return null;
    const { leg, mode, state, since, dialogKey } = supervision;
    const contact = this.contactOf(supervision);
    if (contact === undefined || leg.participant === null) return null;
    return { agentId: leg.participant.agentId, contactId: contact.contactId, mode, state, since, dialogKey };
  }

  get channels(): ChannelId[] {
    return [...this.bySupervisor.values()].map(({ channelId }) => channelId);
  }

  isOnChannel(channelId: ChannelId): boolean {
    return this.onChannel(channelId) !== undefined;
  }

  private call(supervisor: Agent, leg: Leg, mode: SupervisionMode): void {
    const { clock, switchPort } = this.calls.parts;
    const dialogKey = LegId.parse(randomUUID());
    const channelId = randomUUID();
    const stopTimer = clock.setTimeout(() => this.failed(channelId), RING_MS);
    const supervision: Supervision = { supervisor, leg, channelId, dialogKey, mode, state: 'calling', since: clock.now(), stopTimer };
    this.bySupervisor.set(supervisor, supervision);
    supervisor.supervising = true;
    this.tell(supervisor);
    void switchPort
      .originate({
        channelId,
        destination: { kind: 'endpoint', user: supervisor.record.extension },
        callerNumber: callerUser(leg.number),
        callerName: leg.name,
        ringTimeoutMs: RING_MS,
        headers: { 'X-Sangdam-Leg': dialogKey },
        beside: leg.channelId,
      })
      .then((result) => {
        if (!result.ok) this.failed(channelId);
      });
  }

  private answered(supervision: Supervision): void {
    if (supervision.state === 'up') return;
    supervision.stopTimer();
    supervision.state = 'up';
    supervision.since = this.calls.parts.clock.now();
    this.write(supervision, 'supervision.started');
    this.show(supervision);
  }

  private end(supervision: Supervision, why: End): void {
    const { supervisor, channelId, leg, state } = supervision;
    if (this.bySupervisor.get(supervisor) !== supervision) return;
    const { switchPort, desks, acd } = this.calls.parts;
    const contact = this.contactOf(supervision);
    if (state === 'up') this.write(supervision, 'supervision.ended');
    supervision.stopTimer();
    this.bySupervisor.delete(supervisor);
    supervisor.supervising = false;
    void switchPort.hangUp(channelId, state === 'up' ? 'normal' : 'cancelled');
    this.tell(supervisor);
    if (why !== 'stopped') desks.notify(supervisor, why === 'callOver' ? 'supervisionEnded' : 'supervisionFailed', contact?.contactId ?? null, leg.name);
    // Where the call itself ends, its layout is put in order by whoever ends it.
    if (contact !== undefined && why !== 'callOver') this.calls.arrange(contact);
    queueMicrotask(() => acd.agentFree(supervisor));
  }

  /** The present truth to everybody it concerns, and to the switch. */
  private show(supervision: Supervision): void {
    this.tell(supervision.supervisor);
    const contact = this.contactOf(supervision);
    if (contact !== undefined) this.calls.arrange(contact);
  }

  private tell(supervisor: Agent): void {
    this.calls.parts.desks.tell(supervisor, { type: 'supervision.changed', payload: { supervision: this.viewOf(supervisor) } });
  }

  private write({ supervisor, leg, mode }: Supervision, type: 'supervision.started' | 'supervision.changed' | 'supervision.ended'): void {
    const { journal, logger } = this.calls.parts;
    const agentId = leg.participant?.agentId ?? null;
    const contactId = this.calls.onChannel(leg.channelId)?.contact.contactId;
    journal.write(type, { by: supervisor.agentId, mode }, { agentId, ...(contactId !== undefined && { contactId }) });
    logger.info({ contactId, agentId, by: supervisor.agentId, mode }, type);
  }

  /** Whether the switch ended the snoop by which they hear now, and not one that gave way to another. */
  private isDeaf(supervision: Supervision, snoopId: SnoopId): boolean {
    const contact = this.contactOf(supervision);
    // The agent's phone is being dialled again, and will be heard anew.
    if (supervision.leg.rejoin !== null) return false;
    return contact !== undefined && this.calls.arrangementOf(contact).hearsBy(supervision.channelId, snoopId);
  }

  /** The call an agent is on, if it is one that can be listened to. */
  private legOf({ state, agentId }: Agent): Leg | undefined {
    const contact = state.name === 'TALKING' ? this.calls.contact(state.contactId) : undefined;
    return contact?.outcome === null ? contact.legs.findLast((leg) => leg.state === 'up' && leg.participant?.agentId === agentId) : undefined;
  }

  private contactOf({ leg }: Supervision): Contact | undefined {
    return this.calls.onChannel(leg.channelId)?.contact;
  }

  private onChannel(channelId: ChannelId): Supervision | undefined {
    for (const supervision of this.bySupervisor.values()) if (supervision.channelId === channelId) return supervision;
    return undefined;
  }

  private ofContact(contact: Contact): Supervision[] {
    return [...this.bySupervisor.values()].filter((supervision) => supervision.state === 'up' && this.contactOf(supervision) === contact);
  }
}
