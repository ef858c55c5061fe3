import { beforeEach, describe, expect, it } from 'vitest';
import { keepsNothing, type BridgeEvent } from '../../../agent/index.ts';
import type { TopicMessage } from '../../../contract/cti/index.ts';
import type { AgentCard } from '../../../contract/directory.ts';
import { fail } from '../../../contract/errors.ts';
import { AgentId } from '../../../contract/ids.ts';
import { must } from '../../switch/stage.ts';
import { until } from '../../support/until.ts';
import { hastyClock } from './support/hasty-clock.ts';
import { givePhone, openOffice, openSession, openWindow, type Office } from './support/office.ts';

const AGENT1 = AgentId.parse('agent1');
const ASK = { topic: 'directory', groupIds: null } as const;
const card = (id: string, since = 1): AgentCard => ({ agentId: AgentId.parse(id), name: id, extension: '1002', role: 'agent', groupIds: [], state: { name: 'READY' }, since, connected: true, reachable: true });
const whole = (...values: AgentCard[]): TopicMessage => ({ type: 'topic.subscribed', id: 'directory:*', channel: 'directory:*', seq: 7, values });
const change = (seq: number, upserts: unknown[], removals: string[] = []): TopicMessage => ({ type: 'topic.changed', channel: 'directory:*', seq, upserts, removals });
const topicsOf = (events: BridgeEvent[]) => events.flatMap((event) => (event.name.startsWith('topic.') ? [[event.name, event.payload]] : []));

describe('what the windows of a sign-in look at', () => {
  let office: Office;
  const asked = () => office.center.looked.filter(({ topic }) => topic === 'directory').length;
  const tell = (message: TopicMessage): void => void office.center.tellTopic(AGENT1, message);

  beforeEach(async () => {
    office = await openOffice();
    await givePhone(office, AGENT1);
  });

  async function signedIn(clock = hastyClock()) {
    const opened = openSession(office, 'desktop', keepsNothing, clock);
    must(await opened.call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    return { ...opened, clock };
  }

  async function looking() {
    const opened = await signedIn();
    must(await opened.call('topics.subscribe', ASK));
    await until('the center is asked', () => asked() > 0);
    tell(whole(card('agent2'), card('agent3')));
    await until('the window has it', () => topicsOf(opened.events).length > 0);
    return opened;
  }

  it('is asked of the center once, and told by key to those who look', async () => {
    const { session, events } = await looking();
    const [other, idle] = [openWindow(session), openWindow(session)];
    must(await other.call('topics.subscribe', ASK));
    // A window that opens late has what there is, without a question to the center.
    expect(topicsOf(other.events)).toEqual([['topic.subscribed', { topic: 'directory', id: 'directory:*', values: [card('agent2'), card('agent3')] }]]);
    expect(asked()).toBe(1);
    tell(change(8, [card('agent2', 2)], ['agent3']));
    await until('both have it', () => [events, other.events].every((told) => told.some(({ name }) => name === 'topic.changed')));
    expect(topicsOf(other.events).at(-1)).toEqual(['topic.changed', { topic: 'directory', id: 'directory:*', upserts: [card('agent2', 2)], removals: ['agent3'] }]);
    expect(topicsOf(idle.events)).toEqual([]);
    expect(events.filter(({ name }) => name === 'session.changed').some(({ payload }) => JSON.stringify(payload).includes('agent3'))).toBe(false);
  });

  it('is given up a while after the last window has gone, and not by who comes back in time', async () => {
    const { session, call, clock } = await looking();
    const other = openWindow(session);
    must(await other.call('topics.subscribe', ASK));
    must(await call('topics.unsubscribe', ASK));
    must(await call('topics.unsubscribe', ASK));
    must(await call('topics.subscribe', ASK));
    clock.haste = 1000;
    must(await call('topics.unsubscribe', ASK));
    other.detach();
    await until('the center is told', () => office.center.unlooked.length > 0);
    expect([office.center.unlooked, asked()]).toEqual([[{ agentId: AGENT1, ...ASK }], 1]);
  });

  it('is asked for anew after an outage, and stays as it was meanwhile', async () => {
    const { session, events } = await looking();
    office.cutSockets();
    await until('it is asked for again', () => asked() === 2);
    expect(topicsOf(events)).toHaveLength(1);
    tell(whole(card('agent4')));
    await until('the window has it', () => topicsOf(events).length > 1);
    expect(topicsOf(events).at(-1)).toMatchObject(['topic.subscribed', { values: [{ agentId: 'agent4' }] }]);
    expect(session.view.phase).toBe('signedIn');
  });

  it('has its whole again where something is missing, and takes nothing in between', async () => {
    const { events } = await looking();
    tell(change(9, [card('agent2', 9)]));
    await until('it is asked for again', () => asked() === 2);
    tell(change(10, [card('agent2', 10)]));
    tell({ ...whole(card('agent2', 11)), seq: 11 } as TopicMessage);
    tell(change(11, [card('agent2', 1)]));
    tell(change(12, [card('agent2', 12)]));
    await until('it goes on', () => topicsOf(events).length === 3);
    expect(topicsOf(events).slice(1)).toMatchObject([['topic.subscribed', { values: [{ since: 11 }] }], ['topic.changed', { upserts: [{ since: 12 }] }]]);
  });
});

describe('failure: what cannot be looked at', () => {
  let office: Office;

  beforeEach(async () => {
    office = await openOffice();
    await givePhone(office, AGENT1);
  });

  it.each(['forbidden', 'not-found', 'command.unknown'] as const)('is told with its reason (%s), and asked for anew by whoever comes again', async (code) => {
    office.center.looks = () => fail(code, 'no');
    const { call, events } = openSession(office);
    must(await call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    must(await call('topics.subscribe', ASK));
    await until('it was told', () => topicsOf(events).length > 0);
    expect(topicsOf(events)).toMatchObject([['topic.ended', { topic: 'directory', id: 'directory:*', error: { code } }]]);
    office.center.looks = () => ({ ok: true, value: null });
    const before = office.center.looked.length;
    must(await call('topics.subscribe', ASK));
    await until('it is asked for', () => office.center.looked.length > before);
    office.center.tellTopic(AGENT1, whole(card('agent2')));
    await until('it is here', () => topicsOf(events).at(-1)?.[0] === 'topic.subscribed');
    expect(topicsOf(events).at(-1)).toMatchObject(['topic.subscribed', { values: [{ agentId: 'agent2' }] }]);
  });

  it('is what nobody has signed in for, and what no window knows', async () => {
    const { call } = openSession(office);
    expect(await call('topics.subscribe', ASK)).toMatchObject({ ok: false, error: { code: 'session.not-signed-in' } });
    must(await call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    expect(await call('topics.subscribe', { topic: 'secrets', groupIds: null } as never)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
  });

  it('is malformed: it is dropped, and asked for again', async () => {
    const { call, events } = openSession(office);
    must(await call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    must(await call('topics.subscribe', ASK));
    const sink = await until('it is asked for', () => office.center.looked.some(({ topic }) => topic === 'directory') && office.center.sinks.get(AGENT1));
    sink.topic(whole(card('agent2')));
    sink.topic(change(8, [{ agentId: 'agent2' }]));
    await until('it is asked for again', () => office.center.looked.filter(({ topic }) => topic === 'directory').length === 2);
    sink.topic({ type: 'topic.changed' } as never);
    sink.topic(whole(card('agent2', 2)));
    await until('the window has it', () => topicsOf(events).length === 2);
    expect(topicsOf(events).at(-1)).toMatchObject(['topic.subscribed', { values: [{ since: 2 }] }]);
  });
});
