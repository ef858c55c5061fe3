import { describe, expect, it } from 'vitest';
import { localTime } from '../../../contract/local-time.ts';
import { isWithin, startOfDay } from '../../../center/business-day.ts';
import type { GroupRecord } from '../../../center/configuration/records.ts';
import { parseCenterEvent } from '../../../center/events.ts';
import { AgentId, GroupId } from '../../../contract/ids.ts';
import { centerStage, NOON, settle, talkingStage } from './center-stage.ts';

const DAY_MS = 24 * 3600 * 1000;

describe('the business day', () => {
  it('is that of the center’s zone', () => {
    expect(localTime(NOON, 'Asia/Seoul')).toMatchObject({ date: '2026-05-20', weekday: 3, hour: 12, minute: 720 });
    expect(localTime(Date.UTC(2026, 4, 20, 16, 30), 'Asia/Seoul')).toMatchObject({ date: '2026-05-21', hour: 1 });
  });

  it('begins at midnight, also on days on which the clocks change', () => {
    expect(startOfDay(NOON, 'Asia/Seoul')).toBe(Date.UTC(2026, 4, 19, 15));
    // New York, 8 March 2026: 02:00 is followed by 03:00.
    expect(startOfDay(Date.UTC(2026, 2, 8, 20), 'America/New_York')).toBe(Date.UTC(2026, 2, 8, 5));
    // 1 November 2026: 01:00 comes twice.
    expect(startOfDay(Date.UTC(2026, 10, 1, 20), 'America/New_York')).toBe(Date.UTC(2026, 10, 1, 4));
  });
});

describe('opening hours', () => {
  const at = (weekday: 0 | 1 | 2 | 3 | 4 | 5 | 6, hour: number, minute = 0) => ({ weekday, minute: hour * 60 + minute });

  it.each([
    [at(5, 21, 59), false], [at(5, 22), true], [at(5, 23, 59), true], [at(6, 0), true], [at(6, 1, 59), true], [at(6, 2), false], [at(6, 22), false], [at(5, 1), false],
  ])('from 22:00 to 02:00 are a night shift that ends on the next day: %o is %s', (moment, open) => {
    expect(isWithin([{ weekday: 5, fromMinute: 22 * 60, toMinute: 2 * 60 }], moment)).toBe(open);
  });

  it('of Saturday night reach into Sunday, and of a day that ends as it begins go round the clock', () => {
    expect(isWithin([{ weekday: 6, fromMinute: 22 * 60, toMinute: 2 * 60 }], at(0, 1))).toBe(true);
    const round = [{ weekday: 3, fromMinute: 540, toMinute: 540 }] as const;
    expect([at(3, 8), at(3, 9), at(4, 8, 59), at(4, 9)].map((moment) => isWithin(round, moment))).toEqual([false, true, true, false]);
  });

  it('a caller at night is queued, and one after the shift is told that nobody is there', async () => {
    const stage = await centerStage({ configure: (configuration) => ({ ...configuration, groups: configuration.groups.map((group) => ({ ...group, hours: [{ weekday: 3, fromMinute: 22 * 60, toMinute: 2 * 60 }] })) }) });
    await stage.signIn('agent1');
    await stage.clock.pass(13 * 3600 * 1000);
    await stage.customerCalls();
    expect(ordersOf(stage)).toMatchObject({ waiting: 1, today: { offered: 1, closed: 0 } });
    await stage.clock.pass(3600 * 1000);
    await stage.customerCalls('+821000000003');
    expect(ordersOf(stage)).toMatchObject({ today: { offered: 1, closed: 1 } });
  });
});

const ordersOf = (stage: Pick<Awaited<ReturnType<typeof centerStage>>, 'desk'>) => stage.desk('agent1').figuresOf('orders');

