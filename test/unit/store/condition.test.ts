import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Condition } from '../../../center/store/condition.ts';
import { Reserve } from '../../../center/store/reserve.ts';
import type { StoreHealth } from '../../../contract/store-health.ts';
import { TestClock } from '../center/center-stage.ts';
import { temporaryFolder, temporaryStore } from './support.ts';

const sqliteError = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** A condition over a disk that does as it is told. */
function stage() {
  const clock = new TestClock();
  const disk = { free: 1e9, canTake: true, released: 0, last: 0, held: true, full: false };
  const reserve = {
    get freeBytes() {
      return disk.free;
    },
    take: () => Promise.resolve((disk.held = disk.canTake)),
    release: () => {
      if (!disk.held) return false;
      disk.held = false;
      disk.released += 1;
      return true;
    },
    releaseLast: () => void (disk.last += 1),
  };
  const logged: { message: string; why?: unknown }[] = [];
  const log = (fields: Record<string, unknown>, message: string): void => void logged.push({ ...fields, message });
  const condition: Condition = new Condition({
    reserve,
    clock,
    logger: { info: log, error: log },
    probe: () => {
      if (!disk.full) condition.written();
      return disk.full ? Promise.reject(new Error('full')) : Promise.resolve();
    },
  });
  const heard: StoreHealth[] = [];
  condition.onChange((health) => heard.push(health));
  return { clock, disk, condition, heard, logged };
}

const FULL = sqliteError('SQLITE_FULL', 'database or disk is full');

describe('the condition of a store', () => {
  it('goes from well to its reserve, to failing, and back by itself when there is room', async () => {
    const { clock, disk, condition, heard, logged } = stage();
    disk.full = true;
    disk.canTake = false;
    condition.failed(FULL);
    expect([condition.current, disk.released]).toEqual([{ state: 'low' }, 1]);
    condition.failed(FULL);
    expect(condition.current).toEqual({ state: 'failing', cause: 'full' });
    expect(condition.trouble).toBe('database or disk is full');
    await clock.pass(60_000);
    expect(condition.current.state).toBe('failing');
    disk.full = false;
    await clock.pass(1000);
    expect(condition.current.state).toBe('low');
    disk.canTake = true;
    await clock.pass(1000);
    expect(condition.trouble).toBeNull();
    expect(heard).toEqual([{ state: 'low' }, { state: 'failing', cause: 'full' }, { state: 'low' }, { state: 'well' }]);
    expect(logged.filter(({ why }) => why === 'database or disk is full')).toHaveLength(1);
  });

  it('gives the reserve back before a write that finds almost no room', () => {
    const { clock, disk, condition } = stage();
    condition.beforeWrite();
    expect(condition.current.state).toBe('well');
    disk.free = 100_000;
    condition.beforeWrite();
    expect(condition.current.state).toBe('well');
    void clock.pass(100);
    condition.beforeWrite();
    expect([condition.current.state, disk.released]).toEqual(['low', 1]);
  });

  it('is not touched by a write that is refused for what it says', () => {
    const { condition } = stage();
    condition.failed(sqliteError('SQLITE_CONSTRAINT_CHECK', 'CHECK constraint failed'));
    condition.failed(new TypeError('SQLite3 can only bind numbers, strings, bigints, buffers, and null'));
    expect(condition.current.state).toBe('well');
  });

  it.each([
    ['SQLITE_READONLY_DBMOVED', 'readOnly'],
    ['SQLITE_IOERR_WRITE', 'other'],
    ['SQLITE_CORRUPT', 'damaged'],
  ] as const)('tells %s as %s', (code, cause) => {
    const { disk, condition } = stage();
    disk.held = false;
    condition.failed(sqliteError(code, 'x'));
    expect(condition.current).toEqual({ state: 'failing', cause });
  });

  it('gives the last of the reserve to a center that ends in trouble, and keeps it otherwise', () => {
    const { disk, condition } = stage();
    condition.releaseLast();
    expect(disk.last).toBe(0);
    condition.failed(FULL);
    condition.releaseLast();
    expect(disk.last).toBe(1);
  });

  it('is looked at no more once it is closed', async () => {
    const { clock, disk, condition, heard } = stage();
    disk.canTake = false;
    condition.failed(FULL);
    condition.close();
    disk.canTake = true;
    await clock.pass(60_000);
    expect(heard).toEqual([{ state: 'low' }]);
  });
});

describe('the reserve', () => {
  const MEGABYTE = 1024 * 1024;

  it('takes up room that is real, gives back all but a quarter, and then the rest', async () => {
    const file = join(await temporaryFolder(), 'reserve');
    const reserve = new Reserve(file, 4 * MEGABYTE);
    expect(await reserve.take()).toBe(true);
    expect((await stat(file)).blocks * 512).toBeGreaterThanOrEqual(4 * MEGABYTE);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(reserve.release()).toBe(true);
    expect((await stat(file)).size).toBe(MEGABYTE);
    expect(reserve.release()).toBe(false);
    reserve.releaseLast();
    expect((await stat(file)).size).toBe(0);
    expect(await reserve.take()).toBe(true);
    expect((await stat(file)).size).toBe(4 * MEGABYTE);
  });

  it('of a run before is there for the next one, which may find the disk full', async () => {
    const file = join(await temporaryFolder(), 'reserve');
    await new Reserve(file, 4 * MEGABYTE).take();
    expect(new Reserve(file, 4 * MEGABYTE).release()).toBe(true);
  });

  it('is none where none is wanted, and where it cannot be written', async () => {
    const folder = await temporaryFolder();
    expect(await new Reserve(join(folder, 'none'), 0).take()).toBe(true);
    await writeFile(join(folder, 'file'), '');
    expect(await new Reserve(join(folder, 'file/under'), 4 * MEGABYTE).take()).toBe(false);
  });
});

describe('failure: a store that cannot be written', () => {
  it('tells a line that it refuses from a disk that is full', async () => {
    const { records } = await temporaryStore();
    const line = { contactId: null, agentId: null, groupId: null, at: NaN, type: 'x', data: {} };
    await expect(records.append([line])).rejects.toMatchObject({ name: 'NotWritten', why: 'refused' });
    await expect(records.append([{ ...line, at: 1, data: { big: 1n } }])).rejects.toMatchObject({ why: 'refused' });
    expect(records.health.current.state).toBe('well');
  });

  it('keeps what it refused as text, whatever it was', async () => {
    const { records, db } = await temporaryStore();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    for (const content of [{ a: 1 }, loop, 1n, undefined]) await records.setAside({ what: 'x', contactId: null, content, why: 'refused' });
    expect((await db.selectFrom('set_aside').select('content').orderBy('id').execute()).map(({ content }) => content)).toEqual(['{"a":1}', '[object Object]', '1', 'undefined']);
  });
});
