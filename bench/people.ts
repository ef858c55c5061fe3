import { fork } from 'node:child_process';
import { join } from 'node:path';
import { planPeople } from '../contract/new-people.ts';
import { readSheet } from '../renderer/shared/people/read-sheet.ts';
import type { Benchmark, BenchRow } from './bench.ts';
import { answer, ask, end } from './children.ts';
import { yardstick } from './yardstick.ts';

const PEOPLE = 1000;
const SLICE = 100;
const BAR_S = 10;
const AGENTS = 200;

/** A sheet of a thousand people from its text until the last is set up and invited, as the window imports it, at a center of 200 agents. */
export const benchmark: Benchmark = {
  name: 'people',
  run: async (): Promise<BenchRow[]> => {
    const subject = fork(join(import.meta.dirname, 'configuration-subject.ts'), [String(AGENTS), '0']);
    try {
      const { port, admin } = await answer<{ port: number; admin: string }>(subject);
      const slowness = yardstick();
      await ask(subject, 'lag');
      const began = performance.now();
      const rows = readSheet(['이름,내선,계정', ...Array.from({ length: PEOPLE }, (_, index) => `새 사람 ${index},${70_000 + index},`)].join('\n'));
      const people = planPeople(rows.map(({ person }) => person), { accounts: new Map(), extensions: new Map(), groups: [] }).flatMap(({ person }) => person ?? []);
      for (let from = 0; from < people.length; from += SLICE) {
        const slice = people.slice(from, from + SLICE).map(({ name, account, extension, role }) => ({ name, account, extension, role, memberships: [] }));
        const made = await fetch(`http://127.0.0.1:${port}/api/v1/people`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` }, body: JSON.stringify({ people: slice }) });
        if (made.status !== 201) throw new Error(`${made.status} ${await made.text()}`);
        await made.arrayBuffer();
      }
      const seconds = (performance.now() - began) / 1000 / slowness;
      const { worstMs } = await ask<{ worstMs: number }>(subject, 'lag');
      return [
        { name: `people: ${PEOPLE} imported and invited, divided by the yardstick`, value: Number(seconds.toFixed(2)), unit: 's', reference: `yardstick ${slowness.toFixed(2)}`, referenceValue: null, ratio: null, bar: `≤ ${BAR_S}`, met: seconds <= BAR_S },
        { name: 'people: the loop of the center was kept at worst, meanwhile', value: Math.round(worstMs / slowness), unit: 'ms', reference: `${PEOPLE / SLICE} pieces of ${SLICE}`, referenceValue: null, ratio: null, bar: null, met: null },
      ];
    } finally {
      await end(subject);
    }
  },
};