describe('a group’s figures', () => {
  it('count an answered call, its wait, and its handle time', async () => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    const customer = await stage.customerCalls();
    expect(ordersOf(stage)).toMatchObject({ waiting: 1, oldestWaitingSince: NOON, today: { offered: 1, answered: 0 }, serviceLevel: null });
    await stage.clock.pass(8000);
    await stage.ready('agent1');
    await stage.clock.pass(2000);
    await stage.answer('1001');
    await stage.clock.pass(60_000);
    await stage.hangUp(customer);
    await stage.clock.pass(30_000);
    expect(ordersOf(stage)).toMatchObject({
      waiting: 0,
      today: { offered: 1, answered: 1, answeredInTime: 1, handled: 1, answerDelayMs: 10_000, talkMs: 60_000, afterCallMs: 30_000 },
      serviceLevel: 1,
      asaMs: 10_000,
      ahtMs: 90_000,
      byHour: [{ hour: 12, offered: 1, answered: 1, abandoned: 0 }],
    });
  });

  it('do not hold a short abandon against the service level, but a long one', async () => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    const short = await stage.customerCalls();
    await stage.clock.pass(4000);
    await stage.hangUp(short);
    expect(ordersOf(stage)).toMatchObject({ today: { abandoned: 0, shortAbandoned: 1 }, serviceLevel: null });
    const long = await stage.customerCalls();
    await stage.clock.pass(6000);
    await stage.hangUp(long);
    expect(ordersOf(stage)).toMatchObject({ today: { abandoned: 1, shortAbandoned: 1 }, serviceLevel: 0, abandonRate: 0.5 });
  });

  it('are told within a second, and not more often than needed', async () => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent1');
    const watch = desk.look('figures');
    await stage.clock.pass(1000);
    watch.changes.length = 0;
    for (let call = 0; call < 5; call++) await stage.customerCalls(`+82100000000${call}`);
    await stage.clock.pass(1000);
    expect(watch.changes.map(({ upserts }) => upserts.map(({ groupId, waiting }) => [groupId, waiting]))).toEqual([[['orders', 1]], [['orders', 5]]]);
  });

  it('begin anew at midnight, and show last week beside', async () => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    await stage.hangUp(await stage.customerCalls());
    await stage.clock.pass(12 * 3600 * 1000);
    await settle();
    expect(ordersOf(stage)).toMatchObject({ today: { offered: 0 }, lastWeekByHour: [] });
    await stage.clock.pass(6 * DAY_MS);
    await settle();
    expect(ordersOf(stage)).toMatchObject({ today: { offered: 0 }, lastWeekByHour: [{ hour: 12, offered: 1 }] });
  });
});

describe('midnight', () => {
  const MIDNIGHT_MS = 12 * 3600 * 1000;

  it('does not lose a call that comes while the log is being read slowly', async () => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    const { countedHours } = stage.records;
    const slow = Promise.withResolvers<void>();
    stage.records.countedHours = async (...asked) => {
      const hours = await countedHours(...asked);
      await slow.promise;
      return hours;
    };
    await stage.clock.pass(MIDNIGHT_MS);
    await stage.customerCalls();
    slow.resolve();
    await settle();
    expect(ordersOf(stage)).toMatchObject({ today: { offered: 1 } });
  });

  it('counts a call of the new day from its first moment, before anybody has looked at the clock', async () => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    await stage.hangUp(await stage.customerCalls());
    await stage.clock.pass(MIDNIGHT_MS - 59_000);
    stage.clock.jump(60_000);
    await stage.customerCalls();
    expect(ordersOf(stage)).toMatchObject({ today: { offered: 1 } });
  });

  it('is made up where last week could not be read: it is tried until it can be', async () => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    await stage.hangUp(await stage.customerCalls());
    await stage.clock.pass(6 * DAY_MS);
    const { countedHours } = stage.records;
    stage.records.countedHours = () => Promise.reject(new Error('the disk does not answer'));
    await stage.clock.pass(DAY_MS);
    expect(ordersOf(stage)).toMatchObject({ today: { offered: 0 }, lastWeekByHour: [] });
    stage.records.countedHours = countedHours;
    await stage.clock.pass(60_000);
    expect(ordersOf(stage)).toMatchObject({ today: { offered: 0 }, lastWeekByHour: [{ hour: 12, offered: 1 }] });
  });

  it('comes twice where the clock is set back over it, and no call is in both days', async () => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    await stage.hangUp(await stage.customerCalls());
    await stage.clock.pass(MIDNIGHT_MS + 60_000);
    await stage.hangUp(await stage.customerCalls());
    stage.clock.jump(-3600 * 1000);
    await stage.hangUp(await stage.customerCalls());
    expect(ordersOf(stage)).toMatchObject({ today: { offered: 2 } });
    stage.clock.jump(3600 * 1000);
    await stage.customerCalls();
    expect(ordersOf(stage)).toMatchObject({ today: { offered: 2 } });
  });
});

describe('a start with a full day', () => {
  const lines = 30_000;

  async function fullDay() {
    const before = await centerStage();
    const records = before.records.copy();
    await records.append(Array.from({ length: lines }, () => ({ at: NOON, type: 'contact.queued', contactId: null, agentId: null, groupId: GroupId.parse('orders'), data: {} })));
    return { records, clock: before.clock };
  }

  it('that is not rolled up does not wait for it: the day is counted while calls go on, and no call is lost or counted twice', async () => {
    const after = await centerStage(await fullDay());
    await after.signIn('agent1');
    await after.hangUp(await after.customerCalls());
    expect((ordersOf(after))?.today.offered).toBeLessThan(lines);
    await after.clock.pass(60_000);
    expect(ordersOf(after)).toMatchObject({ today: { offered: lines + 1 } });
  });

  it('goes on where the disk does not answer for a while', async () => {
    const { records, clock } = await fullDay();
    const { countedLines } = records;
    records.countedLines = () => Promise.reject(new Error('the disk does not answer'));
    const after = await centerStage({ records, clock });
    await after.signIn('agent1');
    await after.clock.pass(5000);
    records.countedLines = countedLines;
    await after.clock.pass(120_000);
    expect(ordersOf(after)).toMatchObject({ today: { offered: lines } });
  });
});

