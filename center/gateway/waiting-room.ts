import { isLoopback } from './hosts.ts';
import { networkOf } from './network.ts';

/** Sockets at once that have not said whose they are: in all, and from one place (`networkOf`). */
const MAX_WAITING = 2000;
const MAX_FROM_PLACE = 250;

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
  private readonly maximum: { total: number; fromPlace: number };
  private readonly waiting = new Map<Waiting, string>();
  private readonly fromPlace = new Map<string, number>();

  constructor(maximum = { total: MAX_WAITING, fromPlace: MAX_FROM_PLACE }) {
    this.maximum = maximum;
  }

  hasRoomFor(address: string): boolean {
    if (this.waiting.size >= this.maximum.total) return false;
    return isLoopback(address) || (this.fromPlace.get(networkOf(address)) ?? 0) < this.maximum.fromPlace;
  }

  enter(socket: Waiting, address: string): void {
    const place = networkOf(address);
    this.waiting.set(socket, place);
    this.fromPlace.set(place, (this.fromPlace.get(place) ?? 0) + 1);
    socket.once('close', () => this.leave(socket));
  }

  /** It has said who it is, or is gone. */
  leave(socket: Waiting): void {
    const place = this.waiting.get(socket);
    if (place === undefined) return;
    this.waiting.delete(socket);
    const left = (this.fromPlace.get(place) ?? 1) - 1;
    if (left === 0) this.fromPlace.delete(place);
    else this.fromPlace.set(place, left);
  }
}
