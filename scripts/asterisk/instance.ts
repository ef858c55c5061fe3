import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../run.ts';
import { operatorConfig, writeAsteriskFiles, type AsteriskConfig } from './config.ts';
import type { Asterisk } from './install.ts';
import { freeTcpPort, freeUdpPort } from './ports.ts';

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 5000;
const POLL_MS = 50;
const LIBRARIES = ['usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu', 'usr/lib64', 'usr/lib', 'lib'];

export interface InstanceOptions {
  /** Everything of this one Asterisk: configuration, log, database. Made where it is missing. */
  folder: string;
  config: Partial<AsteriskConfig> & Pick<AsteriskConfig, 'ariPassword'>;
  /** Files of `etc` beyond ours, by name. */
  files?: Record<string, string>;
  /** Goes on when this process ends. */
  detached?: boolean;
}

export interface RunningAsterisk {
  readonly config: AsteriskConfig;
  readonly folder: string;
  readonly pid: number;
  /** For the center. */
  readonly ariUrl: string;
  /** For phones: SIP over WebSocket. */
  readonly sipUrl: string;
  /** For trunks and desk phones: `HOST:PORT` of SIP over UDP. */
  readonly sipAddress: string;
  /** Runs a command of Asterisk's console. */
  cli(command: string): Promise<string>;
  /** Ends it at once and without a word, as a crash would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts an Asterisk of its own folder on free loopback ports, unless the configuration names others.
 * It runs with its own C library by its own loader, not in a chroot: it needs no root, and sees our files.
 * @throws with the end of its log when it does not come up
 */
export async function startInstance(asterisk: Asterisk, { folder, config: wanted, files = {}, detached = false }: InstanceOptions): Promise<RunningAsterisk> {
  const config: AsteriskConfig = {
    ...operatorConfig,
    httpPort: wanted.httpPort ?? (await freeTcpPort()),
    sipPort: wanted.sipPort ?? (await freeUdpPort()),
    ...wanted,
  };
  const etc = join(folder, 'etc');
  await Promise.all(['etc', 'lib', 'spool', 'spool/recording', 'run', 'log', 'db'].map((name) => mkdir(join(folder, name), { recursive: true })));
  await writeAsteriskFiles(etc, config);
  const own = { 'asterisk.conf': mainFile(asterisk, folder), 'modules.conf': modules, 'logger.conf': logger, ...files };
  await Promise.all(Object.entries(own).map(([name, text]) => writeFile(join(etc, name), text)));

  const [command, ...args] = commandLine(asterisk, ['-f', '-C', join(etc, 'asterisk.conf')]);
  const output = openSync(join(folder, 'log/output'), 'a');
  const child = detached ? spawn(command, args, { stdio: ['ignore', output, output], detached }) : spawn(...dyingWithUs(command, args), { stdio: ['ignore', output, output] });
  if (detached) child.unref();
  const address = config.httpAddress === '0.0.0.0' ? '127.0.0.1' : config.httpAddress;
  const running: RunningAsterisk = {
    config,
    folder,
    pid: child.pid ?? 0,
    ariUrl: `http://${address}:${config.httpPort}/ari`,
    sipUrl: `ws://${address}:${config.httpPort}/ws`,
    sipAddress: `${config.sipAddress}:${config.sipPort}`,
    cli: (text) => cli(asterisk, folder, text),
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
  };
  try {
    await answersAri(running, child);
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  }
  return running;
}

/** Runs a console command of the Asterisk in `folder`. */
export async function cli(asterisk: Asterisk, folder: string, text: string): Promise<string> {
  const [command, ...args] = commandLine(asterisk, ['-C', join(folder, 'etc/asterisk.conf'), '-rx', text]);
  return (await run(command, args, { output: 'keep' })).output;
}

/** Its own program by its own loader and libraries; the machine's as it is. */
function commandLine({ root }: Asterisk, args: string[]): [string, ...string[]] {
  const program = join(root, 'usr/sbin/asterisk');
  if (root === '/') return [program, ...args];
  const loader = ['usr/lib64/ld-linux-x86-64.so.2', 'lib64/ld-linux-x86-64.so.2', 'usr/lib/ld-linux-aarch64.so.1', 'lib/ld-linux-aarch64.so.1'].map((file) => join(root, file)).find((file) => existsSync(file));
  if (loader === undefined) throw new Error(`no dynamic loader in ${root}`);
  return [loader, '--library-path', LIBRARIES.map((folder) => join(root, folder)).join(':'), program, ...args];
}

/** A test run that is killed must not leave its Asterisk behind (Linux, util-linux). */
function dyingWithUs(command: string, args: string[]): [string, string[]] {
  return existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', ['--pdeathsig', 'KILL', command, ...args]] : [command, args];
}

async function answersAri({ ariUrl, config, folder }: RunningAsterisk, child: ChildProcess): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${config.ariUser}:${config.ariPassword}`).toString('base64')}`;
  const deadline = performance.now() + START_DEADLINE_MS;
  for (;;) {
    const response = await fetch(`${ariUrl}/asterisk/info?only=status`, { headers: { authorization } }).catch(() => null);
    if (response?.ok === true) return;
    if (performance.now() > deadline || child.exitCode !== null || child.signalCode !== null) throw new Error(`Asterisk did not start: ${await endOfLog(folder)}`);
    await delay(POLL_MS);
  }
}

