import type { AgentEvent, AgentState } from '../contract/agent-state.ts';
import { isIdle } from '../contract/agent-state.ts';
import type { ApiAsked } from '../contract/api/index.ts';
import type { CtiCommandName, CtiRequest, CtiResponse, CtiSnapshot, Rejoin } from '../contract/cti/index.ts';
import type { TimelineEntry } from '../contract/customer.ts';
import type { WallView } from '../contract/credentials.ts';
import type { Me } from '../contract/directory.ts';
import { fail, ok, type Disposer, type Result } from '../contract/errors.ts';
import { AgentId, type CustomerId, type GroupId } from '../contract/ids.ts';
import type { StoreHealth } from '../contract/store-health.ts';
import type { Agent } from './agents/agent.ts';
import { adoptContacts } from './calls/adoption.ts';
import { finishWrapUp, loseContact } from './calls/endings.ts';
import { drain, endAll, handOver } from './calls/handing-over.ts';
import { closeInterrupted } from './calls/interrupted.ts';
import { heardFromSwitch } from './calls/switch-events.ts';
import { compose, type ContactCenterOptions, type Core } from './core.ts';
import type { ConfigurationWriting } from './configuration/writing.ts';
import type { CustomerWriting } from './customers/writing.ts';
import { FormerRun } from './former-run.ts';
import { Office } from './office.ts';
import { meOf, type Person } from './people/person.ts';
import type { ContactCenter, DeskConnection, DeskSink } from './ports.ts';
import type { SwitchEvent } from './switch/port.ts';
import { snapshotFor, tellInCharge, wallOf } from './snapshot.ts';

/** A desk that comes back within this time finds its agent as it left them. */
const GRACE_MS = 60_000;
/** A switch that is away for longer has lost its calls, as far as anyone can tell. */
const OUTAGE_MS = 60_000;
/** Opening hours and the business day are looked at this often. */
const MINUTE_MS = 60_000;

/** The core: agents, distribution, flows, calls and reports, between a switch and the desks. */
export const createContactCenter = (options: ContactCenterOptions): ContactCenter => new Center(options);

const notRunning = () => fail('switch.unavailable', 'the center is not running');

class Center implements ContactCenter {
  private readonly options: ContactCenterOptions;
  private core: Core | null = null;
  private former: FormerRun | null = null;
  /** On the monotonic clock: until then, whoever comes back was gone for a moment only. */
  private shortUntil = 0;
  private stopping: Promise<void> | null = null;
  /** Calls under way come to their end, and no more are taken. */
  private draining = false;
  private stopListening: Disposer = () => {};
  private stopStore: Disposer = () => {};
  private stopOutage: Disposer = () => {};
  private openGroups = new Map<GroupId, boolean>();

  constructor(options: ContactCenterOptions) {
    this.options = options;
  }

  get switchAvailable(): boolean {
    return this.options.switchPort.available;
  }

  get customers(): CustomerWriting | null {
    return this.core?.customers ?? null;
  }

  get configuration(): ConfigurationWriting | null {
    return this.core?.configuration ?? null;
  }

  membersOf(groupIds: readonly GroupId[]): Set<AgentId> {
    return new Set(groupIds.flatMap((groupId) => this.core?.roster.membersOf(groupId).map(({ agentId }) => agentId) ?? []));
  }

  get contactCount(): number {
    return this.core?.calls.all.length ?? 0;
  }

