/** A function to run in main, as its source, with an argument. */
export interface Task {
  id: number;
  source: string;
  argument: unknown;
}

/** What came of it; `started` says that Chromium is up and main is being loaded. */
export type Said = { type: 'started'; debuggingPort: number } | { type: 'done'; id: number; value: unknown } | { type: 'failed'; id: number; error: string };

const say = (message: Said): void => void process.send?.(message);

/** Runs what the test sends, as Playwright's `electronApplication.evaluate` does. */
export function listen(electron: object, debuggingPort: number): void {
  process.on('message', ({ id, source, argument }: Task) => {
    void run(source, electron, argument).then(
      (value) => say({ type: 'done', id, value }),
      (error: unknown) => say({ type: 'failed', id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  // The test is gone: so are we.
  process.on('disconnect', () => process.exit(1));
  say({ type: 'started', debuggingPort });
}

async function run(source: string, electron: object, argument: unknown): Promise<unknown> {
  // The function comes from the test that started this process.
  // oxlint-disable-next-line no-eval
  const task = globalThis.eval(`(${source})`) as (electron: object, argument: unknown) => unknown;
  return task(electron, argument);
}
