import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeUdpPort } from '../../scripts/asterisk/ports.ts';
import { wavOf } from '../../center/switch/wav.ts';
import { run } from '../../scripts/run.ts';
import { until } from './until.ts';

/** Longer than any call of a test. */
const VOICE_S = 60;
const MODULES = '/usr/lib/baresip/modules';

/**
 * A desk phone that nobody here wrote: baresip from Debian, SIP over UDP and plain RTP. It answers by itself and says
 * one tone. Installed where it is missing.
 */
export class Baresip {
  private readonly child: ChildProcess;
  private readonly folder: string;
  /** What it printed. */
  output = '';

  private constructor(child: ChildProcess, folder: string) {
    this.child = child;
    this.folder = folder;
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
  }

  static async start(options: { user: string; password: string; sipAddress: string; toneHz: number }): Promise<Baresip> {
    const found = await run('which', ['baresip'], { output: 'keep' });
    if (found.code !== 0) await run('apt-get', ['install', '-y', '--no-install-recommends', 'baresip-core'], { output: 'keep', env: { DEBIAN_FRONTEND: 'noninteractive' } });
    const folder = await mkdtemp(join(tmpdir(), 'sangdam-baresip-'));
    const voice = join(folder, 'voice.wav');
    await writeFile(voice, wavOf(Int16Array.from({ length: VOICE_S * 8000 }, (_, i) => Math.round(8000 * Math.sin((2 * Math.PI * options.toneHz * i) / 8000)))));
    await writeFile(join(folder, 'config'), `module_path ${MODULES}
module account.so
module g711.so
module aufile.so
module menu.so
audio_source aufile,${voice}
audio_player aufile,${join(folder, 'heard.wav')}
net_interface 127.0.0.1
sip_listen 127.0.0.1:${await freeUdpPort()}
`);
    await writeFile(join(folder, 'accounts'), `<sip:${options.user}@${options.sipAddress}>;auth_user=${options.user};auth_pass=${options.password};answermode=auto;regint=600\n`);
    const baresip = new Baresip(spawn('baresip', ['-f', folder], { stdio: ['ignore', 'pipe', 'pipe'] }), folder);
    await until('baresip is registered', () => /200 OK/.test(baresip.output) || /registered/i.test(baresip.output)).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${baresip.output}`);
    });
    return baresip;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await exited;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
