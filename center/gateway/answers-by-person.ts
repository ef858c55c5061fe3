import { isDeepStrictEqual } from 'node:util';
import type { Result } from '../../contract/errors.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { Clock } from '../ports.ts';

/** Answers kept for one person, the newest. */
const KEPT = 64;
/** People of whom answers are kept, those who wrote last. */
const PEOPLE = 5000;
/** A desk repeats at once, or when it is back on the network; what was written about customers is kept no longer. */
const LIFE_MS = 3600_000;
/** Who is away is looked at no oftener, as there may be thousands. */
const SWEEP_MS = 60_000;

interface Kept {
  request: unknown;
  answer: Promise<Result<unknown>>;
  /** On the monotonic clock. */
  until: number;
}

/** The first answers to people's requests and commands by key, so that what is sent twice within the hour acts once. */
export class AnswersByPerson {
  private readonly clock: Pick<Clock, 'monotonic'>;
  /** Whoever wrote last is the last, and so is their newest answer. */
  private readonly people = new Map<AgentId, Map<string, Kept>>();
  private sweptAt = 0;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.clock = clock;
  }

  /** The answer given before under this person's key, or that of `act` now; null where the key was another request's. A failure of ours is not kept. */
  once(person: AgentId, key: string, request: unknown, act: () => Promise<Result<unknown>>): Promise<Result<unknown>> | null {
    this.sweep();
    const kept = this.of(person);
    this.forgetOld(kept);
    const known = kept.get(key);
    if (known !== undefined) return isDeepStrictEqual(known.request, request) ? known.answer : null;
    const answer = act();
    const made: Kept = { request, answer, until: this.clock.monotonic() + LIFE_MS };
    kept.set(key, made);
    // What failed by itself may be tried again with the same key.
    const forget = () => kept.get(key) === made && kept.delete(key);
    answer.then((result) => !result.ok && forget(), forget);
    shrink(kept, KEPT);
    return answer;
  }

  /** Answers that are kept, of everybody. */
  get size(): number {
    return [...this.people.values()].reduce((sum, kept) => sum + kept.size, 0);
  }

  private of(person: AgentId): Map<string, Kept> {
    const kept = this.people.get(person) ?? new Map<string, Kept>();
    this.people.delete(person);
    this.people.set(person, kept);
    shrink(this.people, PEOPLE);
    return kept;
  }

  private sweep(): void {
    const now = this.clock.monotonic();
    if (now < this.sweptAt + SWEEP_MS) return;
    this.sweptAt = now;
    for (const [person, kept] of this.people) {
      this.forgetOld(kept);
      if (kept.size === 0) this.people.delete(person);
    }
  }

  private forgetOld(kept: Map<string, Kept>): void {
    const now = this.clock.monotonic();
    for (const [key, { until }] of kept) {
      if (until > now) break;
      kept.delete(key);
    }
  }
}

function shrink(map: Map<unknown, unknown>, most: number): void {
  const [oldest] = map.keys();
  if (map.size > most) map.delete(oldest);
}
