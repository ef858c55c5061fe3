import { describe, expect, it } from 'vitest';
import { arrangementOf, dockBounds, placeWindow, remember, settleWindow, wallboardDisplay, WindowMemory, type DisplayBox } from '../../../../electron/main/desk/placement.ts';

const display = (id: number, x: number, width = 1920, height = 1040): DisplayBox => ({ id, primary: id === 1, workArea: { x, y: 0, width, height } });
const one = [display(1, 0)];
const two = [display(1, 0), display(2, 1920)];
const size = { width: 1360, height: 860 };

describe('where a window opens', () => {
  it('for the first time in the middle of the primary display', () => {
    expect(placeWindow({}, 'desk', two, size)).toEqual({ bounds: { x: 280, y: 90, width: 1360, height: 860 }, maximized: false });
  });

  it('where it was, in each arrangement of displays by itself', () => {
    const atWork = { bounds: { x: 2000, y: 20, width: 1400, height: 900 }, maximized: false };
    const atHome = { bounds: { x: 10, y: 10, width: 1300, height: 800 }, maximized: true };
    const memory = remember(remember({}, 'desk', two, atWork), 'desk', one, atHome);
    expect(placeWindow(memory, 'desk', two, size)).toEqual(atWork);
    expect(placeWindow(memory, 'desk', one, size)).toEqual(atHome);
    expect(placeWindow(memory, 'wallboard', two, size).bounds.x).toBe(280);
  });

  it('an arrangement is known by its screens, not by the ids the system gives them today', () => {
    expect(arrangementOf([display(7, 1920), display(9, 0)])).toBe(arrangementOf(two));
  });

  it('forgets the oldest of many arrangements', () => {
    let memory: WindowMemory = {};
    for (let width = 800; width < 830; width++) memory = remember(memory, 'desk', [display(1, 0, width)], { bounds: { x: 0, y: 0, width: 700, height: 500 }, maximized: false });
    expect(Object.keys(memory['desk'] ?? {})).toHaveLength(8);
    expect(Object.keys(memory['desk'] ?? {}).at(-1)).toBe('829x1040@0,0');
  });

  describe('failure: out of reach', () => {
    it.each([
      ['beyond the right edge', { x: 5000, y: 100, width: 1000, height: 700 }],
      ['above the top', { x: 100, y: -900, width: 1000, height: 700 }],
      ['below the bottom', { x: 100, y: 4000, width: 1000, height: 700 }],
      ['larger than the display', { x: -500, y: -500, width: 9000, height: 9000 }],
    ])('%s is brought back', (_what, bounds) => {
      const placed = placeWindow({ desk: { [arrangementOf(one)]: { bounds, maximized: false } } }, 'desk', one, size).bounds;
      expect(placed.y).toBeGreaterThanOrEqual(0);
      expect(placed.y).toBeLessThanOrEqual(1040 - 80);
      expect(placed.x + placed.width).toBeGreaterThanOrEqual(80);
      expect(placed.x).toBeLessThanOrEqual(1920 - 80);
      expect(placed.width).toBeLessThanOrEqual(1920);
    });

    it('no display at all (a session without a screen) still gives a size', () => {
      expect(placeWindow({}, 'desk', [], size).bounds).toEqual({ x: 0, y: 0, ...size });
    });

    it.each([null, [], { desk: { a: { bounds: { x: 'left' } } } }, { desk: { a: { bounds: { x: 0, y: 0, width: 1e9, height: 1 }, maximized: false } } }])('a memory of %j is none', (memory) => {
      expect(WindowMemory.safeParse(memory).success).toBe(false);
    });
  });
});

describe('a window while displays come and go', () => {
  const now = { x: 2000, y: 20, width: 1000, height: 700 };

  it('goes where it was in that arrangement before', () => {
    const atHome = { bounds: { x: 10, y: 10, width: 1300, height: 800 }, maximized: false };
    expect(settleWindow(remember({}, 'desk', one, atHome), 'desk', one, now)).toEqual(atHome);
  });

  it('stays where it is in one it has not seen, as far as it can be reached there', () => {
    const taskBarHidden = [display(1, 0, 1920, 1080), display(2, 1920, 1920, 1080)];
    expect(settleWindow({}, 'desk', taskBarHidden, now).bounds).toEqual(now);
    expect(settleWindow({}, 'desk', one, now).bounds).toEqual({ ...now, x: 1920 - 80 });
    expect(settleWindow({}, 'desk', [], now).bounds).toMatchObject({ width: 1000, height: 700 });
  });
});

describe('the dock', () => {
  it('is a column of 400 at a side, from top to bottom', () => {
    expect(dockBounds(display(2, 1920).workArea, 'right')).toEqual({ x: 3440, y: 0, width: 400, height: 1040 });
    expect(dockBounds(display(2, 1920).workArea, 'left')).toEqual({ x: 1920, y: 0, width: 400, height: 1040 });
  });
});

describe("the wallboard's display", () => {
  it('is the chosen one, else one where the desk is not, else the only one', () => {
    const desk = { x: 100, y: 100, width: 1000, height: 700 };
    expect(wallboardDisplay(1, desk, two)?.id).toBe(1);
    expect(wallboardDisplay(null, desk, two)?.id).toBe(2);
    expect(wallboardDisplay(99, { ...desk, x: 2500 }, two)?.id).toBe(1);
    expect(wallboardDisplay(null, desk, one)?.id).toBe(1);
    expect(wallboardDisplay(null, null, [])).toBeNull();
  });
});
