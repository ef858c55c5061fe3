import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { inject, onTestFinished } from 'vitest';
import type { CustomerDraft } from '../../../contract/customer.ts';
import { DEMO_PASSWORD, seedDemo } from '../../../center/store/demo/index.ts';
import type { JobContext } from '../../../center/jobs/job.ts';
import type { Clock } from '../../../center/ports.ts';
import { fail, ok, type Result } from '../../../contract/errors.ts';
import { eraseCustomerJob } from '../../../center/jobs/kinds/erase-customer.ts';
import { openMedia } from '../../../center/media/index.ts';
import { CONTACTS_A_STEP, eraseSomeContactsBefore, mayErase, type Erased, type Erasure, eraseSomeEventsBefore, LINES_A_STEP } from '../../../center/store/erasure.ts';
import { loadStoreKey, openStore, type Database, type Store, type StoreLogger } from '../../../center/store/index.ts';
import { systemClock } from '../../../server/clock.ts';
import { copyStore, keepBeyond, placeAt } from './places.ts';

export const NOW = Date.UTC(2026, 4, 20, 3, 0, 0);

/** A folder of this test's own, removed after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sangdam-unit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const quiet: StoreLogger = { info: () => {}, warn: () => {}, error: () => {} };

const demoTemplates = new Map<number | undefined, Promise<string>>();

/** The demo's office. Its passwords are hashed at no cost, as every test that signs somebody in would pay for them. */
async function fillWithDemo({ db }: Store, now: number, customers?: number): Promise<void> {
  await seedDemo(db, now, customers);
  const password_hash = await hash(DEMO_PASSWORD, { memoryCost: 8, timeCost: 1 });
  await db.updateTable('accounts').set({ password_hash }).execute();
}

/** A folder of this process's own for what its tests copy. */
const templateFolder = (): string => mkdtempSync(join(inject('runFolder'), 'demo-'));

/** A store with the demo's office, made once by each process of tests: filling it takes a hundred times as long as copying it. */
async function makeDemoTemplate(customers?: number): Promise<string> {
  const file = join(templateFolder(), 'center.db');
  keepBeyond(file);
  const store = await openStore({ ...(await placeAt(file)), clock: { ...systemClock, now: () => NOW }, logger: quiet });
  await fillWithDemo(store, NOW, customers);
  await store.close();
  return file;
}

/** Customers of a data folder: none of its tests looks at all. */
const FEW_CUSTOMERS = 20;
let demoDataTemplate: Promise<string> | null = null;

async function makeDemoDataTemplate(): Promise<string> {
  const folder = templateFolder();
  const file = join(folder, 'center.db');
  const store = await openStore({ file, key: await loadStoreKey(file), clock: systemClock, logger: quiet });
  await fillWithDemo(store, systemClock.now(), FEW_CUSTOMERS);
  await store.close();
  return folder;
}

/** A data folder of this test's own as a server of the demo leaves it: encrypted, its key beside it. */
export async function demoDataFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(await (demoDataTemplate ??= makeDemoDataTemplate()), folder, { recursive: true });
  return folder;
}

/**
 * A store as `temporaryStore`'s, with the demo's office in it.
 * @param customers so many of them, where a test does not look at all
 */
export async function demoStore(customers?: number): Promise<TemporaryStore> {
  const template = demoTemplates.get(customers) ?? makeDemoTemplate(customers);
  demoTemplates.set(customers, template);
  const file = join(await temporaryFolder(), 'center.db');
  await copyStore(await template, file);
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
  const store = await openStore({ ...(await placeAt(file ?? join(await temporaryFolder(), 'center.db'), key)), clock, logger });
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

/** The event log as it is, oldest first. */
export async function logOf({ db }: Pick<Store, 'db'>): Promise<{ at: number; type: string; data: unknown }[]> {
  const rows = await db.selectFrom('events').select(['at', 'type', 'data']).orderBy('at').orderBy('id').execute();
  return rows.map(({ data, ...row }) => ({ ...row, data: JSON.parse(data) }));
}

async function inSteps(db: Database, most: number, some: (tx: Database) => Promise<number>): Promise<number> {
  for (let all = 0; ; ) {
    const count = await db.transaction().execute(some);
    all += count;
    if (count < most) return all;
  }
}

/** What retention does of contacts and of events, all of it. @returns how many */
export const eraseContactsBefore = (db: Database, before: number): Promise<number> => inSteps(db, CONTACTS_A_STEP, (tx) => eraseSomeContactsBefore(tx, before));
export const eraseEventsBefore = (db: Database, before: number): Promise<number> => inSteps(db, LINES_A_STEP, (tx) => eraseSomeEventsBefore(tx, before));

/** Erases a person as the worker does, without one. */
export async function eraseCustomer(db: Database, { now, ...erasure }: Erasure & { now: number }): Promise<Result<Erased>> {
  const may = await mayErase(db, erasure.customerId, erasure.reason);
  if (!may.ok) return may;
  const step: JobContext['step'] = (_progress, act) => db.transaction().execute(async (tx) => (await act?.(tx)) as never);
  const mediaSettings = { kind: 'folder' as const, folder: '' };
  const media = openMedia({ db, key: null, settings: mediaSettings, clock: { now: () => now } });
  const { result } = await eraseCustomerJob.run({ jobId: randomUUID(), db, media, settings: { filesFolder: '', media: mediaSettings, keepContactsDays: null, keepEventsDays: null }, now: () => now, step, customersChanged: () => {}, needsRoom: () => {} }, erasure);
  if (result.of === 'refused') return fail(result.why, '');
  if (result.of !== 'erasure') throw new Error('an erasure says what was erased');
  const { of: _of, ...erased } = result;
  return ok(erased);
}
