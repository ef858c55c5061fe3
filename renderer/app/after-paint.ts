import type { Disposer } from '../../contract/errors.ts';

/** A window that is covered between the change and its frame paints none. */
const PAINTED_WITHIN_MS = 200;

/**
 * Runs what must not hold up what somebody is waiting to see: once the frame with the changes made until now has been
 * painted, at once where nothing is painted because the window is hidden.
 * @returns calls it off, where it has not run
 */
export function afterPaint(run: () => void): Disposer {
  if (document.visibilityState === 'hidden') {
    run();
    return () => {};
  }
  const settle = (): void => {
    callOff();
    run();
  };
  const late = setTimeout(settle, PAINTED_WITHIN_MS);
  let idle = 0;
  const frame = requestAnimationFrame(() => (idle = requestIdleCallback(settle)));
  const callOff = (): void => {
    clearTimeout(late);
    cancelAnimationFrame(frame);
    cancelIdleCallback(idle);
  };
  return callOff;
}
