import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { BRIDGE_CALL_PATH, BRIDGE_PATH, CTI_PATH } from '../../../contract/cti/index.ts';
import { resultOf } from '../../../contract/errors.ts';
import { startServer } from '../../../server/server.ts';
import { BridgeBrowser } from '../../support/bridge-page.ts';
import { stage } from '../../unit/gateway/stage.ts';
import { temporaryFolder } from '../../unit/store/support.ts';
import { hostileText, hostileValue, json } from './support/hostile.ts';
import { fuzz } from './support/run.ts';

/** Packets of Engine.IO and Socket.IO, right and wrong: type digits, namespaces, acknowledgement ids, attachments. */
const packet = (): fc.Arbitrary<string | Buffer> =>
  fc.oneof(
    fc.constantFrom('40', '40{}', '40{"token":1}', '40/admin,{}', '41', '42', '420', '42["command"]', '421["command",{}]', '42["command",{"type":"sync.snapshot","key":"12345678","payload":{}}]', '450-', '451-["command",{"_placeholder":true,"num":0}]', '459999999-["a"]', '43[]', '430[]', '1', '2', '3', '4', '5', '6', '42["__proto__",{}]', '42["disconnect"]', '421["call","session.get",null]', '4219999999999999999["call"]', `42["${'x'.repeat(70_000)}"]`),
    fc.tuple(fc.constantFrom('', '0', '1', '2', '3', '4', '40', '42', '421', '45', '451-'), hostileText()).map((parts) => parts.join('')),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );

/** Sends packets on a socket of its own, where it gets one, and goes: with a goodbye, or without. */
function rant(origin: string, path: string, packets: readonly (string | Buffer)[], orderly: boolean, headers: Record<string, string> = {}): Promise<void> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}/?EIO=4&transport=websocket`, { headers });
  socket.on('error', () => {});
  socket.once('open', () => {
    for (const one of packets) socket.send(one, () => {});
    if (orderly) socket.close();
    else socket.terminate();
  });
  return new Promise((resolve) => void socket.once('close', () => resolve()));
}

const rants = () => fc.record({ packets: fc.array(packet(), { maxLength: 12 }), orderly: fc.boolean() });

describe('fuzz: packets on a socket', () => {
  it('of desks do no harm to a desk beside', async () => {
    const { origin, signIn, connect, center } = await stage({ limits: { refusalsPerAddress: { count: 1_000_000, perS: 1 } } });
    const { me, accessToken } = await signIn('agent1');
    const desk = await connect(accessToken);
    await fuzz('packets to the center', 100, fc.asyncProperty(rants(), ({ packets, orderly }) => rant(origin, CTI_PATH, packets, orderly)));
    expect(await desk.command('sync.snapshot', {})).toMatchObject({ ok: true, value: { me: { account: 'agent1' } } });
    // Nobody has acted for anybody.
    expect(center.commands.filter(({ agentId }) => agentId !== me.agentId)).toEqual([]);
    expect(center.sinks.size).toBe(1);
  });

  it('of browsers, signed in or not, do no harm to the shell', async () => {
    const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await temporaryFolder(), demo: true });
    onTestFinished(() => server.stop());
    const { origin } = server;
    const browser = await new BridgeBrowser(origin).signIn('agent1');
    onTestFinished(() => browser.close());
    const page = await browser.open();
    await fuzz(
      'packets to the web shell',
      100,
      fc.asyncProperty(rants(), fc.boolean(), ({ packets, orderly }, isSignedIn) => rant(origin, BRIDGE_PATH, packets, orderly, { origin, ...(isSignedIn && { cookie: browser.cookie }) })),
    );
    expect(await page.call('session.get', null)).toMatchObject({ ok: true, value: { host: 'web', phase: 'signedIn', me: { account: 'agent1' } } });
  });

  it('of nobody do no harm where a sign-in is posted, and bring no cookie', async () => {
    const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await temporaryFolder(), demo: true });
    onTestFinished(() => server.stop());
    const { origin } = server;
    const name = fc.oneof(fc.constantFrom<unknown>('session.get', 'session.signIn', 'session.answerFactor', 'session.choosePassword', 'customers.search'), hostileValue());
    const request = fc.oneof(fc.record({ server: fc.oneof(fc.constant(null), hostileValue()), account: fc.oneof(fc.constant('agent1'), hostileValue()), password: hostileValue() }), hostileValue());
    const body = fc.oneof({ weight: 6, arbitrary: fc.record({ name, request }).map(json) }, { weight: 1, arbitrary: hostileText() }, { weight: 1, arbitrary: fc.constantFrom('', '{', 'x'.repeat(20_000), `${'['.repeat(8000)}${']'.repeat(8000)}`) });
    await fuzz(
      'posted bridge calls',
      150,
      fc.asyncProperty(body, async (sent) => {
        const response = await fetch(`${origin}${BRIDGE_CALL_PATH}`, { method: 'POST', headers: { origin, 'content-type': 'application/json' }, body: sent });
        expect(resultOf(z.unknown()).safeParse(await response.json()).success).toBe(true);
        expect([response.status < 500, response.headers.get('set-cookie')]).toEqual([true, null]);
      }),
    );
    expect((await new BridgeBrowser(origin).post('session.get', null)).answer).toMatchObject({ ok: true, value: { phase: 'signedOut' } });
  });
});
