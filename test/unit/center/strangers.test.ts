import { assert, asyncProperty, constantFrom, oneof, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_NUMBER, WITHHELD } from '../../../contract/phone-number.ts';
import { centerStage, CUSTOMER, settle, talkingStage, type CenterStage } from './center-stage.ts';

/** The dials that left the center. */
const dialledOut = ({ switchPort }: Pick<CenterStage, 'switchPort'>): string[] => switchPort.asked.flatMap(({ destination }) => (destination.kind === 'trunk' ? [destination.number] : []));

/** A call over the trunk. */
async function calls(stage: CenterStage, dialled: string, caller = '+821099998888', name = ''): Promise<string> {
  const channelId = stage.switchPort.arrive(null, caller, dialled, {}, name);
  await settle();
  return channelId;
}

describe('a call over the trunk to a number that is none of ours', () => {
  it.each(['01099998888', '0215880009', '1588-0009', '+12125551234', '060-700-0000', '+881612345678', '112', '119', '1001', '1901', '01000000002', 'sip:01099998888', '', 'kim'])('%o is answered 404: no leg anywhere, no contact, and it is counted', async (dialled) => {
    const stage = await centerStage();
    for (const phone of ['1901', 'c2']) stage.switchPort.register(phone);
    await stage.ready('agent1');
    const channel = await calls(stage, dialled);
    expect(stage.switchPort.hungUp.get(channel)).toBe('unknownNumber');
    expect(stage.switchPort.asked).toEqual([]);
    expect(stage.center.contactCount).toBe(0);
    await stage.clock.pass(1000);
    expect(stage.problems).toEqual(['calls were refused']);
    expect(stage.logged().filter(({ type }) => type === 'calls.refused')).toMatchObject([{ data: { why: 'notOurs', count: 1 } }]);
    expect([...stage.records.timeline.values()]).toEqual([]);
  });

  it('two hundred in a second are one line, with how many they were', async () => {
    const stage = await centerStage();
    for (let i = 0; i < 200; i++) stage.switchPort.arrive(null, CUSTOMER, `0109999${1000 + i}`);
    await stage.clock.pass(1000);
    expect(stage.problems).toEqual(['calls were refused']);
    expect(stage.logged().filter(({ type }) => type === 'calls.refused')).toMatchObject([{ data: { count: 200 } }]);
    expect(stage.switchPort.channels.size).toBe(0);
  });

  it('one of our own calls that the carrier brings back under our number is refused', async () => {
    const stage = await centerStage();
    await stage.ready('agent1');
    for (const shown of ['+8215880000', '15880001', '0215880000']) expect(stage.switchPort.hungUp.get(await calls(stage, '15880000', shown))).toBe('rejected');
    expect(stage.center.contactCount).toBe(0);
    await stage.clock.pass(1000);
    expect(stage.logged().filter(({ type }) => type === 'calls.refused')).toMatchObject([{ data: { why: 'loop', count: 3 } }]);
  });

  it('a number of ours with what a carrier puts behind it is ours all the same', async () => {
    const stage = await centerStage();
    await stage.ready('agent1');
    await calls(stage, '+8215880000;npdi;rn=+8215880000', '+821012345678;npdi=yes');
    expect(stage.desk('agent1').contact).toMatchObject({ dialled: '+8215880000', number: '+821012345678', me: { state: 'ringing' } });
  });

  it('telephones of the demo’s outside world call each other, and nobody else', async () => {
    const stage = await centerStage();
    stage.switchPort.register('c2');
    stage.switchPort.arrive('c1', CUSTOMER, '01000000002');
    await settle();
    expect(stage.switchPort.ringingAt('+821000000002')).toBeDefined();
    const channel = stage.switchPort.arrive('c1', CUSTOMER, '01099998888');
    await settle();
    expect(stage.switchPort.hungUp.get(channel)).toBe('unknownNumber');
    expect(dialledOut(stage)).toEqual(['+821000000002']);
  });
});