  async start(): Promise<void> {
    const { records, switchPort, clock, logger } = this.options;
    const core: Core = compose(this.options, new Office(await records.configuration()), {
      isRunning: () => this.core === core,
      transitioned: (agent, from, event) => this.transitioned(core, agent, from, event),
      attended: (agent, isAttended) => this.attended(core, agent, isAttended),
    });
    this.core = core;
    const former = await FormerRun.read(records, clock);
    this.former = former;
    const wasShort = former.lastSignAt !== null && Math.abs(clock.now() - former.lastSignAt) <= GRACE_MS;
    this.shortUntil = clock.monotonic() + (wasShort ? GRACE_MS : 0);
    core.calls.parts.dialling.restore(former.dialling);
    await core.statistics.start();
    await records.forgetRemovedPeople(() => false);
    this.stopListening = switchPort.onEvent((event) => this.heard(core, event));
    this.stopStore = records.health.onChange((health) => this.storeChanged(core, health));
    await switchPort.start();
    await core.accounts.giveToPhones();
    await core.accounts.removeStrangers();
    const adopted = await adoptContacts(core.calls, former, (agent) => this.startGrace(core, agent));
    if (adopted.size > 0) logger.info({ contacts: adopted.size }, 'contacts whose calls outlived an earlier run were taken up');
    const closed = await closeInterrupted({ records, journal: core.journal, office: core.office }, former, (contactId) => adopted.has(contactId));
    if (closed > 0) logger.warn({ contacts: closed }, 'contacts that an earlier run left open were closed');
    core.watchdog.start();
    this.everyMinute(core);
  }

  stop(drainMs = 0): Promise<void> {
    this.stopping ??= this.end(drainMs);
    return this.stopping;
  }

  private async end(drainMs: number): Promise<void> {
    const { core } = this;
    const { switchPort } = this.options;
    if (core === null) return;
    if (!switchPort.keepsCalls) {
      this.draining = drainMs > 0;
      await drain(core.calls, drainMs);
    }
    this.core = null;
    core.calls.refusals.tell();
    this.stopListening();
    this.stopStore();
    core.clock.stop();
    if (switchPort.keepsCalls) await handOver(core.calls);
    else endAll(core.calls);
    await (switchPort.keepsCalls ? switchPort.detach() : switchPort.stop());
    core.journal.write('center.stopped', {}, {});
    await this.writeTheLast(core);
  }

  /** What cannot be written now never will be: the operator is told what that is. */
  private async writeTheLast({ history, journal }: Core): Promise<void> {
    this.options.records.health.releaseLast();
    const contacts = await history.close();
    const lines = await journal.close();
    if (contacts.length + lines === 0) return;
    this.options.logger.error({ lines, contactIds: contacts.map(({ contactId }) => contactId) }, 'the disk took no more: lines of the event log and contacts of the history are lost');
  }

  me(agentId: AgentId, kind: 'desk' | 'console'): Me | null {
    if (kind === 'desk') return this.core?.roster.agent(agentId)?.me ?? null;
    const person = this.core?.office.person(agentId);
    return person === undefined ? null : meOf(person, 'console');
  }

  hasDesk(agentId: AgentId): boolean {
    return (this.core?.office.person(agentId)?.extension ?? null) !== null;
  }

  async signIn(agentId: AgentId, client: 'desktop' | 'web'): Promise<Result<{ sipUser: string; sipPassword: string; rejoin: Rejoin; generation: number }>> {
    const found = this.find(agentId);
    if (!found.ok) return found;
    const { core, agent } = found.value;
    if (!isIdle(agent.state) && agent.sink !== null) return fail('auth.busy-elsewhere', 'on a call at another desk');
    agent.sink?.send({ type: 'session.replaced', payload: { by: client } });
    agent.sink = null;
    agent.leaving = false;
    agent.stopGrace();
    // Grows with time, so that it does so over restarts, too.
    agent.generation = Math.max(agent.generation + 1, this.options.clock.now());
    agent.microphone = 'unknown';
    if (agent.state.name === 'READY' || agent.state.name === 'NOT_READY') agent.apply({ type: 'chosen', choice: { kind: 'signOut' } });
    if (agent.state.name === 'LOGGED_OUT') agent.apply({ type: 'signedIn' });
    await core.accounts.giveTo(agent);
    core.roster.show(agent);
    // A desk that signs in and is not heard of again is a lost one.
    this.startGrace(core, agent);
    return ok({ sipUser: agent.record.extension, sipPassword: core.accounts.passwordOf(agent), rejoin: this.options.switchPort.rejoin, generation: agent.generation });
  }

  async signOut(agentId: AgentId): Promise<Result<null>> {
    const found = this.find(agentId);
    if (!found.ok) return found;
    const { agent } = found.value;
    if (agent.state.name === 'LOGGED_OUT') return ok(null);
    if (!isIdle(agent.state)) return fail('agent.on-call', 'on a call');
    return agent.apply({ type: 'chosen', choice: { kind: 'signOut' } });
  }

