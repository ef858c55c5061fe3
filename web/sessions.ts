import { createHash } from 'node:crypto';
import type { AgentSession, Clock, Logger } from '../agent/index.ts';
import { endpoints, isChange, isEndpointName } from '../contract/api/index.ts';
import type { BridgeCallName } from '../contract/bridge/calls.ts';
import { fail, type Disposer } from '../contract/errors.ts';
import { newSessionId } from './session-cookie.ts';

/** A session without windows lives this long, so that a reload or a short outage finds it again. */
const LINGER_MS = 90_000;
const CHECK_EVERY_MS = 60_000;
/** Windows of one browser at once: desk, wallboard, and some that were forgotten. */
const MAX_WINDOWS = 20;

/** What pages ask by themselves, without anybody being there. */
const UNATTENDED: ReadonlySet<string> = new Set<BridgeCallName>(['session.get', 'media.claim', 'media.answer', 'media.report', 'devices.report']);
/** What pages ask once more by themselves, whenever a customer has changed: a person's doing where it is asked anew. */
const ASKED_AGAIN: ReadonlySet<string> = new Set<BridgeCallName>(['customers.search', 'customers.get', 'customers.findByNumber']);
/** Questions of one session that are remembered, the newest. */
const MOST_QUESTIONS = 200;

export interface SessionsOptions {
  /** Makes a session that nobody is signed in to yet. */
  create: (onEnded: () => void) => AgentSession;
  clock: Clock;
  log: Logger;
  /** A session ends when nobody has done anything for so long, and however much was done after so long; never in a call. */
  idleMs: number;
  absoluteMs: number;
}

/** Whether this asks the center's API for something, and changes nothing. */
function isApiQuestion(call: string, request: unknown): boolean {
  const name = call === 'api.call' && typeof request === 'object' && request !== null && 'name' in request ? request.name : null;
  return typeof name === 'string' && isEndpointName(name) && !isChange(endpoints[name]);
}

/** A session that somebody is signed in to, and the id by which their browser has it. */
export class LiveSession {
  readonly id: string;
  readonly session: AgentSession;
  readonly since: number;
  usedAt: number;
  stopLingering: Disposer = () => {};
  private readonly questions = new Set<string>();
  private readonly windows = new Set<Disposer>();

  constructor(id: string, session: AgentSession, now: number) {
    this.id = id;
    this.session = session;
    this.since = now;
    this.usedAt = now;
  }

  /** @param end closes the window's socket when the session is over. @returns false when there are too many */
  join(end: Disposer): boolean {
    if (this.windows.size >= MAX_WINDOWS) return false;
    this.stopLingering();
    this.windows.add(end);
    return true;
  }

  part(end: Disposer): void {
    this.windows.delete(end);
  }

  /** Whether this has been asked in this session before. */
  isAskedAgain(question: string): boolean {
    const isKnown = this.questions.delete(question);
    this.questions.add(question);
    const [oldest] = this.questions;
    if (oldest !== undefined && this.questions.size > MOST_QUESTIONS) this.questions.delete(oldest);
    return isKnown;
  }

  endWindows(): void {
    for (const end of this.windows) end();
  }
}

/**
 * One agent session for each browser that somebody is signed in at: it begins with their sign-in, and ends with their
 * sign-out, when the center ends it, when they have left, and in time. An id is random, made here, good for one sign-in,
 * and never one that a browser brought along.
 */
export class Sessions {
  private readonly options: SessionsOptions;
  private readonly live = new Map<string, LiveSession>();
  private stopChecking: Disposer = () => {};

  constructor(options: SessionsOptions) {
    this.options = options;
  }

  get size(): number {
    return this.live.size;
  }

  of(id: string | null): LiveSession | null {
    return id === null ? null : (this.live.get(id) ?? null);
  }

  /**
   * Lets a stranger do something with a session of their own. If they are signed in by then it is kept, else nothing is.
   * @returns what `act` gave, and the session where it is kept
   */
  async try<Value>(act: (session: AgentSession) => Promise<Value>): Promise<{ value: Value; live: LiveSession | null }> {
    const id = newSessionId();
    const session = this.options.create(() => this.ended(id));
    const value = await act(session);
    if (session.view.phase !== 'signedIn') {
      await session.stop();
      return { value, live: null };
    }
    const live = new LiveSession(id, session, this.options.clock.monotonic());
    this.live.set(id, live);
    this.left(live);
    if (this.live.size === 1) this.checkLater();
    return { value, live };
  }

  /** Somebody asked for this. */
  used(live: LiveSession, call: unknown, request: unknown): void {
    if (typeof call !== 'string' || UNATTENDED.has(call)) return;
    if ((ASKED_AGAIN.has(call) || isApiQuestion(call, request)) && live.isAskedAgain(digestOf([call, request]))) return;
    live.usedAt = this.options.clock.monotonic();
  }

  /** A window is gone, or has yet to come. */
  left(live: LiveSession): void {
    if (live.session.windows > 0 || !this.live.has(live.id)) return;
    live.stopLingering();
    live.stopLingering = this.options.clock.setTimeout(() => {
      if (live.session.windows > 0) return;
      if (live.session.onCall) return this.left(live);
      // The center treats a desk that is gone as it would treat one that is cut off.
      void live.session.stop();
      this.ended(live.id);
    }, LINGER_MS);
  }

  async stop(): Promise<void> {
    this.stopChecking();
    const all = [...this.live.values()];
    this.live.clear();
    await Promise.all(
      all.map(({ session, stopLingering }) => {
        stopLingering();
        return session.stop();
      }),
    );
  }

  private ended(id: string): void {
    const live = this.live.get(id);
    if (live === undefined) return;
    this.live.delete(id);
    live.stopLingering();
    // Its windows are told by the view that it is over, and why, before their sockets close.
    setImmediate(() => {
      live.endWindows();
      void live.session.stop();
    });
    if (this.live.size === 0) this.stopChecking();
  }

  private checkLater(): void {
    this.stopChecking = this.options.clock.setTimeout(() => {
      this.endOld();
      if (this.live.size > 0) this.checkLater();
    }, CHECK_EVERY_MS);
  }

  private endOld(): void {
    const { clock, idleMs, absoluteMs, log } = this.options;
    const now = clock.monotonic();
    for (const live of this.live.values()) {
      if (now - live.usedAt < idleMs && now - live.since < absoluteMs) continue;
      log.info({}, 'a session of the web edition has been there for long enough');
      void live.session.end(fail('auth.expired', 'this session has been there for long enough').error);
    }
  }
}

/** Anything may come in; what cannot be written down, as it is nested too deep, is one question. */
function digestOf(question: unknown): string {
  try {
    return createHash('sha256').update(JSON.stringify(question)).digest('base64url');
  } catch {
    return '';
  }
}
