import { io, type Socket } from 'socket.io-client';
import { bridgeCalls, bridgeEvents, bridgeFacade, defaultSettings, isBridgeEventName, Settings, type BridgeCallName, type BridgeFacade, type BridgeEventName, type SessionView } from '../../contract/bridge/index.ts';
import { BRIDGE_CALL_PATH, BRIDGE_PATH } from '../../contract/cti/sign-in.ts';
import { CONTRACT } from '../../contract/contract-version.ts';
import { fail, ok, resultOf, type Result } from '../../contract/errors.ts';
import type { BridgeState } from './bridge.ts';
import { BrowserSettings } from './browser-settings.ts';

/** Sign-in reaches the center, the switch and the cache one after the other; nothing takes longer. */
const CALL_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5000;
/** Between two attempts to come back: doubled each time, and spread so that a whole office does not come at once. */
const RETRY_FIRST_MS = 250;
const RETRY_MOST_MS = 3000;
/** The page is of another version than the host. The host may be set back, so it is asked on; a person is faster. */
const OUTDATED = 'desk.too-old';
/** Where windows of one browser see that somebody has signed in at another. */
const SIGNED_IN_AT = 'sangdam.signed-in';

type Listener = (payload: never) => void;

/**
 * The bridge of the web edition. Until somebody has signed in there is no socket: the few calls that lead there are
 * posted, and the answer to the last of them brings the cookie that opens one. From then on it is Socket.IO: event `call`
 * (name, request, acknowledgement with a Result) to the host, event `event` (name, payload) from it. Whatever comes is
 * parsed; a payload that is not what its name says is dropped. A call while the connection is lost fails at once and is
 * never sent later: a stale hang-up would end the wrong call.
 */
export function createWebBridge(onState: (state: BridgeState) => void): BridgeFacade {
  return new WebBridge(onState).facade;
}

class WebBridge {
  readonly facade: BridgeFacade;
  private readonly onState: (state: BridgeState) => void;
  private readonly socket: Socket = io({ path: BRIDGE_PATH, auth: { contract: CONTRACT }, transports: ['websocket'], autoConnect: false, reconnection: false, timeout: CONNECT_TIMEOUT_MS, retries: 0 });
  private readonly listeners = new Map<BridgeEventName, Set<Listener>>();
  private readonly browser = new BrowserSettings(localStorage);
  /** Settles with the first answer of the host, whatever it is. */
  private readonly begun: Promise<void>;
  private isOut = true;
  private attempt = 0;
  private looking: Promise<void> | null = null;
  /** What the last look saw, for the window that asks for just that. */
  private seen: SessionView | null = null;

  constructor(onState: (state: BridgeState) => void) {
    this.onState = onState;
    this.facade = bridgeFacade(
      (name, request) => this.call(name, request),
      (event, listener) => {
        const known = this.listeners.get(event) ?? new Set<Listener>();
        this.listeners.set(event, known.add(listener));
        return () => void known.delete(listener);
      },
    );
    this.listen();
    onState('connecting');
    this.begun = new Promise((resolve) => void this.look().then(resolve));
  }

  private listen(): void {
    const { socket } = this;
    socket.on('event', (name: unknown, payload: unknown) => this.deliver(name, payload));
    socket.on('connect', () => void this.connected());
    socket.on('connect_error', ({ message }) => this.lost(message === OUTDATED ? 'outdated' : 'lost'));
    socket.on('disconnect', () => this.lost());
    // Somebody signed in at another window of this browser; or came back to this one, where that was not heard.
    window.addEventListener('storage', ({ key }) => {
      if (key === SIGNED_IN_AT) void this.look();
    });
    window.addEventListener('focus', () => {
      if (this.isOut) void this.look();
    });
  }

  private async call(name: BridgeCallName, request: unknown): Promise<Result<unknown>> {
    await this.begun;
    if (this.socket.connected) return name === 'settings.set' ? this.set(request) : this.ownView(name, await this.ask(name, request));
    if (!this.isOut) return fail('center.unreachable', 'the connection to the web shell is lost');
    if (name === 'settings.set') return this.setOfNobody(request);
    if (!name.startsWith('session.')) return fail('session.not-signed-in', 'nobody is signed in');
    const seen = name === 'session.get' ? this.seen : null;
    this.seen = null;
    const answer = seen === null ? await this.post(name, request) : ok(seen);
    if (!answer.ok) return answer;
    if (name === 'session.get') return this.ownView(name, answer);
    if (name === 'session.ask') return answer;
    // The last step of signing in.
    await this.enter();
    localStorage.setItem(SIGNED_IN_AT, String(Date.now()));
    return answer;
  }

  /** What is this browser's stays here; the host tells all windows of the rest. */
  private async set(request: unknown): Promise<Result<unknown>> {
    const changes = Settings.partial().safeParse(request);
    const answer = await this.ask('settings.set', changes.success ? this.browser.take(changes.data) : request);
    return answer.ok ? ok(this.browser.of(answer.value as Settings)) : answer;
  }