  endSignIn(agentId: AgentId): 'ended' | 'after-call' {
    const agent = this.core?.roster.agent(agentId);
    if (agent === undefined || agent.state.name === 'LOGGED_OUT') return 'ended';
    agent.leaving = true;
    this.leaveIfIdle(agent);
    return agent.leaving ? 'after-call' : 'ended';
  }

  connect(agentId: AgentId, generation: number, sink: DeskSink): Result<DeskConnection> {
    const found = this.find(agentId);
    if (!found.ok) return found;
    const { core, agent } = found.value;
    if (agent.generation === 0 && !this.resume(core, agent, generation)) return fail('auth.replaced', 'this sign-in is over');
    if (agent.generation !== generation || agent.state.name === 'LOGGED_OUT') return fail('auth.replaced', 'this sign-in is over');
    agent.stopGrace();
    agent.sink = sink;
    agent.hasWindow = true;
    const topics = core.topics.reader({ me: () => agent.me, send: (message) => sink.topic(message) });
    core.roster.show(agent);
    this.offerIfFree(core, agent);
    return ok({
      snapshot: () => this.snapshot(core, agent),
      command: (name, request) => this.command(core, agent, name, request),
      topics,
      disconnected: () => {
        topics.close();
        if (agent.sink !== sink) return;
        agent.sink = null;
        core.roster.show(agent);
        this.startGrace(core, agent);
      },
    });
  }

  connectConsole(agentId: AgentId, sink: DeskSink): Result<DeskConnection> {
    const { core } = this;
    if (core === null) return notRunning();
    if (core.office.person(agentId) === undefined) return fail('auth.replaced', 'this sign-in is over');
    const stopTelling = core.consoles.connect(agentId, sink);
    const topics = core.topics.reader({ me: () => this.me(agentId, 'console'), send: (message) => sink.topic(message) });
    return ok({
      snapshot: async () => {
        const customersCursor = await this.options.records.customersCursor();
        const me = this.me(agentId, 'console');
        if (me === null) throw new Error('a console of somebody who is set up no more');
        return this.snapshotOf(core, me, null, customersCursor);
      },
      command: (name, request) => this.commandFrom(core, agentId, name, request),
      topics,
      disconnected: () => {
        stopTelling();
        topics.close();
      },
    });
  }

  wall(groupIds: readonly GroupId[]): Omit<WallView, 'name'> | null {
    return this.core === null ? null : wallOf(this.core, groupIds, this.options.clock.now());
  }

  async correctContact(agentId: AgentId, correction: ApiAsked<'contacts.correct'>): Promise<Result<TimelineEntry>> {
    const person = this.personOf(agentId);
    if (this.core === null) return notRunning();
    return person === null ? fail('not-found', 'no such person') : this.core.afterwards.correct(person, correction);
  }

  /** Who is set up as somebody; an agent who is removed and not yet out is still theirs. */
  private personOf(agentId: AgentId): Person | null {
    const record = this.core?.office.person(agentId) ?? this.core?.roster.agent(agentId)?.record;
    return record === undefined ? null : { agentId, record };
  }

  async customersChanged(customerIds: CustomerId[]): Promise<void> {
    await this.core?.history.changed(customerIds);
  }

  private find(agentId: AgentId): Result<{ core: Core; agent: Agent }> {
    const { core } = this;
    const agent = core?.roster.agent(agentId);
    if (core === null) return notRunning();
    return agent === undefined ? fail('not-found', 'no such agent') : ok({ core, agent });
  }

  /**
   * A desk that was signed in before the center was restarted: the gateway has checked that it still is. Answers
   * whether its agent had not signed out meanwhile.
   */
  private resume(core: Core, agent: Agent, generation: number): boolean {
    const wasShort = this.options.clock.monotonic() < this.shortUntil;
    const as = this.former?.stateOf(agent.agentId, wasShort) ?? null;
    if (as === null) return false;
    agent.generation = generation;
    agent.apply({ type: 'resumed', as });
    agent.phoneAccount = core.accounts.giveTo(agent).then(() => {
      core.roster.show(agent);
      this.offerIfFree(core, agent);
    });
    return true;
  }

