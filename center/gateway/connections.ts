import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';

/** A request's headers, all of a request, and a connection nobody asks anything on; milliseconds. */
export const httpTimeouts = { headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 15_000, connectionsCheckingInterval: 1000 } as const;

/** Connections that are no sockets of desks or phones: requests, and whoever has yet to make one. */
const MAX_CONNECTIONS = 4096;

/**
 * Bounds the connections that have not become a socket of somebody's. One too many costs the address that has most of
 * them its oldest: who floods crowds out themselves, and whoever comes from elsewhere gets in.
 */
export function boundConnections(server: HttpServer, maximum: number = MAX_CONNECTIONS): void {
  const byAddress = new Map<string, Set<Socket>>();
  let count = 0;

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const own = byAddress.get(address) ?? new Set<Socket>();
    byAddress.set(address, own.add(socket));
    count++;
    socket.once('close', () => forget(socket, address));
    if (count > maximum) dropOldest();
  });
  server.prependListener('upgrade', ({ socket }) => forget(socket, socket.remoteAddress ?? ''));

  function forget(socket: Socket, address: string): void {
    const own = byAddress.get(address);
    if (own === undefined || !own.delete(socket)) return;
    count--;
    if (own.size === 0) byAddress.delete(address);
  }

  function dropOldest(): void {
    const [address, most] = [...byAddress].reduce((a, b) => (b[1].size > a[1].size ? b : a));
    const [oldest] = most;
    if (oldest === undefined) return;
    forget(oldest, address);
    oldest.destroy();
  }
}
