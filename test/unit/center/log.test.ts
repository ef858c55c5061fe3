import { expect, it } from 'vitest';
import { customersOf, settle, talkingStage } from './center-stage.ts';

it('the log of a call holds nobody’s number, name or memo: those stand beside it while the call lasts, and in the history then', async () => {
  const stage = await talkingStage();
  const { desk, contactId, records } = stage;
  const { number } = desk.contact;
  await customersOf(stage).create({ name: 'NAMEOFCUSTOMER', company: '', numbers: [{ e164: number, label: '' }], vip: false, warning: '', note: '' });
  await desk.command('contact.update', { contactId, memo: 'MEMO OF THE CALL' });
  await stage.ready('agent2');
  await desk.command('contact.transfer', { contactId, target: { kind: 'number', number: '1002' } });
  await settle();
  expect(records.live.get(contactId)).toMatchObject({ number, memo: 'MEMO OF THE CALL', customerName: 'NAMEOFCUSTOMER' });
  for (const channelId of stage.switchPort.channels.keys()) stage.switchPort.phoneEnds(channelId);
  await settle();
  await stage.clock.pass(120_000);
  expect(records.timeline.get(contactId)).toMatchObject({ number, memo: 'MEMO OF THE CALL' });
  expect([...records.live.keys()]).toEqual([]);
  const log = JSON.stringify(records.events);
  expect(stage.logged().map(({ type }) => type)).toEqual(expect.arrayContaining(['contact.started', 'contact.transferred', 'contact.ended']));
  for (const personal of [number, 'MEMO OF THE CALL', 'NAMEOFCUSTOMER']) expect([personal, log.includes(personal)]).toEqual([personal, false]);
  // As a word of its own: ids are random, and may have any digits in them.
  expect(log).not.toMatch(/(?<![\w-])1002(?![\w-])/);
});
