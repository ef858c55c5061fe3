import { fail, ok, type Result } from '../../contract/errors.ts';
import type { Clock } from '../ports.ts';
import { Tally } from '../bounds/tally.ts';
import { Buckets } from './buckets.ts';
import type { Refusal, SignInLimits } from './limits.ts';

/** Who tries to get in, as far as limits tell people apart. */
export interface Attempt {
  /** Name of the account in lower case, whether there is one or not. */
  account: string;
  /** The place: see `networkOf`. */
  network: string;
  /** One browser or connection at that place. */
  source: string;
  /**
   * A device or place where this very person signed in before: it has a count of its own, so that no stranger's
   * attempts stand in its way. Null for a stranger.
   */
  known: string | null;
  /** Whether there is such an account. No answer tells. */
  exists: boolean;
  /** Whether nobody waits for the answer any more. */
  isGone: () => boolean;
}

/** Of a day's made-up names, as many as the limit of all places lets through, some seven share a cell: 4 MB in all. */
const MADE_UP_CELLS = 65_536;

interface Waiter {
  attempt: Attempt;
  /** In which order they came. */
  order: number;
  settle: (refused: Refusal | null) => void;
}

/**
 * Lets few passwords be hashed at once, and of strangers' wrong ones only so many: for each account, for each place,
 * in total. Each is counted before it is looked at, and given back when it was right. Who comes when a place has had its
 * share waits for the next, in turn with others of that place.
 *
 * Names can be made up without end, accounts cannot: where a place is crowded, a stranger with an account is looked at
 * first, a few times a minute. If that was the right password they are in, whatever others do there. If not, nobody is
 * told: the attempt waits like those of made-up names, and is answered as they are. First looks that were wrong are held to
 * what a place and all places have, once more.
 *
 * Made-up names are counted in a space of their own that is fixed, so that nobody resets the count of an account by
 * inventing others, nor learns by a count that was reset which names are none.
 */
export class SignInTurns {
  private readonly limits: SignInLimits;
  private readonly clock: Pick<Clock, 'monotonic' | 'setTimeout'>;
  /** By account, of which there are only so many. */
  private readonly ofAccounts: readonly Buckets[];
  /** By the device or place that is known. */
  private readonly ofKnown: readonly Buckets[];
  private readonly ofMadeUp: readonly Tally[];
  private readonly firstLooksOfNetwork: Buckets;
  private readonly firstLooks: Buckets;
  private readonly byNetwork: Buckets;
  private readonly total: Buckets;
  private readonly waiting = new Set<Waiter>();
  /** When a place or source last had a turn: the one that waited longest is next. */
  private readonly served = new Map<string, number>();
  private running = 0;
  private count = 0;
  private isTiming = false;

  constructor(limits: SignInLimits, clock: Pick<Clock, 'monotonic' | 'setTimeout'>) {
    this.limits = limits;
    this.clock = clock;
    const personal = [limits.perAccount, limits.perAccountAndDay];
    this.ofAccounts = personal.map((allowance) => new Buckets(allowance, clock, Number.POSITIVE_INFINITY));
    this.ofKnown = personal.map((allowance) => new Buckets(allowance, clock));
    this.ofMadeUp = personal.map(({ count, perS }) => new Tally({ capacity: count, leakPerS: count / perS }, () => clock.monotonic(), MADE_UP_CELLS));
    this.firstLooksOfNetwork = new Buckets(limits.perNetwork, clock);
    this.firstLooks = new Buckets(limits.total, clock);
    this.byNetwork = new Buckets(limits.perNetwork, clock);
    this.total = new Buckets(limits.total, clock);
  }

  /**
   * Looks at a password when its turn comes.
   * @param check answers null when it was wrong
   * @returns its answer; `auth.rate-limited` when it was not looked at
   */
  async run<Value>(attempt: Attempt, check: () => Promise<Value | null>): Promise<Result<Value | null>> {
    // Of an account that has had its share a stranger is refused at once, there or not.
    const isLookedAtFirst = attempt.known === null && attempt.exists && this.spent(attempt) === null && this.isCrowded(attempt) && this.hasFirstLook(attempt);
    return isLookedAtFirst ? this.withFirstLook(attempt, check) : this.inTurn(attempt, check);
  }

