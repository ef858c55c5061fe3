import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../../center/configuration/records.ts';
import { suspicionOf, type DialFact } from '../../../center/dialling/fraud.ts';
import { defaultDialling, defaultRights, rightsOf, type DialRule } from '../../../center/dialling/rules.ts';
import type { DialClass } from '../../../contract/dial-rights.ts';
import { AgentId } from '../../../contract/ids.ts';
import { centerStage, settle, talkingStage, type CenterStage } from './center-stage.ts';

const rule = (fields: Partial<DialRule> & Pick<DialRule, 'subject' | 'id'>): DialRule => ({ classes: null, callsAtOnce: null, callsPerHour: null, longestMs: null, ...fields });
/** Nobody writes up what they dialled: the next call follows at once. */
const atOnce = (configuration: Configuration): Configuration => ({ ...configuration, groups: configuration.groups.map((group) => ({ ...group, wrapUpMs: 0 })) });
const withRules = (...rules: DialRule[]) => (configuration: Configuration): Configuration => atOnce({ ...configuration, dialling: { ...configuration.dialling, rules } });
const number = (written: string) => ({ kind: 'number', number: written }) as const;
const international: DialClass[] = ['internal', 'local', 'mobile', 'national', 'international'];

/** Of a stage, whoever is at its desks. */
type Lines = Pick<CenterStage, 'switchPort' | 'clock' | 'hangUp'>;

const dialledOut = ({ switchPort }: Lines): string[] => switchPort.asked.flatMap(({ destination }) => (destination.kind === 'trunk' ? [destination.number] : []));

/** A phone of ours dials. @returns why the center hung it up; undefined while it goes on */
async function dials(stage: Lines, phone: string, dialled: string): Promise<string | undefined> {
  const channel = stage.switchPort.arrive(phone, phone, dialled);
  await settle();
  return stage.switchPort.hungUp.get(channel);
}

/** One call to the outside, answered and over after `talkMs`. */
async function callsOutside(stage: Lines, phone: string, dialled: string, talkMs = 1000): Promise<string | undefined> {
  const channel = stage.switchPort.arrive(phone, phone, dialled);
  await settle();
  const far = [...stage.switchPort.channels.values()].find(({ state, request }) => state === 'ringing' && request?.destination.kind === 'trunk')?.channelId;
  if (far === undefined) return stage.switchPort.hungUp.get(channel);
  stage.switchPort.phoneAnswers(far);
  await stage.clock.pass(talkMs);
  await stage.hangUp(far);
  return undefined;
}

