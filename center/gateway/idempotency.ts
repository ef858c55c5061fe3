import type { Result } from '../../contract/errors.ts';

/** Answers kept for one agent: far more than a desk has commands on the way. */
const KEPT = 256;

/**
 * The first answers of an agent's commands by key, so that a command sent twice acts once. The oldest are forgotten.
 */
export class AnswersByKey {
  private readonly answers = new Map<string, { type: string; answer: Promise<Result<unknown>> }>();

  /** The answer given before under this key, or that of `act` now. A key used for another command answers null. */
  once(key: string, type: string, act: () => Promise<Result<unknown>>): Promise<Result<unknown>> | null {
    const known = this.answers.get(key);
    if (known) return known.type === type ? known.answer : null;
    const answer = act();
    this.answers.set(key, { type, answer });
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= KEPT) break;
      this.answers.delete(oldest);
    }
    return answer;
  }
}
