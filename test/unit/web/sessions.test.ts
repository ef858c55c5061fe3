import { describe, expect, it } from 'vitest';
import { silentLogger, type AgentSession, type Clock } from '../../../agent/index.ts';
import { emptyView } from '../../../agent/session-view.ts';
import type { AppError } from '../../../contract/errors.ts';
import { Sessions } from '../../../web/sessions.ts';

const HOUR_MS = 3_600_000;

/** Time that passes when the test says so, minute by minute. */
class Minutes implements Clock {
  private at = 0;
  private timers: { at: number; run: () => void }[] = [];

  get pending(): number {
    return this.timers.length;
  }

  now = (): number => this.at;
  monotonic = (): number => this.at;

  setTimeout(run: () => void, delayMs: number): () => void {
    const timer = { at: this.at + delayMs, run };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((other) => other !== timer));
  }

  pass(ms: number): void {
    for (const end = this.at + ms; this.at < end; ) {
      this.at += 60_000;
      for (const timer of this.timers.filter(({ at }) => at <= this.at)) {
        this.timers = this.timers.filter((other) => other !== timer);
        timer.run();
      }
    }
  }
}

/** A session as far as its keeper looks at it. */
class FakeSession implements AgentSession {
  view = { ...emptyView('web'), phase: 'signedIn' as const };
  onCall = false;
  windows = 0;
  endedBy: AppError | null = null;
  stopped = false;
  readonly onEnded: () => void;

  constructor(onEnded: () => void) {
    this.onEnded = onEnded;
  }

  attach = (): never => {
    throw new Error('not asked for here');
  };
  handleBridgeCall = (): never => {
    throw new Error('not asked for here');
  };
  showDesktop(): void {}
  reconnect(): void {}
  resume = (): Promise<void> => Promise.resolve();

  end(endedBy: AppError): Promise<void> {
    if (this.onCall) return Promise.resolve();
    this.endedBy = endedBy;
    this.onEnded();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.stopped = true;
    return Promise.resolve();
  }
}

async function kept() {
  const clock = new Minutes();
  const made: FakeSession[] = [];
  const create = (onEnded: () => void): FakeSession => {
    const session = new FakeSession(onEnded);
    made.push(session);
    return session;
  };
  const sessions = new Sessions({ create, clock, log: silentLogger, idleMs: 12 * HOUR_MS, absoluteMs: 24 * HOUR_MS });
  const { live } = await sessions.try(() => Promise.resolve('in'));
  const [session] = made;
  if (live === null || session === undefined) throw new Error('it was not kept');
  return { clock, sessions, live, session };
}

describe('a session of the web edition', () => {
  it('without windows lingers for a while, and longer in a call', async () => {
    const { clock, sessions, live, session } = await kept();
    session.onCall = true;
    clock.pass(HOUR_MS);
    expect(sessions.of(live.id)).toBe(live);
    session.onCall = false;
    clock.pass(2 * 60_000);
    expect([sessions.size, session.stopped]).toEqual([0, true]);
  });

  it('ends when nobody has done anything for long, but not in a call; what pages ask by themselves is nobody’s doing', async () => {
    const { clock, sessions, live, session } = await kept();
    session.windows = 1;
    live.join(() => {});
    clock.pass(11 * HOUR_MS);
    sessions.used(live, 'agent.setState', null);
    clock.pass(11 * HOUR_MS);
    sessions.used(live, 'session.get', null);
    sessions.used(live, 'media.report', null);
    session.onCall = true;
    clock.pass(90 * 60_000);
    expect(session.endedBy).toBeNull();
    session.onCall = false;
    clock.pass(60_000);
    expect(session.endedBy?.code).toBe('auth.expired');
    expect(sessions.of(live.id)).toBeNull();
  });

  it('ends though an open page asks for the same customers again whenever one has changed', async () => {
    const { clock, sessions, live, session } = await kept();
    session.windows = 1;
    const search = (text: string): void => sessions.used(live, 'customers.search', { text, limit: 50, offset: 0 });
    search('kim');
    clock.pass(11 * HOUR_MS);
    search('lee');
    for (let hour = 0; hour < 11; hour++) {
      clock.pass(HOUR_MS);
      search('lee');
      search('kim');
    }
    expect(session.endedBy).toBeNull();
    clock.pass(61 * 60_000);
    expect(session.endedBy?.code).toBe('auth.expired');
  });

  it('takes whatever is asked, however deep it is nested', async () => {
    const { sessions, live } = await kept();
    const deep: unknown = JSON.parse('['.repeat(32_000) + ']'.repeat(32_000));
    expect(() => sessions.used(live, 'customers.search', deep)).not.toThrow();
  });

  it('ends after a day however much is done, and its windows are let go', async () => {
    const { clock, sessions, live, session } = await kept();
    session.windows = 1;
    const letGo = new Promise<void>((resolve) => live.join(resolve));
    for (let hour = 0; hour < 24; hour++) {
      expect(session.endedBy).toBeNull();
      sessions.used(live, 'phone.dial', null);
      clock.pass(HOUR_MS);
    }
    expect(session.endedBy?.code).toBe('auth.expired');
    await letGo;
  });

  it('leaves no timer behind', async () => {
    const { clock, sessions, session } = await kept();
    expect(clock.pending).toBeGreaterThan(0);
    session.onEnded();
    expect([clock.pending, sessions.size]).toEqual([0, 0]);
  });

  it('failure: of whoever did not get in nothing is kept', async () => {
    const clock = new Minutes();
    const session = new FakeSession(() => {});
    const sessions = new Sessions({ create: () => Object.assign(session, { view: emptyView('web') }), clock, log: silentLogger, idleMs: 1, absoluteMs: 1 });
    expect(await sessions.try(() => Promise.resolve('no'))).toEqual({ value: 'no', live: null });
    expect([sessions.size, clock.pending, session.stopped]).toEqual([0, 0, true]);
  });
});
