import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changesAfter } from '../center/store/changes.ts';
import { openStore, type Store } from '../center/store/index.ts';
import { plainLine } from '../contract/customer.ts';
import { AgentId, ContactId, GroupId } from '../contract/ids.ts';
import { systemClock } from '../server/clock.ts';
import type { Benchmark, BenchRow } from './bench.ts';

const CONTACTS = 10_000;
const logger = { info: () => {}, warn: () => {}, error: () => {} };

interface Measured {
  /** Contacts written a second: two log lines and a line of the history each. */
  written: number;
  /** Lines of the history read a second, by pages as desks fetch them. */
  read: number;
}

/** Time of a core: the disk's own is another matter, and the same for both. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** The center's database encrypted and not: what a contact costs to write, and a history to fetch. */
async function run(): Promise<BenchRow[]> {
  const plain = await measure(null);
  const encrypted = await measure(randomBytes(32));
  const row = (name: string, value: number, referenceValue: number): BenchRow => ({ name, value: Math.round(value), unit: 'contacts/s of a core', reference: 'the same, not encrypted', referenceValue: Math.round(referenceValue), ratio: value / referenceValue, bar: null, met: null });
  return [row('contacts written to the encrypted store', encrypted.written, plain.written), row('history fetched from the encrypted store', encrypted.read, plain.read)];
}

async function measure(key: Uint8Array | null): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'sangdam-bench-'));
  const file = join(folder, 'center.db');
  let store: Store = await openStore({ file, key, clock: systemClock, logger });
  try {
    const writing = cpuMs();
    for (let i = 0; i < CONTACTS; i++) await write(store, i);
    const written = CONTACTS / ((cpuMs() - writing) / 1000);
    // Reading begins with nothing in SQLite's own memory.
    await store.close();
    store = await openStore({ file, key, clock: systemClock, logger });
    const reading = cpuMs();
    for (let page = await changesAfter(store.db, { cursor: 0, mark: null }, 1000); page.more; ) page = await changesAfter(store.db, page, 1000);
    return { written, read: CONTACTS / ((cpuMs() - reading) / 1000) };
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function write({ records }: Store, i: number): Promise<void> {
  const contactId = ContactId.parse(randomUUID());
  const groupId = GroupId.parse('orders');
  const agentId = AgentId.parse(`agent${i % 100}`);
  const line = { at: systemClock.now(), contactId, agentId, groupId };
  await records.append([{ ...line, type: 'contact.queued', data: {} }, { ...line, type: 'contact.answered', data: { delayMs: 4000, inTime: true } }]);
  await records.putTimelineEntries([{
    ...plainLine, contactId, customerId: null, number: `+8210${String(i).padStart(8, '0')}`, kind: 'inbound', startedAt: systemClock.now(), groupId, groupName: '주문', agentId,
    agentName: `상담원 ${i % 100}`, outcome: 'answered', talkMs: 180_000, disposition: '배송 문의', memo: '배송지 변경 요청. 확인 후 회신하기로 함.',
  }]);
}

export const benchmark: Benchmark = { name: 'store', run };
