import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { boundConnections } from '../../../center/gateway/connections.ts';
import { WaitingRoom } from '../../../center/gateway/waiting-room.ts';
import { until } from '../../support/until.ts';

async function serve(maximum: number): Promise<{ server: Server; open: (localAddress?: string) => Promise<Socket> }> {
  const server = createServer((_request, response) => response.end('here'));
  boundConnections(server, maximum);
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
  return { server, open };
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
});

describe('the waiting room', () => {
  const socket = () => {
    const listeners: (() => void)[] = [];
    return { once: (_event: 'close', listener: () => void) => listeners.push(listener), close: () => listeners.forEach((listener) => listener()) };
  };

  it('has room for so many of one address, and in all; who is known or gone makes room', () => {
    const room = new WaitingRoom({ total: 4, fromPlace: 2 });
    const [a, b, c, d] = [socket(), socket(), socket(), socket()];
    room.enter(a, '192.0.2.1');
    room.enter(b, '192.0.2.1');
    expect([room.hasRoomFor('192.0.2.1'), room.hasRoomFor('192.0.2.2')]).toEqual([false, true]);
    room.leave(a);
    expect(room.hasRoomFor('192.0.2.1')).toBe(true);
    for (const one of [a, c, d]) room.enter(one, '127.0.0.1');
    expect([room.hasRoomFor('192.0.2.2'), room.hasRoomFor('127.0.0.1')]).toEqual([false, false]);
    b.close();
    b.close();
    expect([room.hasRoomFor('192.0.2.2'), room.hasRoomFor('127.0.0.1')]).toEqual([true, true]);
  });

  it('takes the /64 of an IPv6 address for one place, as whoever has one address there has all of them', () => {
    const room = new WaitingRoom({ total: 10, fromPlace: 2 });
    const [a, b] = [socket(), socket()];
    room.enter(a, '2001:db8:0:1::a');
    room.enter(b, '2001:db8:0:1::b');
    expect([room.hasRoomFor('2001:db8:0:1::c'), room.hasRoomFor('2001:db8:0:2::c')]).toEqual([false, true]);
    a.close();
    expect(room.hasRoomFor('2001:db8:0:1::c')).toBe(true);
  });
});