  private attended(core: Core, agent: Agent, isAttended: boolean): void {
    agent.hasWindow = isAttended;
    core.roster.show(agent);
    if (!isAttended) return this.startGrace(core, agent);
    agent.stopGrace();
    this.offerIfFree(core, agent);
  }

  private startGrace(core: Core, agent: Agent): void {
    agent.stopGrace();
    agent.stopGrace = core.clock.setTimeout(() => void agent.apply({ type: 'graceExpired' }), GRACE_MS);
  }

  private heard(core: Core, event: SwitchEvent): void {
    switch (event.type) {
      case 'endpoint.changed':
        this.endpointChanged(core, event.user, event.registered);
        return;
      case 'channels.lost':
        for (const contact of new Set(event.channelIds.map((channelId) => core.calls.onChannel(channelId)?.contact))) if (contact !== undefined) loseContact(core.calls, contact);
        return;
      case 'channel.arrived':
        if (this.draining) void this.options.switchPort.hangUp(event.channel.channelId, 'unreachable');
        else heardFromSwitch(core.calls, event);
        return;
      case 'switch.changed':
        void this.switchChanged(core, event.available);
        return;
      default:
        heardFromSwitch(core.calls, event);
    }
  }

  private endpointChanged(core: Core, user: string, registered: boolean): void {
    const agent = core.roster.atExtension(user);
    if (agent === undefined) return;
    if (agent.registered !== registered) {
      agent.registered = registered;
      core.roster.show(agent);
    }
    // Known already, they may be reached from one more machine of the switch now.
    this.offerIfFree(core, agent);
  }

  /**
   * A switch of its own keeps its calls while we cannot reach it, for a while at least; what ended meanwhile it tells
   * when it is back. With it again, phones need their accounts back.
   */
  private async switchChanged(core: Core, available: boolean): Promise<void> {
    this.stopOutage();
    if (!available) {
      core.desks.tellAll({ type: 'switch.changed', payload: { available: false } });
      this.stopOutage = core.clock.setTimeout(() => {
        for (const contact of core.calls.all) loseContact(core.calls, contact);
      }, OUTAGE_MS);
      return;
    }
    await core.accounts.giveToPhones();
    await core.accounts.removeStrangers();
    for (const agent of core.roster.all) if (agent.state.name !== 'LOGGED_OUT') await core.accounts.giveTo(agent);
    // Only now do phones find that they are known. It may have gone again meanwhile.
    if (this.switchAvailable) core.desks.tellAll({ type: 'switch.changed', payload: { available: true } });
    for (const agent of core.roster.all) this.offerIfFree(core, agent);
  }

  private storeChanged({ desks, history, journal }: Core, health: StoreHealth): void {
    tellInCharge(desks, { type: 'store.changed', payload: health });
    if (health.state === 'failing') return;
    journal.retryNow();
    history.retryNow();
  }

  private transitioned(core: Core, agent: Agent, from: AgentState, event: AgentEvent): void {
    const { state } = agent;
    core.journal.write('agent.changed', { from, to: state }, { agentId: agent.agentId });
    for (const groupId of agent.groupIds) core.statistics.touch(groupId);
    this.options.logger.info({ agentId: agent.agentId, from: from.name, to: state.name, on: event.type }, 'agent changed');
    if (from.name === 'AFTER_CALL' && state.name !== 'AFTER_CALL') {
      const contact = core.calls.contact(from.contactId);
      if (contact !== undefined) finishWrapUp(core.calls, contact, agent.agentId);
    }
    core.calls.supervisions.stateChanged(agent);
    for (const attendant of core.attendants) attendant.transitioned(agent);
    if (state.name === 'LOGGED_OUT') this.signedOut(core, agent);
    else if (agent.leaving) queueMicrotask(() => this.leaveIfIdle(agent));
    // After what is being done now: an offer begins from a settled state.
    if (state.name === 'READY' && from.name !== 'READY') queueMicrotask(() => this.offerIfFree(core, agent));
  }

