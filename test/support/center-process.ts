import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { until } from './until.ts';

const Line = z.looseObject({ msg: z.string(), time: z.number() });
export type LogLine = z.infer<typeof Line>;

/** The server as a process of its own, so that it can be killed. */
export class CenterProcess {
  readonly lines: LogLine[] = [];
  origin = '';
  private readonly child: ChildProcess;

  private constructor(environment: Record<string, string>) {
    this.child = fork(join(import.meta.dirname, '../../server/main.ts'), [], {
      env: { ...process.env, SANGDAM_PORT: '0', SANGDAM_DEMO: '1', SANGDAM_LOG: 'info', ...environment },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    let rest = '';
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part.startsWith('{')) this.lines.push(Line.parse(JSON.parse(part)));
    });
    this.child.on('message', (message) => {
      this.origin = z.object({ origin: z.string() }).parse(message).origin;
    });
  }

  static async start(environment: Record<string, string>): Promise<CenterProcess> {
    const center = new CenterProcess(environment);
    try {
      await until('the center listens', () => center.origin !== '', 45_000);
      return center;
    } catch (error) {
      // It would keep the process of the tests from ending.
      await center.kill();
      throw error;
    }
  }

  /** The first line of the log that says this. */
  logged(text: string): Promise<LogLine> {
    return until(`the log says “${text}”`, () => this.lines.find(({ msg }) => msg.includes(text)), 15_000);
  }

  health(): Promise<Record<string, unknown>> {
    return fetch(`${this.origin}/healthz`).then(async (response) => z.record(z.string(), z.unknown()).parse(await response.json()));
  }

  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }
}
