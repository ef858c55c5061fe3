import { describe, expect, it } from 'vitest';
import { noCounters } from '../../../center/reports/counters.ts';
import { AgentId, ContactId, LegId } from '../../../contract/ids.ts';
import { PartyChange, type ContactView } from '../../../contract/contact.ts';
import type { Configuration } from '../../../center/configuration/records.ts';
import { centerStage, countAll, settle, sumOf, type CenterStage, type TestDesk } from './center-stage.ts';
import { violations } from './violations.ts';

const AGENTS = ['agent1', 'agent2', 'agent3', 'agent4'];
const MODES = ['listen', 'whisper', 'barge'] as const;
const STEPS = 10_000;
const TICKET = '3f0c1a52-8a52-4a8e-9d2a-4f6a7c9e1b20';
/** What the core says of a world that did not do as it should: told, and no defect of the core. */
const BORNE = new Set([
  'a leg without a channel was ended', 'a phone that lost its audio could not be dialled again',
  'calls were refused', 'a REFER from outside was refused', 'a call to the outside was refused',
]);
/** Hours of calls pass: how many there may be in one is tried elsewhere. */
const busy = (configuration: Configuration): Configuration => ({ ...configuration, dialling: { ...configuration.dialling, rules: [{ subject: 'center', id: '', classes: null, callsAtOnce: 20, callsPerHour: 100_000, longestMs: null }] } });
/** Looked at in full this often; the cheap rules hold after every step. */
const LOOK_EVERY = 250;

