import { describe, expect, it } from 'vitest';
import { centerStage, CUSTOMER, customersOf, settle, type CenterStage, type TestDesk } from './center-stage.ts';

const SOMEBODY = { name: '고객 0009', company: '', numbers: [], vip: false, warning: '', note: '' };

/** A stranger talks with agent1; agent2 is signed in at another desk. */
async function strangerOnTheLine() {
  const stage = await centerStage();
  const other = await stage.signIn('agent2');
  const desk = await stage.ready('agent1');
  await stage.customerCalls();
  await stage.answer('1001');
  const created = await customersOf(stage).create(SOMEBODY);
  if (!created.ok) throw new Error(created.error.code);
  other.events.length = 0;
  return { stage, desk, other, customerId: created.value.customerId, contactId: desk.contact.contactId };
}

const toldOf = ({ events }: TestDesk) => events.flatMap((event) => (event.type === 'customers.changed' ? event.payload.customerIds : []));
const lines = (stage: CenterStage) => [...stage.records.timeline.values()];

describe('a stranger’s number that is given to a customer in a call', () => {
  it('makes the call theirs at once, and every desk is told', async () => {
    const { stage, desk, other, customerId } = await strangerOnTheLine();
    expect(desk.contact).toMatchObject({ number: CUSTOMER, customerId: null, customerName: '' });
    expect(await customersOf(stage).giveNumber(customerId, CUSTOMER)).toMatchObject({ ok: true });
    await stage.clock.pass(250);
    expect(desk.contact).toMatchObject({ customerId, customerName: '고객 0009' });
    expect(toldOf(other)).toContain(customerId);
  });

  it('and taken back makes the caller a stranger again, in after-call work and in the history too', async () => {
    const { stage, desk, customerId } = await strangerOnTheLine();
    await customersOf(stage).giveNumber(customerId, CUSTOMER);
    await desk.command('contact.hangUp', { contactId: desk.contact.contactId });
    await settle();
    expect(lines(stage)).toMatchObject([{ customerId }]);
    expect(await customersOf(stage).takeNumberBack(customerId, CUSTOMER)).toMatchObject({ ok: true });
    await settle();
    expect(desk.contact).toMatchObject({ customerId: null, customerName: '', me: { state: 'afterCall' } });
    expect(lines(stage)).toMatchObject([{ customerId: null }]);
  });

  it('is taken back by removing it in the customer’s editor as well', async () => {
    const { stage, desk, customerId } = await strangerOnTheLine();
    await customersOf(stage).giveNumber(customerId, CUSTOMER);
    await settle();
    await customersOf(stage).update(customerId, '1', SOMEBODY);
    await settle();
    expect(desk.contact).toMatchObject({ customerId: null });
    expect(stage.records.customers).toMatchObject([{ numbers: [] }]);
  });

  it('stays theirs where the number had been entered, and is removed while they talk', async () => {
    const { desk, stage, customerId } = await strangerOnTheLine();
    await customersOf(stage).update(customerId, '1', { ...SOMEBODY, numbers: [{ e164: CUSTOMER, label: '' }] });
    await customersOf(stage).update(customerId, '1', SOMEBODY);
    await stage.clock.pass(250);
    expect(desk.contact).toMatchObject({ customerId });
  });
});
