import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { createAgentSession, fileSettings, type AgentSession, type Clock, type CustomerCache, type Logger } from '../agent/index.ts';
import type { Disposer } from '../contract/errors.ts';

/** A session without windows lives this long, so that a reload or a short outage finds it again. */
const LINGER_MS = 90_000;

export interface SessionsOptions {
  centerUrl: () => string;
  dataFolder: string;
  cache: CustomerCache;
  clock: Clock;
  log: Logger;
  /** More browsers than this at once are turned away. */
  maximum: number;
}

interface Kept {
  session: AgentSession;
  stopLingering: Disposer;
}

/** One agent session for each browser, for as long as it has windows, a call, or was left a moment ago. */
export class Sessions {
  private readonly options: SessionsOptions;
  private readonly kept = new Map<string, Kept>();

  constructor(options: SessionsOptions) {
    this.options = options;
  }

  get size(): number {
    return this.kept.size;
  }

  /** The browser's session, a new one if need be; null when there are too many. */
  of(browser: string): AgentSession | null {
    const known = this.kept.get(browser);
    if (known !== undefined) {
      known.stopLingering();
      return known.session;
    }
    if (this.kept.size >= this.options.maximum && !this.dropIdle()) return null;
    const { centerUrl, cache, clock, log, dataFolder } = this.options;
    // The file's name does not give the cookie away.
    const name = createHash('sha256').update(browser).digest('hex').slice(0, 32);
    const session = createAgentSession({
      host: 'web',
      server: centerUrl,
      allowOtherServers: false,
      cache,
      settings: fileSettings(join(dataFolder, 'settings', `${name}.json`), log),
      clock,
      log,
    });
    this.kept.set(browser, { session, stopLingering: () => {} });
    return session;
  }

  /** A window of this browser is gone. */
  left(browser: string): void {
    const known = this.kept.get(browser);
    if (known === undefined || known.session.windows > 0) return;
    known.stopLingering();
    known.stopLingering = this.options.clock.setTimeout(() => {
      if (known.session.windows > 0) return;
      if (known.session.onCall) this.left(browser);
      else this.drop(browser, known.session);
    }, LINGER_MS);
  }

  async stop(): Promise<void> {
    const all = [...this.kept.values()];
    this.kept.clear();
    await Promise.all(
      all.map(({ session, stopLingering }) => {
        stopLingering();
        return session.stop();
      }),
    );
  }

  private drop(browser: string, session: AgentSession): void {
    this.kept.delete(browser);
    void session.stop();
  }

  /** Makes room by a session that nobody looks at and nobody is signed in to. */
  private dropIdle(): boolean {
    for (const [browser, { session, stopLingering }] of this.kept) {
      if (session.windows > 0 || session.view.phase !== 'signedOut') continue;
      stopLingering();
      this.drop(browser, session);
      return true;
    }
    return false;
  }
}
