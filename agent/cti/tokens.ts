import type { Refreshed, SignedIn } from '../../contract/cti/sign-in.ts';
import { isOfPerson, ok, type AppError, type Disposer, type Result } from '../../contract/errors.ts';
import type { Clock } from '../clock.ts';
import { reconnectPolicy, retryDelayMs } from '../retry.ts';
import type { CenterRest } from './rest.ts';

/** An access token is renewed this long before it expires. */
const AHEAD_MS = 60_000;
/** Where this machine's clock is ahead of the center's, a fresh token looks expired; it is not renewed all the time. */
const LEAST_MS = 30_000;

type TokenPair = Pick<SignedIn, 'accessToken' | 'accessExpiresAt' | 'refreshToken'>;

/** The access token of one sign-in, kept fresh. A refused refresh ends the sign-in. */
export class Tokens {
  private readonly rest: CenterRest;
  private readonly clock: Clock;
  private readonly ended: (error: AppError) => void;
  private readonly renewed: (tokens: Refreshed) => void;
  private current: TokenPair;
  private refreshing: Promise<Result<string>> | null = null;
  private stopTimer: Disposer = () => {};
  private stopped = false;
  private failures = 0;

  /**
   * @param ended told when the center refuses to renew: the person has to sign in again
   * @param renewed told the new tokens: the old refresh token is spent
   */
  constructor(rest: CenterRest, clock: Clock, first: TokenPair, ended: (error: AppError) => void, renewed: (tokens: Refreshed) => void) {
    this.rest = rest;
    this.clock = clock;
    this.current = first;
    this.ended = ended;
    this.renewed = renewed;
    this.schedule();
  }

  get access(): string {
    return this.current.accessToken;
  }

  /** Renews now; calls at the same time share one request. Where its answer is lost, the same token is sent again: the center gives the same answer. */
  refresh(): Promise<Result<string>> {
    this.refreshing ??= this.renew().finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  /** Asks with the present token, and once more with a new one if that has expired. */
  async use<Value>(ask: (accessToken: string) => Promise<Result<Value>>): Promise<Result<Value>> {
    const answer = await ask(this.access);
    if (answer.ok || answer.error.code !== 'auth.expired') return answer;
    const renewed = await this.refresh();
    return renewed.ok ? ask(renewed.value) : renewed;
  }

  stop(): void {
    this.stopped = true;
    this.stopTimer();
  }

  private async renew(): Promise<Result<string>> {
    const answer = await this.rest.refresh(this.current.refreshToken);
    if (this.stopped) return ok(this.current.accessToken);
    if (answer.ok) {
      this.current = answer.value;
      this.renewed(answer.value);
      this.failures = 0;
      this.schedule();
      return ok(answer.value.accessToken);
    }
    if (isOfPerson(answer.error.code) && answer.error.code !== 'auth.rate-limited') {
      this.stop();
      this.ended(answer.error);
    } else this.later(retryDelayMs({ ...reconnectPolicy, maxMs: 15_000 }, this.failures++));
    return answer;
  }

  private schedule(): void {
    this.later(Math.max(LEAST_MS, this.current.accessExpiresAt - this.clock.now() - AHEAD_MS));
  }

  private later(delayMs: number): void {
    this.stopTimer();
    // Longer timeouts than 2^31 ms would fire at once.
    this.stopTimer = this.clock.setTimeout(() => void this.refresh(), Math.min(delayMs, 2 ** 31 - 1));
  }
}
