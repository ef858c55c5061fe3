import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { boundConnections } from '../../../center/gateway/connections.ts';
import { WaitingRoom } from '../../../center/gateway/waiting-room.ts';
import { TestClock } from '../center/center-stage.ts';
import { until } from '../../support/until.ts';

/** Far more than the system's own buffers. */
const LONG = 32 * 1024 * 1024;

/** Whom 127.0.0.3 speaks for counts. */
const proxied = (request: IncomingMessage): string => (request.socket.remoteAddress === '127.0.0.3' ? String(request.headers['x-forwarded-for']) : (request.socket.remoteAddress ?? ''));

async function serve(maximum: number): Promise<{ server: Server; clock: TestClock; open: (localAddress?: string) => Promise<Socket> }> {
  const server = createServer((request, response) => {
    if (request.url !== '/slow') response.end(request.url === '/long' ? 'x'.repeat(LONG) : 'here');
  });
  const clock = new TestClock();
  boundConnections(server, proxied, clock, maximum);
  server.on('upgrade', (_request, socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const open = async (localAddress = '127.0.0.1'): Promise<Socket> => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    socket.on('error', () => socket.destroy());
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  return { server, clock, open };
}

const answered = async (socket: Socket): Promise<string> => {
  socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
  return String((await once(socket, 'data'))[0]);
};

describe('connections that nobody has signed in by', () => {
  it('one too many costs who has most their oldest, and lets in who comes from elsewhere', async () => {
    const { open } = await serve(3);
    const flood = [await open(), await open(), await open()];
    const other = await open('127.0.0.2');
    await until('the oldest is gone', () => flood[0]?.destroyed || flood[0]?.readableEnded);
    expect(await answered(other)).toContain('200');
    for (const socket of flood.slice(1)) expect(await answered(socket)).toContain('200');
  });

  it('a socket that was upgraded is no such connection any more', async () => {
    const { open } = await serve(2);
    const desk = await open();
    desk.write('GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    expect(String((await once(desk, 'data'))[0])).toContain('101');
    const flood = [await open(), await open(), await open(), await open()];
    await until('the flood is cut', () => flood.filter(({ destroyed, readableEnded }) => destroyed || readableEnded).length === 2);
    expect([desk.destroyed, desk.readableEnded]).toEqual([false, false]);
  });

  it('of a proxy are those of whom it asks for: who floods through it crowds out nobody but themselves', async () => {
    const { server, open } = await serve(4);
    const ask = async (browser: string): Promise<Socket> => {
      const asked = once(server, 'request');
      const socket = await open('127.0.0.3');
      socket.write(`GET /slow HTTP/1.1\r\nHost: here\r\nX-Forwarded-For: ${browser}\r\n\r\n`);
      await asked;
      return socket;
    };
    const patient = await ask('192.0.2.1');
    const flood = [await ask('203.0.113.5'), await ask('203.0.113.5'), await ask('203.0.113.5'), await ask('203.0.113.5'), await ask('203.0.113.5')];
    const isGone = ({ destroyed, readableEnded }: Socket): boolean => destroyed || readableEnded;
    await until('two are gone', () => [patient, ...flood].filter(isGone).length === 2);
    expect([patient, ...flood].map(isGone)).toEqual([false, true, true, false, false, false]);
  });

  it('one whose answer is not read is ended, and one whose was, is not', async () => {
    const { server, clock, open } = await serve(3);
    const ends: Socket[] = [];
    server.on('connection', (socket: Socket) => socket.once('close', () => ends.push(socket)));
    const [unread, read] = [await open(), await open()];
    const asked = once(server, 'request');
    const gone = once(unread, 'close');
    unread.write('GET /long HTTP/1.1\r\nHost: here\r\n\r\n');
    await asked;
    expect(await answered(read)).toContain('200');
    await clock.pass(119_000);
    expect(ends).toEqual([]);
    await clock.pass(1000);
    unread.resume();
    await gone;
    expect([unread.bytesRead < LONG, await answered(read)]).toEqual([true, expect.stringContaining('200')]);
  });

  it('failure: who is no proxy speaks for nobody', async () => {
    const { server, open } = await serve(3);
    const ask = async (localAddress: string, browser: string): Promise<Socket> => {
      const asked = once(server, 'request');
      const socket = await open(localAddress);
      socket.write(`GET /slow HTTP/1.1\r\nHost: here\r\nX-Forwarded-For: ${browser}\r\n\r\n`);
      await asked;
      return socket;
    };
    const other = await ask('127.0.0.2', '192.0.2.1');
    const flood = [await ask('127.0.0.1', '203.0.113.1'), await ask('127.0.0.1', '203.0.113.2'), await ask('127.0.0.1', '203.0.113.3')];
    await until('its own oldest is gone', () => flood[0]?.destroyed || flood[0]?.readableEnded);
    expect([other.destroyed, other.readableEnded]).toEqual([false, false]);
  });
});

describe('the waiting room', () => {
  /** A socket that says it is gone when it was let go. */
  const socket = () => {
    const listeners: (() => void)[] = [];
    const close = () => listeners.forEach((listener) => listener());
    const destroy = () => {
      made.isGone = true;
      close();
    };
    const made = { once: (_event: 'close', listener: () => void) => listeners.push(listener), request: { socket: { destroy } }, isGone: false, close };
    return made;
  };
  const gone = (sockets: readonly { isGone: boolean }[]): boolean[] => sockets.map(({ isGone }) => isGone);

  it('lets the oldest of a place go when there is one too many of it; who is known or gone makes room', () => {
    const room = new WaitingRoom({ total: 10, fromPlace: 2 });
    const [a, b, c, d, e] = [socket(), socket(), socket(), socket(), socket()];
    for (const one of [a, b]) room.enter(one, '192.0.2.1');
    room.leave(a);
    room.enter(c, '192.0.2.1');
    expect(gone([a, b, c])).toEqual([false, false, false]);
    room.enter(d, '192.0.2.1');
    expect(gone([a, b, c, d])).toEqual([false, true, false, false]);
    c.close();
    c.close();
    room.enter(e, '192.0.2.1');
    expect(gone([a, c, d, e])).toEqual([false, false, false, false]);
  });

  it('lets the oldest of the place with most go when it is full: who comes from elsewhere gets in, from however many places others come', () => {
    const room = new WaitingRoom({ total: 8, fromPlace: 3 });
    const sockets = [1, 1, 1, 2, 2, 3, 3].map((place) => {
      const made = socket();
      room.enter(made, `203.0.113.${place}`);
      return made;
    });
    const honest = socket();
    room.enter(honest, '192.0.2.1');
    const another = socket();
    room.enter(another, '192.0.2.2');
    expect(gone([...sockets, honest, another])).toEqual([true, false, false, false, false, false, false, false, false]);
  });

  it('takes the /64 of an IPv6 address for one place, as whoever has one address there has all of them', () => {
    const room = new WaitingRoom({ total: 10, fromPlace: 2 });
    const [a, b, c, d] = [socket(), socket(), socket(), socket()];
    room.enter(a, '2001:db8:0:1::a');
    room.enter(b, '2001:db8:0:1::b');
    room.enter(c, '2001:db8:0:2::c');
    expect(gone([a, b, c])).toEqual([false, false, false]);
    room.enter(d, '2001:db8:0:1::d');
    expect(gone([a, b, c, d])).toEqual([true, false, false, false]);
  });

  it('takes no number of this very machine’s for too many, and lets them go last', () => {
    const room = new WaitingRoom({ total: 4, fromPlace: 2 });
    const [mine, others] = [[socket(), socket(), socket()], [socket(), socket(), socket()]];
    for (const one of mine) room.enter(one, '127.0.0.1');
    others.forEach((one, place) => room.enter(one, `192.0.2.${place}`));
    expect(gone([...mine, ...others])).toEqual([false, false, false, true, true, false]);
  });
});
