import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { encryptIfPlain } from '../../../center/store/dialect/sqlite/encryption.ts';
import { loadStoreKey } from '../../../center/store/index.ts';
import { readSettings } from '../../../server/settings.ts';
import { draft, temporaryFolder, temporaryStore, valueOf } from './support.ts';

const KEY = Buffer.alloc(32, 5);
const OTHER = Buffer.alloc(32, 6);
const NUMBER = '+821012345678';

/** All bytes of all files of a folder. */
async function bytesOf(folder: string): Promise<string> {
  const files = await Promise.all(readdirSync(folder).map((name) => readFile(join(folder, name))));
  return Buffer.concat(files).toString('latin1');
}

/** A store with one customer, as a former program left it. */
async function plainStore() {
  const folder = await temporaryFolder();
  const file = join(folder, 'center.db');
  const store = await temporaryStore(file);
  valueOf(await store.records.createCustomer(draft({ name: 'NAMEOFCUSTOMER' })));
  return { folder, file, store };
}

describe('the database at rest', () => {
  it('holds no number and no name that can be read, in no file, while it is open and afterwards', async () => {
    const folder = await temporaryFolder();
    const store = await temporaryStore(join(folder, 'center.db'), { key: KEY });
    valueOf(await store.records.createCustomer(draft({ name: 'NAMEOFCUSTOMER' })));
    for (const close of [() => Promise.resolve(), () => store.close()]) {
      await close();
      const bytes = await bytesOf(folder);
      expect([bytes.length > 4096, bytes.includes(NUMBER), bytes.includes('NAMEOFCUSTOMER'), bytes.includes('CREATE TABLE')]).toEqual([true, false, false, false]);
    }
  });

  it('opens again with its key', async () => {
    const file = join(await temporaryFolder(), 'center.db');
    const first = await temporaryStore(file, { key: KEY });
    valueOf(await first.records.createCustomer(draft()));
    await first.close();
    const again = await temporaryStore(file, { key: KEY });
    expect(await again.records.customerByNumber(NUMBER)).toMatchObject({ name: '고객 0001' });
  });

  it('is encrypted at the next start where it was not, with what a killed center left in its journal', async () => {
    const { folder, store } = await plainStore();
    const copies = await temporaryFolder();
    for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(copies, name));
    expect(existsSync(join(copies, 'center.db-wal'))).toBe(true);
    expect((await bytesOf(copies)).includes(NUMBER)).toBe(true);
    const encrypted = await temporaryStore(join(copies, 'center.db'), { key: KEY });
    expect(await encrypted.records.customerByNumber(NUMBER)).toMatchObject({ name: 'NAMEOFCUSTOMER' });
    expect((await bytesOf(copies)).includes(NUMBER)).toBe(false);
    expect((await stat(join(copies, 'center.db'))).mode & 0o777).toBe(0o600);
    await encrypted.close();
    expect(readdirSync(copies).toSorted()).toEqual(['center.db', 'center.db.lock']);
    await store.close();
  });

  it('is whole, whatever a start that was cut short left of the copy', async () => {
    const { folder, file, store } = await plainStore();
    await store.close();
    await writeFile(`${file}.encrypting`, 'half of a copy');
    const again = await temporaryStore(file, { key: KEY });
    expect(await again.records.customerByNumber(NUMBER)).toMatchObject({ name: 'NAMEOFCUSTOMER' });
    await again.close();
    expect(readdirSync(folder).toSorted()).toEqual(['center.db', 'center.db.lock']);
    expect(await encryptIfPlain(file, KEY)).toBe(false);
  });
});

describe('its key', () => {
  it('is made once, its user’s alone, and stays', async () => {
    const file = join(await temporaryFolder(), 'center.db');
    const keys = await Promise.all([loadStoreKey(file), loadStoreKey(file)]);
    expect(keys[0]).toHaveLength(32);
    expect([keys[1], await loadStoreKey(file)]).toEqual([keys[0], keys[0]]);
    expect((await stat(file.replace('center.db', 'store.key'))).mode & 0o777).toBe(0o600);
  });

  it('may come from the operator, as a value or in a file', async () => {
    const file = join(await temporaryFolder(), 'key');
    await writeFile(file, `${KEY.toString('hex')}\n`);
    for (const given of [{ SANGDAM_STORE_KEY: KEY.toString('hex') }, { SANGDAM_STORE_KEY_FILE: file }]) {
      const settings = readSettings(given);
      expect(settings.ok && settings.value.storeKey && Buffer.from(settings.value.storeKey)).toEqual(KEY);
    }
  });
});

describe('failure: the key', () => {
  it('that is another one is refused with a way out, and the file stays as it was', async () => {
    const file = join(await temporaryFolder(), 'center.db');
    const store = await temporaryStore(file, { key: KEY });
    await store.close();
    const before = await readFile(file);
    for (const key of [OTHER, null]) await expect(temporaryStore(file, { key })).rejects.toMatchObject({ code: 'key', message: expect.stringContaining('SANGDAM_STORE_KEY') });
    expect(await readFile(file)).toEqual(before);
  });

  it('that is gone, or was cut short, is not made anew over a database it opens', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'center.db');
    const store = await temporaryStore(file, { key: await loadStoreKey(file) });
    await store.close();
    await rm(join(folder, 'store.key'));
    await expect(loadStoreKey(file)).rejects.toMatchObject({ code: 'key', message: expect.stringContaining('SANGDAM_STORE_KEY_FILE') });
    await writeFile(join(folder, 'store.key'), 'abc');
    await expect(loadStoreKey(file)).rejects.toMatchObject({ code: 'key' });
    expect(readdirSync(folder).toSorted()).toEqual(['center.db', 'center.db.lock', 'store.key']);
  });

  it('that is none is named by its setting', () => {
    expect(readSettings({ SANGDAM_STORE_KEY: 'short' })).toMatchObject({ ok: false, error: { code: 'input.invalid', message: expect.stringContaining('SANGDAM_STORE_KEY') } });
    expect(readSettings({ SANGDAM_STORE_KEY_FILE: '/nowhere' })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_STORE_KEY_FILE') } });
  });

  it('opens no file that was changed underneath', async () => {
    const file = join(await temporaryFolder(), 'center.db');
    const store = await temporaryStore(file, { key: KEY });
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(store.db);
    await store.close();
    const bytes = await readFile(file);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await expect(temporaryStore(file, { key: KEY })).rejects.toMatchObject({ code: 'corrupt' });
  });
});
