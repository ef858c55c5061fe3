import { isDeepStrictEqual } from 'node:util';
import type { Result } from '../../../contract/errors.ts';
import type { AgentId } from '../../../contract/ids.ts';

/** Answers kept for one person, the newest. */
const KEPT = 64;
/** People of whom answers are kept, those who wrote last. */
const PEOPLE = 5000;

interface Kept {
  request: unknown;
  answer: Promise<Result<unknown>>;
}

/** The first answers to people's requests by key, so that what is sent twice acts once. */
export class AnswersByPerson {
  private readonly people = new Map<AgentId, Map<string, Kept>>();

  /** The answer given before under this person's key, or that of `act` now; null where the key was another request's. A failure of ours is not kept. */
  once(person: AgentId, key: string, request: unknown, act: () => Promise<Result<unknown>>): Promise<Result<unknown>> | null {
    const kept = this.of(person);
    const known = kept.get(key);
    if (known !== undefined) return isDeepStrictEqual(known.request, request) ? known.answer : null;
    const answer = act();
    kept.set(key, { request, answer });
    // What failed by itself may be tried again with the same key.
    answer.then((result) => !result.ok && kept.delete(key), () => kept.delete(key));
    shrink(kept, KEPT);
    return answer;
  }

  private of(person: AgentId): Map<string, Kept> {
    const kept = this.people.get(person) ?? new Map<string, Kept>();
    this.people.delete(person);
    this.people.set(person, kept);
    shrink(this.people, PEOPLE);
    return kept;
  }
}

function shrink(map: Map<unknown, unknown>, most: number): void {
  const [oldest] = map.keys();
  if (map.size > most) map.delete(oldest);
}
