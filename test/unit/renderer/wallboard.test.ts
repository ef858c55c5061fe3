import { describe, expect, it } from 'vitest';
import { answerRate, type GroupStatistics, type HourCounters } from '../../../contract/statistics.ts';
import { sessionOf } from '../../../renderer/app/dev-scenarios.ts';
import { agentsOnDuty, densityOf, hourRows, orderTiles, tilesOf, totalsOf, urgency, type Tile } from '../../../renderer/features/wallboard/board.ts';
import { formatPercent } from '../../../renderer/ui/format.ts';
import { ANSWER_RATE, levelOfQueue, levelOfShare, levelOfWait, SERVICE_LEVEL, toneOfLevel, worst } from '../../../renderer/features/wallboard/thresholds.ts';

const NOW = 1_700_000_000_000;
const view = sessionOf('idle', NOW, { theme: null, language: null, role: 'supervisor', dock: false });
const tiles = tilesOf(view.groups, view.statistics);
const [busy, calm] = tiles as [Tile, Tile];
const names = (some: readonly Tile[]) => some.map(({ group }) => group.name);

describe('thresholds', () => {
  it.each([
    [0.85, 'good'],
    [0.8499, 'fair'],
    [0.7, 'fair'],
    [0.6999, 'poor'],
    [null, 'none'],
  ] as const)('an answer rate of %s is %s', (share, level) => expect(levelOfShare(share, ANSWER_RATE)).toBe(level));

  it('hold the service level against its target of 80 %', () => {
    expect([0.8, 0.79, 0.69].map((share) => levelOfShare(share, SERVICE_LEVEL))).toEqual(['good', 'fair', 'poor']);
  });

  it.each([
    [null, 'none'],
    [20_000, 'good'],
    [20_001, 'fair'],
    [60_000, 'fair'],
    [60_001, 'poor'],
  ] as const)('a wait of %s ms with T = 20 s is %s', (wait, level) => expect(levelOfWait(wait, 20_000)).toBe(level));

  it('see a queue that nobody can take from', () => {
    expect([levelOfQueue(0, 0, 0), levelOfQueue(1, 1, 1), levelOfQueue(2, 1, 3), levelOfQueue(1, 0, 0)]).toEqual(['none', 'good', 'fair', 'poor']);
  });

  it('have a shape of their own each', () => expect(new Set(Object.values(toneOfLevel)).size).toBe(4));

  it('take the worst of several', () => expect([worst('good', 'poor', 'fair'), worst('none', 'good')]).toEqual(['poor', 'none']));
});

describe('percentages', () => {
  it.each([
    [null, '–'],
    [1, '100%'],
    [0.57, '57%'],
    [0.8496, '84.9%'],
    [0.7, '70%'],
    [2 / 3, '66.6%'],
  ] as const)('%s reads %s, never better than it is', (share, text) => expect(formatPercent(share)).toBe(text));
});

describe('tiles', () => {
  it('stand in the order of the center, without a group that has no figures yet', () => {
    expect(names(tilesOf(view.groups, view.statistics.slice(1)))).toEqual([calm.group.name]);
    expect(names(orderTiles(tiles, 'given'))).toEqual([busy.group.name, calm.group.name]);
  });

  it('put the longest wait first when asked, and leave the others as they are', () => {
    const later: Tile = { ...calm, figures: { ...calm.figures, waiting: 1, oldestWaitingSince: NOW - 5000 } };
    expect(orderTiles([later, busy], 'urgent')).toEqual([busy, later]);
    expect(orderTiles([calm, busy], 'urgent')).toEqual([busy, calm]);
  });

  it('want somebody as soon as callers wait too long', () => {
    expect(urgency(busy, NOW)).toBe('poor');
    expect(urgency(busy, busy.figures.oldestWaitingSince ?? 0)).toBe('fair');
    expect(urgency(calm, NOW)).toBe('none');
  });

  it('add up to figures computed anew, not to averages of averages', () => {
    const lone: Tile = { ...calm, figures: { ...calm.figures, today: { ...calm.figures.today, offered: 2, answered: 0, answeredInTime: 0, abandoned: 2, shortAbandoned: 0, handled: 0, answerDelayMs: 0, talkMs: 0, holdMs: 0, afterCallMs: 0 } } };
    const { today } = busy.figures;
    expect(totalsOf([busy, lone])).toMatchObject({ waiting: 3, answerRate: today.answered / (today.answered + today.abandoned + today.shortAbandoned + 2), asaMs: today.answerDelayMs / today.answered });
    expect(totalsOf([])).toEqual({ waiting: 0, oldestWaitingSince: null, serviceLevel: null, answerRate: null, asaMs: null, ahtMs: null });
  });
});

