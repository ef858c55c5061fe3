import { expect, it } from 'vitest';
import { watchMedia } from '../../../center/media/watch.ts';
import { until } from '../../support/until.ts';

function stage(): { clock: { setTimeout: (run: () => void, delayMs: number) => () => void }; pass: () => void; waits: number[]; lines: string[]; logger: Parameters<typeof watchMedia>[2] } {
  let next: (() => void) | null = null;
  const waits: number[] = [];
  const lines: string[] = [];
  return {
    clock: {
      setTimeout: (run, delayMs) => {
        next = run;
        waits.push(delayMs);
        return () => void (next = null);
      },
    },
    pass: () => next?.(),
    waits, lines,
    logger: { info: (_fields, message) => void lines.push(message), error: (fields, message) => void lines.push(`${message} ${JSON.stringify(fields)}`) },
  };
}

it('a store that is away is named once, for as long as it is, and looked for more often', async () => {
  const { clock, pass, waits, lines, logger } = stage();
  let why: string | null = 'there is no bucket "sounds"';
  const watch = watchMedia({ trouble: async () => why }, clock, logger);
  expect(watch.trouble()).toBeNull();
  await until('it is known', () => watch.trouble() !== null);
  pass();
  await until('it is looked at again', () => waits.length === 2);
  expect(lines).toEqual([expect.stringContaining('there is no bucket')]);
  why = null;
  pass();
  await until('it is back', () => watch.trouble() === null);
  await until('it waits', () => waits.length === 3);
  expect(lines[1]).toContain('is back');
  expect(waits[2]).toBeGreaterThan(waits[1] ?? 0);
});

it('failure: stopped in the middle of a look, it looks no more and says nothing', async () => {
  const { clock, waits, lines, logger } = stage();
  let answer = (_why: string | null): void => {};
  const watch = watchMedia({ trouble: () => new Promise((resolve) => (answer = resolve)) }, clock, logger);
  const stopped = watch.stop();
  answer('away');
  await stopped;
  expect([watch.trouble(), waits, lines]).toEqual([null, [], []]);
});
