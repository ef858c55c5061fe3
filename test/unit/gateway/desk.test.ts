import { randomUUID } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { CtiSnapshot } from '../../../contract/cti/index.ts';
import { fail, ok, type Result } from '../../../contract/errors.ts';
import { until } from '../../support/until.ts';
import { valueOf } from '../store/support.ts';
import { agent, stage } from './stage.ts';

const AGENT1 = agent('agent1');
const READY = { choice: { kind: 'ready' } };
const switchEvent = (available: boolean) => ({ type: 'switch.changed', payload: { available } }) as const;

async function deskOf(account: string, options: Parameters<typeof stage>[0] = {}) {
  const on = await stage(options);
  return { ...on, desk: await on.connect((await on.signIn(account)).accessToken) };
}

describe('a desk’s socket', () => {
  it('passes commands to the core and its answer back', async () => {
    const { desk, center } = await deskOf('agent1');
    center.answer = () => fail('agent.no-microphone', 'none');
    expect(await desk.command('agent.setState', READY)).toEqual({ ok: false, error: { code: 'agent.no-microphone', message: 'none' } });
    expect(center.commands).toEqual([{ agentId: 'agent1', name: 'agent.setState', request: READY }]);
  });

  it('numbers events without a gap', async () => {
    const { desk, center } = await deskOf('agent1');
    for (const available of [true, false, true]) center.tell(AGENT1, switchEvent(available));
    await until('three events', () => desk.events.length === 3);
    expect(desk.events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('gives a snapshot that names the last event before it; what happens meanwhile follows it', async () => {
    const { desk, center } = await deskOf('agent1');
    center.tell(AGENT1, switchEvent(true));
    center.duringSnapshot = () => center.tell(AGENT1, switchEvent(false));
    const answered = await new Promise<{ answer: Result<unknown>; eventsBefore: number }>((resolve) => {
      // The acknowledgement itself: a promise of it settles only after what came in the same packet.
      desk.socket.emit('command', { type: 'sync.snapshot', key: randomUUID(), payload: {} }, (answer: Result<unknown>) => resolve({ answer, eventsBefore: desk.events.length }));
    });
    expect(CtiSnapshot.parse(valueOf(answered.answer)).seq).toBe(1);
    expect(answered.eventsBefore).toBe(1);
    await until('the event that waited', () => desk.events.length === 2);
    expect(desk.events[1]).toMatchObject({ seq: 2, payload: { available: false } });
  });

  it('acts once on a command that comes twice, also by the socket after', async () => {
    const { desk, center, connect, signIn } = await deskOf('agent2');
    const key = randomUUID();
    const twice = await Promise.all([desk.command('agent.setState', READY, key), desk.command('agent.setState', READY, key)]);
    expect(twice).toEqual([ok(null), ok(null)]);
    const again = await connect((await signIn('agent2')).accessToken);
    expect(await again.command('agent.setState', READY, key)).toEqual(ok(null));
    expect(center.commands).toHaveLength(1);
  });

  it('tells the core once when the socket is gone', async () => {
    const { desk, center } = await deskOf('agent1');
    desk.socket.close();
    await until('the core knows', () => center.disconnected.length > 0);
    expect(center.disconnected).toEqual(['agent1']);
  });

  it('of the same sign-in replaces the one before it', async () => {
    const { connect, signIn, center } = await stage();
    const { accessToken } = await signIn('agent1');
    const first = await connect(accessToken);
    const second = await connect(accessToken);
    await first.gone;
    expect(center.disconnected).toEqual(['agent1']);
    center.tell(AGENT1, switchEvent(true));
    await until('the event', () => second.events.length === 1);
    expect(second.events[0]?.seq).toBe(1);
  });

  it('lets supervisors force agents of their groups, and writes it down', async () => {
    const { desk, store } = await deskOf('supervisor');
    expect(await desk.command('agent.force', { agentId: 'agent5', choice: { kind: 'away', reason: 'meeting' } })).toEqual(ok(null));
    const [row] = await store.db.selectFrom('audit').selectAll().where('action', '=', 'agent.force').execute();
    expect(row).toMatchObject({ actor: 'supervisor', subject: 'agent5' });
    expect(row?.details).toContain('meeting');
  });
});

describe('failure: a desk’s socket', () => {
  it('is refused without a good token', async () => {
    const { connect } = await stage();
    for (const token of [undefined, 7, '', 'x.y.z', { $gt: '' }]) expect((await connect(token)).error).toMatchObject({ code: 'auth.invalid' });
  });

  it('is refused with a token that another key signed, or none', async () => {
    const [mine, other] = [await stage(), await stage()];
    const { accessToken } = await other.signIn('agent1');
    expect((await mine.connect(accessToken)).error).toMatchObject({ code: 'auth.invalid' });
    const [, payload] = accessToken.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    expect((await other.connect(unsigned)).error).toMatchObject({ code: 'auth.invalid' });
  });

  it('is let in with a good token, however many bad ones came from its address', async () => {
    const { connect, signIn } = await stage({ limits: { refusalsPerAddress: { count: 2, perS: 60 } } });
    const { accessToken } = await signIn('agent1');
    const errors = [];
    for (let turn = 0; turn < 3; turn++) errors.push((await connect('x.y.z')).error?.code);
    expect(errors).toEqual(['auth.invalid', 'auth.invalid', 'auth.rate-limited']);
    expect((await connect(accessToken)).error).toBeNull();
  });

  it('is refused for another site’s page', async () => {
    const { connect, signIn, origin } = await stage();
    const { accessToken } = await signIn('agent1');
    for (const foreign of ['https://evil.example', `${origin}.evil.example`, 'null']) expect((await connect(accessToken, { origin: foreign })).error).not.toBeNull();
    expect((await connect(accessToken, { origin })).error).toBeNull();
  });

  it('answers what it does not understand, does nothing, and goes on', async () => {
    const { desk, center } = await deskOf('agent1');
    const key = randomUUID();
    let deep: unknown = 1;
    for (let depth = 0; depth < 100; depth++) deep = { deep };
    const refused: [unknown, string][] = [
      [{ type: 'agent.fire', key, payload: {} }, 'command.unknown'],
      [{ type: 'toString', key, payload: {} }, 'command.unknown'],
      [{ type: '__proto__', key, payload: {} }, 'command.unknown'],
      [{ type: 'agent.setState', key, payload: { choice: { kind: 'flying' } } }, 'input.invalid'],
      [{ type: 'agent.setState', key, payload: deep }, 'input.invalid'],
      [{ type: 'agent.setState', key, payload: JSON.parse('{"__proto__":{"role":"admin"},"choice":{"kind":"ready"}}') }, 'input.invalid'],
      [{ type: 'agent.setState', key, payload: { ...READY, extra: 1 } }, 'input.invalid'],
      [{ type: 'agent.setState', key: 'short', payload: READY }, 'input.invalid'],
      [{ type: 'agent.setState', payload: READY }, 'input.invalid'],
      [{ type: 'contact.hangUp', key, payload: { contactId: '../../etc' } }, 'input.invalid'],
      [{ type: 'contact.hangUp', key, payload: { contactId: Number.NaN } }, 'input.invalid'],
      [{ type: 'contact.hangUp', key, payload: Buffer.from('binary') }, 'input.invalid'],
      [null, 'input.invalid'],
      ['command', 'input.invalid'],
      [[], 'input.invalid'],
    ];
    for (const [message, code] of refused) expect(await desk.send(message)).toMatchObject({ ok: false, error: { code } });
    expect(await desk.socket.timeout(3000).emitWithAck('shout', 1)).toMatchObject({ ok: false, error: { code: 'command.unknown' } });
    desk.socket.emit('command', { type: 'agent.setState', key, payload: READY });
    expect(await desk.command('agent.setState', READY)).toEqual(ok(null));
    expect(center.commands).toHaveLength(1);
  });

  it('is cut off when it sends too much at once', async () => {
    const { desk, center } = await deskOf('agent1');
    desk.socket.emit('command', { type: 'contact.update', key: randomUUID(), payload: { memo: 'x'.repeat(70_000) } });
    await desk.gone;
    expect(center.commands).toEqual([]);
  });

  it('is refused what its role or groups do not allow, by the role before the payload acts', async () => {
    const { desk, center, connect, signIn, store } = await deskOf('agent1');
    const force = { agentId: 'agent5', choice: { kind: 'ready' } };
    expect(await desk.command('agent.force', force)).toMatchObject({ error: { code: 'forbidden' } });
    expect(await desk.command('group.setOpen', { groupId: 'orders', open: false })).toMatchObject({ error: { code: 'forbidden' } });
    const supervisor = await connect((await signIn('supervisor')).accessToken);
    expect(await supervisor.command('agent.force', { ...force, agentId: 'admin' })).toMatchObject({ error: { code: 'forbidden' } });
    expect(await supervisor.command('group.setOpen', { groupId: 'elsewhere', open: false })).toMatchObject({ error: { code: 'forbidden' } });
    expect(center.commands).toEqual([]);
    expect(await store.db.selectFrom('audit').select('details').where('action', '=', 'agent.force').execute()).toHaveLength(2);
    const admin = await connect((await signIn('admin')).accessToken);
    expect(await admin.command('agent.force', force)).toEqual(ok(null));
  });

  it('is slowed down by the agent, dialling sooner than the rest', async () => {
    const { desk } = await deskOf('agent1', { limits: { commands: { count: 6, perS: 60 }, dialling: { count: 2, perS: 60 } } });
    const transfer = () => desk.command('contact.transfer', { contactId: 'k1', target: { kind: 'number', number: '1002' } });
    expect(await transfer()).toEqual(ok(null));
    expect(await transfer()).toEqual(ok(null));
    expect(await transfer()).toMatchObject({ error: { code: 'rate-limited', retryAfterMs: expect.any(Number) } });
    for (let turn = 0; turn < 3; turn++) expect(await desk.command('agent.setState', READY)).toEqual(ok(null));
    expect(await desk.command('agent.setState', READY)).toMatchObject({ error: { code: 'rate-limited' } });
  });

  it('hears of a defect only that there is one', async () => {
    const { desk, center } = await deskOf('agent1');
    center.answer = () => {
      throw new Error('secret detail');
    };
    expect(await desk.command('agent.setState', READY)).toEqual({ ok: false, error: { code: 'unexpected', message: 'the center failed at this' } });
  });

  it('survives a socket that never says who it is', async () => {
    const { origin, signIn } = await stage();
    const raw = connectTcp(Number(new URL(origin).port), '127.0.0.1');
    await once(raw, 'connect');
    raw.write('GET /cti/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n');
    raw.on('error', () => {});
    raw.resume();
    await once(raw, 'close');
    expect((await signIn('agent1')).me.agentId).toBe('agent1');
  });
});
