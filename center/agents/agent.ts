import { transition, type AgentEvent, type AgentState } from '../../contract/agent-state.ts';
import type { MicrophoneState } from '../../contract/cti/microphone.ts';
import type { AgentCard, Me } from '../../contract/directory.ts';
import { done, fail, type Disposer, type Result } from '../../contract/errors.ts';
import type { AgentId, GroupId } from '../../contract/ids.ts';
import type { AgentRecord } from '../configuration/records.ts';
import { meOf } from '../people/person.ts';
import type { Clock, DeskSink } from '../ports.ts';

/** Hears each change of an agent's state, in order, after it has happened. */
export type OnTransition = (agent: Agent, from: AgentState, event: AgentEvent) => void;

/** One agent while the center runs: their state, their desk and their phone. */
export class Agent {
  /** As it is set up now. While the agent is signed in, the extension stays. */
  record: AgentRecord;
  state: AgentState = { name: 'LOGGED_OUT' };
  /** When the present state began, on the wall clock. */
  since: number;
  /** Since when the agent waits for a contact, on the monotonic clock. */
  idleSince = 0;
  /** Number of the present sign-in; it only grows, also over restarts. 0 before the first. */
  generation = 0;
  sink: DeskSink | null = null;
  registered = false;
  /** Listens to somebody's call: no call is offered meanwhile. */
  supervising = false;
  /** Has to be signed out as soon as the call at hand is over. */
  leaving = false;
  /** Settled when the switch knows their phone. */
  phoneAccount: Promise<void> = Promise.resolve();
  microphone: MicrophoneState = 'unknown';
  /** Whether a window of the desk is open: a tab that was closed leaves its socket and its phone behind for a while. */
  hasWindow = true;
  /** Runs while the desk is gone. */
  stopGrace: Disposer = () => {};
  private readonly clock: Clock;
  private readonly onTransition: OnTransition;

  constructor(record: AgentRecord, clock: Clock, onTransition: OnTransition) {
    this.record = record;
    this.clock = clock;
    this.onTransition = onTransition;
    this.since = clock.now();
  }

  get agentId(): AgentId {
    return this.record.agentId;
  }

  get connected(): boolean {
    return this.sink !== null && this.hasWindow;
  }

  get groupIds(): GroupId[] {
    return this.record.memberships.map(({ groupId }) => groupId);
  }

  /** Whether a group's contact may be offered now. */
  get isFree(): boolean {
    return this.state.name === 'READY' && this.connected && this.registered && !this.supervising;
  }

  /**
   * Whether a caller may hope for this agent: signed in, and not given up for lost. A supervisor who only looks on
   * is no one to wait for; one who takes calls is.
   */
  get isOnDuty(): boolean {
    const { state } = this;
    if (state.name === 'LOGGED_OUT') return false;
    return state.name !== 'NOT_READY' || (this.record.role === 'agent' && state.reason !== 'disconnected');
  }

  get me(): Me {
    return meOf(this.record, 'desk');
  }

  get card(): AgentCard {
    const { agentId, name, extension, role } = this.record;
    const isOut = this.state.name === 'LOGGED_OUT';
    return { agentId, name, extension, role, groupIds: this.groupIds, state: this.state, since: this.since, connected: this.connected || isOut, reachable: this.registered };
  }

  isMemberOf(groupId: GroupId): boolean {
    return this.record.memberships.some((membership) => membership.groupId === groupId);
  }

  /** Moves by the state machine; an illegal move answers its error and changes nothing. */
  apply(event: AgentEvent): Result<null> {
    const next = transition(this.state, event);
    if (!next.ok) return next;
    const from = this.state;
    this.state = next.value;
    // A caller who hung up while it rang, or a phone that was cut off, does not send the agent to the end of the line.
    const keepsPlace = from.name === 'RESERVED' && (event.type === 'callerGone' || event.type === 'deskLost');
    if (this.state.name === 'READY' && from.name !== 'READY' && !keepsPlace) this.idleSince = this.clock.monotonic();
    if (isNewInterval(from, this.state)) this.since = this.clock.now();
    this.onTransition(this, from, event);
    return done();
  }

  /** What stands in the way of Ready; null for nothing. */
  whyNotReady(): Result<never> | null {
    if (this.microphone === 'denied' || this.microphone === 'missing') return fail('agent.no-microphone', `the microphone is ${this.microphone}`);
    if (!this.registered) return fail('agent.phone-not-registered', 'the phone is not registered');
    return null;
  }
}

/** Another reason of being away is another interval; a choice kept for later is none. */
const isNewInterval = (from: AgentState, to: AgentState): boolean => from.name !== to.name || (from.name === 'NOT_READY' && to.name === 'NOT_READY' && (from.reason !== to.reason || from.own !== to.own));