  private signedOut(core: Core, agent: Agent): void {
    agent.stopGrace();
    // The old sign-in's tokens lead nowhere from now on.
    agent.generation += 1;
    agent.leaving = false;
    void core.accounts.takeFrom(agent);
    if (core.roster.settle(agent)) this.forgetRemoved(core, agent.agentId);
    // After the card that says so, which goes out at the end of this turn.
    const { sink } = agent;
    queueMicrotask(() => sink?.signedOut());
  }

  /** They were removed while signed in, and are out now. */
  private forgetRemoved(core: Core, agentId: AgentId): void {
    core.topics.touch('directory', agentId);
    core.topics.touch('people', agentId);
    this.options.records.forgetRemovedPeople((id) => core.roster.agent(AgentId.parse(id)) !== undefined).catch((error: unknown) => this.options.logger.error({ err: error, agentId }, 'a person who was removed is forgotten at the next start'));
  }

  private leaveIfIdle(agent: Agent): void {
    if (agent.leaving && isIdle(agent.state)) agent.apply({ type: 'chosen', choice: { kind: 'signOut' } });
  }

  private offerIfFree(core: Core, agent: Agent): void {
    if (this.core === core) core.acd.agentFree(agent);
  }

  private command<Name extends CtiCommandName>(core: Core, agent: Agent, name: Name, request: CtiRequest<Name>): Promise<Result<CtiResponse<Name>>> {
    if (this.core !== core) return Promise.resolve(fail('switch.unavailable', 'the center is stopping'));
    // The gateway answers `sync.snapshot` itself; a row of the table fits the request of its own name.
    const command = (core.commands as Partial<Record<CtiCommandName, unknown>>)[name] as ((agent: Agent, request: CtiRequest<Name>) => Result<CtiResponse<Name>> | Promise<Result<CtiResponse<Name>>>) | undefined;
    const answer = command?.(agent, request) ?? fail('command.unknown', name);
    core.journal.hasten();
    return Promise.resolve(answer);
  }

  /** A command from where there is no desk: what would take one is refused, whoever let it through. */
  private commandFrom<Name extends CtiCommandName>(core: Core, agentId: AgentId, name: Name, request: CtiRequest<Name>): Promise<Result<CtiResponse<Name>>> {
    if (this.core !== core) return Promise.resolve(fail('switch.unavailable', 'the center is stopping'));
    const person = this.personOf(agentId);
    const command = (core.leading as Partial<Record<CtiCommandName, unknown>>)[name] as ((by: Person, request: CtiRequest<Name>) => Result<CtiResponse<Name>> | Promise<Result<CtiResponse<Name>>>) | undefined;
    if (person === null || command === undefined) return Promise.resolve(fail('forbidden', `${name} takes a desk`));
    const answer = command(person, request);
    core.journal.hasten();
    return Promise.resolve(answer);
  }

  private async snapshot(core: Core, agent: Agent): Promise<Omit<CtiSnapshot, 'seq'>> {
    // Told of the center's truth, a phone that was refused tries again: by then it must be known.
    await agent.phoneAccount;
    const customersCursor = await this.options.records.customersCursor();
    return this.snapshotOf(core, agent.me, agent, customersCursor);
  }

  private snapshotOf(core: Core, me: Me, agent: Agent | null, customersCursor: number): Omit<CtiSnapshot, 'seq'> {
    return snapshotFor(core, me, agent, { now: this.options.clock.now(), switchAvailable: this.switchAvailable, customersCursor, store: this.options.records.health.current });
  }

  /** Groups open and close by their hours, and days begin. */
  private everyMinute(core: Core): void {
    const now = core.clock.now();
    const changed = core.office.allGroups.filter((group) => {
      const open = core.office.isOpen(group, now);
      const before = this.openGroups.get(group.groupId);
      this.openGroups.set(group.groupId, open);
      return before !== undefined && before !== open;
    });
    if (changed.length > 0) core.desks.tellAll({ type: 'directory.changed', payload: { agents: [], groups: changed.map((group) => core.office.card(group, now)) } });
    core.statistics.tick();
    core.clock.setTimeout(() => this.everyMinute(core), MINUTE_MS);
  }
}
