import type { Disposer } from '../../contract/errors.ts';

const LOCK = 'sangdam.audio';

/**
 * Waits until no other window of this browser has the audio: the first one keeps it, the next in line takes over
 * when it closes (Web Locks). Where there are no locks, it is our turn at once.
 * @returns gives the turn to the next window
 */
export function takeTurn(locks: Pick<LockManager, 'request'> | undefined, onTurn: () => void): Disposer {
  if (locks === undefined) {
    onTurn();
    return () => {};
  }
  const waiting = new AbortController();
  let release: () => void = () => {};
  locks
    .request(LOCK, { signal: waiting.signal }, () => {
      const held = new Promise<void>((resolve) => (release = resolve));
      onTurn();
      return held;
    })
    .catch(() => {
      if (!waiting.signal.aborted) onTurn();
    });
  return () => {
    waiting.abort();
    release();
  };
}
