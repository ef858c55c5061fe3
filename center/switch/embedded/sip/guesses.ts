import { LeakyBucket, type BucketSize } from '../../../bounds/leaky-bucket.ts';
import { networkOf } from '../../../bounds/network.ts';
import { Tally } from '../../../bounds/tally.ts';

/*
 * How often a wrong password is borne. Every failed proof counts for the connection, for its user at its address, for the
 * address and for the user; where one of these is full, even the right password is refused until something has run out.
 *
 * Whoever guesses must not be able to lock out the phone whose password it is: a connection that has proved a user's
 * password answers for itself alone, and an address where it was proved before does not suffer from what happens at
 * others. What counts as an address is what one subscriber has (`networkOf`). Behind one sit many desks, so that one with
 * a replaced password fills its own bucket and no other's.
 */

/** 5 at once, then one in 12 s. */
const PER_CONNECTION: BucketSize = { capacity: 5, leakPerS: 5 / 60 };
const PER_USER_AT_ADDRESS: BucketSize = { capacity: 20, leakPerS: 10 / 60 };
const PER_ADDRESS: BucketSize = { capacity: 120, leakPerS: 30 / 60 };
/** From all the world together: some 8,600 a day. */
const PER_USER: BucketSize = { capacity: 60, leakPerS: 6 / 60 };
/** Addresses remembered for each user, the last that proved the password. */
const MAX_KNOWN_ADDRESSES = 4;

/** One connection's part; lives and ends with it. */
export interface Guesser {
  readonly address: string;
  /** Users whose password was given on this connection. */
  readonly users: ReadonlySet<string>;
  readonly failures: LeakyBucket;
}

export const failuresOfConnection = (now: () => number): LeakyBucket => new LeakyBucket(PER_CONNECTION, now);

/** What a password of `user` counts for: its connection, user and address, the address, the user. */
const keysOf = (user: string, guesser: Guesser): (string | Guesser)[] => [guesser, `both ${user} ${networkOf(guesser.address)}`, `place ${networkOf(guesser.address)}`, `person ${user}`];

export class Guesses {
  private readonly atAddress: Tally;
  private readonly ofAddress: Tally;
  private readonly ofUser: Tally;
  private readonly known = new Map<string, string[]>();
  /** Passwords that somebody else is looking at, by what they count for. */
  private readonly underWay = new Map<string | Guesser, number>();

  constructor(now: () => number) {
    this.atAddress = new Tally(PER_USER_AT_ADDRESS, now);
    this.ofAddress = new Tally(PER_ADDRESS, now);
    this.ofUser = new Tally(PER_USER, now);
  }

  /** Milliseconds until a password of `user` is looked at; 0 when it is now. What is under way counts as wrong. */
  waitMs(user: string, guesser: Guesser): number {
    return this.waitMsWith(user, guesser, (key) => this.underWay.get(key) ?? 0);
  }

  /** The same, should all that is under way turn out to be right. */
  waitMsAtBest(user: string, guesser: Guesser): number {
    return this.waitMsWith(user, guesser, () => 0);
  }

  /** A password is on its way to who looks at it. It counts as wrong until that is known: what is returned is called once then. */
  begun(user: string, guesser: Guesser): (wasWrong: boolean) => void {
    const keys = keysOf(user, guesser);
    for (const key of keys) this.underWay.set(key, (this.underWay.get(key) ?? 0) + 1);
    return (wasWrong) => {
      for (const key of keys) {
        const left = (this.underWay.get(key) ?? 1) - 1;
        if (left > 0) this.underWay.set(key, left);
        else this.underWay.delete(key);
      }
      if (wasWrong) this.failed(user, guesser);
    };
  }

  failed(user: string, guesser: Guesser): void {
    const address = networkOf(guesser.address);
    guesser.failures.take(1);
    this.atAddress.take(`${user} ${address}`);
    this.ofAddress.take(address);
    this.ofUser.take(user);
  }

  /** `user` must be one there is: what is remembered is bounded by their number. */
  proved(user: string, guesser: Guesser): void {
    const network = networkOf(guesser.address);
    const others = (this.known.get(user) ?? []).filter((address) => address !== network);
    this.known.set(user, [...others, network].slice(-MAX_KNOWN_ADDRESSES));
  }

  forget(user: string): void {
    this.known.delete(user);
  }

  private waitMsWith(user: string, guesser: Guesser, underWay: (key: string | Guesser) => number): number {
    const address = networkOf(guesser.address);
    const [connection, both, place, person] = keysOf(user, guesser).map((key) => 1 + underWay(key));
    const waits = [guesser.failures.waitMs(connection ?? 1)];
    if (!guesser.users.has(user)) {
      waits.push(this.atAddress.waitMs(`${user} ${address}`, both));
      if (this.known.get(user)?.includes(address) !== true) waits.push(this.ofAddress.waitMs(address, place), this.ofUser.waitMs(user, person));
    }
    return Math.max(...waits);
  }
}
