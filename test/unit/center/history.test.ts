import { expect, it } from 'vitest';
import { centerStage, customersOf, settle } from './center-stage.ts';

it('desks are told of a change at once, and of many in few words that name them all', async () => {
  const stage = await centerStage();
  const desk = await stage.signIn('agent1');
  const told = () => desk.events.flatMap((event) => (event.type === 'customers.changed' ? [event.payload] : []));
  const create = async (n: number) => {
    await customersOf(stage).create({ name: `고객 000${n}`, company: '', numbers: [], vip: false, warning: '', note: '' });
    await settle();
  };
  for (const n of [1, 2, 3, 4]) await create(n);
  expect(told()).toHaveLength(1);
  await stage.clock.pass(250);
  expect(told().map(({ customerIds }) => customerIds.length)).toEqual([1, 3]);
  expect(told().at(-1)?.cursor).toBe(await stage.records.customersCursor());

  await stage.clock.pass(1000);
  await create(5);
  expect(told()).toHaveLength(3);
});
