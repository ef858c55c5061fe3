import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { silentLogger } from '../../../agent/index.ts';
import { BRIDGE_PATH, CTI_PATH } from '../../../contract/cti/index.ts';
import { createWebShell } from '../../../web/index.ts';
import { stage } from '../../unit/gateway/stage.ts';
import { temporaryFolder } from '../../unit/store/support.ts';
import { hostileText } from './support/hostile.ts';
import { fuzz } from './support/run.ts';

/** Packets of Engine.IO and Socket.IO, right and wrong: type digits, namespaces, acknowledgement ids, attachments. */
const packet = (): fc.Arbitrary<string | Buffer> =>
  fc.oneof(
    fc.constantFrom('40', '40{}', '40{"token":1}', '40/admin,{}', '41', '42', '420', '42["command"]', '421["command",{}]', '42["command",{"type":"sync.snapshot","key":"12345678","payload":{}}]', '450-', '451-["command",{"_placeholder":true,"num":0}]', '459999999-["a"]', '43[]', '430[]', '1', '2', '3', '4', '5', '6', '42["__proto__",{}]', '42["disconnect"]', '421["call","session.get",null]', '4219999999999999999["call"]', `42["${'x'.repeat(70_000)}"]`),
    fc.tuple(fc.constantFrom('', '0', '1', '2', '3', '4', '40', '42', '421', '45', '451-'), hostileText()).map((parts) => parts.join('')),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );

/** Sends packets on a socket of its own, and goes: with a goodbye, or without. */
async function rant(origin: string, path: string, packets: readonly (string | Buffer)[], orderly: boolean): Promise<void> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}/?EIO=4&transport=websocket`);
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  await Promise.race([once(socket, 'open'), closed]);
  for (const one of packets) if (socket.readyState === WebSocket.OPEN) await new Promise((sent) => socket.send(one, sent));
  if (orderly) socket.close();
  else socket.terminate();
  await closed;
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

  it('of browsers do no harm to the shell', async () => {
    const { origin: centerUrl } = await stage();
    const http = createServer();
    const sockets = new Set<Socket>();
    http.on('upgrade', ({ socket }: IncomingMessage) => sockets.add(socket));
    const shell = createWebShell({ httpServer: http, centerUrl, dataDir: await temporaryFolder(), logger: silentLogger });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    onTestFinished(async () => {
      await shell.stop();
      for (const socket of sockets) socket.destroy();
      http.close();
    });
    const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    await fuzz('packets to the web shell', 100, fc.asyncProperty(rants(), ({ packets, orderly }) => rant(origin, BRIDGE_PATH, packets, orderly)));
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${BRIDGE_PATH}/?EIO=4&transport=websocket`);
    await once(socket, 'message');
    socket.send('40');
    await once(socket, 'message');
    socket.send('421["call","session.get",null]');
    const [answer] = await once(socket, 'message');
    expect(String(answer)).toMatch(/^431\[\{"ok":true,"value":\{"host":"web","phase":"signedOut"/);
    socket.close();
  });
});
