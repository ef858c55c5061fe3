import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BRIDGE_CALL_PATH, SignedIn } from '../../contract/cti/index.ts';
import type { Result } from '../../contract/errors.ts';
import { startServer, type RunningServer } from '../../server/server.ts';
import { AgentDesk } from '../support/agent-desk.ts';
import { createSipPhone } from '../support/sip-phone/index.ts';
import { until } from '../support/until.ts';
import { temporaryFolder, valueOf } from '../unit/store/support.ts';

const PASSWORD = 'sangdam-demo';
/** Leads to the group of technical questions without a menu. */
const DIRECT_NUMBER = '15880001';
const [CUSTOMER_HZ, AGENT_HZ] = [620, 1300];

async function running(): Promise<RunningServer> {
  const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await temporaryFolder(), demo: true });
  onTestFinished(() => server.stop());
  return server;
}

const post = async (origin: string, path: string, body: unknown, token?: string): Promise<{ status: number; result: Result<unknown> }> => {
  const response = await fetch(`${origin}/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return { status: response.status, result: await response.json() };
};

const trySignIn = (origin: string, account: string, password = PASSWORD) => post(origin, 'sign-in', { account, password, client: 'desktop' });
const many = <Value>(count: number, make: (index: number) => Value): Value[] => Array.from({ length: count }, (_, index) => make(index));

/** A browser at an address of this machine, which signs in through the web shell as its page does. */
function browserAt(origin: string, localAddress: string) {
  const signIn = async (account: string, password: string, device?: string): Promise<Result<{ device: string }>> => {
    const asked = request(`${origin}${BRIDGE_CALL_PATH}`, { method: 'POST', localAddress, headers: { origin, 'content-type': 'application/json' } });
    asked.end(JSON.stringify({ name: 'session.signIn', request: { server: null, account, password, ...(device !== undefined && { device }) } }));
    const [answer]: IncomingMessage[] = await once(asked, 'response');
    return JSON.parse(await text(answer ?? Readable.from(['null'])));
  };
  return { signIn };
}

type Browser = ReturnType<typeof browserAt>;

const codeOf = (result: Result<unknown>): string => (result.ok ? 'in' : result.error.code);

describe('the door of the running center', () => {
  it('hashes few of a thousand wrong passwords that come at one moment, and a colleague at the same address gets in', async () => {
    const { origin } = await running();
    const from = performance.now();
    const flood = Promise.all(many(1000, (index) => trySignIn(origin, `made-up-${index}`, 'nope')));
    await until('they have come', () => performance.now() - from > 500);
    expect((await trySignIn(origin, 'agent1')).status).toBe(200);
    const statuses = (await flood).map(({ status }) => status);
    // Thirty, and one a second while the others wait.
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(30 + Math.ceil((performance.now() - from) / 1000));
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
  });

  it('hashes five of a thousand for one account', async () => {
    const { origin } = await running();
    const statuses = (await Promise.all(many(1000, () => trySignIn(origin, 'agent1', 'nope')))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(995);
  });

  it('lets a whole office behind one address in: 300 within a minute, in waves of fifty', async () => {
    const { origin } = await running();
    for (let wave = 0; wave < 6; wave++) {
      const statuses = (await Promise.all(many(50, (index) => trySignIn(origin, `agent${(index % 8) + 1}`)))).map(({ status }) => status);
      expect(statuses.filter((status) => status !== 200)).toEqual([]);
    }
  });

  it('tells browsers apart though all of them come through the web shell, and one locks nobody else out', async () => {
    const { origin } = await running();
    const [evil, person, colleague] = ['127.0.0.2', '127.0.0.3', '127.0.0.2'].map((address) => browserAt(origin, address)) as [Browser, Browser, Browser];
    const known = await person.signIn('agent1', PASSWORD);
    expect(codeOf(known)).toBe('in');
    const outcomes = [];
    for (let turn = 0; turn < 7; turn++) outcomes.push(codeOf(await evil.signIn('agent1', 'nope')));
    expect(outcomes).toEqual([...Array<string>(5).fill('auth.invalid'), 'auth.rate-limited', 'auth.rate-limited']);
    // From where agent1 was, and by the mark of the device from elsewhere; and whoever sits beside the attacker.
    expect(codeOf(await browserAt(origin, '127.0.0.3').signIn('agent1', PASSWORD))).toBe('in');
    expect(codeOf(await browserAt(origin, '127.0.0.2').signIn('agent1', PASSWORD, valueOf(known).device))).toBe('in');
    expect(codeOf(await colleague.signIn('agent2', PASSWORD))).toBe('in');
  });

  it('ends the sign-in of a disabled account at once, and the customer’s call when it is over', async () => {
    const server = await running();
    const { origin } = server;
    const admin = SignedIn.parse(valueOf((await trySignIn(origin, 'admin')).result));
    const desk = await AgentDesk.signIn(origin, 'agent1', AGENT_HZ);
    onTestFinished(() => desk.close());
    const customer = createSipPhone({ url: `${origin.replace('http', 'ws')}/sip`, user: 'c1', password: 'customer', toneHz: CUSTOMER_HZ });
    onTestFinished(() => customer.close());
    await customer.register();
    const line = await customer.call(DIRECT_NUMBER);
    await desk.answer();
    await line.hears(AGENT_HZ);

    const disabled = await fetch(`${origin}/api/v1/accounts/agent1/disable`, { method: 'POST', headers: { authorization: `Bearer ${admin.accessToken}` } });
    expect(disabled.status).toBe(204);
    await expect(desk.call('agent.setState', { choice: { kind: 'ready' } })).rejects.toThrow('auth.replaced');
    expect((await trySignIn(origin, 'agent1')).status).toBe(403);
    await Promise.all([line.hears(AGENT_HZ), desk.hears([CUSTOMER_HZ])]);
    // Its socket breaks, and it is not let in again: the two go on talking.
    desk.session.reconnect();
    await until('the desk has no center any more', () => desk.session.view.health.cti.error?.code === 'auth.disabled');
    await until('the phone is back', () => desk.session.view.health.phone.state === 'registered');
    await line.hears(AGENT_HZ, [], 10_000);
    await desk.hears([CUSTOMER_HZ]);
    await line.hangUp();
    await until('the desk is signed out', () => desk.session.view.phase === 'signedOut');
    expect(desk.session.view.endedBy).toMatchObject({ code: 'auth.disabled' });
  });
});
