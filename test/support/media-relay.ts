import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** What a way does to the datagrams by which media is set up: connectivity checks and handshakes. Audio passes. */
export interface Weather {
  /** Share that is lost, 0 to 1. */
  loss: number;
  /** Each takes between 0 and so many milliseconds, so that they overtake each other. */
  delayMs: number;
  /** Share that arrives once more, within `repeatMs`. */
  repeats: number;
  repeatMs: number;
}

export const fairWeather: Weather = { loss: 0, delayMs: 0, repeats: 0, repeatMs: 0 };

export type Kind = 'check' | 'handshake' | 'audio';

/** Of a STUN message that answers a check (RFC 8489 §5). */
const BINDING_SUCCESS = 0x0101;

/** RFC 7983 §7. */
export const kindOf = (datagram: Buffer): Kind => {
  const first = datagram[0] ?? 255;
  return first < 4 ? 'check' : first > 19 && first < 64 ? 'handshake' : 'audio';
};

/** The same numbers in [0, 1) for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface RelayOptions {
  /** Port of the end that is called, on 127.0.0.1. */
  port: number;
  weather: Weather;
  random: () => number;
  /** Of connectivity checks and their answers no more are lost until one has been answered; any number unless told. */
  mostChecksLost?: number;
  /** Decides on one datagram before the weather does: what is sent on in its place, and after how many milliseconds. */
  meddle?: (datagram: Buffer, kind: Kind, toCalled: boolean) => { datagram: Buffer; afterMs: number }[] | null;
}

/** A way over UDP between an end that is described by its port, and whoever sends there. */
export class MediaRelay {
  private readonly options: RelayOptions;
  private readonly door: Socket;
  /** Towards the called end, one for each address at the door: by it the called end tells paths apart. */
  private readonly behind = new Map<string, Socket>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private closed = false;
  /** Since the last one that was answered. */
  private checksLost = 0;

  private constructor(options: RelayOptions, door: Socket) {
    this.options = options;
    this.door = door;
    door.on('message', (datagram, { address, port }) => {
      const behind = this.behindOf(address, port);
      this.pass(datagram, true, (one) => behind.send(one, options.port, '127.0.0.1'));
    });
  }

  static async open(options: RelayOptions): Promise<MediaRelay> {
    const door = createSocket('udp4');
    door.bind(0, '127.0.0.1');
    await once(door, 'listening');
    return new MediaRelay(options, door);
  }

  /** A description of the called end, as if it were here. */
  redirect(sdp: string): string {
    const { port } = this.door.address();
    return sdp.replace(/^m=audio \d+/m, `m=audio ${port}`).replace(/^(a=candidate:\S+ 1 udp \d+ )\S+ \d+/gim, `$1127.0.0.1 ${port}`);
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    for (const socket of [this.door, ...this.behind.values()]) socket.close();
  }

  private behindOf(address: string, port: number): Socket {
    const key = `${address}:${port}`;
    let socket = this.behind.get(key);
    if (socket === undefined) {
      socket = createSocket('udp4', (datagram) => this.pass(datagram, false, (one) => this.door.send(one, port, address)));
      this.behind.set(key, socket);
    }
    return socket;
  }

  private pass(datagram: Buffer, toCalled: boolean, send: (datagram: Buffer) => void): void {
    const kind = kindOf(datagram);
    for (const one of this.options.meddle?.(datagram, kind, toCalled) ?? this.weathered(datagram, kind)) {
      const go = (): void => {
        if (!this.closed) send(one.datagram);
      };
      if (one.afterMs === 0) go();
      else {
        const timer = setTimeout(() => {
          this.timers.delete(timer);
          go();
        }, one.afterMs);
        this.timers.add(timer);
      }
    }
  }

  private weathered(datagram: Buffer, kind: Kind): { datagram: Buffer; afterMs: number }[] {
    if (kind === 'audio') return [{ datagram, afterMs: 0 }];
    const { weather, random } = this.options;
    const passed: { datagram: Buffer; afterMs: number }[] = [];
    const isCheck = kind === 'check';
    if (random() >= weather.loss || (isCheck && this.checksLost >= (this.options.mostChecksLost ?? Infinity))) {
      passed.push({ datagram, afterMs: random() * weather.delayMs });
      if (isCheck && datagram.readUInt16BE(0) === BINDING_SUCCESS) this.checksLost = 0;
    } else if (isCheck) this.checksLost += 1;
    if (random() < weather.repeats) passed.push({ datagram, afterMs: random() * weather.repeatMs });
    return passed;
  }
}