describe('the time of a call', () => {
  const agent2 = { kind: 'agent', agentId: AgentId.parse('agent2') } as const;
  const talkOf = (stage: Pick<Awaited<ReturnType<typeof centerStage>>, 'records'>) => [...stage.records.timeline.values()].map(({ talkMs }) => talkMs);

  async function withColleague() {
    const stage = await talkingStage();
    const colleague = await stage.signIn('agent2');
    const { contactId } = stage;
    return { ...stage, stage: { desk: () => stage.desk }, colleague, complete: () => stage.desk.command('contact.completeTransfer', { contactId }) };
  }

  it('is talk once, however many agents are in it: a conference of two for 600 s is 600 s', async () => {
    const { stage, desk, contactId, clock, answer, hangUp, customer, agent1, records } = await withColleague();
    await desk.command('contact.conference', { contactId, target: agent2 });
    await answer('1002');
    await clock.pass(600_000);
    await hangUp(customer);
    await hangUp(agent1);
    await clock.pass(120_000);
    expect(ordersOf(stage)).toMatchObject({ today: { talkMs: 600_000, holdMs: 0, handled: 2 } });
    expect(talkOf({ records })).toEqual([600_000]);
  });

  it('is talk or hold: 30 s, 60 s of consultation, 120 s with the colleague are 150 s and 60 s, as long as the call', async () => {
    const { stage, desk, contactId, clock, answer, hangUp, customer, complete, records } = await withColleague();
    await clock.pass(30_000);
    await desk.command('contact.consult', { contactId, target: agent2 });
    await answer('1002');
    await clock.pass(60_000);
    await complete();
    await clock.pass(120_000);
    await hangUp(customer);
    await clock.pass(120_000);
    expect(ordersOf(stage)).toMatchObject({ today: { talkMs: 150_000, holdMs: 60_000, handled: 2, transferredOut: 1 } });
    expect(talkOf({ records })).toEqual([150_000]);
  });

  it('counts in the group that it was talked in, though the contact is another’s by the time it is written up', async () => {
    const { stage, desk, contactId, clock } = await withColleague();
    await clock.pass(40_000);
    await desk.command('contact.transfer', { contactId, target: { kind: 'group', groupId: GroupId.parse('technical') } });
    await clock.pass(120_000);
    expect(ordersOf(stage)).toMatchObject({ today: { talkMs: 40_000, handled: 1, transferredOut: 1 } });
  });

  it('is hold while the phone holds', async () => {
    const { stage, agent1, clock, switchPort, hangUp, customer } = await withColleague();
    await clock.pass(10_000);
    switchPort.hold(agent1, true);
    await clock.pass(20_000);
    switchPort.hold(agent1, false);
    await clock.pass(5000);
    await hangUp(customer);
    await clock.pass(120_000);
    expect(ordersOf(stage)).toMatchObject({ today: { talkMs: 15_000, holdMs: 20_000, handled: 1 } });
  });
});

describe('a transfer that nobody takes', () => {
  const agent2 = { kind: 'agent', agentId: AgentId.parse('agent2') } as const;

  it('and that returns to its sender was none: handled 1, transferred 0', async () => {
    const stage = await talkingStage();
    await stage.signIn('agent2');
    await stage.clock.pass(20_000);
    await stage.desk.command('contact.transfer', { contactId: stage.contactId, target: agent2 });
    await stage.clock.pass(31_000);
    expect(stage.desk.contact.me.state).toBe('ringing');
    await stage.answer('1001');
    await stage.clock.pass(15_000);
    await stage.hangUp(stage.customer);
    await stage.clock.pass(120_000);
    expect(ordersOf({ desk: () => stage.desk })).toMatchObject({ today: { offered: 1, answered: 1, handled: 1, transferredOut: 0, talkMs: 35_000 }, answerRate: 1 });
  });

  it('and that its sender does not take back either is offered once and answered once, whoever takes it then', async () => {
    const stage = await talkingStage();
    await stage.signIn('agent2');
    await stage.desk.command('contact.transfer', { contactId: stage.contactId, target: agent2 });
    await stage.clock.pass(62_000);
    expect(ordersOf({ desk: () => stage.desk })).toMatchObject({ waiting: 1, today: { offered: 1, answered: 1 }, answerRate: 1 });
    await stage.answer('1001');
    expect(ordersOf({ desk: () => stage.desk })).toMatchObject({ waiting: 0, today: { offered: 1, answered: 1, transferredOut: 0 }, byHour: [{ hour: 12, offered: 1, answered: 1 }] });
  });
});

