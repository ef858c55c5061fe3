import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Admission } from '../../../../../../center/switch/embedded/sip/admission.ts';
import { SipConnection } from '../../../../../../center/switch/embedded/sip/connection.ts';
import { systemClock } from '../../../../../../server/clock.ts';

/** The part of `ws` a connection uses, and what was done to it. */
class FakeSocket extends EventEmitter {
  readyState: number = WebSocket.OPEN;
  bufferedAmount = 0;
  readonly done: string[] = [];
  send(text: string): void {
    this.done.push(`send ${text}`);
  }
  ping(): void {
    this.done.push('ping');
  }
  pong(): void {
    this.done.push('pong');
  }
  pause(): void {
    this.done.push('pause');
  }
  resume(): void {
    this.done.push('resume');
  }
  close(code: number): void {
    this.done.push(`close ${code}`);
  }
  terminate(): void {
    this.done.push('terminate');
    this.readyState = WebSocket.CLOSED;
    this.emit('close');
  }
}

describe('a phone’s WebSocket', () => {
  let socket: FakeSocket;
  let stream: PassThrough;
  let connection: SipConnection;
  let heard: string[];
  beforeEach(() => {
    vi.useFakeTimers();
    socket = new FakeSocket();
    stream = new PassThrough();
    heard = [];
    const admission = new Admission(() => systemClock.monotonic());
    connection = new SipConnection(
      { id: 'a', address: '192.0.2.1', clock: systemClock, admission, secret: new Uint8Array(32), strangerMs: 10_000, onRefused: (why) => heard.push(`refused: ${why}`) },
      socket as unknown as WebSocket,
      stream,
    );
    admission.entered(connection);
    connection.listen((text) => heard.push(text), () => heard.push('closed'));
  });
  afterEach(() => {
    socket.terminate();
    vi.useRealTimers();
  });

  it('is ended when no password was proved in time, and not when one was', () => {
    connection.proved('1001');
    for (let s = 0; s < 60; s++) {
      stream.emit('data', Buffer.from('pong'));
      vi.advanceTimersByTime(1000);
    }
    expect(socket.done.filter((what) => what !== 'ping')).toEqual([]);
  });

  it('says why it ends, reads no more, and does not wait for an answer', () => {
    vi.advanceTimersByTime(10_000);
    expect(socket.done.filter((what) => what !== 'ping')).toEqual(['close 1008', 'pause']);
    socket.emit('message', Buffer.from('too late'));
    vi.advanceTimersByTime(500);
    expect(socket.done.at(-1)).toBe('terminate');
    expect(heard).toEqual(['refused: no password was proved in time', 'closed']);
  });

  describe('failure: the far end', () => {
    it('that answers no ping is gone within fifteen seconds', () => {
      connection.proved('1001');
      vi.advanceTimersByTime(14_999);
      expect(socket.done).not.toContain('terminate');
      vi.advanceTimersByTime(1);
      expect(socket.done).toContain('terminate');
    });

    it('that does not read is let go, before what waits for it fills the memory', async () => {
      await connection.send('one');
      socket.bufferedAmount = 300 * 1024;
      await connection.send('two');
      expect(socket.done).toEqual(['send one', 'terminate']);
    });

    it('that sends nothing but pings is answered as often as a stranger may ask', () => {
      for (let i = 0; i < 1000; i++) socket.emit('ping', Buffer.alloc(0));
      expect(socket.done.filter((what) => what === 'pong')).toHaveLength(201);
    });

    it('that sends bytes which never become a message pays for them, and is not read meanwhile', () => {
      for (let i = 0; i < 300; i++) stream.emit('data', Buffer.alloc(1024));
      socket.emit('message', Buffer.from('x'));
      vi.advanceTimersByTime(9000);
      expect(heard).toEqual([]);
      expect(socket.done).toContain('pause');
      expect(socket.done).not.toContain('resume');
    });

    it('that sends more messages than a stranger may is heard as they run out, and until its time is up', () => {
      for (let i = 0; i < 1000; i++) socket.emit('message', Buffer.from('x'));
      expect(heard).toHaveLength(201);
      expect(socket.done).toEqual(['pause']);
      vi.advanceTimersByTime(9999);
      expect(heard.length).toBeGreaterThan(250);
      expect(heard.length).toBeLessThanOrEqual(301);
      vi.advanceTimersByTime(1);
      expect(heard.at(-1)).toBe('refused: no password was proved in time');
      expect(socket.done).toContain('close 1008');
    });

    it('that sends for ever is no silent one, though its pongs are not read', () => {
      connection.proved('1001');
      for (let s = 0; s < 60; s++) {
        stream.emit('data', Buffer.alloc(64 * 1024));
        vi.advanceTimersByTime(1000);
      }
      expect(socket.done).not.toContain('terminate');
    });
  });

  it('hears a phone whose password was proved as often as a call may need', () => {
    connection.proved('1001');
    for (let i = 0; i < 1000; i++) socket.emit('message', Buffer.from('x'));
    expect(heard).toHaveLength(1000);
  });
});
