import { describe, expect, it } from 'vitest';
import { NotWritten } from '../../../center/ports.ts';
import { lastOfEach, WriteQueue } from '../../../center/write-queue.ts';
import { settle, TestClock } from './center-stage.ts';

/** A queue over a disk that does as it is told. */
function stage(options: { most?: number } = {}) {
  const disk = { written: [] as string[], setAside: [] as string[], attempts: 0, problem: null as Error | null, refuses: (_item: string): boolean => false, asideProblem: null as Error | null };
  const logged: string[] = [];
  const clock = new TestClock();
  const queue = new WriteQueue<string>({
    clock,
    logger: { info: () => {}, warn: () => {}, error: (_fields, message) => void logged.push(message) },
    what: 'the list',
    write: async (items) => {
      disk.attempts += 1;
      if (disk.problem !== null) throw disk.problem;
      if (items.some(disk.refuses)) throw new NotWritten('refused', 'CHECK constraint failed');
      disk.written.push(...items);
    },
    setAside: async (item) => {
      if (disk.asideProblem !== null) throw disk.asideProblem;
      disk.setAside.push(item);
    },
    withoutOutdated: (items) => lastOfEach(items, (item) => (item.includes('=') ? (item.split('=')[0] ?? null) : null)),
    most: options.most ?? 1000,
  });
  const add = (...items: string[]) => {
    for (const item of items) queue.add(item);
    queue.hasten();
  };
  return { disk, clock, queue, logged, add };
}

const FULL = new NotWritten('unwritable', 'database or disk is full');

describe('what has to be written', () => {
  it('is written at once, in order, and durable then', async () => {
    const { disk, queue, add } = stage();
    add('a', 'b');
    add('c');
    expect(await queue.durable(1000)).toBe(true);
    expect(disk.written).toEqual(['a', 'b', 'c']);
  });

  it('is tried again with growing pauses while it cannot be, and is all there in the end, in order, each once', async () => {
    const { disk, clock, queue, add } = stage();
    disk.problem = FULL;
    add('a');
    await clock.pass(60_000);
    // 0.2 + 0.4 + … + 6.4 s, then every ten.
    expect(disk.attempts).toBeLessThan(15);
    add('b', 'c');
    expect(disk.written).toEqual([]);
    disk.problem = null;
    await clock.pass(10_000);
    expect(disk.written).toEqual(['a', 'b', 'c']);
    expect(queue.length).toBe(0);
  });

  it('is not tried more often because more comes', async () => {
    const { disk, clock, add } = stage();
    disk.problem = FULL;
    add('a');
    await clock.pass(30_000);
    const { attempts } = disk;
    for (let i = 0; i < 100; i++) add(`b${i}`);
    await settle();
    expect(disk.attempts).toBe(attempts);
  });

  it('is tried at once where somebody knows that it is worth it', async () => {
    const { disk, clock, queue, add } = stage();
    disk.problem = FULL;
    add('a');
    await clock.pass(60_000);
    disk.problem = null;
    queue.retryNow();
    expect(await queue.durable(1)).toBe(true);
  });

  it('is told not to be durable in time, and of each waiter only what they waited for', async () => {
    const { disk, clock, queue, add } = stage();
    disk.problem = FULL;
    add('a');
    const durable = queue.durable(2000);
    await clock.pass(2000);
    expect(await durable).toBe(false);
    disk.problem = null;
    await clock.pass(10_000);
    expect(await queue.durable(1)).toBe(true);
  });

  it('loses what a later one says, and who waited for the earlier waits for the later', async () => {
    const { disk, clock, queue, add } = stage();
    disk.problem = FULL;
    add('k1=old', 'x');
    let durable = false;
    void queue.flush().then(() => (durable = true));
    await settle();
    add('k1=new');
    await clock.pass(1000);
    expect([queue.length, durable]).toEqual([2, false]);
    disk.problem = null;
    await clock.pass(1000);
    expect([disk.written, durable]).toEqual([['x', 'k1=new'], true]);
  });

  it('is of bounded length: the oldest are given up, and that is said', async () => {
    const { disk, clock, queue, logged, add } = stage({ most: 10 });
    disk.problem = FULL;
    add(...Array.from({ length: 25 }, (_, i) => `i${i}`));
    await clock.pass(1000);
    expect(queue.length).toBe(10);
    expect(logged.some((message) => message.includes('given up'))).toBe(true);
    disk.problem = null;
    await clock.pass(10_000);
    expect(disk.written).toEqual(Array.from({ length: 10 }, (_, i) => `i${15 + i}`));
  });

  it('goes in transactions of a bounded size', async () => {
    const { disk, queue, add } = stage({ most: 10_000 });
    add(...Array.from({ length: 1700 }, (_, i) => `i${i}`));
    expect(await queue.durable(1000)).toBe(true);
    expect(disk.written).toHaveLength(1700);
    expect(disk.attempts).toBe(4);
  });
});

describe('failure: an item that the store refuses for what it says', () => {
  it('is set aside, and the others are written in order', async () => {
    const { disk, queue, logged, add } = stage();
    disk.refuses = (item) => item.startsWith('poison');
    add('a', 'poison 1', 'b', 'poison 2', 'c');
    expect(await queue.durable(1000)).toBe(true);
    expect(disk).toMatchObject({ written: ['a', 'b', 'c'], setAside: ['poison 1', 'poison 2'] });
    expect(logged.filter((message) => message.includes('set aside'))).toHaveLength(2);
  });

  it('waits with the others when it cannot be set aside for want of room', async () => {
    const { disk, clock, queue, add } = stage();
    disk.refuses = (item) => item === 'poison';
    disk.asideProblem = FULL;
    add('a', 'poison', 'b');
    await clock.pass(1000);
    expect([disk.written, queue.length]).toEqual([['a'], 2]);
    disk.asideProblem = null;
    await clock.pass(10_000);
    expect(disk).toMatchObject({ written: ['a', 'b'], setAside: ['poison'] });
  });

  it('and cannot be set aside for what it says either, is lost, and that is said', async () => {
    const { disk, queue, logged, add } = stage();
    disk.refuses = (item) => item === 'poison';
    disk.asideProblem = new NotWritten('refused', 'not even that');
    add('poison', 'b');
    expect(await queue.durable(1000)).toBe(true);
    expect(disk.written).toEqual(['b']);
    expect(logged.some((message) => message.includes('it is lost'))).toBe(true);
  });
});

describe('failure: the end comes while it cannot be written', () => {
  it('is tried once more without waiting, and what is left is told', async () => {
    const { disk, clock, queue, add } = stage();
    disk.problem = FULL;
    add('a', 'b');
    await clock.pass(60_000);
    const { attempts } = disk;
    expect(await queue.close()).toEqual(['a', 'b']);
    expect(disk.attempts - attempts).toBeLessThanOrEqual(2);
  });

  it('is written then, if that is possible by now', async () => {
    const { disk, clock, queue, add } = stage();
    disk.problem = FULL;
    add('a', 'b');
    await clock.pass(60_000);
    disk.problem = null;
    expect(await queue.close()).toEqual([]);
    expect(disk.written).toEqual(['a', 'b']);
  });
});
