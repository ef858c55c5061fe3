import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { changesAfter } from './customer-data.ts';

/* A center as far as a synchronisation sees it: pages of so many customers, made as they are asked for. It ends with its parent. */

const total = Number(process.argv[2] ?? 0);
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://center');
  const page = changesAfter(Number(searchParams.get('cursor')), Number(searchParams.get('limit')), total);
  response.setHeader('content-type', 'application/json').end(JSON.stringify(page));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('disconnect', () => process.exit());
process.send?.({ port: (server.address() as AddressInfo).port });