/** Mulberry32: a run that fails can be repeated by its seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Step = (stage: CenterStage, pick: <Item>(items: readonly Item[]) => Item | undefined) => unknown;

const target = (pick: <Item>(items: readonly Item[]) => Item | undefined) =>
  pick([
    { kind: 'agent', agentId: AgentId.parse(pick(AGENTS) ?? 'agent1') } as const,
    { kind: 'number', number: '01000000002' } as const,
    { kind: 'group', groupId: 'orders' as never } as const,
    { kind: 'number', number: '1902' } as const,
  ]) ?? { kind: 'number' as const, number: '1099' };

/** Everything that may happen, in any order, allowed or not. */
const steps: Step[] = [
  (stage, pick) => stage.customerCalls(`+82100000${pick(['0001', '0002', '0003', '0004']) ?? '0001'}`),
  (stage, pick) => stage.desk(pick(AGENTS) ?? '').command('agent.setState', { choice: { kind: 'ready' } }),
  (stage, pick) => stage.desk(pick(AGENTS) ?? '').command('agent.setState', { choice: { kind: 'ready' } }),
  (stage, pick) => stage.desk(pick(AGENTS) ?? '').command('agent.setState', { choice: { kind: 'away', reason: 'break' } }),
  (stage, pick) => stage.switchPort.phoneAnswers(pick(ringing(stage)) ?? ''),
  (stage, pick) => stage.switchPort.phoneAnswers(pick(ringing(stage)) ?? ''),
  (stage, pick) => stage.switchPort.phoneEnds(pick(ringing(stage)) ?? '', pick(['rejected', 'busy', 'noAnswer', 'failed'] as const)),
  (stage, pick) => stage.switchPort.phoneEnds(pick([...stage.switchPort.channels.keys()]) ?? '', pick(['normal', 'normal', 'networkLost'] as const)),
  (stage, pick) => stage.switchPort.hold(pick([...stage.switchPort.channels.keys()]) ?? '', pick([true, false]) ?? true),
  (stage, pick) => onContact(stage, pick, (desk, { contactId }) => desk.command('contact.consult', { contactId, target: target(pick) })),
  (stage, pick) => onContact(stage, pick, (desk, { contactId }) => desk.command('contact.consult', { contactId, target: target(pick) })),
  (stage, pick) => onContact(stage, pick, (desk, { contactId }) => desk.command('contact.cancelConsult', { contactId })),
  (stage, pick) => onContact(stage, pick, (desk, { contactId }) => desk.command('contact.swap', { contactId })),
  (stage, pick) => onContact(stage, pick, (desk, { contactId }) => desk.command('contact.conference', { contactId, target: pick([null, target(pick)]) ?? null })),
  (stage, pick) => onContact(stage, pick, (desk, { contactId, legs }) => desk.command('contact.changeParty', { contactId, legId: pick(legs)?.legId ?? LegId.parse('nobody'), change: pick(PartyChange.options) ?? 'mute' })),
  (stage, pick) => onContact(stage, pick, (desk, { contactId }) => desk.command('contact.completeTransfer', { contactId })),
  (stage, pick) => onContact(stage, pick, (desk, { contactId }) => desk.command('contact.transfer', { contactId, target: target(pick) })),
  (stage, pick) => onContact(stage, pick, (desk, { contactId }) => desk.command('contact.reject', { contactId })),
  (stage, pick) => onContact(stage, pick, (desk, { contactId }) => desk.command('contact.hangUp', { contactId })),
  (stage, pick) => onContact(stage, pick, (desk, { contactId }) => desk.command('contact.rejoin', { contactId, ticket: TICKET, held: pick([true, false]) ?? false })),
  (stage, pick) => onContact(stage, pick, (desk, { contactId }) => desk.command('contact.complete', { contactId, next: null })),
  (stage, pick) => stage.switchPort.arrive(`100${pick([1, 2, 3, 4]) ?? 1}`, '1001', pick(['1002', '1003', '01000000003', '1099', '15880000']) ?? '1002'),
  (stage, pick) => stage.switchPort.arrive('1901', '1901', pick(['1001', '01000000002', '1902']) ?? '1001'),
  (stage, pick) => stage.switchPort.refer(pick(up(stage)) ?? '', pick(['1002', '1003', '01000000003', '1099']) ?? '1002', pick([null, ...up(stage)]) ?? null),
  (stage, pick) => stage.switchPort.register(pick(['1001', '1002', '1003', '1004']) ?? '1001', pick([true, true, false])),
  (stage, pick) => stage.clock.pass(pick([100, 1000, 5000, 20_000, 35_000]) ?? 100),
  (stage, pick) => stage.clock.pass(pick([100, 1000, 5000]) ?? 100),
  (stage, pick) => reconnect(stage, pick(AGENTS) ?? 'agent1'),
  (stage, pick) => stage.desk('supervisor').command('supervision.start', { agentId: AgentId.parse(pick(AGENTS) ?? 'agent1'), mode: pick(MODES) ?? 'listen' }),
  (stage, pick) => stage.desk('supervisor').command('supervision.setMode', { mode: pick(MODES) ?? 'listen' }),
  (stage, pick) => stage.desk('supervisor').command('supervision.setMode', { mode: pick(MODES) ?? 'listen' }),
  (stage, pick) => stage.desk('supervisor').command('supervision.setMode', { mode: pick(MODES) ?? 'listen' }),
  (stage, pick) => pick([true, false, false]) === true && stage.desk('supervisor').command('supervision.stop', {}),
  (stage, pick) => stage.switchPort.endSnoop(pick([...stage.switchPort.channels.values()].flatMap(({ ear }) => (ear === null ? [] : [ear.snoopId]))) ?? ''),
];

const ringing = (stage: CenterStage) => [...stage.switchPort.channels.values()].filter(({ state }) => state === 'ringing').map(({ channelId }) => channelId);
const up = (stage: CenterStage) => [...stage.switchPort.channels.values()].filter(({ state }) => state === 'up').map(({ channelId }) => channelId);

function onContact(stage: CenterStage, pick: <Item>(items: readonly Item[]) => Item | undefined, act: (desk: TestDesk, contact: Pick<ContactView, 'contactId' | 'legs'>) => unknown): unknown {
  const desk = stage.desk(pick(AGENTS) ?? '');
  return act(desk, pick([...desk.contacts.values()]) ?? { contactId: ContactId.parse('nobody'), legs: [] });
}

