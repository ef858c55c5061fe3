import { bridgeCalls, isBridgeCallName, type BridgeCallName } from '../contract/bridge/calls.ts';
import type { BridgeEventName, BridgePayload } from '../contract/bridge/events.ts';
import type { DesktopView } from '../contract/bridge/desktop.ts';
import type { MediaReport } from '../contract/bridge/media.ts';
import type { SessionView } from '../contract/bridge/views.ts';
import type { Refreshed, SignedIn } from '../contract/cti/sign-in.ts';
import { done, fail, isOfPerson, ok, type AppError, type Disposer, type Result } from '../contract/errors.ts';
import type { AgentId } from '../contract/ids.ts';
import { hasScope } from '../contract/permissions.ts';
import { createBridgeHandlers, type BridgeHandlers } from './bridge-handlers.ts';
import type { Clock } from './clock.ts';
import { Connection } from './connection.ts';
import { CenterRest } from './cti/index.ts';
import type { Customers } from './customers/index.ts';
import { noDesktop, type DesktopHost } from './desktop-host.ts';
import type { Logger } from './logger.ts';
import { Phone, type PhoneOptions } from './phone/index.ts';
import { reconnectPolicy, retryDelayMs } from './retry.ts';
import { ScreenPops } from './screen-pops.ts';
import { emptyView, ViewStore } from './session-view.ts';
import type { SettingsStore } from './settings-store.ts';
import { keepsNothing, type SignInKeeper } from './sign-in-keeper.ts';
import { SipFallback } from './sip-fallback.ts';

const DIALOG_WAIT_MS = 2000;
/** A center that does not answer is asked so often again before the person has to sign in. */
const RESUME_REPEATS = 2;

/** An event on its way to a window. */
export type BridgeEvent = { [Name in BridgeEventName]: { name: Name; payload: BridgePayload<Name> } }[BridgeEventName];

/** One window (or browser page) attached to a session. */
export interface Caller {
  send(event: BridgeEvent): void;
  /** What the host says of this window to the center, with each request until another window says otherwise. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface AgentSessionOptions {
  host: SessionView['host'];
  /** Origin of the center for a sign-in that names none. */
  server: () => string;
  /** Whether a sign-in may name another center: yes on a desktop, no where the host serves strangers. */
  allowOtherServers: boolean;
  /** The session does not close it. */
  cache: Customers;
  /** Of this machine: before somebody has signed in, and afterwards unless they have their own. */
  settings: SettingsStore;
  /** A person's own settings, wherever they sign in; by default they have none. */
  settingsOf?: (person: AgentId) => Promise<SettingsStore>;
  /** Serves the calls that only the desktop has. */
  desktop?: DesktopHost;
  /** Where a sign-in outlives this process; by default nowhere. */
  signIns?: SignInKeeper;
  /** Told when nobody is signed in any more; windows hear it by the view. */
  onEnded?: () => void;
  clock: Clock;
  log: Logger;
  createPhone?: (options: PhoneOptions) => Phone;
  fetch?: typeof globalThis.fetch;
}

export interface AgentSession {
  readonly view: SessionView;
  /** Whether a live call forbids to let go of this session. */
  readonly onCall: boolean;
  readonly windows: number;
  /** Adds a window: it is told every change from now on. */
  attach(send: Caller['send'], headers?: Caller['headers']): { caller: Caller; detach: Disposer };
  /** The one entry for what windows ask. Anything may come in; a Result comes out. */
  handleBridgeCall(name: unknown, payload: unknown, caller: Caller): Promise<Result<unknown>>;
  /** Shows the windows the desktop's own part of the view. */
  showDesktop(desktop: DesktopView): void;
  /** Gives up the sockets and connects anew at once: after a sleep they are dead without knowing it. */
  reconnect(): void;
  /** Goes on with the sign-in of a process that was ended by force, where one was kept and is still good. */
  resume(): Promise<void>;
  /** Ends the sign-in here and at the center, and says why; not during a call, in which case nothing happens. */
  end(endedBy: AppError): Promise<void>;
  /** Hangs up and signs off without a word to the center: it treats this desk as lost. */
  stop(): Promise<void>;
}

/** One signed-in agent, or the wait for one: phone, CTI and customers, and every window that shows them. */
export function createAgentSession(options: AgentSessionOptions): AgentSession {
  return new Session(options);
}

