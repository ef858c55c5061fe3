import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A way to the center on which answers get lost: the first `times` requests of `path` reach it, and the connection
 * breaks as soon as it has answered. Everything else, sockets included, passes.
 * @returns its own origin, and how many answers have been swallowed so far
 */
export async function swallowingProxy(origin: string, path: string, times: number): Promise<{ proxy: string; swallowed: () => number }> {
  const { hostname, port } = new URL(origin);
  const open = new Set<Socket>();
  let swallowed = 0;
  const server = createServer((client) => {
    const center = connect(Number(port), hostname);
    let swallows = false;
    for (const socket of [client, center]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        center.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (chunk.includes(` ${path} HTTP/1.1`) && swallowed < times) swallows = true;
      center.write(chunk);
    });
    center.on('data', (chunk: Buffer) => {
      if (swallows) {
        swallowed += 1;
        client.destroy();
      } else client.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return { proxy: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, swallowed: () => swallowed };
}
