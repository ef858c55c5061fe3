import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../scripts/run.ts';

/** Where Debian's package puts what SIPp plays. */
export const SIPP_SOUNDS = '/usr/share/sip-tester';

export interface SippOptions {
  /** Its own SIP port, loopback. */
  port: number;
  /** Whom it calls: `HOST:PORT`; none for one that only answers. */
  to?: string;
  /** Text of the scenario. */
  scenario: string;
  /** Lines of the injection file, field by field: `[field0]`, `[field1]`, … one line a call. */
  fields?: readonly (readonly string[])[];
  /** Number called, `[service]`. */
  service?: string;
  calls?: number;
  callsASecond?: number;
}

export interface SippResult {
  code: number;
  output: string;
}

/** Above those of an Asterisk's audio, and below those that the system gives to whoever asks for any. */
const MEDIA_PORTS = { from: 20_100, to: 32_700 };
let nextMediaPort = MEDIA_PORTS.from;

/** The first of four ports in a row that no other SIPp of ours has: it takes those of audio and of video, and ends where one is not free. */
function mediaPorts(): number {
  const first = nextMediaPort;
  nextMediaPort = first + 8 > MEDIA_PORTS.to ? MEDIA_PORTS.from : first + 4;
  return first;
}

/** SIPp, from Debian's package `sip-tester`, running a scenario; installed where it is missing. */
export class Sipp {
  private readonly child: ChildProcess;
  private readonly folder: string;
  private output = '';
  /** Settles when it has ended by itself or was stopped. */
  readonly ended: Promise<SippResult>;

  private constructor(child: ChildProcess, folder: string) {
    this.child = child;
    this.folder = folder;
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (this.output = (this.output + text).slice(-6000)));
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code: code ?? 1, output: this.output }));
    });
  }

  static async start({ port, to, scenario, fields, service, calls, callsASecond }: SippOptions): Promise<Sipp> {
    const found = await run('which', ['sipp'], { output: 'keep' });
    if (found.code !== 0) await run('apt-get', ['install', '-y', '--no-install-recommends', 'sip-tester'], { output: 'keep', env: { DEBIAN_FRONTEND: 'noninteractive' } });
    const folder = await mkdtemp(join(tmpdir(), 'sangdam-sipp-'));
    await writeFile(join(folder, 'scenario.xml'), scenario);
    if (fields !== undefined) await writeFile(join(folder, 'fields.csv'), `SEQUENTIAL\n${fields.map((line) => `${line.join(';')};\n`).join('')}`);
    const args = [
      '-nostdin', '-i', '127.0.0.1', '-p', String(port), '-sf', 'scenario.xml',
      ...(fields === undefined ? [] : ['-inf', 'fields.csv']),
      ...(service === undefined ? [] : ['-s', service]),
      ...(calls === undefined ? [] : ['-m', String(calls)]),
      ...(callsASecond === undefined ? [] : ['-r', String(callsASecond)]),
      '-mp', String(mediaPorts()),
      ...(to === undefined ? [] : [to]),
    ];
    return new Sipp(spawn('sipp', args, { cwd: folder, env: { ...process.env, TERM: 'dumb' }, stdio: ['ignore', 'pipe', 'pipe'] }), folder);
  }

  /** Waits for its end. @throws with the end of its output when a call did not go as the scenario says */
  async succeeded(): Promise<void> {
    const { code, output } = await this.ended;
    await rm(this.folder, { recursive: true, force: true });
    if (code !== 0) throw new Error(`SIPp ended with ${code}:\n${output}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Runs a scenario to its end. @throws when a call did not go as it says */
export async function sipp(options: SippOptions): Promise<void> {
  await (await Sipp.start(options)).succeeded();
}
