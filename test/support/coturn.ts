import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terminate } from './child.ts';
import { run } from '../../scripts/run.ts';
import { mediaAddressFor } from '../../server/settings.ts';
import { freeUdpPort } from '../../scripts/asterisk/ports.ts';
import { until } from './until.ts';

/**
 * coturn from Debian, with credentials made of a shared secret; installed where it is missing. On this machine's own
 * address: Asterisk answers a relay on loopback from loopback, which is not the peer the relay let in.
 */
export class Coturn {
  /** By TCP: for who can send no UDP at all. */
  readonly url: string;
  readonly secret = 'shared-secret-of-a-test';
  private readonly child: ChildProcess;
  private readonly folder: string;
  /** Its log so far. */
  log = '';

  private constructor(child: ChildProcess, folder: string, address: string, port: number) {
    this.child = child;
    this.folder = folder;
    this.url = `turn:${address}:${port}?transport=tcp`;
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
  }

  static async start(): Promise<Coturn> {
    const found = await run('which', ['turnserver'], { output: 'keep' });
    if (found.code !== 0) await run('apt-get', ['install', '-y', '--no-install-recommends', 'coturn'], { output: 'keep', env: { DEBIAN_FRONTEND: 'noninteractive' } });
    const folder = await mkdtemp(join(tmpdir(), 'sangdam-coturn-'));
    const port = await freeUdpPort();
    const address = mediaAddressFor('0.0.0.0');
    const coturn = new Coturn(
      spawn(
        'turnserver',
        [
          '-n', `--listening-ip=${address}`, `--listening-port=${port}`, `--relay-ip=${address}`, '--allow-loopback-peers', '--no-cli', '--no-tls', '--no-dtls', '--realm=sangdam.test',
          '--use-auth-secret', '--static-auth-secret=shared-secret-of-a-test', '--fingerprint', '--verbose', '--log-file=stdout', `--pidfile=${join(folder, 'pid')}`, `--userdb=${join(folder, 'db')}`,
        ],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      ),
      folder,
      address,
      port,
    );
    await until('coturn listens', () => /TCP listener opened on/.test(coturn.log) && /admin thread/.test(coturn.log)).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${coturn.log}`);
    });
    return coturn;
  }

  async stop(): Promise<void> {
    await terminate(this.child);
    await rm(this.folder, { recursive: true, force: true });
  }
}