describe('class of service', () => {
  it('is inside, local, mobile and national unless more is given', async () => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    for (const [dialled, cause] of [['01099998888', undefined], ['031-123-4567', undefined], ['+12125551234', 'forbidden'], ['060-700-0000', 'forbidden'], ['+881612345678', 'forbidden']] as const) {
      expect([dialled, await dials(stage, '1001', dialled)]).toEqual([dialled, cause]);
      for (const channelId of stage.switchPort.channels.keys()) await stage.hangUp(channelId);
    }
    expect(dialledOut(stage)).toEqual(['+821099998888', '+82311234567']);
  });

  it('is told to the desk with the first word, and the center’s own numbers with it', async () => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent1');
    const rights = (await desk.connection?.snapshot())?.dialling;
    expect(rights).toMatchObject({ blocked: false, own: expect.arrayContaining(['+8215880000']) });
    expect(rights?.classes.toSorted()).toEqual([...defaultRights.classes].toSorted());
  });

  it('tells the person why, and writes down that it was refused, without the number', async () => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent1');
    await dials(stage, '1001', '+12125551234');
    expect(desk.events.filter(({ type }) => type === 'notice.raised').at(-1)).toMatchObject({ payload: { code: 'dialFailed', detail: 'dial.class-forbidden' } });
    const refused = stage.logged().filter(({ type }) => type === 'dialling.refused');
    expect(refused).toMatchObject([{ data: { account: { kind: 'person', id: 'agent1' }, dialClass: 'international', why: 'dial.class-forbidden' } }]);
    expect(JSON.stringify(refused)).not.toContain('2125551234');
    expect([...stage.records.timeline.values()]).toMatchObject([{ outcome: 'rejected', kind: 'outbound' }]);
  });

  it.each(['contact.consult', 'contact.transfer', 'contact.conference'] as const)('holds for %s', async (command) => {
    const stage = await talkingStage();
    expect(await stage.desk.command(command, { contactId: stage.contactId, target: number('+12125551234') })).toMatchObject({ ok: false, error: { code: 'dial.class-forbidden' } });
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
    expect(dialledOut(stage)).toEqual([]);
  });

  it('holds for a desk phone, and is given to it alone', async () => {
    const stage = await centerStage({ configure: withRules(rule({ subject: 'phone', id: '1901', classes: international })) });
    for (const phone of ['1901', '1902']) stage.switchPort.register(phone);
    expect(await dials(stage, '1901', '+12125551234')).toBeUndefined();
    expect(await dials(stage, '1902', '+12125551234')).toBe('forbidden');
  });

  it('of a colleague who is consulted is their own, and not that of whoever consults', async () => {
    const stage = await talkingStage({ configure: withRules(rule({ subject: 'person', id: 'agent2', classes: international })) });
    await stage.ready('agent2');
    await stage.desk.command('contact.consult', { contactId: stage.contactId, target: { kind: 'agent', agentId: AgentId.parse('agent2') } });
    await stage.answer('1002');
    expect(await stage.desk.command('contact.completeTransfer', { contactId: stage.contactId })).toMatchObject({ ok: true });
    expect(await stage.desk.command('contact.consult', { contactId: stage.contactId, target: number('+12125551234') })).toMatchObject({ ok: false });
    expect(dialledOut(stage)).toEqual([]);
  });

  it('never holds for emergency numbers, nor does a limit or a block', async () => {
    const stage = await centerStage({ configure: withRules(rule({ subject: 'center', id: '', classes: [], callsAtOnce: 0, callsPerHour: 0 })) });
    await stage.signIn('agent1');
    expect(await dials(stage, '1001', '119')).toBeUndefined();
    expect(await dials(stage, '1001', '01099998888')).toBe('forbidden');
    expect(dialledOut(stage)).toEqual(['119']);
  });

  it.each(['114', '120', '1330', '1345', '110', '02120', '031-120'])('%s is no extension: it goes out by the trunk', async (service) => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    expect(await dials(stage, '1001', service)).toBeUndefined();
    expect(dialledOut(stage)).toEqual([service.replace('-', '')]);
  });

  it('a service number is an extension where the office has given it to somebody', async () => {
    const stage = await centerStage({ configure: (configuration) => ({ ...configuration, phones: configuration.phones.map((phone) => (phone.number === '1901' ? { ...phone, number: '120' } : phone)) }) });
    await stage.signIn('agent1');
    stage.switchPort.register('1901');
    expect(await dials(stage, '1001', '120')).toBeUndefined();
    expect(dialledOut(stage)).toEqual([]);
  });

  it('keeps nobody from calling for help who is still writing up a call, or is being rung', async () => {
    const stage = await talkingStage();
    await stage.hangUp(stage.customer);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
    expect(await dials(stage, '1001', '01099998888')).toBe('busy');
    expect(await callsOutside(stage, '1001', '119', 5000)).toBeUndefined();
    expect(dialledOut(stage)).toEqual(['119']);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
    expect(stage.desk.contact.me.state).toBe('afterCall');
    await stage.ready('agent2');
    await stage.customerCalls();
    expect((await stage.card('agent2')).state.name).toBe('RESERVED');
    expect(await dials(stage, '1002', '112')).toBeUndefined();
    expect(dialledOut(stage)).toEqual(['119', '112']);
  });

  it('lets emergency calls be repeated, and those in charge know of it; a machine gets one every half a minute', async () => {
    const { emergency, emergencyMost, emergencyEveryMs, emergencyInTotal } = defaultDialling().alarm;
    const stage = await centerStage({ configure: atOnce });
    const [desk, supervisor] = [await stage.signIn('agent1'), await stage.signIn('supervisor')];
    for (let i = 0; i < emergencyMost; i++) {
      expect(await callsOutside(stage, '1001', '119', 500)).toBeUndefined();
      expect(supervisor.notices.filter((code) => code === 'emergencyAlarm')).toHaveLength(Math.floor((i + 1) / emergency));
    }
    const outcomes: (string | undefined)[] = [];
    for (let i = 0; i < 180; i++) outcomes.push(await callsOutside(stage, '1001', '112', 1000));
    expect(outcomes.filter((cause) => cause === undefined).length).toBeLessThanOrEqual(180_000 / emergencyEveryMs + 1);
    expect(desk.events.filter(({ type }) => type === 'notice.raised').at(-1)).toMatchObject({ payload: { code: 'dialFailed', detail: 'dial.limit-reached' } });
    // Whoever comes back to it gets through.
    await stage.clock.pass(emergencyEveryMs);
    expect(await callsOutside(stage, '1001', '119')).toBeUndefined();
    // Of other phones nothing is asked, and no other calls are blocked.
    stage.switchPort.register('1901');
    for (let i = 0; i < emergencyInTotal; i++) expect(await callsOutside(stage, '1901', '119', 500)).toBeUndefined();
    expect(supervisor.notices).toContain('emergencyAlarmOfAll');
    expect(supervisor.notices).not.toContain('dialAlarm');
    expect(stage.logged().filter(({ type }) => type === 'dialling.emergencies').length).toBeGreaterThan(emergencyMost / emergency);
  });

  it('is the person’s own, else the most of their groups, else the center’s', () => {
    const account = { kind: 'person', id: 'agent1' } as const;
    const rules = [rule({ subject: 'center', id: '', callsAtOnce: 1 }), rule({ subject: 'group', id: 'orders', classes: ['internal'], callsPerHour: 5 }), rule({ subject: 'group', id: 'technical', classes: international, callsPerHour: 9 })];
    expect(rightsOf([], account, [])).toEqual(defaultRights);
    expect(rightsOf(rules, account, ['orders', 'technical'])).toMatchObject({ callsAtOnce: 1, callsPerHour: 9 });
    expect([...rightsOf(rules, account, ['orders']).classes]).toEqual(['emergency', 'internal']);
    expect(rightsOf(rules, account, ['orders', 'technical']).classes.has('international')).toBe(true);
    expect(rightsOf([...rules, rule({ subject: 'person', id: 'agent1', classes: [], callsPerHour: 0 })], account, ['technical'])).toMatchObject({ callsPerHour: 0, classes: new Set(['emergency']) });
  });
});

