import { describe, expect, it } from 'vitest';
import { keepMark, markOf } from '../../../renderer/features/sign-in/device-marks.ts';

/** A browser's store. */
function storage(kept: Record<string, string> = {}) {
  return { kept, getItem: (key: string) => kept[key] ?? null, setItem: (key: string, value: string) => void (kept[key] = value) };
}

describe('marks of this device', () => {
  it('are found again by the account, whatever its case', () => {
    const store = storage();
    keepMark('Agent1 ', 'one', store);
    keepMark('agent2', 'two', store);
    keepMark('agent1', 'newer', store);
    expect([markOf('AGENT1', store), markOf('agent2', store), markOf('agent3', store)]).toEqual(['newer', 'two', undefined]);
  });

  it('are those of the last fifty people', () => {
    const store = storage();
    for (let index = 0; index < 60; index++) keepMark(`agent${index}`, `mark ${index}`, store);
    expect([markOf('agent9', store), markOf('agent10', store), markOf('agent59', store)]).toEqual([undefined, 'mark 10', 'mark 59']);
  });

  it('failure: what others wrote there, or a browser that keeps nothing, is no mark', () => {
    for (const text of ['{', '{}', '[["agent1"]]', '[["agent1", 5]]', 'null']) expect(markOf('agent1', storage({ 'sangdam.devices': text }))).toBeUndefined();
    const closed = {
      getItem: () => {
        throw new Error('denied');
      },
      setItem: () => {
        throw new Error('denied');
      },
    };
    keepMark('agent1', 'one', closed);
    expect(markOf('agent1', closed)).toBeUndefined();
  });
});
