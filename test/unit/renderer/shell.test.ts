import { describe, expect, it } from 'vitest';
import type { Health } from '../../../contract/bridge/index.ts';
import { healthRows, worstOf } from '../../../renderer/app/shell/health-rows.ts';
import { matches, shortcuts } from '../../../renderer/app/use-shortcuts.ts';
import { localTime } from '../../../contract/local-time.ts';
import { foreignZone, formatClock, formatDuration, formatPercent, formatWhen, showTimesIn } from '../../../renderer/ui/format.ts';

const well: Health = {
  cti: { state: 'connected', error: null },
  phone: { state: 'registered', error: null },
  microphone: 'ok',
  switch: 'available',
  store: null,
  cache: { state: 'ready', storage: 'encrypted', remaining: 0 },
};
const press = (key: string, held: Partial<Record<'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey', true>> = {}) => ({ key, code: '', ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...held });

describe('health at the top', () => {
  it('is well when everything is', () => expect(worstOf(healthRows(well, 'connected', true))).toBe('ready'));

  it('is as bad as its worst part', () => {
    expect(worstOf(healthRows({ ...well, cache: { ...well.cache, state: 'syncing', remaining: 9 } }, 'connected', true))).toBe('away');
    expect(worstOf(healthRows({ ...well, microphone: 'denied', phone: { state: 'registering', error: null } }, 'connected', true))).toBe('danger');
  });

  it('has no telephone to be ill of where there is no desk', () => {
    const rows = healthRows({ ...well, microphone: 'unknown', phone: { state: 'lost', error: null } }, 'connected', false);
    expect([worstOf(rows), rows.map(({ name }) => name)]).toEqual(['ready', ['cti', 'switch', 'cache']]);
  });

  it('shows the storage to who is in charge alone, with its cause', () => {
    const rowOf = (store: Health['store']) => healthRows({ ...well, store }, 'connected', true).find(({ name }) => name === 'store');
    expect(rowOf(null)).toBeUndefined();
    expect(rowOf({ state: 'well' })).toMatchObject({ tone: 'ready' });
    expect(rowOf({ state: 'low' })).toMatchObject({ tone: 'away', text: 'storeLow' });
    expect(rowOf({ state: 'failing', cause: 'full' })).toMatchObject({ tone: 'danger', text: 'storeFull' });
  });

  it('is not well while this window has lost its host, whatever was heard last', () => {
    const rows = healthRows(well, 'lost', true);
    expect([worstOf(rows), rows.find(({ name }) => name === 'cti')?.text]).toEqual(['danger', 'lost']);
  });
});

describe('shortcuts', () => {
  it('tell apart keys with and without Shift', () => {
    expect(matches(press('F8'), shortcuts.consult)).toBe(true);
    expect(matches(press('F8', { shiftKey: true }), shortcuts.consult)).toBe(false);
    expect(matches(press('F8', { shiftKey: true }), shortcuts.transfer)).toBe(true);
  });

  it.each([
    ['ㅏ', 'KeyK', shortcuts.palette, true],
    ['ㅇ', 'KeyD', shortcuts.dial, true],
    ['л', 'KeyK', shortcuts.palette, true],
    // On a keyboard of Dvorak the key K types t: what it types is what is meant.
    ['t', 'KeyK', shortcuts.palette, false],
    ['ㅓ', 'KeyJ', shortcuts.palette, false],
  ])('are found by the key where its layout types no Latin letter: %s on %s', (key, code, keys, acts) => {
    expect(matches({ ...press(key, { ctrlKey: true }), code }, keys)).toBe(acts);
  });

  it('take Command for Ctrl, and "?" however it is typed', () => {
    expect(matches(press('k', { metaKey: true }), shortcuts.palette)).toBe(true);
    expect(matches(press('?', { shiftKey: true }), shortcuts.help)).toBe(true);
    expect(matches(press('?'), shortcuts.help)).toBe(true);
  });

  it('are each one combination', () => {
    const all = Object.values(shortcuts);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('times and shares', () => {
  it.each([
    [-5, '0:00'],
    [7_900, '0:07'],
    [765_000, '12:45'],
    [3_723_000, '1:02:03'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('shows a dash where nothing has happened yet', () => expect([formatPercent(null), formatPercent(0.755)]).toEqual(['–', '75.5%']));

  it('leaves out what is the same as now', () => {
    const now = new Date(2026, 10, 24, 12, 0).getTime();
    expect(formatWhen(new Date(2026, 10, 24, 9, 5).getTime(), now)).toBe('09:05');
    expect(formatWhen(new Date(2026, 10, 2, 9, 5).getTime(), now)).toBe('11-02 09:05');
    expect(formatWhen(new Date(2025, 10, 2, 9, 5).getTime(), now)).toBe('2025-11-02');
  });

  it('shows the center’s time on a machine elsewhere, and says so', () => {
    const evening = Date.UTC(2026, 10, 24, 15, 5);
    const elsewhere = ['Asia/Seoul', 'America/New_York'].find((zone) => localTime(evening, zone).ms !== localTime(evening, Intl.DateTimeFormat().resolvedOptions().timeZone).ms) ?? '';
    const [clock, day] = elsewhere === 'Asia/Seoul' ? ['00:05', '11-25 00:05'] : ['10:05', '11-24 10:05'];
    showTimesIn(elsewhere);
    expect([formatClock(evening), formatWhen(evening, evening), formatWhen(evening, evening + 3 * 24 * 3600_000), foreignZone(evening)]).toEqual([clock, clock, day, elsewhere]);
    showTimesIn(null);
    expect(foreignZone(evening)).toBeNull();
  });
});
