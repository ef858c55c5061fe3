/** How a lost connection is tried again: exponential with full jitter, so that 500 desks do not return at once. */
export interface RetryPolicy {
  firstMs: number;
  factor: number;
  maxMs: number;
  /** A uniformly distributed number in [0, 1). */
  random(): number;
}

export const reconnectPolicy: RetryPolicy = { firstMs: 300, factor: 2, maxMs: 4000, random: Math.random };

/** Delay in milliseconds before the attempt with this number (0 is the first). Half of it is jitter. */
export function retryDelayMs(policy: RetryPolicy, attempt: number): number {
  const ceiling = Math.min(policy.maxMs, policy.firstMs * policy.factor ** Math.min(attempt, 30));
  return ceiling / 2 + (policy.random() * ceiling) / 2;
}
