import { describe, expect, it } from 'vitest';
import { classOf, pressHead, walk } from '../../../renderer/ui/grid.ts';

describe('the keyboard in a list', () => {
  it.each([
    ['ArrowDown', -1, 0],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 0, 0],
    ['PageDown', 3, 7],
    ['PageUp', 3, 0],
    ['Home', 7, 0],
    ['End', 7, 9],
    ['a', 7, null],
  ])('%s leads from %s to %s', (key, from, to) => expect(walk(key, from, 10, 4)).toBe(to));

  it('leads nowhere in an empty list', () => expect(walk('End', -1, 0, 4)).toBeNull());
});

describe('the head of a column', () => {
  it('sorts by it upwards first, then downwards', () => {
    const once = pressHead({ column: 'name', descending: true }, 'time');
    expect(once).toEqual({ column: 'time', descending: false });
    expect(pressHead(once, 'time').descending).toBe(true);
  });
});

describe('columns beside each other', () => {
  it('stand apart where one ends at the right and the next begins at the left', () => {
    const columns = (['start', 'end', 'end', 'start', 'start'] as const).map((align, place) => ({ name: String(place), label: '', width: '1fr', align }));
    expect(columns.map((_, place) => classOf(columns, place))).toEqual(['', 'text-right', 'text-right', 'pl-5', '']);
  });
});
