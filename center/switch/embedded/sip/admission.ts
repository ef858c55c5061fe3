import { LeakyBucket, type BucketSize } from '../../../bounds/leaky-bucket.ts';
import { networkOf } from '../../../bounds/network.ts';

/*
 * What sockets may cost. The unit is about a tenth of a millisecond of a core of 2020: 100 units a second are 1 % of it.
 *
 * A stranger, who has proved no password, has a small budget of their own and shares one with all strangers at the same
 * address. Who has used up their own is not read until it has run out (`intake.ts`); who finds that of the address used up
 * has to go. What somebody used who then proves a password is given back: an office of 300 desks behind one address costs
 * it nothing, however often they all come back at once.
 */

/** Reading a message and answering it by hand. */
export const MESSAGE_COST = 1;
/** Taking bytes off a socket. */
export const BYTES_PER_UNIT = 1024;
/** SIP.js parsing a message and keeping a transaction. */
export const SIPJS_COST = 8;
/** Characters that SIP.js reads by its grammar. */
export const GRAMMAR_CHARACTERS_PER_UNIT = 64;
const UPGRADE_COST = 5;

export const STRANGER: BucketSize = { capacity: 200, leakPerS: 10 };
/** Of a user, whatever sockets they come over: some 200 messages through SIP.js at once and 20 a second; a call takes five, a key one. */
export const KNOWN: BucketSize = { capacity: 2000, leakPerS: 200 };
const STRANGERS_OF_ADDRESS: BucketSize = { capacity: 5000, leakPerS: 100 };

const MAX_STRANGERS = 1000;
const MAX_STRANGERS_PER_ADDRESS = 500;
/** A desk has one socket, and for a moment two. */
const MAX_SOCKETS_PER_USER = 10;
const MAX_ADDRESSES = 10_000;
const SWEEP_INTERVAL_MS = 1000;

export interface Guest {
  readonly address: string;
  /** Users whose password was given. */
  readonly users: ReadonlySet<string>;
  /** Ends it, and says why. */
  refuse(why: string): void;
}

interface Address {
  budget: LeakyBucket;
  /** In the order they came. */
  strangers: Set<Guest>;
}

/** Who is at the door: how many sockets there may be, and what those of strangers may cost together. */
export class Admission {
  private readonly now: () => number;
  private readonly addresses = new Map<string, Address>();
  private readonly strangers = new Map<Guest, Address>();
  private readonly ofUsers = new Map<string, Set<Guest>>();
  /** Outlives the sockets: who comes back has not become another. As many as there are users, each of whom has proved a password. */
  private readonly budgets = new Map<string, LeakyBucket>();
  private sweptAt = 0;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Whether a socket from `address` is taken up now. */
  mayEnter(address: string): boolean {
    return this.addressOf(address).budget.take(UPGRADE_COST);
  }

  /** A socket was taken up. Where there are too many strangers, the oldest of the address with the most has to go. */
  entered(guest: Guest): void {
    const at = this.addressOf(guest.address);
    at.strangers.add(guest);
    this.strangers.set(guest, at);
    const isFull = this.strangers.size > MAX_STRANGERS;
    const crowded = isFull ? [...this.addresses.values()].reduce((most, other) => (other.strangers.size > most.strangers.size ? other : most)) : at;
    const oldest = crowded.strangers.values().next().value;
    if (oldest === undefined || !(isFull || at.strangers.size > MAX_STRANGERS_PER_ADDRESS)) return;
    this.isStrangerNoMore(oldest);
    oldest.refuse('more sockets of strangers than there may be');
  }

  /** Takes a stranger's share out of the budget of their address. @returns false when that is used up */
  spend(guest: Guest, units: number): boolean {
    return this.strangers.get(guest)?.budget.take(units) ?? false;
  }

  /**
   * @param spent what this guest took out of the budget of their address
   * @returns what all sockets of this user may cost together from now on
   */
  proved(guest: Guest, user: string, spent: number): LeakyBucket {
    const budget = this.budgets.get(user) ?? new LeakyBucket(KNOWN, this.now);
    this.budgets.set(user, budget);
    this.isStrangerNoMore(guest)?.budget.giveBack(spent + UPGRADE_COST);
    const sockets = this.ofUsers.get(user) ?? new Set();
    this.ofUsers.set(user, sockets.add(guest));
    const oldest = sockets.values().next().value;
    if (oldest !== undefined && sockets.size > MAX_SOCKETS_PER_USER) {
      sockets.delete(oldest);
      oldest.refuse('more sockets of one user than there may be');
    }
    return budget;
  }

  left(guest: Guest): void {
    this.isStrangerNoMore(guest);
    for (const user of guest.users) {
      const sockets = this.ofUsers.get(user);
      sockets?.delete(guest);
      if (sockets?.size === 0) this.ofUsers.delete(user);
    }
  }

  private isStrangerNoMore(guest: Guest): Address | undefined {
    const at = this.strangers.get(guest);
    this.strangers.delete(guest);
    at?.strangers.delete(guest);
    return at;
  }

  private addressOf(address: string): Address {
    const network = networkOf(address);
    const found = this.addresses.get(network);
    if (found !== undefined) return found;
    if (this.addresses.size >= MAX_ADDRESSES) this.sweep();
    // So many at once share what is left.
    const key = this.addresses.size >= MAX_ADDRESSES ? '' : network;
    const made = this.addresses.get(key) ?? { budget: new LeakyBucket(STRANGERS_OF_ADDRESS, this.now), strangers: new Set() };
    this.addresses.set(key, made);
    return made;
  }

  private sweep(): void {
    if (this.now() - this.sweptAt < SWEEP_INTERVAL_MS) return;
    this.sweptAt = this.now();
    for (const [network, { budget, strangers }] of this.addresses) if (strangers.size === 0 && budget.isEmpty) this.addresses.delete(network);
  }
}
