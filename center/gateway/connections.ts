import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../ports.ts';

/** A request's headers, all of a request, and a connection nobody asks anything on; milliseconds. */
export const httpTimeouts = { headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 15_000, connectionsCheckingInterval: 1000 } as const;

/** From a request to the last byte of its answer: whoever does not read must not have us keep what they asked for. */
const ANSWER_MS = 120_000;

/** Connections that are no sockets of desks or phones: requests, and whoever has yet to make one. */
const MAX_CONNECTIONS = 4096;

/**
 * Bounds the connections that have not become a socket of somebody's. One too many costs the address that has most of
 * them its oldest: who floods crowds out themselves, and whoever comes from elsewhere gets in. A connection of a proxy, or
 * of our own web shell, is that of whomever it asks for while it asks. An answer that is not taken ends its connection.
 * @param addressOf whose a request is, by whoever's word counts
 */
export function boundConnections(server: HttpServer, addressOf: (request: IncomingMessage) => string, clock: Pick<Clock, 'setTimeout'>, maximum: number = MAX_CONNECTIONS): void {
  const byAddress = new Map<string, Set<Socket>>();
  const addresses = new Map<Socket, string>();

  server.on('connection', (socket: Socket) => {
    count(socket, socket.remoteAddress ?? '');
    socket.once('close', () => forget(socket));
    if (addresses.size > maximum) dropOldest();
  });
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    move(socket, addressOf(request));
    const taken = clock.setTimeout(() => socket.destroy(), ANSWER_MS);
    response.once('close', () => {
      taken();
      move(socket, socket.remoteAddress ?? '');
    });
  });
  server.prependListener('upgrade', ({ socket }) => forget(socket));

  function count(socket: Socket, address: string): void {
    addresses.set(socket, address);
    byAddress.set(address, (byAddress.get(address) ?? new Set<Socket>()).add(socket));
  }

  function forget(socket: Socket): void {
    const address = addresses.get(socket);
    if (address === undefined) return;
    addresses.delete(socket);
    const own = byAddress.get(address);
    own?.delete(socket);
    if (own?.size === 0) byAddress.delete(address);
  }

  /** What is not counted any more stays so. */
  function move(socket: Socket, address: string): void {
    const former = addresses.get(socket);
    if (former === undefined || former === address) return;
    forget(socket);
    count(socket, address);
  }

  function dropOldest(): void {
    const [, most] = [...byAddress].reduce((a, b) => (b[1].size > a[1].size ? b : a));
    const [oldest] = most;
    if (oldest === undefined) return;
    forget(oldest);
    oldest.destroy();
  }
}
