import { availableParallelism } from 'node:os';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { fail, type AppError, type ErrorCode } from '../../contract/errors.ts';

/** So many in so many seconds. */
export interface Allowance {
  count: number;
  perS: number;
}

/** What the hashing of passwords is held to. Only wrong passwords count in the end. */
export interface SignInLimits {
  /** Wrong ones at one account by strangers; of a device or place that we know, its own. */
  perAccount: Allowance;
  perAccountAndDay: Allowance;
  /** Strangers' wrong ones from one place: an office behind one router is one. What is more waits. */
  perNetwork: Allowance;
  /** Strangers' wrong ones from everywhere. */
  total: Allowance;
  /** A hash is 30 ms of one core, beside the thread that mixes the audio. */
  hashesAtOnce: number;
  /** So many may wait. */
  waiting: number;
  /** And so long: less than a desk waits for its answer. */
  patienceMs: number;
  /** Who has an account, or is known: a whole office comes at nine o'clock. Whoever has hung up meanwhile is not looked at. */
  patienceOfKnownMs: number;
}

export interface Limits {
  signIn: SignInLimits;
  /** Right sign-ins of one person, and what they do to their own account: each is a line of the audit log for good. */
  ownAccount: Allowance;
  /** Forged tokens from one place. */
  refusalsPerAddress: Allowance;
  /** CTI commands of one agent. */
  commands: Allowance;
  /** Those of them that make the center dial. */
  dialling: Allowance;
  /** REST calls of one agent. */
  requests: Allowance;
  /** The same of one key of another system. */
  keys: Allowance;
  /** API calls without a sign-in that came to nothing, from one place. What is right is not counted, and turned away by no count: a whole office opens its invitations in one morning. */
  strangers: Allowance;
  /** What is asked with the good invitation of one person. */
  guests: Allowance;
  /** Wrong set-up codes from one place. */
  setUpCodes: Allowance;
  /** Copies of all customers that one agent's desks begin. */
  copies: Allowance;
  /** Reports of what one agent opened, each of up to 200 lines of the access log. A desk sends one in five seconds, and what it could not tell before. */
  reports: Allowance;
}

export const defaultSignInLimits: SignInLimits = {
  perAccount: { count: 5, perS: 60 },
  perAccountAndDay: { count: 100, perS: 86_400 },
  perNetwork: { count: 30, perS: 30 },
  total: { count: 300, perS: 60 },
  hashesAtOnce: Math.max(2, Math.floor(availableParallelism() / 2)),
  waiting: 500,
  patienceMs: 9000,
  patienceOfKnownMs: 30_000,
};

export const defaultLimits: Limits = {
  signIn: defaultSignInLimits,
  ownAccount: { count: 60, perS: 300 },
  refusalsPerAddress: { count: 100, perS: 60 },
  commands: { count: 300, perS: 10 },
  dialling: { count: 30, perS: 60 },
  requests: { count: 600, perS: 60 },
  keys: { count: 600, perS: 60 },
  strangers: { count: 120, perS: 60 },
  guests: { count: 20, perS: 60 },
  setUpCodes: { count: 5, perS: 300 },
  copies: { count: 20, perS: 3600 },
  reports: { count: 90, perS: 300 },
};

/** An error result, and nothing else. */
export interface Refusal {
  ok: false;
  error: AppError;
}

export interface Limiter {
  /** Counts one more. @returns an error with `retryAfterMs` when that was one too many, else null */
  take(key: string): Promise<Refusal | null>;
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
  };
}
