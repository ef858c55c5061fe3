import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/* The least that answering over a WebSocket costs: a bare `ws` server that says the same to whatever comes, and looks at nothing. */

const ANSWER = `SIP/2.0 200 OK\r\n${'X-Header: as much as an answer has\r\n'.repeat(8)}\r\n`;

const server = createServer();
const sockets = new WebSocketServer({ server });
sockets.on('connection', (socket) => {
  socket.on('message', () => socket.send(ANSWER));
  socket.on('error', () => socket.terminate());
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, at: performance.now() });
});
process.on('disconnect', () => process.exit());
process.send?.({ port: (server.address() as AddressInfo).port });
