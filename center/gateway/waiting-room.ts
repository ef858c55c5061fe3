import { isLoopback } from './hosts.ts';
import { networkOf } from '../bounds/network.ts';

/** Sockets at once that have not said whose they are: in all, and from one place (`networkOf`). */
const MAX_WAITING = 2000;
const MAX_FROM_PLACE = 250;

/** A socket, as far as waiting goes. */
interface Waiting {
  once(event: 'close', listener: () => void): unknown;
  readonly request: { readonly socket: { destroy(): unknown } };
}

/**
 * Bounds the sockets of strangers. Each waits for seconds at most, and whoever has said who they are is not counted any
 * more; an office that comes back all at once fits in. One too many costs the place that has most of them its oldest: who
 * says at once whose they are is through before, from however many places others hold on. This very machine is one
 * address of many people, as its own host of the web edition connects them all: theirs go last.
 */
export class WaitingRoom {
  private readonly maximum: { total: number; fromPlace: number };
  private readonly places = new Map<string, Set<Waiting>>();
  private readonly placeOf = new Map<Waiting, string>();

  constructor(maximum = { total: MAX_WAITING, fromPlace: MAX_FROM_PLACE }) {
    this.maximum = maximum;
  }

  enter(socket: Waiting, address: string): void {
    const place = isLoopback(address) ? LOOPBACK : networkOf(address);
    const own = this.places.get(place) ?? new Set<Waiting>();
    this.places.set(place, own.add(socket));
    this.placeOf.set(socket, place);
    socket.once('close', () => this.leave(socket));
    if (place !== LOOPBACK && own.size > this.maximum.fromPlace) this.dropOldestOf(own);
    else if (this.placeOf.size > this.maximum.total) this.dropOldestOf(this.mostCrowded());
  }

  /** It has said who it is, or is gone. */
  leave(socket: Waiting): void {
    const place = this.placeOf.get(socket);
    if (place === undefined) return;
    this.placeOf.delete(socket);
    const own = this.places.get(place);
    own?.delete(socket);
    if (own?.size === 0) this.places.delete(place);
  }

  private mostCrowded(): ReadonlySet<Waiting> {
    const sizeOf = ([place, { size }]: [string, Set<Waiting>]): number => (place === LOOPBACK ? 0 : size);
    return [...this.places].reduce((most, other) => (sizeOf(other) > sizeOf(most) ? other : most))[1];
  }

  private dropOldestOf(place: ReadonlySet<Waiting>): void {
    const [oldest] = place;
    if (oldest === undefined) return;
    this.leave(oldest);
    oldest.request.socket.destroy();
  }
}

const LOOPBACK = 'loopback';