  /** It stands in line from the moment it came, as if nobody looked: neither its place there nor its time tells. */
  private async withFirstLook<Value>(attempt: Attempt, check: () => Promise<Value | null>): Promise<Result<Value | null>> {
    let isIn = false;
    const inLine = this.inTurn({ ...attempt, isGone: () => isIn || attempt.isGone() }, check);
    inLine.catch(() => {});
    this.firstLooksOfNetwork.take(attempt.network);
    this.firstLooks.take('');
    const first = await this.inTurn({ ...attempt, known: `first look ${attempt.account}`, source: `first look ${attempt.source}` }, check);
    isIn = first.ok && first.value !== null;
    if (isIn || !first.ok) {
      this.firstLooksOfNetwork.giveBack(attempt.network);
      this.firstLooks.giveBack('');
    }
    return isIn ? first : inLine;
  }

  private async inTurn<Value>(attempt: Attempt, check: () => Promise<Value | null>): Promise<Result<Value | null>> {
    const refused = this.spent(attempt) ?? (await this.turn(attempt));
    if (refused !== null) return refused;
    try {
      const value = await check();
      if (value === null) this.refuseSpent(attempt);
      else this.giveBack(attempt);
      return ok(value);
    } finally {
      this.running -= 1;
      this.next();
    }
  }

  private hasFirstLook({ network }: Attempt): boolean {
    return this.firstLooksOfNetwork.waitMs(network) === 0 && this.firstLooks.waitMs('') === 0;
  }

  /** Whether a stranger would have to wait: behind all whom we know, and perhaps for the next that the place is given. */
  private isCrowded(attempt: Attempt): boolean {
    return this.running >= this.limits.hashesAtOnce || this.placeWaitMs(attempt) > 0;
  }

  private turn(attempt: Attempt): Promise<Refusal | null> {
    return new Promise((resolve) => {
      const stopWaiting = this.clock.setTimeout(() => waiter.settle(refusal(this.waitMs(attempt))), attempt.known === null ? this.limits.patienceMs : this.limits.patienceOfKnownMs);
      const waiter: Waiter = {
        attempt,
        order: this.count++,
        settle: (refused) => {
          stopWaiting();
          this.waiting.delete(waiter);
          resolve(refused);
        },
      };
      this.waiting.add(waiter);
      if (this.waiting.size > this.limits.waiting) this.oneTooMany(waiter).settle(refusal(this.limits.patienceMs));
      // While somebody's time is awaited, only a newcomer who need not wait changes anything.
      if (!this.isTiming || this.isFree(attempt)) this.next();
    });
  }

  /** Gives turns away as long as there are any to give. */
  private next(): void {
    while (this.running < this.limits.hashesAtOnce) {
      const waiter = this.first();
      if (waiter === null) break;
      if (waiter.attempt.isGone()) {
        waiter.settle(refusal(this.limits.patienceMs));
        continue;
      }
      this.running += 1;
      this.takeFor(waiter.attempt);
      waiter.settle(null);
    }
    if (this.waiting.size === 0) this.served.clear();
    // With all hands full, whoever is done comes here again.
    if (this.waiting.size === 0 || this.running >= this.limits.hashesAtOnce || this.isTiming) return;
    this.isTiming = true;
    this.clock.setTimeout(() => {
      this.isTiming = false;
      this.next();
    }, this.soonestMs());
  }

  /** Whom we know; then who is of the place, and there of the source, that had a turn least lately. */
  private first(): Waiter | null {
    const free = [...this.waiting].filter(({ attempt }) => this.isFree(attempt));
    const rank = ({ attempt: { known, network, source }, order }: Waiter): number[] => [known === null ? 1 : 0, this.served.get(network) ?? -1, this.served.get(sourceKey(network, source)) ?? -1, order];
    return free.reduce<Waiter | null>((best, waiter) => (best === null || isBefore(rank(waiter), rank(best)) ? waiter : best), null);
  }