class Session implements AgentSession {
  private readonly options: AgentSessionOptions;
  private readonly store: ViewStore;
  private readonly callers = new Set<Caller>();
  private readonly handlers: BridgeHandlers;
  private readonly disposers: Disposer[] = [];
  private connection: Connection | null = null;
  private audioOwner: Caller | null = null;
  private releaseMedia: Disposer = () => {};
  private settings: SettingsStore;
  private readonly signIns: SignInKeeper;

  constructor(options: AgentSessionOptions) {
    this.options = options;
    this.signIns = options.signIns ?? keepsNothing;
    const { host, settings, cache } = options;
    this.settings = settings;
    this.store = new ViewStore(emptyView(host, settings.load()));
    this.store.patchHealth({ cache: cache.health });
    this.handlers = createBridgeHandlers({
      view: this.store,
      cache,
      settings: () => this.settings,
      desktop: options.desktop ?? noDesktop,
      fallback: new SipFallback({
        phone: () => this.connection?.phone ?? null,
        extensionOf: (agentId) => this.connection?.topics.valueOf('people', agentId)?.extension ?? null,
        contacts: () => this.store.current.contacts,
        show: (contact) => this.store.patch({ contacts: this.store.current.contacts.map((one) => (one.contactId === contact.contactId ? contact : one)) }),
      }),
      connection: () => this.connection,
      enter: (server, caller, step) => this.enter(server, caller, step),
      ask: (server, caller, question) => this.ask(server, caller, question),
      signOut: () => this.signOut(),
      claimMedia: (caller, open) => this.claimMedia(caller, open),
      dialogArrived: (key) => this.dialogArrived(key),
    });
    const pops = new ScreenPops(cache);
    this.disposers.push(
      this.store.onChange((changes) => {
        const popped = changes.contacts === undefined || !this.isSignedIn ? [] : pops.of(changes.contacts);
        for (const payload of popped) this.broadcast({ name: 'contact.popped', payload });
        this.broadcast({ name: 'session.changed', payload: changes });
      }),
      cache.onEvent((event) => {
        if (event.type === 'changed' && this.isSignedIn) this.broadcast({ name: 'customers.changed', payload: { customerIds: event.customerIds } });
      }),
    );
  }

  get view(): SessionView {
    return this.store.current;
  }

  get onCall(): boolean {
    // A call that was hung up offline is over for the person; only its BYE is still to go out.
    return this.connection?.phone?.views().some(({ state }) => state.name !== 'leaving') ?? false;
  }

  get windows(): number {
    return this.callers.size;
  }

  /** From the moment the center knows the person until they leave, whoever wished it. */
  private get isSignedIn(): boolean {
    return this.connection !== null;
  }

  attach(send: Caller['send'], headers: Caller['headers'] = {}): { caller: Caller; detach: Disposer } {
    const caller: Caller = { send, headers };
    this.callers.add(caller);
    if (Object.keys(headers).length > 0) this.connection?.introduce(headers);
    if (this.callers.size === 1) this.connection?.reportWindow(true);
    return {
      caller,
      detach: () => {
        if (!this.callers.delete(caller)) return;
        this.connection?.topics.leave(caller);
        if (this.callers.size === 0) this.connection?.reportWindow(false);
        if (this.audioOwner !== caller) return;
        this.audioOwner = null;
        this.releaseMedia();
      },
    };
  }

