import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { createContactCenter } from '../../../center/index.ts';
import { wordsOf } from '../../../center/store/dialect/words.ts';
import { rollUp } from '../../../center/store/rollups.ts';
import { AgentId, GroupId } from '../../../contract/ids.ts';
import { must } from '../../switch/stage.ts';
import { customersOf, settle, TestDesk } from '../center/center-stage.ts';
import { FakeSwitch } from '../center/fake-switch.ts';
import { until } from '../../support/until.ts';
import { demoStore } from './support.ts';

/** What a person reads, or what an administrator has set up; and what recovery needs, until the history has it. */
const MAY_KNOW = new Set(['customers', 'customer_numbers', 'contacts', 'contact_legs', 'live_contacts', 'configuration', 'accounts']);
const NUMBER = '+821099998888';
const COLLEAGUE = '+821088887777';
const TRACES = ['NAMEOFCUSTOMER', 'MEMO OF THE CALL', NUMBER, '1099998888', COLLEAGUE, '1088887777', '상담원 1'];

it('of a call nobody’s name, number or memo is in any table but those that people read: not in the log, nor in what is counted or kept beside it', async () => {
  const store = await demoStore(20);
  const { db, records, clock } = store;
  const configuration = await records.configuration();
  const flows = configuration.flows.map((flow) => ({ ...flow, steps: [{ type: 'group' as const, groupId: GroupId.parse('orders') }] }));
  const switchPort = new FakeSwitch();
  const center = createContactCenter({ switchPort, records: { ...records, configuration: () => Promise.resolve({ ...configuration, flows }) }, clock, logger: { info: () => {}, warn: () => {}, error: () => {} }, phoneSecret: new Uint8Array(32) });
  await center.start();
  onTestFinished(() => center.stop());
  const desk = new TestDesk(AgentId.parse('agent1'));
  const signedIn = must(await center.signIn(desk.agentId, 'desktop'));
  switchPort.register(signedIn.sipUser);
  desk.connection = must(center.connect(desk.agentId, signedIn.generation, desk));
  await settle();
  must(await desk.command('agent.setState', { choice: { kind: 'ready' } }));
  must(await customersOf({ center }).create({ name: 'NAMEOFCUSTOMER', company: '', numbers: [{ e164: NUMBER, label: '' }], vip: false, warning: '', note: '' }));

  const customer = switchPort.arrive(null, NUMBER, '15880000');
  const ringing = await until('the phone rings', () => switchPort.ringingAt('1001'));
  switchPort.phoneAnswers(ringing);
  await until('they talk, and know who it is', () => desk.contacts.size === 1 && desk.contact.customerName === 'NAMEOFCUSTOMER');
  const { contactId } = desk.contact;
  must(await desk.command('contact.update', { contactId, memo: 'MEMO OF THE CALL' }));
  await desk.command('contact.consult', { contactId, target: { kind: 'number', number: COLLEAGUE } });
  await settle();
  const tables = await tablesWith(db);
  expect(tables).toContain('live_contacts');
  switchPort.phoneEnds(customer);
  await settle();
  must(await desk.command('contact.complete', { contactId, next: null }));
  await until('the call is in the history', async () => (await db.selectFrom('contacts').select('memo').where('contact_id', '=', contactId).execute())[0]?.memo === 'MEMO OF THE CALL');
  while ((await rollUp(db, configuration.timeZone, 1000)) > 0);

  expect((await db.selectFrom('events').select('type').execute()).map(({ type }) => type)).toEqual(expect.arrayContaining(['contact.started', 'contact.answered', 'contact.ended', 'contact.handled']));
  expect((await db.selectFrom('rollups').selectAll().execute()).length).toBeGreaterThan(1);
  const after = await tablesWith(db);
  expect(after).toEqual(expect.arrayContaining(['customers', 'customer_numbers', 'contacts']));
  expect([...new Set([...tables, ...after])].filter((table) => !MAY_KNOW.has(table))).toEqual([]);
  expect(after).not.toContain('live_contacts');
});

/** The tables in which some value says one of the traces. */
async function tablesWith(db: Awaited<ReturnType<typeof demoStore>>['db']): Promise<string[]> {
  const { rows } = await wordsOf(db).textColumns().execute(db);
  const found: string[] = [];
  for (const name of new Set(rows.map(({ table_name }) => table_name))) {
    const text = JSON.stringify((await sql`SELECT * FROM ${sql.table(name)}`.execute(db)).rows);
    if (TRACES.some((trace) => text.includes(trace))) found.push(name);
  }
  return found;
}
