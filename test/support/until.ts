const POLL_MS = 40;
/** Says that it will never be, not how long it may take: a busy machine takes many times as long as an idle one. */
const PATIENCE_MS = 20_000;

/**
 * Waits until a check answers something other than false, null or undefined.
 * @throws when the time is over, with the check's last error or answer
 */
export async function until<Value>(what: string, check: () => Value | Promise<Value>, timeoutMs = PATIENCE_MS, pollMs = POLL_MS): Promise<Exclude<Value, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let last: unknown;
    try {
      const value = await check();
      if (value !== false && value !== null && value !== undefined) return value as Exclude<Value, false | null | undefined>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms (${String(last)})`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