  async handleBridgeCall(name: unknown, payload: unknown, caller: Caller): Promise<Result<unknown>> {
    if (typeof name !== 'string' || !isBridgeCallName(name)) return fail('command.unknown', 'no such call');
    // Before anything is made of the request: a stranger is told nothing of its form either.
    const { access } = bridgeCalls[name];
    if (access !== 'open') {
      const me = this.store.current.me ?? this.connection?.signedInAs ?? null;
      if (!this.isSignedIn || me === null) return fail('session.not-signed-in', 'nobody is signed in');
      if (access !== 'signedIn' && !hasScope(me, access)) return fail('forbidden', `${name} needs ${access}`);
    }
    const parsed = bridgeCalls[name].request.safeParse(payload ?? null);
    if (!parsed.success) return fail('input.invalid', `${name}: ${parsed.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`).join(', ')}`);
    try {
      return await this.run(name, parsed.data, caller);
    } catch (error) {
      this.options.log.error({ call: name, error: String(error) }, 'bridge call failed');
      return fail('unexpected', `${name} failed`);
    }
  }

  showDesktop(desktop: DesktopView): void {
    this.store.patch({ desktop });
  }

  reconnect(): void {
    this.connection?.reconnect();
  }

  async resume(): Promise<void> {
    const { options, store } = this;
    if (store.current.phase !== 'signedOut') return;
    store.patch({ phase: 'signingIn' });
    const kept = await this.signIns.load();
    if (kept === null || !sameOrigin(kept.server, options.server())) {
      store.patch({ phase: 'signedOut' });
      return;
    }
    const rest = new CenterRest(kept.server, options.fetch);
    const renewed = await this.renewed(rest, kept.signedIn.refreshToken);
    if (!renewed.ok) {
      options.log.info({ code: renewed.error.code }, 'the former sign-in cannot be resumed');
      store.patch({ phase: 'signedOut' });
      // Whatever it is, the person signs in anew.
      await this.signIns.forget();
      return;
    }
    await this.connect(kept.server, rest, { ...kept.signedIn, ...renewed.value });
  }

  async end(endedBy: AppError): Promise<void> {
    const { connection } = this;
    if (connection === null || this.onCall) return;
    const answer = await connection.signOut();
    if (!answer.ok && answer.error.code === 'agent.on-call') return;
    if (this.connection === connection) await this.leave(endedBy);
  }

  async stop(): Promise<void> {
    for (const dispose of this.disposers) dispose();
    await this.leave(null);
  }

  /** An answer that was lost is asked for again; the center gives the same. */
  private async renewed(rest: CenterRest, refreshToken: string): Promise<Result<Refreshed>> {
    for (let attempt = 0; ; attempt++) {
      const answer = await rest.refresh(refreshToken);
      if (answer.ok || isOfPerson(answer.error.code) || attempt >= RESUME_REPEATS) return answer;
      await new Promise<void>((resolve) => void this.options.clock.setTimeout(resolve, retryDelayMs(reconnectPolicy, attempt)));
    }
  }

  private async run(name: BridgeCallName, request: unknown, caller: Caller): Promise<Result<unknown>> {
    // The handler of a name takes what the schema of that name has just given.
    const handler = this.handlers[name] as (request: unknown, caller: Caller) => Promise<Result<unknown>> | Result<unknown>;
    return handler(request, caller);
  }

  /** A step of the sign-in: where it was the last, the desk connects. */
  private async enter(asked: string | null, { headers }: Caller, step: (rest: CenterRest) => Promise<Result<SignedIn>>): Promise<Result<{ device: string | null }>> {
    const { options, store } = this;
    if (store.current.phase !== 'signedOut') return fail('agent.illegal-transition', `signing in while ${store.current.phase}`);
    const chosen = this.serverFor(asked);
    if (!chosen.ok) return chosen;
    const server = chosen.value;
    store.patch({ phase: 'signingIn', endedBy: null });
    const rest = new CenterRest(server, options.fetch, headers);
    const answer = await step(rest);
    if (!answer.ok) {
      store.patch({ phase: 'signedOut' });
      return answer;
    }
    const connected = await this.connect(server, rest, answer.value);
    return connected.ok ? ok({ device: answer.value.device ?? null }) : connected;
  }

  /** The center that a window asks for, where it may choose. */
  private serverFor(asked: string | null): Result<string> {
    const { options } = this;
    if (asked !== null && !options.allowOtherServers && !sameOrigin(asked, options.server())) return fail('forbidden', 'this host serves one center only');
    return ok(options.allowOtherServers ? (asked ?? options.server()) : options.server());
  }

  private async ask(asked: string | null, { headers }: Caller, question: (rest: CenterRest) => Promise<Result<unknown>>): Promise<Result<unknown>> {
    const server = this.serverFor(asked);
    return server.ok ? question(new CenterRest(server.value, this.options.fetch, headers)) : server;
  }

  private async connect(server: string, rest: CenterRest, signedIn: SignedIn): Promise<Result<null>> {
    const { options, store } = this;
    const log = options.log.child({ agentId: signedIn.me.agentId });
    const connection = new Connection({
      server,
      signedIn,
      rest,
      cache: options.cache,
      view: store,
      clock: options.clock,
      log,
      createPhone: options.createPhone ?? ((phoneOptions) => new Phone(phoneOptions)),
      hasWindow: () => this.callers.size > 0,
      onNotice: (notice) => this.broadcast({ name: 'notice.raised', payload: notice }),
      onRenewed: (renewed) => void this.signIns.save({ server, signedIn: renewed }),
      onEnded: (error) => {
        if (this.connection === connection) void this.ended(connection, error);
      },
    });
    this.connection = connection;
    void this.signIns.save({ server, signedIn });
    await this.takeSettings(signedIn.me.agentId);
    if (this.connection !== connection) return fail('auth.replaced', 'the session has ended');
    store.patch({ me: signedIn.me, settings: this.settings.load() });
    if (this.audioOwner !== null) this.giveMedia(this.audioOwner, []);
    const started = await connection.start();
    if (this.connection !== connection) return started.ok ? fail('auth.replaced', 'the session has ended') : started;
    if (!started.ok) {
      await this.leave(null);
      return started;
    }
    store.patch({ phase: 'signedIn' });
    log.info({}, 'signed in');
    return done();
  }

  private async takeSettings(person: AgentId): Promise<void> {
    const { settingsOf, settings } = this.options;
    this.settings = (await settingsOf?.(person)) ?? settings;
  }

  /** At once while idle; during a call the wish is kept by the center and comes true afterwards. */
  private async signOut(): Promise<Result<null>> {
    const { connection } = this;
    if (connection === null) return done();
    const answer = await connection.signOut();
    if (!answer.ok && answer.error.code === 'agent.on-call') return connection.cti.command('agent.setState', { choice: { kind: 'signOut' } });
    if (!answer.ok) this.options.log.warn({ code: answer.error.code }, 'the center was not told of the sign-out');
    if (this.connection === connection) await this.leave(null);
    return done();
  }

  /** The center has ended the sign-in. Whoever is on the telephone is not cut off for that: it comes true after the call. */
  private async ended(connection: Connection, error: AppError | null): Promise<void> {
    if (error !== null && this.onCall) await connection.untilCallsEnd(error);
    if (this.connection === connection) await this.leave(error);
  }

  private async leave(endedBy: AppError | null): Promise<void> {
    const { connection, store } = this;
    if (connection === null) return;
    this.connection = null;
    const forgotten = this.signIns.forget();
    this.releaseMedia();
    const { health, host, desktop } = store.current;
    const { cache, settings, onEnded } = this.options;
    this.settings = settings;
    store.patch({ ...emptyView(host, settings.load()), desktop, endedBy, health: { ...emptyView(host).health, microphone: health.microphone, cache: cache.health } });
    this.options.log.info({ code: endedBy?.code ?? null }, 'signed out');
    onEnded?.();
    await Promise.all([connection.stop(), forgotten]);
  }

  /** The newest claim wins; the window that had the audio is told. */
  private claimMedia(caller: Caller, open: readonly MediaReport[]): void {
    if (this.audioOwner === caller) return;
    this.audioOwner?.send({ name: 'media.released', payload: null });
    this.audioOwner = caller;
    this.giveMedia(caller, open);
  }

  private giveMedia(caller: Caller, open: readonly MediaReport[]): void {
    this.releaseMedia();
    const release = this.connection?.phone?.claimMedia((request) => caller.send({ name: 'media.requested', payload: request }), open);
    this.releaseMedia = release ?? (() => {});
  }

  private dialogArrived(key: string): Promise<boolean> {
    const phone = this.connection?.phone;
    const isHere = (): boolean => phone?.views().some((dialog) => dialog.key === key) ?? false;
    if (phone === null || phone === undefined || isHere()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (arrived: boolean): void => {
        stopWaiting();
        stopListening();
        resolve(arrived);
      };
      const stopWaiting = this.options.clock.setTimeout(() => settle(false), DIALOG_WAIT_MS);
      const stopListening = phone.onEvent(() => {
        if (isHere()) settle(true);
      });
    });
  }

  private broadcast(event: BridgeEvent): void {
    for (const caller of this.callers) caller.send(event);
  }
}

const sameOrigin = (a: string, b: string): boolean => new URL(a).origin === new URL(b).origin;
