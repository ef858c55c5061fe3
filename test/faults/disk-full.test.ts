import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ContactId } from '../../contract/ids.ts';
import type { StoreHealth } from '../../contract/store-health.ts';
import { Office } from '../support/cast/office.ts';
import { CtiLine } from '../support/cti-line.ts';
import { createSipPhone, type PhoneCall, type SipPhone } from '../support/sip-phone/index.ts';
import { until } from '../support/until.ts';
import { Program } from './support/program.ts';
import { Saved } from './support/saved.ts';
import { smallDisk } from './support/small-disk.ts';
import { phoneOf } from '../support/phone-of.ts';

const MEGABYTE = 1024 * 1024;
const PASSWORD = 'sangdam-demo';
/** Leads to the technical group without a menu; four of its people are at work. */
const DIRECT_NUMBER = '15880001';
const AT_WORK = [['agent1', 1020], ['agent2', 1140], ['agent5', 1260], ['agent6', 1380]] as const;
const CUSTOMER_PHONES = 9;
const CALLS = 20;

/** Somebody who takes calls, without a screen. */
class Worker {
  readonly memos = new Map<ContactId, Saved<string>>();
  readonly line: CtiLine;
  readonly phone: SipPhone;
  readonly toneHz: number;

  private constructor(line: CtiLine, phone: SipPhone, toneHz: number) {
    this.line = line;
    this.phone = phone;
    this.toneHz = toneHz;
  }

  static async begin(program: Program, account: string, toneHz: number): Promise<Worker> {
    const line = await CtiLine.open(program.origin, account, PASSWORD);
    const { user, password } = phoneOf(line.signedIn);
    const phone = createSipPhone({ url: program.sipUrl, user, password, toneHz });
    await phone.register();
    await line.command('agent.reportDevice', { microphone: 'ok' });
    await line.goReady();
    return new Worker(line, phone, toneHz);
  }

  async answer(): Promise<ContactId> {
    await (await this.phone.incoming(20_000)).answer();
    return ContactId.parse((await this.line.contactIs('talking', 20_000)).contactId);
  }

  get contactId(): ContactId {
    const [contactId] = this.line.contacts.keys();
    return ContactId.parse(contactId);
  }

  /** Whether it was acknowledged; refused with anything but what a person understands, it throws. */
  async write(memo: string): Promise<boolean> {
    const { contactId } = this;
    const saved = this.memos.get(contactId) ?? new Saved<string>();
    this.memos.set(contactId, saved);
    saved.try(memo);
    const refusal = await this.line.command('contact.update', { contactId, memo }).then(() => null, (error: unknown) => String(error));
    if (refusal === null) saved.acknowledge(memo);
    else if (!refusal.includes('store.unavailable')) throw new Error(refusal);
    return refusal === null;
  }

  async close(): Promise<void> {
    this.line.close();
    await this.phone.close();
  }
}

/** Customers' phones, each of which may be in several calls. */
async function customersOf(program: Program) {
  const phones = Array.from({ length: CUSTOMER_PHONES }, (_, i) => createSipPhone({ url: program.sipUrl, user: `c${i + 1}`, password: 'customer', toneHz: 420 + 60 * i }));
  for (const phone of phones) await phone.register();
  let next = 0;
  const call = async (): Promise<{ line: PhoneCall; toneHz: number }> => {
    const index = next++ % CUSTOMER_PHONES;
    const line = await phones[index]?.call(DIRECT_NUMBER);
    if (line === undefined) throw new Error('no phone');
    await until('the center takes the call', () => line.isUp, 20_000);
    return { line, toneHz: 420 + 60 * index };
  };
  return { call, close: () => Promise.all(phones.map((phone) => phone.close())) };
}

const healthOf = async (program: Program): Promise<Record<string, unknown>> => (await (await fetch(`${program.origin}/healthz`)).json()) as Record<string, unknown>;