describe('too many calls', () => {
  it('of one caller at once are busy, and of the number, and of all', async () => {
    const stage = await centerStage({ configure: (configuration) => ({ ...configuration, dialling: { ...configuration.dialling, line: { outsideAtOnce: 9, inboundAtOnce: 5, inboundPerNumber: 4, inboundPerCaller: 2 } } }) });
    await stage.signIn('agent1');
    const causes = async (...arrivals: [dialled: string, caller: string][]) => {
      const channels = [];
      for (const [dialled, caller] of arrivals) channels.push(await calls(stage, dialled, caller));
      return channels.map((channel) => stage.switchPort.hungUp.get(channel));
    };
    expect(await causes(['15880000', '01011110001'], ['15880000', '01011110001'], ['15880000', '01011110001'])).toEqual([undefined, undefined, 'busy']);
    expect(await causes(['15880000', 'anonymous'], ['15880000', 'anonymous'], ['15880000', 'anonymous'])).toEqual([undefined, undefined, 'busy']);
    expect(await causes(['15880001', '01011110002'], ['15880001', '01011110003'])).toEqual([undefined, 'busy']);
  });

  it('of one of our own telephones: two lines, and no third', async () => {
    const stage = await centerStage();
    stage.switchPort.register('1901');
    const channels = [];
    for (let i = 0; i < 200; i++) channels.push(stage.switchPort.arrive('1901', '1901', '15880000'));
    await settle();
    expect(stage.switchPort.channels.size).toBe(2);
    expect(channels.filter((channel) => stage.switchPort.hungUp.get(channel) === 'busy')).toHaveLength(198);
  });

  it('to one agent who is not ready: one rings, the others are busy', async () => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    for (const phone of ['1902', '1903', '1904']) stage.switchPort.register(phone);
    const channels = ['1902', '1903', '1904'].map((phone) => stage.switchPort.arrive(phone, phone, '1001'));
    await stage.clock.pass(2000);
    expect(channels.map((channel) => stage.switchPort.hungUp.get(channel))).toEqual([undefined, 'busy', 'busy']);
    expect(stage.switchPort.asked).toHaveLength(1);
  });
});

describe('REFER', () => {
  it.each([null, 'own'])('from the customer is refused: nobody is called at our cost (Replaces: %o)', async (replaces) => {
    const stage = await talkingStage();
    const transferId = stage.switchPort.refer(stage.customer, '0607000000', replaces === null ? null : stage.agent1);
    await settle();
    expect(stage.switchPort.progress).toEqual([[transferId, 'refused']]);
    expect(dialledOut(stage)).toEqual([]);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
  });

  it('from somebody an agent called outside is refused as well', async () => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    stage.switchPort.arrive('1001', '1001', '01000000002');
    await settle();
    const outside = await stage.answer('+821000000002');
    stage.switchPort.refer(outside, '01099998888');
    await settle();
    expect(stage.switchPort.progress.map(([, progress]) => progress)).toEqual(['refused']);
    expect(dialledOut(stage)).toEqual(['+821000000002']);
  });

  it.each([
    ['a colleague who talks', '1002', 'busy'],
    ['nobody’s extension', '1099', 'failed'],
  ])('to %s, with the phone’s good-bye right behind it: the customer is kept, and rings at the agent again', async (_whom, number, progress) => {
    const stage = await talkingStage();
    await stage.signIn('agent2');
    stage.switchPort.arrive('1002', '1002', '01000000002');
    await settle();
    await stage.answer('+821000000002');
    stage.switchPort.refer(stage.agent1, number);
    await settle();
    expect(stage.switchPort.progress.map(([, told]) => told)).toEqual([progress]);
    await stage.hangUp(stage.agent1);
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    expect(stage.desk.events.findLast(({ type }) => type === 'notice.raised')).toMatchObject({ payload: { code: 'callReturned' } });
    expect(stage.switchPort.hears(await stage.answer('1001'))).toEqual([stage.customer]);
  });

  it('that came to nothing a while ago is not what a phone hangs up for', async () => {
    const stage = await talkingStage();
    stage.switchPort.refer(stage.agent1, '1099');
    await settle();
    await stage.clock.pass(10_000);
    await stage.hangUp(stage.agent1);
    expect(stage.switchPort.channels.size).toBe(0);
  });

  it('from an agent goes where the agent may dial, and nowhere else', async () => {
    const stage = await talkingStage();
    stage.switchPort.refer(stage.agent1, '0607000000');
    await settle();
    expect(stage.switchPort.progress.map(([, progress]) => progress)).toEqual(['refused']);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
    stage.switchPort.refer(stage.agent1, '01099998888');
    await settle();
    expect(dialledOut(stage)).toEqual(['+821099998888']);
  });
});

