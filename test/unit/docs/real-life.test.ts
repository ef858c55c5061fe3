import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const lines = (await readFile(join(ROOT, 'docs/real-life.md'), 'utf8')).split('\n');
/** Lines of the tables that name a case by a letter and a number. */
const rows = lines.flatMap((line) => {
  const id = /^\| ([A-Z]\d+) \|/.exec(line)?.[1];
  return id === undefined ? [] : [{ id, tests: [...line.matchAll(/`(test\/[\w./-]+)`: “([^”]+)”/g)].map(([, file = '', name = '']) => ({ file, name })) }];
});

/** Whether a test of this name is written there: the name is the whole of a string behind `it(` or `it.each(…)(`. */
const has = (source: string, name: string): boolean => ["'", '`'].some((quote) => source.includes(`(${quote}${name}${quote}, `));

describe('what becomes of real life', () => {
  it('has each case once', () => {
    expect(rows.length).toBeGreaterThan(25);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it.each(rows)('$id is shown by tests that exist', async ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const { file, name } of tests) {
      // The name of a described part stands before its own.
      const own = name.replace(/^failure: /, '');
      const source = await readFile(join(ROOT, file), 'utf8');
      expect([file, name, has(source, name) || has(source, own)]).toEqual([file, name, true]);
    }
  });
});
