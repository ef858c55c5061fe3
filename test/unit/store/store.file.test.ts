import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/clock.ts';
import { openStore } from '../../../center/store/index.ts';
import { temporaryFolder, temporaryStore } from './support.ts';

const open = (file: string, key: Uint8Array | null = null) => openStore({ file, key, clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });

describe('a store', () => {
  it('tells whether it answers', async () => {
    const store = await temporaryStore();
    expect(await store.trouble()).toBeNull();
    await store.close();
    expect(await store.trouble()).toContain('does not answer');
  });
});

describe('failure: a store that cannot be opened says why and what to do', () => {
  it('when the file is no database', async () => {
    const file = join(await temporaryFolder(), 'center.db');
    await writeFile(file, 'x'.repeat(5000));
    for (const key of [null, randomBytes(32)]) await expect(open(file, key)).rejects.toMatchObject({ code: 'key', message: expect.stringContaining('backup') });
  });

  it('when the file has been cut short', async () => {
    const folder = await temporaryFolder();
    const store = await temporaryStore(join(folder, 'whole.db'));
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(store.db);
    await store.close();
    await writeFile(join(folder, 'center.db'), (await readFile(join(folder, 'whole.db'))).subarray(0, 10_000));
    await expect(open(join(folder, 'center.db'))).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('when a newer version has written it', async () => {
    const folder = await temporaryFolder();
    const store = await temporaryStore(join(folder, 'whole.db'));
    await sql`PRAGMA user_version = 99`.execute(store.db);
    await store.close();
    await copyFile(join(folder, 'whole.db'), join(folder, 'center.db'));
    await expect(open(join(folder, 'center.db'))).rejects.toMatchObject({ code: 'newer', message: expect.stringContaining('newer version') });
  });

  it('when the folder is a file', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'data'), '');
    await expect(open(join(folder, 'data', 'center.db'))).rejects.toMatchObject({ code: 'unwritable', message: expect.stringContaining('SANGDAM_DATA') });
  });

  it('when the file is a folder', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'center.db'));
    await expect(open(join(folder, 'center.db'))).rejects.toMatchObject({ code: 'unwritable' });
  });

  it('when another center has it open', async () => {
    const file = join(await temporaryFolder(), 'center.db');
    await temporaryStore(file);
    await expect(open(file)).rejects.toMatchObject({ code: 'unwritable', message: expect.stringContaining('running already') });
  });
});
