import type { Clock } from '../ports.ts';
import type { Media } from './media.ts';

const EVERY_MS = 60_000;
/** One that was away is looked for more often. */
const AWAY_EVERY_MS = 15_000;

export interface MediaWatch {
  /** What keeps sounds from being read and written, for the operator; null: nothing that is known. */
  trouble(): string | null;
  stop(): Promise<void>;
}

/** Looks after the store from now on, and says in the log when it is away and when it is back. Nothing waits for it. */
export function watchMedia(media: Pick<Media, 'trouble'>, clock: Pick<Clock, 'setTimeout'>, logger: { info: (fields: object, message: string) => void; error: (fields: object, message: string) => void }): MediaWatch {
  let why: string | null = null;
  let stopped = false;
  let stopWaiting = (): void => {};
  let looking = Promise.resolve();

  async function look(): Promise<void> {
    const found = await media.trouble().catch((error: unknown) => String(error));
    if (stopped) return;
    if (found !== null && found !== why) logger.error({ why: found }, 'sounds can be neither read nor kept: their store cannot be used');
    if (found === null && why !== null) logger.info({}, 'the store of sounds is back');
    why = found;
    stopWaiting = clock.setTimeout(begin, why === null ? EVERY_MS : AWAY_EVERY_MS);
  }
  function begin(): void {
    looking = look();
  }
  begin();
  return {
    trouble: () => why,
    stop: async () => {
      stopped = true;
      stopWaiting();
      await looking;
    },
  };
}