async function reconnect(stage: CenterStage, agent: string): Promise<void> {
  stage.desk(agent).connection?.disconnected();
  await stage.clock.pass(500);
  const signedIn = await stage.center.signIn(AgentId.parse(agent), 'web');
  if (signedIn.ok) await stage.signIn(agent);
}

describe('10,000 random interleavings of calls, commands, faults and time', () => {
  it.each([1, 2, 3])('leave no agent stuck, no channel behind and counters that equal a recount (seed %i)', async (seed) => {
    const stage = await centerStage({ configure: busy });
    const random = seeded(seed);
    const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
    for (const agent of AGENTS) await stage.signIn(agent);
    await stage.signIn('supervisor');
    for (const phone of ['1901', '1902', 'c2']) stage.switchPort.register(phone);
    const broken: string[] = [];
    for (let turn = 0; turn < STEPS / 3; turn++) {
      await steps[Math.floor(random() * steps.length)]?.(stage, pick);
      if (turn % LOOK_EVERY !== 0) continue;
      await settle();
      broken.push(...(await violations(stage, AGENTS)).map((what) => `step ${turn}: ${what}`));
    }
    expect(broken).toEqual([]);
    // Everybody hangs up, and all deadlines pass.
    for (const channelId of stage.switchPort.channels.keys()) stage.switchPort.phoneEnds(channelId);
    for (let minutes = 0; minutes < 5; minutes++) {
      await stage.clock.pass(60_000);
      for (const channelId of stage.switchPort.channels.keys()) stage.switchPort.phoneEnds(channelId);
    }
    await settle();
    expect(await violations(stage, AGENTS)).toEqual([]);
    for (const agent of AGENTS) expect(['READY', 'NOT_READY']).toContain((await stage.card(agent)).state.name);
    expect([...stage.switchPort.channels.keys()]).toEqual([]);
    expect([...stage.switchPort.bridges]).toEqual([]);
    const snapshot = await stage.desk('agent1').connection?.snapshot();
    expect(snapshot?.contacts).toEqual([]);
    expect((await stage.desk('supervisor').connection?.snapshot())?.supervision).toBeNull();
    const supervised = (type: string) => stage.logged().filter((event) => event.type === `supervision.${type}`).length;
    expect(supervised('started')).toBeGreaterThan(5);
    expect(supervised('changed')).toBeGreaterThan(5);
    expect(supervised('ended')).toBe(supervised('started'));

    const started = stage.logged().filter(({ type }) => type === 'contact.started').map(({ contactId }) => contactId);
    const ended = stage.logged().filter(({ type }) => type === 'contact.ended').map(({ contactId }) => contactId);
    expect(started.length).toBeGreaterThan(50);
    expect(ended).toHaveLength(started.length);
    expect(new Set(ended)).toEqual(new Set(started));
    expect(new Set<unknown>(stage.records.timeline.keys())).toEqual(new Set(started));
    // Whoever was connected with whom stands in the history; the log knows nobody, and nothing is left beside it.
    const log = JSON.stringify(stage.records.events);
    const people = [...stage.records.timeline.values()].map(({ number }) => number).filter((number) => number.length > 6);
    expect(people.length).toBeGreaterThan(10);
    expect(people.filter((number) => log.includes(number))).toEqual([]);
    expect([...stage.records.live.keys()]).toEqual([]);
    const recount = countAll(stage.logged(), 'Asia/Seoul');
    for (const { groupId, today } of stage.desk('supervisor').look('figures').values) expect(sumOf(recount, groupId) ?? noCounters()).toEqual(today);
    expect(stage.problems.filter((problem) => !BORNE.has(problem) && !problem.startsWith('an agent stuck'))).toEqual([]);
  }, 60_000);
});