  /** Of a queue that is full: the last of the source with the most, at the place with the most. Whom we know stays, if anybody else can go. */
  private oneTooMany(newest: Waiter): Waiter {
    const strangers = [...this.waiting].filter(({ attempt }) => attempt.known === null);
    const ofPlace = mostCommon(strangers, ({ attempt }) => attempt.network);
    return mostCommon(ofPlace, ({ attempt }) => attempt.source).at(-1) ?? newest;
  }

  /** Whether this account, device or known place has had its share. */
  private spent(attempt: Attempt): Refusal | null {
    const wait = this.personalWaitMs(attempt);
    return wait > 0 ? refusal(wait) : null;
  }

  /** Those who wait for the same account need not wait when it has had its share. */
  private refuseSpent(attempt: Attempt): void {
    const spent = this.spent(attempt);
    if (spent === null) return;
    const key = personalKey(attempt);
    for (const waiter of this.waiting) if (personalKey(waiter.attempt) === key) waiter.settle(spent);
  }

  /** What it has to wait for beside a free hand. */
  private waitMs(attempt: Attempt): number {
    const personal = this.personalWaitMs(attempt);
    return attempt.known === null ? Math.max(personal, this.placeWaitMs(attempt)) : personal;
  }

  /** Whether `waitMs` is 0. Of a place that is crowded nobody's own count has to be looked at. */
  private isFree(attempt: Attempt): boolean {
    return (attempt.known !== null || this.placeWaitMs(attempt) === 0) && this.personalWaitMs(attempt) === 0;
  }

  private placeWaitMs({ network }: Attempt): number {
    return Math.max(this.byNetwork.waitMs(network), this.total.waitMs(''));
  }

  private personalWaitMs(attempt: Attempt): number {
    const key = personalKey(attempt);
    return Math.max(...this.personal(attempt).map((counts) => counts.waitMs(key)));
  }

  private personal({ known, exists }: Attempt): readonly (Buckets | Tally)[] {
    if (known !== null) return this.ofKnown;
    return exists ? this.ofAccounts : this.ofMadeUp;
  }

  private soonestMs(): number {
    return Math.max(1, Math.min(...[...this.waiting].map(({ attempt }) => this.waitMs(attempt))));
  }

  private takeFor(attempt: Attempt): void {
    const { known, network, source } = attempt;
    for (const counts of this.personal(attempt)) counts.take(personalKey(attempt));
    if (known === null) {
      this.byNetwork.take(network);
      this.total.take('');
    }
    this.served.set(network, this.count);
    this.served.set(sourceKey(network, source), this.count++);
  }

  private giveBack(attempt: Attempt): void {
    // A made-up name has no right password.
    for (const counts of this.personal(attempt)) if (counts instanceof Buckets) counts.forget(personalKey(attempt));
    if (attempt.known !== null) return;
    this.byNetwork.giveBack(attempt.network);
    this.total.giveBack('');
  }
}

const refusal = (retryAfterMs: number): Refusal => fail('auth.rate-limited', 'too many attempts', Math.max(1, Math.ceil(retryAfterMs)));

const personalKey = ({ account, known }: Attempt): string => (known === null ? `account ${account}` : `known ${known}`);
const sourceKey = (network: string, source: string): string => `${network} ${source}`;

/** Compares number by number; the first that differ decide. */
function isBefore(one: readonly number[], other: readonly number[]): boolean {
  for (const [index, value] of one.entries()) {
    const against = other[index] ?? 0;
    if (value !== against) return value < against;
  }
  return false;
}

/** Those that share the key which most of them have, in their order. */
function mostCommon<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  const groups = Map.groupBy(items, keyOf);
  return [...groups.values()].reduce<Item[]>((most, group) => (group.length > most.length ? group : most), []);
}
