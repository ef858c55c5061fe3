import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CustomerDraft } from '../../../contract/customer.ts';
import { openStore, type Store } from '../../../center/store/index.ts';

export const NOW = Date.UTC(2026, 4, 20, 3, 0, 0);

/** A folder of this test's own, removed after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sangdam-unit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An empty store in a folder of its own, closed after the test. `now` stands still until the test moves it. */
export async function temporaryStore(file?: string): Promise<Store & { clock: { now: () => number; at: number } }> {
  const clock = {
    at: NOW,
    now() {
      return this.at;
    },
  };
  const store = await openStore({ file: file ?? join(await temporaryFolder(), 'center.db'), clock, logger: { info: () => {} } });
  let closed: Promise<void> | null = null;
  const close = () => (closed ??= store.close());
  onTestFinished(close);
  return { ...store, close, clock };
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