async function endOfLog(folder: string): Promise<string> {
  const texts = await Promise.all(['log/output', 'log/messages'].map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts.map((text) => text.trim().split('\n').slice(-10).join('\n')).join('\n');
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await exited;
  clearTimeout(timer);
}

/** Removes everything an instance left. */
export const removeInstance = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

function mainFile({ root }: Asterisk, folder: string): string {
  const moduleFolder = LIBRARIES.map((library) => join(root, library, 'asterisk/modules')).find((path) => existsSync(path)) ?? join(root, 'usr/lib/asterisk/modules');
  return `[directories]
astetcdir => ${folder}/etc
astmoddir => ${moduleFolder}
astvarlibdir => ${folder}/lib
astdbdir => ${folder}/db
astkeydir => ${folder}/lib
astdatadir => ${join(root, 'usr/share/asterisk')}
astagidir => ${folder}/lib
astcachedir => ${folder}/lib
astspooldir => ${folder}/spool
astrundir => ${folder}/run
astlogdir => ${folder}/log

[options]
maxfiles=65535
`;
}

/** What the center uses, and nothing else: it starts in half a second and opens no port that nobody asked for. */
const modules = `[modules]
autoload=yes
${['app_adsiprog', 'app_agent_pool', 'app_alarmreceiver', 'app_amd', 'app_confbridge', 'app_festival', 'app_followme', 'app_jack', 'app_minivm', 'app_page', 'app_voicemail', 'app_voicemail_odbc', 'cdr_adaptive_odbc', 'cdr_csv', 'cdr_custom', 'cdr_manager', 'cdr_odbc', 'cdr_pgsql', 'cdr_radius', 'cdr_sqlite3_custom', 'cdr_tds', 'cel_custom', 'cel_manager', 'cel_odbc', 'cel_pgsql', 'cel_radius', 'cel_sqlite3_custom', 'cel_tds', 'chan_console', 'chan_iax2', 'chan_motif', 'chan_unistim', 'pbx_ael', 'pbx_dundi', 'pbx_lua', 'res_calendar', 'res_calendar_caldav', 'res_calendar_ews', 'res_calendar_exchange', 'res_calendar_icalendar', 'res_config_ldap', 'res_config_odbc', 'res_config_pgsql', 'res_config_sqlite3', 'res_fax', 'res_fax_spandsp', 'res_hep', 'res_hep_pjsip', 'res_hep_rtcp', 'res_odbc', 'res_odbc_transaction', 'res_parking', 'res_phoneprov', 'res_pjsip_notify', 'res_pjsip_phoneprov_provider', 'res_prometheus', 'res_smdi', 'res_snmp', 'res_stun_monitor', 'res_xmpp', 'func_odbc', 'res_pjsip_config_wizard', 'res_stasis_test', 'app_test'].map((name) => `noload=${name}.so`).join('\n')}
`;

const logger = `[general]
dateformat=%F %T.%3q

[logfiles]
messages => notice,warning,error
`;