  /** The look of the sign-in screen is this browser's; nothing is sent for it. */
  private setOfNobody(request: unknown): Result<unknown> {
    const changes = Settings.partial().safeParse(request);
    if (!changes.success) return fail('input.invalid', 'no settings');
    const settings = this.browser.takeOfNobody(changes.data, defaultSettings);
    this.deliver('session.changed', { settings });
    return ok(settings);
  }

  /** The view with this browser's own settings in it. `parsed` took it by the schema of this very call. */
  private ownView(name: BridgeCallName, answer: Result<unknown>): Result<unknown> {
    return name === 'session.get' && answer.ok ? ok(this.own(answer.value as SessionView)) : answer;
  }

  private own<View extends Partial<SessionView>>(view: View): View {
    const { settings } = view;
    if (settings === undefined) return view;
    return { ...view, settings: this.isOut ? this.browser.ofNobody(settings) : this.browser.of(settings) };
  }

  /** Asks by the socket. */
  private async ask(name: BridgeCallName, request: unknown): Promise<Result<unknown>> {
    try {
      return parsed(name, await this.socket.timeout(CALL_TIMEOUT_MS).emitWithAck('call', name, request));
    } catch {
      return fail('center.timeout', `${name} was not answered within ${CALL_TIMEOUT_MS} ms`);
    }
  }

  /** Asks without a socket. */
  private async post(name: BridgeCallName, request: unknown): Promise<Result<unknown>> {
    try {
      const response = await fetch(BRIDGE_CALL_PATH, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, request, contract: CONTRACT }),
        cache: 'no-store',
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
      return parsed(name, await response.json());
    } catch {
      return fail('center.unreachable', 'the web shell does not answer');
    }
  }

  /** Finds out whether somebody is signed in at this browser, and goes in or stays out accordingly; until it is known. */
  private look(): Promise<void> {
    this.looking ??= this.lookNow().finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookNow(): Promise<void> {
    if (this.socket.connected) return;
    const answer = await this.post('session.get', null);
    if (!answer.ok) {
      this.onState(answer.error.code === OUTDATED ? 'outdated' : 'lost');
      this.lookLater();
      return;
    }
    // `parsed` took it by the schema of this very call.
    const view = answer.value as SessionView;
    if (view.phase !== 'signedOut') return this.enter();
    const wasIn = !this.isOut;
    // A host that came back without the session, as after a restart, does not know that there was one.
    const shown: SessionView = wasIn && view.endedBy === null ? { ...view, endedBy: { code: 'auth.expired', message: 'the host knows this session no more' } } : view;
    this.isOut = true;
    this.attempt = 0;
    this.seen = shown;
    this.onState('connected');
    if (wasIn) this.deliver('session.changed', shown);
  }

  private lookLater(): void {
    const delayMs = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** this.attempt++);
    setTimeout(() => void this.look(), delayMs * (0.5 + Math.random()));
  }

  /** Opens the socket, with the cookie that this browser has by now. */
  private enter(): Promise<void> {
    const { socket } = this;
    this.isOut = false;
    this.seen = null;
    if (socket.connected) return Promise.resolve();
    const settled = new Promise<void>((resolve) => {
      const settle = (): void => {
        socket.off('connect', settle);
        socket.off('connect_error', settle);
        resolve();
      };
      socket.on('connect', settle);
      socket.on('connect_error', settle);
    });
    socket.connect();
    return settled;
  }

  private async connected(): Promise<void> {
    this.attempt = 0;
    this.onState('connected');
    const answer = await this.ask('session.get', null);
    if (answer.ok) this.deliver('session.changed', answer.value);
  }

  /** No socket any more: the sign-in has ended, as the view has said by then, or the way to the host is cut. */
  private lost(state: BridgeState = 'lost'): void {
    if (this.isOut) return;
    this.onState(state);
    this.lookLater();
  }

  private deliver(name: unknown, payload: unknown): void {
    if (typeof name !== 'string' || !isBridgeEventName(name)) return;
    const known = bridgeEvents[name].safeParse(payload);
    if (!known.success) return;
    if (name === 'session.changed') return this.show(known.data as Partial<SessionView>);
    for (const listener of new Set(this.listeners.get(name))) listener(known.data as never);
  }

  private show(changes: Partial<SessionView>): void {
    if (changes.phase !== undefined) this.isOut = changes.phase === 'signedOut';
    const shown = this.own(changes);
    for (const listener of new Set(this.listeners.get('session.changed'))) listener(shown as never);
  }
}

function parsed(name: BridgeCallName, answer: unknown): Result<unknown> {
  const result = resultOf(bridgeCalls[name].response).safeParse(answer);
  return result.success ? result.data : fail('unexpected', `the answer to ${name} is malformed`);
}
