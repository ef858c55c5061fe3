import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { loadSigningKey } from '../../center/gateway/index.ts';
import { isDemoStore, isEmptyStore } from '../../center/store/demo/index.ts';
import { loadStoreKey } from '../../center/store/index.ts';
import { CenterProcess } from '../support/center-process.ts';
import { until } from '../support/until.ts';
import { temporaryFolder, temporaryStore } from '../unit/store/support.ts';

const PROGRAM = join(import.meta.dirname, 'support/first-start.ts');
const CENTER = join(import.meta.dirname, '../../server/main.ts');
const KILLS = 30;
/** A first start takes about so long, the demo's passwords included. */
const WITHIN_MS = 200;
const AT_ONCE = 4;

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** A process makes its first start in this folder and is killed so long after it began to. */
async function killedFirstStart(folder: string, afterMs: number): Promise<void> {
  const child = fork(PROGRAM, [folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(child, 'message');
  await sleep(afterMs);
  await kill(child);
}

/** A store that is whole: nobody's yet, or the demo's with all that belongs to it. */
async function startsIn(folder: string): Promise<'empty' | 'filled'> {
  const file = join(folder, 'center.db');
  const key = await loadStoreKey(file);
  const store = await temporaryStore(file, { key });
  const { db } = store;
  const { people } = await store.records.configuration();
  const isEmpty = await isEmptyStore(db);
  expect([people.length, await isDemoStore(db)]).toEqual(isEmpty ? [0, false] : [10, true]);
  await store.close();
  expect(await loadSigningKey(folder, key)).toHaveLength(32);
  return isEmpty ? 'empty' : 'filled';
}

describe('a first start that is killed at any moment', () => {
  it(`starts the next time: ${KILLS} kills, spread over its ${WITHIN_MS} ms`, async () => {
    const root = await temporaryFolder();
    const turns = Array.from({ length: KILLS }, (_, turn) => turn);
    const found: string[] = [];
    const lane = async (): Promise<void> => {
      for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
        const folder = join(root, String(turn));
        await mkdir(folder);
        // Every moment of it has its turn; a random one would be another test each time.
        await killedFirstStart(folder, (turn * WITHIN_MS) / KILLS);
        found.push(await startsIn(folder));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    expect(found).toHaveLength(KILLS);
    expect(found).toContain('empty');
  }, 180_000);

  it('and so does the whole center', async () => {
    const folder = await temporaryFolder();
    const environment = { ...process.env, SANGDAM_PORT: '0', SANGDAM_DEMO: '1', SANGDAM_LOG: 'silent', SANGDAM_DATA: folder };
    const child = fork(CENTER, [], { env: environment, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await until('it has begun to write', () => existsSync(join(folder, 'center.db')), 60_000);
    await kill(child);
    const again = await CenterProcess.start({ SANGDAM_DATA: folder });
    expect(await again.health()).toMatchObject({ ok: true });
    await again.stop();
  });
});
