import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { AriConnection } from '../../../../center/switch/asterisk/ari/connection.ts';
import { AriLanes } from '../../../../center/switch/asterisk/ari/lanes.ts';
import { systemClock } from '../../../../server/clock.ts';
import { until } from '../../../support/until.ts';

/** ARI as far as it matters here: notes by which socket each request came, and answers it. */
let server: Server;
let sockets: WebSocketServer;
let heard: { app: string; uri: string }[];
let refuse: (app: string) => boolean;
let lanes: AriLanes;
let all: AriConnection[];

beforeEach(async () => {
  heard = [];
  refuse = () => false;
  server = createServer();
  sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const app = new URL(request.url ?? '', 'http://asterisk').searchParams.get('app') ?? '';
    if (refuse(app)) {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 503 Busy\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('message', (data: Buffer) => {
        const message: { uri: string; transaction_id: string } = JSON.parse(data.toString());
        heard.push({ app, uri: message.uri });
        ws.send(JSON.stringify({ type: 'RESTResponse', transaction_id: message.transaction_id, request_id: message.transaction_id, status_code: 204, reason_phrase: 'No Content', uri: message.uri, message_body: '' }));
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const listener = { connected: () => {}, disconnected: () => {}, event: () => {}, slow: () => {}, nonsense: () => {} };
  all = ['main', 'a', 'b', 'c'].map((app) => new AriConnection({ account: { url: `http://127.0.0.1:${port}/ari`, user: 'u', password: 'p' }, apps: [app], clock: systemClock, listener }));
  const [main, ...others] = all;
  if (main === undefined) throw new Error('no connection');
  lanes = new AriLanes(main, others);
});

afterEach(async () => {
  await lanes.stop();
  sockets.close();
  server.close();
});

describe('requests on several sockets', () => {
  it('keep the order of one key, on one socket, and are spread by their keys', async () => {
    lanes.start();
    await until('all sockets are open', () => all.every(({ isOpen }) => isOpen));
    const keys = Array.from({ length: 30 }, (_, i) => `channel-${i}`);
    const answers = await Promise.all(keys.flatMap((key) => [1, 2, 3].map((step) => lanes.request(key, 'POST', `${key}/${step}`))));
    expect(answers.every(({ status }) => status === 204)).toBe(true);
    for (const key of keys) {
      const own = heard.filter(({ uri }) => uri.startsWith(`${key}/`));
      expect(own.map(({ uri }) => uri)).toEqual([1, 2, 3].map((step) => `${key}/${step}`));
      expect(new Set(own.map(({ app }) => app)).size).toBe(1);
    }
    expect(new Set(heard.map(({ app }) => app))).toEqual(new Set(['a', 'b', 'c']));
  });

  describe('failure: a socket that Asterisk refuses', () => {
    it('leaves its requests to the first', async () => {
      refuse = (app) => app !== 'main';
      lanes.start();
      await until('the first is open', () => all[0]?.isOpen ?? false);
      expect(await lanes.request('channel', 'POST', 'channel/answer')).toMatchObject({ status: 204 });
      expect(heard).toEqual([{ app: 'main', uri: 'channel/answer' }]);
    });
  });
});
