import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { onTestFinished } from 'vitest';
import type { CustomerDraft } from '../../../contract/customer.ts';
import { DEMO_PASSWORD, seedDemo } from '../../../center/store/demo/index.ts';
import type { Clock } from '../../../center/ports.ts';
import { openStore, type Store, type StoreLogger } from '../../../center/store/index.ts';
import { systemClock } from '../../../server/clock.ts';

export const NOW = Date.UTC(2026, 4, 20, 3, 0, 0);

/** A folder of this test's own, removed after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sangdam-unit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const quiet: StoreLogger = { info: () => {}, warn: () => {}, error: () => {} };

let demoTemplate: Promise<string> | null = null;

/**
 * A file with the demo's office, made once by each process of tests: filling it takes a hundred times as long as copying
 * it. Its passwords are hashed at no cost, as every test that signs somebody in would pay for them.
 */
async function makeDemoTemplate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sangdam-unit-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'center.db');
  const store = await openStore({ file, key: null, clock: { ...systemClock, now: () => NOW }, logger: quiet });
  await seedDemo(store.db, NOW);
  for (const { agent_id } of await store.db.selectFrom('accounts').select('agent_id').execute()) {
    await store.db.updateTable('accounts').set({ password_hash: await hash(DEMO_PASSWORD, { memoryCost: 8, timeCost: 1 }) }).where('agent_id', '=', agent_id).execute();
  }
  await store.close();
  return file;
}

/** A store as `temporaryStore`'s, with the demo's office in it. */
export async function demoStore(): Promise<TemporaryStore> {
  const file = join(await temporaryFolder(), 'center.db');
  await copyFile(await (demoTemplate ??= makeDemoTemplate()), file);
  return temporaryStore(file);
}

export type TemporaryStore = Store & { clock: Clock & { at: number } };

/** An empty store in a folder of its own, not encrypted unless told, closed after the test. `now` stands still until the test moves it. */
export async function temporaryStore(file?: string, { key = null, logger = quiet }: { key?: Uint8Array | null; logger?: StoreLogger } = {}): Promise<TemporaryStore> {
  const clock = {
    ...systemClock,
    at: NOW,
    now() {
      return this.at;
    },
  };
  const store = await openStore({ file: file ?? join(await temporaryFolder(), 'center.db'), key, clock, logger });
  let closed: Promise<void> | null = null;
  const close = () => (closed ??= store.close());
  onTestFinished(close);
  return {
    ...store,
    get badRows() {
      return store.badRows;
    },
    close,
    clock,
  };
}

export const draft = (fields: Partial<CustomerDraft> = {}): CustomerDraft => ({
  name: '고객 0001',
  company: '',
  numbers: [{ e164: '+821012345678', label: '휴대전화' }],
  vip: false,
  warning: '',
  note: '',
  ...fields,
});

/** The value of a result. @throws with its error */
export function valueOf<Value>(result: { ok: true; value: Value } | { ok: false; error: { code: string; message: string } }): Value {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}
