import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { fail, type AppError, type ErrorCode } from '../../contract/errors.ts';

/** So many in so many seconds. */
export interface Allowance {
  count: number;
  perS: number;
}

export interface Limits {
  /** Wrong passwords for one account from one address. */
  signInPerAccount: Allowance;
  /** Wrong passwords and forged tokens from one address: an office behind one router shares it. */
  refusalsPerAddress: Allowance;
  /** CTI commands of one agent. */
  commands: Allowance;
  /** Those of them that make the center dial. */
  dialling: Allowance;
  /** REST calls of one agent. */
  requests: Allowance;
}

export const defaultLimits: Limits = {
  signInPerAccount: { count: 5, perS: 60 },
  refusalsPerAddress: { count: 100, perS: 60 },
  commands: { count: 300, perS: 10 },
  dialling: { count: 30, perS: 60 },
  requests: { count: 600, perS: 60 },
};

/** An error result, and nothing else. */
export interface Refusal {
  ok: false;
  error: AppError;
}

export interface Limiter {
  /** Counts one more. @returns an error with `retryAfterMs` when that was one too many, else null */
  take(key: string): Promise<Refusal | null>;
  /** Whether `take` would refuse, without counting. */
  isSpent(key: string): Promise<Refusal | null>;
  forget(key: string): Promise<void>;
}

export function createLimiter({ count, perS }: Allowance, code: ErrorCode): Limiter {
  const limiter = new RateLimiterMemory({ points: count, duration: perS });
  const refused = (msBeforeNext: number) => fail(code, 'too many attempts', Math.max(0, Math.ceil(msBeforeNext)));
  return {
    async take(key) {
      try {
        await limiter.consume(key);
        return null;
      } catch (spent) {
        if (spent instanceof RateLimiterRes) return refused(spent.msBeforeNext);
        throw spent;
      }
    },
    async isSpent(key) {
      const state = await limiter.get(key);
      return state !== null && state.consumedPoints >= count ? refused(state.msBeforeNext) : null;
    },
    forget: async (key) => void (await limiter.delete(key)),
  };
}