it('a disk that fills up during 20 calls: calls go on, who is in charge is told, nothing acknowledged is lost, and it recovers by itself', async () => {
  const disk = await smallDisk(24 * MEGABYTE);
  const program = await Program.start(join(disk.folder, 'data'));
  const workers: Worker[] = [];
  for (const [account, toneHz] of AT_WORK) workers.push(await Worker.begin(program, account, toneHz));
  const [first, second] = workers;
  if (first === undefined || second === undefined) throw new Error('nobody at work');
  const supervisor = await CtiLine.open(program.origin, 'supervisor', PASSWORD);
  const told = (): StoreHealth[] => supervisor.events.flatMap((event) => (event.type === 'store.changed' ? [event.payload] : []));
  const customers = await customersOf(program);
  onTestFinished(async () => {
    supervisor.close();
    await Promise.all([...workers.map((worker) => worker.close()), customers.close()]);
  });

  // Four talk, sixteen wait and hear music.
  const calls: { line: PhoneCall; toneHz: number }[] = [];
  for (let call = 0; call < CALLS; call++) {
    calls.push(await customers.call());
    await workers[call]?.answer();
  }
  const heard = () => Promise.all(workers.map(async (worker, i) => Promise.all([calls[i]?.line.hears(worker.toneHz), worker.phone.hears(calls[i]?.toneHz ?? 0)])));
  await heard();
  for (const worker of workers) expect(await worker.write('처음')).toBe(true);
  expect(await healthOf(program)).toMatchObject({ ok: true, store: true });

  // The disk fills up: who is in charge hears it while everything is still being saved.
  await disk.fill(program.pid);
  let turn = 0;
  const writeUntil = (done: () => boolean, whatElse: () => Promise<void> = () => Promise.resolve()) =>
    until('the disk is felt', async () => {
      for (const worker of workers) await worker.write(`${++turn} ${'메모'.repeat(1500)}`);
      await whatElse();
      return done();
    }, 90_000, 0);
  await writeUntil(() => told().length > 0);
  expect(told()[0]).toEqual({ state: 'low' });
  expect(await first.write('예비 공간에')).toBe(disk.kind === 'file system');
  expect(await healthOf(program)).toMatchObject({ ok: false, store: false, storeTrouble: expect.stringMatching(/full|I\/O/) });

  // And somebody else takes the reserve, too: from now on nothing is acknowledged.
  await writeUntil(() => told().at(-1)?.state === 'failing', () => disk.fill(program.pid));
  expect(await first.write('저장되지 않음')).toBe(false);
  expect(await healthOf(program)).toMatchObject({ ok: false, store: false });
  await heard();

  // Calls go on: one ends, the next who waited is answered, and one more comes in.
  await calls[0]?.line.hangUp();
  await first.line.contactIs('afterCall');
  await first.line.command('agent.setState', { choice: { kind: 'ready' } });
  await first.answer();
  await first.phone.hears(calls[4]?.toneHz ?? 0);
  calls.push(await customers.call());

  // Room again: nobody has to do anything.
  await disk.free(program.pid);
  await until('all is told to be well', () => told().at(-1)?.state === 'well', 30_000);
  expect(await healthOf(program)).toMatchObject({ ok: true, store: true });
  for (const worker of workers) expect(await worker.write('다시')).toBe(true);
  for (const { line } of calls) if (!line.hasEnded) await line.hangUp();
  for (const worker of workers) await worker.line.contactIs('afterCall');
  expect(await second.write('통화 뒤')).toBe(true);

  // What is on the disk, and not in anybody's memory.
  await until('all calls are over', async () => (await healthOf(program))['contacts'] === AT_WORK.length, 20_000);
  await program.kill();
  await program.startAgain();
  const office = await Office.open(program.origin, 'supervisor', PASSWORD);
  onTestFinished(() => office.close());
  const { timeline } = office.everything;
  const wrong = workers.flatMap(({ memos }) => [...memos]).filter(([contactId, saved]) => !saved.allows(timeline.get(contactId)?.memo ?? '(none)'));
  expect(wrong.map(([contactId, saved]) => `${contactId}: ${saved.toString().slice(0, 200)}`)).toEqual([]);
  const begun = Math.min(...workers.flatMap(({ memos }) => [...memos.keys()]).map((contactId) => timeline.get(contactId)?.startedAt ?? 0));
  expect([...timeline.values()].filter(({ startedAt }) => startedAt >= begun)).toHaveLength(CALLS + 1);
}, 240_000);