const ODD = ['', ' ', 'John Doe', 'kim@home', '김민수', "O'Brien", 'a'.repeat(65), '7'.repeat(70), 'anonymous', 'Restricted', '"><script>', '\r\nVia: x', '\u202e', '\ud800'];

describe('an odd caller', () => {
  it.each(ODD)('%o rings at one agent, and nobody is set away', async (caller) => {
    const stage = await centerStage();
    for (const agent of ['agent1', 'agent2', 'agent3', 'agent4']) await stage.ready(agent);
    const channel = await calls(stage, '15880000', caller);
    await stage.clock.pass(5000);
    expect([...stage.switchPort.channels.values()].filter(({ state }) => state === 'ringing')).toHaveLength(1);
    for (const agent of ['agent2', 'agent3', 'agent4']) expect((await stage.card(agent)).state.name).toBe('READY');
    await stage.answer('1001');
    const { contactId, number } = stage.desk('agent1').contact;
    expect(['', WITHHELD]).toContain(number);
    // Consulting works in such a call, too, and so does taking it back after the page was reloaded.
    expect(await stage.desk('agent1').command('contact.consult', { contactId, target: { kind: 'number', number: '1002' } })).toMatchObject({ ok: true });
    await stage.answer('1002');
    expect(stage.switchPort.hears(channel)).toBe('music');
  });

  it('a hundred of them at once wait in line: one rings, nobody is set away, and all of them are in the history', async () => {
    const stage = await centerStage({ configure: (configuration) => ({ ...configuration, groups: configuration.groups.map((group) => ({ ...group, maxWaiting: 200 })), dialling: { ...configuration.dialling, line: { ...configuration.dialling.line, inboundPerCaller: 200 } } }) });
    await stage.ready('agent1');
    const channels = Array.from({ length: 100 }, (_, i) => stage.switchPort.arrive(null, ODD[i % ODD.length] ?? '', '15880000', {}, ODD[(i * 3) % ODD.length] ?? ''));
    await settle();
    await stage.clock.pass(1000);
    expect([...stage.switchPort.channels.values()].filter(({ state }) => state === 'ringing')).toHaveLength(1);
    expect(stage.center.contactCount).toBe(100);
    for (const channel of channels) await stage.hangUp(channel);
    await stage.clock.pass(60_000);
    expect((await stage.card('agent1')).state.name).toBe('READY');
    expect(stage.records.timeline.size).toBe(100);
  });

  it('is shown by the name they gave, where it is one', async () => {
    const stage = await centerStage();
    await stage.ready('agent1');
    await calls(stage, '15880000', '김민수');
    expect(stage.desk('agent1').contact).toMatchObject({ number: '', customerName: '김민수', customerId: null });
    expect(stage.switchPort.asked).toMatchObject([{ callerNumber: 'anonymous', callerName: '김민수' }]);
  });

  it('whatever a carrier sends: nobody is set away, nothing throws, and the call is in the history or was refused', async () => {
    const anything = oneof(string({ unit: 'binary', maxLength: 80 }), string({ maxLength: 80 }), constantFrom(...ODD, '+821012345678', '15880000', '1001'));
    await assert(
      asyncProperty(anything, anything, oneof(anything, constantFrom('15880000', '+8215880000;npdi')), async (caller, name, dialled) => {
        const stage = await centerStage();
        await stage.ready('agent1');
        await stage.ready('agent2');
        const channel = await calls(stage, dialled, caller, name);
        const isRefused = stage.switchPort.hungUp.has(channel);
        if (!isRefused) await stage.hangUp(await stage.answer(stage.switchPort.ringingAt('1001') === undefined ? '1002' : '1001'));
        await stage.clock.pass(60_000);
        for (const agent of ['agent1', 'agent2']) expect((await stage.card(agent)).state.name).toBe('READY');
        expect(stage.records.timeline.size).toBe(isRefused ? 0 : 1);
        for (const entry of stage.records.timeline.values()) expect(entry.number.length).toBeLessThanOrEqual(MAX_NUMBER);
        await stage.center.stop();
        expect(stage.logged().some(({ type }) => type === 'calls.refused')).toBe(isRefused);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});

describe('failure: a switch that cannot ring', () => {
  it.each(['switch.unavailable', 'input.invalid'] as const)('anybody (%s) sets nobody away; the caller keeps their place, and it is tried again, slower and slower', async (code) => {
    const stage = await centerStage();
    for (const agent of ['agent1', 'agent2']) await stage.ready(agent);
    stage.switchPort.cannotDial = code;
    const customer = await stage.customerCalls();
    await stage.clock.pass(60_000);
    for (const agent of ['agent1', 'agent2']) expect((await stage.card(agent)).state.name).toBe('READY');
    expect(stage.switchPort.hears(customer)).toBe('music');
    expect(stage.switchPort.asked.length).toBeGreaterThan(3);
    expect(stage.switchPort.asked.length).toBeLessThan(12);
    expect(new Set(stage.switchPort.asked.map(({ destination }) => JSON.stringify(destination))).size).toBe(2);
    expect(stage.logged().filter(({ type }) => type === 'contact.offerEnded').every(({ data }) => 'why' in data && data.why === 'switchFailed')).toBe(true);
    stage.switchPort.cannotDial = null;
    const ringing = () => [...stage.switchPort.channels.values()].filter(({ state }) => state === 'ringing').length;
    for (let second = 0; second < 31 && ringing() === 0; second++) await stage.clock.pass(1000);
    expect(ringing()).toBe(1);
  });

  it('one agent tries the next at once after a moment', async () => {
    const stage = await centerStage();
    for (const agent of ['agent1', 'agent2']) await stage.ready(agent);
    stage.switchPort.cannotDial = 'input.invalid';
    await stage.customerCalls();
    stage.switchPort.cannotDial = null;
    await stage.clock.pass(250);
    expect(stage.switchPort.asked.map(({ destination }) => destination)).toEqual([{ kind: 'endpoint', user: '1001' }, { kind: 'endpoint', user: '1002' }]);
    expect((await stage.card('agent1')).state.name).toBe('READY');
  });

  it('a caller who hangs up meanwhile is tried no more', async () => {
    const stage = await centerStage();
    await stage.ready('agent1');
    stage.switchPort.cannotDial = 'switch.unavailable';
    await stage.hangUp(await stage.customerCalls());
    await stage.clock.pass(60_000);
    expect(stage.switchPort.asked).toHaveLength(1);
    expect(stage.center.contactCount).toBe(0);
  });
});

describe('a customer who names a leg in a header of ours', () => {
  it('is not believed: legs are named by our own desks', async () => {
    const stage = await centerStage();
    const agent = await stage.ready('agent1');
    const customer = stage.switchPort.arrive(null, CUSTOMER, '15880000', { 'x-sangdam-leg': 'forged' });
    await settle();
    stage.switchPort.press(customer, '1');
    await settle();
    expect(stage.switchPort.ringingAt('1001')).toBeDefined();
    const legs = [...stage.records.live.values()].flatMap((saved) => saved.legs);
    expect(legs.map(({ dialogKey }) => dialogKey)).not.toContain('forged');
    expect(agent.contact.me.dialogKey).not.toBe('forged');
  });
});