describe('the answer rate', () => {
  it('does not fall while a call rings', async () => {
    const stage = await talkingStage();
    await stage.hangUp(stage.customer);
    await stage.ready('agent1');
    await stage.customerCalls();
    expect(stage.desk.contact.me.state).toBe('ringing');
    expect(ordersOf({ desk: () => stage.desk })).toMatchObject({ today: { offered: 2, answered: 1 }, answerRate: 1, serviceLevel: 1 });
  });
});

describe('callers who are turned away', () => {
  const withGroups = (changes: Partial<GroupRecord>) => centerStage({ configure: (configuration) => ({ ...configuration, groups: configuration.groups.map((group) => ({ ...group, ...changes })) }) });

  it.each([
    ['closed', { openOverride: false }],
    ['queueFull', { maxWaiting: 0 }],
    ['noAgents', {}],
  ] as const)('as %s hear it, are on record as such, and are counted as that alone', async (outcome, changes) => {
    const stage = await withGroups(changes);
    // A supervisor is nobody to wait for.
    const desk = await stage.signIn(outcome === 'noAgents' ? 'supervisor' : 'agent1');
    const customer = await stage.customerCalls();
    expect(stage.switchPort.hears(customer)).toBe({ closed: 'closed', queueFull: 'queue-full', noAgents: 'no-agents' }[outcome]);
    stage.switchPort.finishPlayback(customer);
    await settle();
    expect(stage.switchPort.channels.size).toBe(0);
    expect([...stage.records.timeline.values()]).toMatchObject([{ kind: 'inbound', groupId: 'orders', outcome, talkMs: 0 }]);
    const today = desk.figuresOf('orders')?.today;
    expect(today).toMatchObject({ offered: 0, abandoned: 0, closed: 0, noAgents: 0, queueFull: 0, [outcome]: 1 });
  });
});

describe('calls that belong to no group', () => {
  it('are counted by what they came to, told to who is in charge, and counted again alike from the log', async () => {
    const stage = await centerStage();
    const watch = (await stage.signIn('supervisor')).look('directCalls');
    const desk = await stage.ready('agent1');
    await stage.ready('agent2');
    await stage.ready('agent3');
    const dial = async (from: string, dialled: string) => {
      const channel = stage.switchPort.arrive(from, from, dialled);
      await settle();
      return channel;
    };
    await dial('1001', '1099');
    const colleagues = await dial('1001', '1002');
    await stage.answer('1002');
    await dial('1003', '1002');
    await stage.clock.pass(10_000);
    await stage.hangUp(colleagues);
    await dial('1003', '01000000002');
    stage.switchPort.phoneEnds(stage.switchPort.ringingAt('+821000000002') ?? '', 'rejected');
    await settle();
    const outside = await dial('1003', '01000000002');
    await stage.answer('+821000000002');
    await stage.clock.pass(5000);
    await stage.hangUp(outside);
    await stage.clock.pass(1000);

    const counted = {
      internal: { attempted: 3, answered: 1, busy: 1, noAnswer: 0, rejected: 0, unknownNumber: 1, failed: 0, talkMs: 10_000 },
      outbound: { attempted: 2, answered: 1, busy: 0, noAnswer: 0, rejected: 1, unknownNumber: 0, failed: 0, talkMs: 5000 },
    };
    expect([watch.values, watch.changes.length > 0]).toEqual([[counted], true]);
    expect(() => desk.look('directCalls')).toThrow('directCalls needs center.watch');
    await stage.center.stop();
    const again = await centerStage({ records: stage.records, clock: stage.clock });
    expect((await again.signIn('supervisor')).look('directCalls').values).toEqual([counted]);
  });
});

describe('failure: a line of the log', () => {
  it('that is not what its type says, or of another version, counts nowhere', () => {
    const line = { contactId: null, agentId: null, groupId: null, at: NOON };
    expect(parseCenterEvent({ ...line, type: 'contact.answered', data: { delayMs: -1, inTime: true } })).toBeNull();
    expect(parseCenterEvent({ ...line, type: 'contact.teleported', data: {} })).toBeNull();
    expect(parseCenterEvent({ ...line, type: '__proto__', data: {} })).toBeNull();
  });
});
