import type { MediaReport } from '../contract/bridge/media.ts';
import type { Disposer } from '../contract/errors.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { DialogView } from './phone/index.ts';

/** Audio takes half a second; what has none by then gets none by waiting, nor by what was done about it. */
const PATIENCE_MS = 3000;
/** Peer connections of one call that are mended: where a third has no audio either, there is no way for it. */
const MAX_MENDED = 2;

/** What is done about it in turn, the gentler first. What `renew` brings is seen to by who asked for it. */
type Remedy = 'restartIce' | 'renew';

interface WatchParts {
  clock: Clock;
  log: Logger;
  /** The window's last report on this peer connection; undefined where there is none, or a call goes on without it. */
  reportOf: (session: string, generation: number) => MediaReport | undefined;
  /** Whether a call has its audio there still. */
  uses: (session: string, generation: number) => boolean;
  mend: (remedy: Remedy, session: string, generation: number) => void;
  /** The person should know that nobody hears them. */
  tell: (key: string) => void;
}

/**
 * Calls that are up and in which nothing is heard. ICE is restarted, then a new peer connection is offered, and where
 * the switch takes none, or it has no audio either, the phone is dialled again ([23](../docs/decisions/0023-dialled-again.md)).
 */
export class AudioWatch {
  private readonly parts: WatchParts;
  /** Peer connections watched, by leg. */
  private readonly watched = new Map<string, { connections: Set<string>; told: boolean }>();
  private readonly timers = new Set<Disposer>();

  constructor(parts: WatchParts) {
    this.parts = parts;
  }

  stop(): void {
    for (const stopTimer of this.timers) stopTimer();
    this.timers.clear();
  }

  /** A dialog has changed. */
  follow({ key, session, generation, state }: DialogView): void {
    if (state.name === 'ended') {
      if (!this.parts.uses(session, generation)) this.watched.delete(key);
      return;
    }
    if (state.name !== 'established') return;
    const watch = this.watched.get(key) ?? { connections: new Set(), told: false };
    this.watched.set(key, watch);
    const connection = `${session} ${generation}`;
    if (watch.connections.has(connection)) return;
    watch.connections.add(connection);
    if (watch.connections.size <= MAX_MENDED) this.wait({ key, session, generation }, ['restartIce', 'renew']);
  }

  private wait(call: Pick<DialogView, 'key' | 'session' | 'generation'>, remedies: readonly Remedy[]): void {
    const stopTimer = this.parts.clock.setTimeout(() => {
      this.timers.delete(stopTimer);
      this.look(call, remedies);
    }, PATIENCE_MS);
    this.timers.add(stopTimer);
  }

  private look(call: Pick<DialogView, 'key' | 'session' | 'generation'>, remedies: readonly Remedy[]): void {
    const { key, session, generation } = call;
    const { log, reportOf, uses, mend, tell } = this.parts;
    const watch = this.watched.get(key);
    const report = reportOf(session, generation);
    if (watch === undefined || !uses(session, generation)) return;
    if (report?.state === 'connected') {
      watch.connections.clear();
      watch.connections.add(`${session} ${generation}`);
      watch.told = false;
      return;
    }
    const [remedy, ...others] = remedies;
    // No window has begun with it: whoever gives it one sees to it.
    if (report === undefined || remedy === undefined) {
      this.wait(call, remedies);
      return;
    }
    log.warn({ dialogKey: key, generation, media: report.state, remedy }, 'a call has no audio');
    if (!watch.told) tell(key);
    watch.told = true;
    mend(remedy, session, generation);
    if (others.length > 0) this.wait(call, others);
  }
}