describe('limits', () => {
  it('one person has two calls to the outside at once, however they are made', async () => {
    const stage = await talkingStage();
    await stage.desk.command('contact.transfer', { contactId: stage.contactId, target: number('01099990001') });
    await settle();
    await stage.answer('+821099990001');
    expect(await dials(stage, '1001', '01099990002')).toBe('busy');
    await stage.clock.pass(31_000);
    expect(await dials(stage, '1001', '01099990002')).toBeUndefined();
    expect(await dials(stage, '1001', '01099990003')).toBe('forbidden');
    expect(dialledOut(stage)).toEqual(['+821099990001', '+821099990002']);
    // One of them is over.
    await stage.hangUp(stage.customer);
    expect(await dials(stage, '1001', '01099990003')).toBeUndefined();
  });

  it('the lines of the center are for all', async () => {
    const stage = await centerStage({ configure: (configuration) => ({ ...configuration, dialling: { ...configuration.dialling, line: { ...configuration.dialling.line, outsideAtOnce: 3 } } }) });
    for (const phone of ['1901', '1902', '1903', '1904']) stage.switchPort.register(phone);
    const causes = [];
    for (const phone of ['1901', '1902', '1903', '1904']) causes.push(await dials(stage, phone, '01099990001'));
    expect(causes).toEqual([undefined, undefined, undefined, 'forbidden']);
  });

  it('of an hour outlive a restart, and pass with it', async () => {
    const configure = withRules(rule({ subject: 'phone', id: '1901', callsPerHour: 3 }));
    const stage = await centerStage({ configure });
    stage.switchPort.register('1901');
    for (let i = 0; i < 3; i++) expect(await callsOutside(stage, '1901', '01099990001')).toBeUndefined();
    expect(await callsOutside(stage, '1901', '01099990001')).toBe('forbidden');
    await stage.center.stop();
    const next = await centerStage({ configure, records: stage.records.copy(), clock: stage.clock });
    next.switchPort.register('1901');
    expect(await callsOutside(next, '1901', '01099990001')).toBe('forbidden');
    await next.clock.pass(3600_000);
    expect(await callsOutside(next, '1901', '01099990001')).toBeUndefined();
  });

  it('a call that is too long is ended, the agent told a minute before, and both ends hear it then and ten seconds before', async () => {
    const stage = await centerStage({ configure: withRules(rule({ subject: 'person', id: 'agent1', longestMs: 600_000 })) });
    const desk = await stage.signIn('agent1');
    await dials(stage, '1001', '01099990001');
    await stage.answer('+821099990001');
    await stage.clock.pass(539_000);
    const beeps = (): number[] => [...stage.switchPort.channels.values()].map((channel) => channel.beeps);
    expect([desk.notices, beeps()]).toEqual([[], [0, 0]]);
    await stage.clock.pass(2000);
    expect([desk.notices, beeps()]).toEqual([['callEndsSoon'], [1, 1]]);
    expect(stage.center.contactCount).toBe(1);
    await stage.clock.pass(48_000);
    expect(beeps()).toEqual([1, 1]);
    await stage.clock.pass(2000);
    expect([desk.notices, beeps()]).toEqual([['callEndsSoon'], [2, 2]]);
    await stage.clock.pass(10_000);
    expect(stage.switchPort.channels.size).toBe(0);
    expect([...stage.records.timeline.values()]).toMatchObject([{ outcome: 'answered', talkMs: 600_000 }]);
  });
});