describe('the answer rate', () => {
  it('does not fall while one more waits or rings', () => {
    expect(answerRate({ ...busy.figures.today, offered: 2, answered: 1, abandoned: 0, shortAbandoned: 0 })).toBe(1);
  });

  it('has no figure while callers only wait, and one as soon as a call is answered or given up', () => {
    const first = { ...busy.figures.today, offered: 1, answered: 0, abandoned: 0, shortAbandoned: 0 };
    expect(answerRate(first)).toBeNull();
    expect(answerRate({ ...first, abandoned: 1 })).toBe(0);
    expect(answerRate({ ...first, answered: 1 })).toBe(1);
    expect(answerRate({ ...first, offered: 3, answered: 1, abandoned: 1 })).toBe(0.5);
  });
});

describe('the day by hour', () => {
  const hour = (at: number, offered: number): HourCounters => ({ hour: at, offered, answered: offered, abandoned: 0 });
  const group = (byHour: HourCounters[], lastWeekByHour: HourCounters[]): GroupStatistics => ({ ...busy.figures, byHour, lastWeekByHour });

  it('adds groups up, from the first busy hour to the last', () => {
    const rows = hourRows([group([hour(9, 2), hour(11, 1)], [hour(12, 4)]), group([hour(9, 3)], [])], 11);
    expect(rows.map((row) => [row.hour, row.today?.offered ?? null, row.lastWeek?.offered ?? null])).toEqual([[9, 5, 0], [10, 0, 0], [11, 1, 0], [12, null, 4]]);
  });

  it('knows no last week where there is no history', () => expect(hourRows([group([hour(9, 2)], [])], 9)[0]?.lastWeek).toBeNull());

  it('is empty before the first call', () => expect(hourRows([group([hour(9, 0)], [])], 9)).toEqual([]));
});

describe('agents on the wall', () => {
  it('are those signed in, by state, and the longest first', () => {
    const shown = agentsOnDuty(view.agents, null);
    expect(shown.map(({ state }) => state.name)).not.toContain('LOGGED_OUT');
    const ready = shown.filter(({ state }) => state.name === 'READY').map(({ since }) => since);
    expect(ready).toEqual(ready.toSorted((a, b) => a - b));
  });

  it('are of one group when one is chosen', () => {
    expect(agentsOnDuty(view.agents, 'g-tech').every(({ groupIds }) => groupIds.some((id) => id === 'g-tech'))).toBe(true);
  });
});

describe('density', () => {
  it('shows all at once, as large as possible', () => {
    expect(densityOf(2, 920, 470)).toMatchObject({ size: 'large', columns: 2 });
    expect(densityOf(4, 1480, 700)).toMatchObject({ size: 'large', columns: 2 });
    expect(densityOf(16, 1480, 1000)).toMatchObject({ size: 'medium' });
  });

  it('scrolls by whole rows where not all can be seen', () => {
    const { size, rowHeight } = densityOf(50, 1480, 1000);
    expect(size).toBe('small');
    expect(1008 % rowHeight).toBeLessThan(8);
  });

  it('is one column on a phone', () => expect(densityOf(3, 380, 600).columns).toBe(1));
});
