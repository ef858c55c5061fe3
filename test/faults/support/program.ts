import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { fileOf } from '../../../server/records.ts';
import { placeAt } from '../../unit/store/places.ts';
import { temporaryFolder } from '../../unit/store/support.ts';

const MAIN = join(import.meta.dirname, '../../../server/main.ts');
const Started = z.object({ origin: z.url() });

/** The whole program as a process of its own, with a data folder of its own, that can be killed and started again. */
export class Program {
  readonly dataFolder: string;
  origin = '';
  private child: ChildProcess | null = null;

  private readonly environment: Record<string, string>;

  private constructor(dataFolder: string, environment: Record<string, string>) {
    this.dataFolder = dataFolder;
    this.environment = environment;
  }

  /** @param dataFolder made and removed for this test unless told */
  static async make(dataFolder?: string): Promise<Program> {
    const folder = dataFolder ?? (await temporaryFolder());
    const place = await placeAt(fileOf(folder));
    const program = new Program(folder, 'url' in place ? { SANGDAM_DATABASE: place.url } : {});
    onTestFinished(() => program.end('SIGKILL'));
    return program;
  }

  /** @param environment beside what each has */
  static async start(dataFolder?: string, environment: Record<string, string> = {}): Promise<Program> {
    const program = await Program.make(dataFolder);
    program.set(environment);
    await program.startAgain();
    return program;
  }

  /** What the environment says from the next start on. */
  set(environment: Record<string, string>): void {
    Object.assign(this.environment, environment);
  }

  get sipUrl(): string {
    return `${this.origin.replace('http', 'ws')}/sip`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Without a warning, as by a power cut. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** On the same port, with the same data. @throws when it ends instead */
  async startAgain(): Promise<void> {
    const child = this.begin();
    const gone = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the center ended with ${String(code)} instead of starting`)));
    const [message] = await Promise.race([once(child, 'message'), gone]);
    gone.catch(() => {});
    this.origin = Started.parse(message).origin;
  }

  /** Starts, and is killed so soon that it may not have got far. */
  async startAndKill(afterMs: number): Promise<void> {
    this.begin();
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await this.kill();
  }

  private begin(): ChildProcess {
    const port = this.origin === '' ? '0' : new URL(this.origin).port;
    const environment = { ...process.env, SANGDAM_PORT: port, SANGDAM_DEMO: '1', SANGDAM_LOG: 'silent', SANGDAM_DATA: this.dataFolder, ...this.environment };
    this.child = spawn('node', [MAIN], { env: environment, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    return this.child;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === null) return;
    this.child = null;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
