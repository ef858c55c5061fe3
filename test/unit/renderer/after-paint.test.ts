import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterPaint } from '../../../renderer/app/after-paint.ts';

/** A window whose frames and idle moments come when the test says so. */
function page(visibilityState: 'visible' | 'hidden') {
  const [frames, idles]: [Map<number, () => void>, Map<number, () => void>] = [new Map(), new Map()];
  let ids = 0;
  const keep = (kept: typeof frames) => (run: () => void): number => {
    kept.set(++ids, run);
    return ids;
  };
  vi.stubGlobal('document', { visibilityState });
  vi.stubGlobal('requestAnimationFrame', keep(frames));
  vi.stubGlobal('cancelAnimationFrame', (id: number) => frames.delete(id));
  vi.stubGlobal('requestIdleCallback', keep(idles));
  vi.stubGlobal('cancelIdleCallback', (id: number) => idles.delete(id));
  const come = (kept: typeof frames) => (): void => {
    const due = [...kept.values()];
    kept.clear();
    for (const run of due) run();
  };
  return { frame: come(frames), idle: come(idles) };
}

describe('what waits for the paint', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('comes once, when the frame is painted and the page has a moment', () => {
    const run = vi.fn<() => void>();
    const { frame, idle } = page('visible');
    afterPaint(run);
    frame();
    expect(run).not.toHaveBeenCalled();
    idle();
    vi.runAllTimers();
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('comes at once in a window that paints nothing', () => {
    const run = vi.fn<() => void>();
    page('hidden');
    afterPaint(run);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('comes although no frame does: the window was covered meanwhile', () => {
    const run = vi.fn<() => void>();
    const { frame, idle } = page('visible');
    afterPaint(run);
    vi.runAllTimers();
    frame();
    idle();
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('does not come once it is called off', () => {
    const run = vi.fn<() => void>();
    const { frame, idle } = page('visible');
    const callOff = afterPaint(run);
    frame();
    callOff();
    idle();
    vi.runAllTimers();
    expect(run).not.toHaveBeenCalled();
  });
});
