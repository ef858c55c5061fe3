import { isLoopback } from './hosts.ts';

/** Sockets at once that have not said whose they are: in all, and from one address. */
const MAX_WAITING = 2000;
const MAX_FROM_ADDRESS = 250;

/** A socket, as far as waiting goes. */
interface Waiting {
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Bounds the sockets of strangers. Each waits for seconds at most, and whoever has said who they are is not counted any
 * more; an office that comes back all at once fits in. This very machine is one address of many people: its own host of
 * the web edition connects them all.
 */
export class WaitingRoom {
  private readonly maximum: { total: number; fromAddress: number };
  private readonly waiting = new Map<Waiting, string>();
  private readonly fromAddress = new Map<string, number>();

  constructor(maximum = { total: MAX_WAITING, fromAddress: MAX_FROM_ADDRESS }) {
    this.maximum = maximum;
  }

  hasRoomFor(address: string): boolean {
    if (this.waiting.size >= this.maximum.total) return false;
    return isLoopback(address) || (this.fromAddress.get(address) ?? 0) < this.maximum.fromAddress;
  }

  enter(socket: Waiting, address: string): void {
    this.waiting.set(socket, address);
    this.fromAddress.set(address, (this.fromAddress.get(address) ?? 0) + 1);
    socket.once('close', () => this.leave(socket));
  }

  /** It has said who it is, or is gone. */
  leave(socket: Waiting): void {
    const address = this.waiting.get(socket);
    if (address === undefined) return;
    this.waiting.delete(socket);
    const left = (this.fromAddress.get(address) ?? 1) - 1;
    if (left === 0) this.fromAddress.delete(address);
    else this.fromAddress.set(address, left);
  }
}
