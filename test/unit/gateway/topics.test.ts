import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { CTI_PATH, TopicMessage } from '../../../contract/cti/index.ts';
import { ok } from '../../../contract/errors.ts';
import { until } from '../../support/until.ts';
import { agent, stage } from './stage.ts';

const AGENT1 = agent('agent1');
const ASK = { topic: 'directory', groupIds: null };
const change = (seq: number, text = ''): TopicMessage => ({ type: 'topic.changed', channel: 'directory:*', seq, upserts: [text], removals: [] });
/** Far more than the system's own buffers. */
const [BIG, MANY] = ['x'.repeat(256 * 1024), 400];

async function deskOf(account: string) {
  const on = await stage();
  const desk = await on.connect((await on.signIn(account)).accessToken);
  const messages: TopicMessage[] = [];
  desk.socket.on('topic', (message: unknown) => messages.push(TopicMessage.parse(message)));
  return { ...on, desk, messages };
}

describe('topics over a desk’s socket', () => {
  it('pass what is asked for to the core, and what it tells to the desk, in order among the events', async () => {
    const { desk, center, messages } = await deskOf('agent1');
    expect(await desk.command('topic.subscribe', ASK)).toEqual(ok(null));
    expect(center.looked).toEqual([{ agentId: AGENT1, ...ASK }]);
    const whole: TopicMessage = { type: 'topic.subscribed', id: 'directory:*', channel: 'directory:*', seq: 0, values: [{ name: '상담원 “1”\u2028' }] };
    const order: string[] = [];
    desk.socket.onAny((name: string) => order.push(name));
    expect(center.sinks.get(AGENT1)?.topic(whole)).toBe(true);
    center.tell(AGENT1, { type: 'switch.changed', payload: { available: false } });
    center.sinks.get(AGENT1)?.topic(change(1));
    await until('all three', () => order.length === 3);
    expect([order, messages]).toEqual([['topic', 'event', 'topic'], [whole, change(1)]]);
    expect(await desk.command('topic.unsubscribe', ASK)).toEqual(ok(null));
    expect(center.unlooked).toEqual([{ agentId: AGENT1, ...ASK }]);
  });

  it('are not counted among the numbered events', async () => {
    const { desk, center, messages } = await deskOf('agent1');
    center.sinks.get(AGENT1)?.topic(change(1));
    center.tell(AGENT1, { type: 'switch.changed', payload: { available: true } });
    await until('both', () => messages.length === 1 && desk.events.length === 1);
    expect(desk.events[0]?.seq).toBe(1);
  });
});

describe('failure: topics over a desk’s socket', () => {
  const bad = [{}, { topic: 'directory' }, { topic: 'directory', groupIds: [] }, { topic: '', groupIds: null }, { topic: 'x'.repeat(41), groupIds: null }, { topic: 'directory', groupIds: Array.from({ length: 201 }, (_, index) => `g${index}`) }, { ...ASK, more: true }];

  it.each(bad)('%j is no request', async (ask) => {
    const { desk, center } = await deskOf('agent1');
    expect(await desk.command('topic.subscribe', ask)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    expect(center.looked).toEqual([]);
  });

  it('a flood of subscriptions is turned away, and the desk lives', async () => {
    const { desk, center } = await deskOf('agent1');
    const answers = await Promise.all(Array.from({ length: 1000 }, () => desk.command('topic.subscribe', ASK)));
    expect(answers.filter(({ ok: isOk }) => isOk).length).toBe(center.looked.length);
    expect(answers.some((answer) => !answer.ok && answer.error.code === 'rate-limited')).toBe(true);
    expect(desk.socket.connected).toBe(true);
  });

  it('a desk that does not read is told that it is behind, is not cut off for what it looks at, and goes on when it reads', async () => {
    const { origin, signIn, center } = await stage();
    const { accessToken } = await signIn('agent1');
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${CTI_PATH}/?EIO=4&transport=websocket`);
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    socket.on('message', (data: Buffer) => data.toString() === '2' && socket.send('3'));
    socket.send(`40${JSON.stringify({ token: accessToken })}`);
    const sink = await until('it is a desk', () => center.sinks.get(AGENT1));
    socket.pause();
    const taken: boolean[] = [];
    for (let seq = 1; seq <= MANY; seq++) {
      taken.push(sink.topic(change(seq, BIG)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([taken[0], taken.at(-1), center.disconnected]).toEqual([true, false, []]);
    center.caughtUp.length = 0;
    socket.resume();
    await until('it has read', () => center.caughtUp.length > 0);
    expect(sink.topic(change(MANY + 1))).toBe(true);
  });
});
