import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../../unit/store/support.ts';

const MAIN = join(import.meta.dirname, '../../../server/main.ts');
const Started = z.object({ origin: z.url() });

/** The whole program as a process of its own, with a data folder of its own, that can be killed and started again. */
export class Program {
  readonly dataFolder: string;
  origin = '';
  private child: ChildProcess | null = null;

  private constructor(dataFolder: string) {
    this.dataFolder = dataFolder;
  }

  static async start(): Promise<Program> {
    const program = new Program(await temporaryFolder());
    onTestFinished(() => program.end('SIGKILL'));
    await program.begin(0);
    return program;
  }

  get sipUrl(): string {
    return `${this.origin.replace('http', 'ws')}/sip`;
  }

  /** Without a warning, as by a power cut. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** On the same port, with the same data. */
  startAgain(): Promise<void> {
    return this.begin(Number(new URL(this.origin).port));
  }

  private async begin(port: number): Promise<void> {
    const environment = { ...process.env, SANGDAM_PORT: String(port), SANGDAM_DEMO: '1', SANGDAM_LOG: 'silent', SANGDAM_DATA: this.dataFolder };
    this.child = spawn('node', [MAIN], { env: environment, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [message] = await once(this.child, 'message');
    this.origin = Started.parse(message).origin;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === null) return;
    this.child = null;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
