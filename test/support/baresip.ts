import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terminate } from './child.ts';
import { freeTcpPort, freeUdpPort } from '../../scripts/asterisk/ports.ts';
import { wavOf } from '../../center/switch/wav.ts';
import { run } from '../../scripts/run.ts';
import { Ear } from './sip-phone/listening.ts';
import { until } from './until.ts';

/** Longer than any call of a test. */
const VOICE_S = 60;
const MODULES = '/usr/lib/baresip/modules';
const HEADER_BYTES = 44;
const LISTEN_EVERY_MS = 40;

export interface BaresipOptions {
  user: string;
  password: string;
  sipAddress: string;
  toneHz: number;
  /** Waits for `press('accept')` instead of answering by itself. */
  answersWhenTold?: boolean;
}

/**
 * A desk phone that nobody here wrote: baresip from Debian, SIP over UDP and plain RTP. It says one tone and tells which
 * ones it hears. Installed where it is missing.
 */
export class Baresip {
  private readonly child: ChildProcess;
  private readonly folder: string;
  private readonly controlPort: number;
  private readonly sipAddress: string;
  /** What it printed. */
  output = '';

  private constructor(child: ChildProcess, folder: string, controlPort: number, sipAddress: string) {
    this.child = child;
    this.folder = folder;
    this.controlPort = controlPort;
    this.sipAddress = sipAddress;
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
  }

  static async start(options: BaresipOptions): Promise<Baresip> {
    const found = await run('which', ['baresip'], { output: 'keep' });
    if (found.code !== 0) await run('apt-get', ['install', '-y', '--no-install-recommends', 'baresip-core'], { output: 'keep', env: { DEBIAN_FRONTEND: 'noninteractive' } });
    const folder = await mkdtemp(join(tmpdir(), 'sangdam-baresip-'));
    const controlPort = await freeTcpPort();
    const voice = join(folder, 'voice.wav');
    await writeFile(voice, wavOf(Int16Array.from({ length: VOICE_S * 8000 }, (_, i) => Math.round(8000 * Math.sin((2 * Math.PI * options.toneHz * i) / 8000)))));
    await writeFile(join(folder, 'config'), `module_path ${MODULES}
module account.so
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
snd_path ${folder}
module menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:${controlPort}
audio_source aufile,${voice}
audio_player aubridge,ear
net_interface 127.0.0.1
sip_listen 127.0.0.1:${await freeUdpPort()}
`);
    await writeFile(join(folder, 'accounts'), `<sip:${options.user}@${options.sipAddress}>;auth_user=${options.user};auth_pass=${options.password};answermode=${options.answersWhenTold === true ? 'manual' : 'auto'};regint=600\n`);
    const baresip = new Baresip(spawn('baresip', ['-f', folder], { stdio: ['ignore', 'pipe', 'pipe'] }), folder, controlPort, options.sipAddress);
    await until('baresip is registered', () => /200 OK/.test(baresip.output) || /registered/i.test(baresip.output)).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${baresip.output}`);
    });
    return baresip;
  }

  /** What a person does at the phone. @throws when the phone knows no such key */
  async press(command: 'accept' | 'hangup' | 'hold' | 'resume'): Promise<void> {
    await this.command(command);
  }

  async dial(number: string): Promise<void> {
    await this.command('dial', `sip:${number}@${this.sipAddress}`);
  }

  private async command(command: string, params?: string): Promise<void> {
    const text = JSON.stringify({ command, ...(params !== undefined && { params }), token: command });
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(this.controlPort, '127.0.0.1', () => socket.write(`${Buffer.byteLength(text)}:${text},`));
      socket.setEncoding('utf8').on('data', (heard) => {
        // It tells its own events by the same way.
        if (!String(heard).includes('"response":true')) return;
        socket.destroy();
        resolve(String(heard));
      });
      socket.on('error', reject);
    });
    if (!answer.includes('"ok":true')) throw new Error(`baresip: ${command}: ${answer}`);
  }

  async rings(times = 1): Promise<void> {
    await until(`baresip is called the ${times}. time`, () => this.output.split('Incoming call from').length > times);
  }

  /** It no longer rings or talks, after so many calls. */
  async fallsSilent(times = 1): Promise<void> {
    await until(`baresip is at rest after ${times} calls`, () => this.output.split('session closed').length > times);
  }

  /** Audio comes in, whatever it says: after its own hold this phone records no more. */
  async receives(): Promise<void> {
    const from = this.output.length;
    await until('baresip receives audio', () => /audio=\d+\/[1-9]\d{4,} \(bit/.test(this.output.slice(from)));
  }

  hears(tones: readonly number[], not: readonly number[] = [], timeoutMs?: number): Promise<void> {
    return this.listen((ear) => ear.hears(tones, not, timeoutMs));
  }

  silent(timeoutMs?: number): Promise<void> {
    return this.listen((ear) => ear.silent(timeoutMs));
  }

  /** What it hears it writes to a file, another with each stream of audio. */
  private async listen(listener: (ear: Ear) => Promise<void>): Promise<void> {
    const ear = new Ear();
    let file = '';
    let at = 0;
    const read = async (): Promise<void> => {
      const newest = (await readdir(this.folder)).filter((name) => name.endsWith('-dec.wav')).toSorted().at(-1);
      if (newest === undefined) return;
      const handle = await open(join(this.folder, newest));
      try {
        const { size } = await handle.stat();
        if (newest !== file) at = Math.max(HEADER_BYTES, size - (size % 2));
        file = newest;
        const bytes = Buffer.alloc(Math.max(0, size - at - ((size - at) % 2)));
        await handle.read(bytes, 0, bytes.length, at);
        at += bytes.length;
        if (bytes.length > 0) ear.push(Int16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i)));
      } finally {
        await handle.close();
      }
    };
    let reading = read();
    const timer = setInterval(() => (reading = reading.then(read)), LISTEN_EVERY_MS);
    try {
      await listener(ear);
    } finally {
      clearInterval(timer);
      await reading;
    }
  }

  async stop(): Promise<void> {
    await terminate(this.child);
    await rm(this.folder, { recursive: true, force: true });
  }
}