describe('an alarm', () => {
  const settings = defaultDialling().alarm;
  const facts = (count: number, fields: Partial<DialFact> = {}): DialFact[] => Array.from({ length: count }, () => ({ at: 1000, minute: 12 * 60, dialClass: 'mobile', talkMs: 60_000, ...fields }));

  it.each([
    ['an ordinary hour', facts(60), null],
    ['many calls', facts(settings.many), 'many'],
    ['many short ones', facts(settings.short, { talkMs: 2000 }), 'short'],
    ['as many that nobody answered', facts(settings.short, { talkMs: 0 }), null],
    ['foreign ones', facts(settings.foreign, { dialClass: 'international' }), 'foreign'],
    ['a few foreign ones by day', facts(settings.nightForeign, { dialClass: 'premium' }), null],
    ['the same at night', facts(settings.nightForeign, { dialClass: 'premium', minute: 3 * 60 }), 'night'],
    ['an hour ago', facts(settings.many, { at: 1000 - settings.windowMs }), null],
  ])('%s: %#', (_name, calls, expected) => {
    expect(suspicionOf(calls, 1000, settings)).toBe(expected);
  });

  const given = withRules(rule({ subject: 'person', id: 'agent1', classes: [...international, 'premium'] }), rule({ subject: 'phone', id: '1901', classes: international }));

  /** agent1 calls abroad until it looks like fraud. */
  async function alarmed(): Promise<CenterStage> {
    const stage = await centerStage({ configure: given });
    for (const person of ['agent1', 'agent5', 'supervisor', 'admin']) await stage.signIn(person);
    for (let i = 0; i < settings.foreign; i++) expect(await callsOutside(stage, '1001', `+1212555${1000 + i}`)).toBeUndefined();
    return stage;
  }

  it('blocks international and premium calls of the person, tells those in charge, and is written down', async () => {
    const stage = await alarmed();
    expect(await callsOutside(stage, '1001', '+12125551234')).toBe('forbidden');
    expect(await callsOutside(stage, '1001', '01099990001')).toBeUndefined();
    expect(stage.desk('agent1').events.filter(({ type }) => type === 'notice.raised')).toMatchObject([{ payload: { detail: 'dial.blocked' } }]);
    expect(stage.desk('agent1').events.findLast(({ type }) => type === 'dialling.changed')).toMatchObject({ payload: { blocked: true } });
    for (const person of ['supervisor', 'admin']) expect(stage.desk(person).events.filter(({ type }) => type === 'notice.raised')).toMatchObject([{ payload: { code: 'dialAlarm', detail: '상담원 1', agentId: 'agent1' } }]);
    expect(stage.desk('agent5').notices).toEqual([]);
    expect(stage.logged().filter(({ type }) => type === 'dialling.alarm')).toMatchObject([{ data: { subject: 'person', id: 'agent1', why: 'foreign' } }]);
    expect(stage.problems).toContain('outside calls look like fraud: international and premium ones are blocked');
    // Nobody else is.
    stage.switchPort.register('1901');
    expect(await callsOutside(stage, '1901', '+12125551234')).toBeUndefined();
  });

  it('holds over a restart, until somebody in charge lifts it', async () => {
    const stage = await alarmed();
    await stage.center.stop();
    const next = await centerStage({ records: stage.records, clock: stage.clock });
    await next.signIn('agent1');
    const supervisor = await next.signIn('supervisor');
    expect(await callsOutside(next, '1001', '+12125551234')).toBe('forbidden');
    const lift = { agentId: AgentId.parse('agent1'), phone: null };
    expect(await supervisor.command('dialling.lift', lift)).toMatchObject({ ok: true });
    const rights = next.desk('agent1').events.flatMap((event) => (event.type === 'dialling.changed' ? [event.payload.blocked] : []));
    expect(rights.at(-1)).toBe(false);
    expect(await supervisor.command('dialling.lift', lift)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await callsOutside(next, '1001', '+12125551234')).toBeUndefined();
    expect(next.logged().filter(({ type }) => type === 'dialling.lifted')).toMatchObject([{ data: { subject: 'person', id: 'agent1', by: 'supervisor' } }]);
    expect(stage.records.copy().events.length).toBeGreaterThan(0);
  });

  it('of attempts that were refused counts as well', async () => {
    const stage = await centerStage();
    const supervisor = await stage.signIn('supervisor');
    await stage.signIn('agent1');
    for (let i = 0; i < settings.foreign; i++) await dials(stage, '1001', `0607000${100 + i}`);
    expect(supervisor.notices).toEqual(['dialAlarm']);
  });

  it('of the center in total blocks everybody', async () => {
    const stage = await centerStage({ configure: (configuration) => ({ ...given(configuration), dialling: { ...given(configuration).dialling, alarm: { ...settings, foreignInTotal: 2 } } }) });
    const supervisor = await stage.signIn('supervisor');
    await stage.signIn('agent1');
    stage.switchPort.register('1901');
    await callsOutside(stage, '1001', '+12125551001');
    await callsOutside(stage, '1901', '+12125551002');
    expect(supervisor.notices).toEqual(['dialAlarmOfAll']);
    expect(await callsOutside(stage, '1901', '+12125551003')).toBe('forbidden');
  });

  it('failure: one who goes on trying abroad has nobody blocked but themselves', async () => {
    const stage = await centerStage({ configure: given });
    const supervisor = await stage.signIn('supervisor');
    await stage.signIn('agent2');
    stage.switchPort.register('1901');
    for (let i = 0; i < 2 * settings.foreignInTotal; i++) {
      expect(await dials(stage, '1002', '+12125551234')).toBe('forbidden');
      // Some of them at one moment.
      if (i > settings.foreignInTotal) await stage.clock.pass(1000);
    }
    expect(supervisor.notices).toEqual(['dialAlarm']);
    expect(await callsOutside(stage, '1901', '+12125551234')).toBeUndefined();
    const next = await centerStage({ records: stage.records.copy(), clock: stage.clock });
    next.switchPort.register('1901');
    expect(await callsOutside(next, '1901', '+12125551234')).toBeUndefined();
    expect(next.logged().filter(({ type }) => type === 'dialling.alarm')).toHaveLength(1);
  });

  it('failure: nobody lifts their own, and a store that fails keeps the block in force', async () => {
    const stage = await centerStage({ configure: withRules(rule({ subject: 'person', id: 'supervisor', classes: international })) });
    stage.records.putDialBlock = () => Promise.reject(new Error('the disk is full'));
    const supervisor = await stage.signIn('supervisor');
    const phone = (await stage.card('supervisor')).extension;
    for (let i = 0; i < settings.foreign; i++) await callsOutside(stage, phone, '+12125551234');
    expect(await supervisor.command('dialling.lift', { agentId: AgentId.parse('supervisor'), phone: null })).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await callsOutside(stage, phone, '+12125551234')).toBe('forbidden');
    expect(stage.problems).toContain('a block of outside calls could not be kept');
  });
});
