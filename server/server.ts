import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import type { Configuration } from '../center/configuration/records.ts';
import { BROWSER_HEADER, createGateway, isAllowedOrigin, loadSigningKey, refuseUpgrade, type Gateway, type Limits } from '../center/gateway/index.ts';
import { openMedia, soundOf, watchMedia } from '../center/media/index.ts';
import { isDemoStore } from '../center/store/demo/index.ts';
import { createContactCenter } from '../center/index.ts';
import { BRIDGE_PATH, CTI_PATH } from '../contract/cti/index.ts';
import { createWebShell } from '../web/index.ts';
import type { CustomerId } from '../contract/ids.ts';
import { systemClock } from './clock.ts';
import { accessObjection, mayTellSipUrl, plainOnLoopback } from './access-settings.ts';
import { demoObjection } from './demo-settings.ts';
import { defaultData } from './data-settings.ts';
import { iceServersFor, noIce } from './ice-settings.ts';
import { createLogger, type Logger } from './logger.ts';
import { mediaSettings } from './media-settings.ts';
import { openReach, type ReachOfServer } from './reach.ts';
import { openRecords } from './records.ts';
import type { Settings } from './settings.ts';
import { StartError } from './start-error.ts';
import { chooseSwitch, type ChosenSwitch } from './switch.ts';
import { embedWorker, forkWorker } from './worker.ts';

export { StartError };

const ROOT = join(import.meta.dirname, '..');
const SIP_PATH = '/sip';
const SIP_DOMAIN = 'sangdam';

export interface ServerOptions extends Omit<Settings, 'logLevel' | 'switch' | 'ice' | 'demoBeyondLoopback' | 'drainMs' | 'access' | 'storeKey' | 'database' | 's3' | 'data' | 'web' | 'secondFactorFor' | 'setUpCode'> {
  /** Default: the embedded one. */
  switch?: Settings['switch'];
  /** Default: the demo on Asterisk stays on this machine. */
  demoBeyondLoopback?: boolean;
  /** Default: the one in the data folder. */
  storeKey?: Settings['storeKey'];
  /** Default: the file in the data folder. */
  database?: Settings['database'];
  /** Default: sounds are in the data folder. */
  s3?: Settings['s3'];
  /** Default: memos are for their groups, and nothing expires. */
  data?: Settings['data'];
  secondFactorFor?: Settings['secondFactorFor'];
  /** By which a center without an administrator is set up. Default, and in the demo: not this way. */
  setUpCode?: string | null;
  /** A company's own center: a store that the demo has filled is refused. */
  ownCenter?: boolean;
  /** Default: plain HTTP on loopback, no proxy. */
  access?: Settings['access'];
  /** Default: no STUN, no TURN. */
  ice?: Settings['ice'];
  /** Default: as the environment's. */
  web?: Settings['web'];
  /** Who does the jobs: a process beside this one, or by default, for tests, this one. */
  worker?: 'process' | 'here';
  /** Default: errors alone, for tests. */
  logger?: Logger;
  /** Changes what the store says before the core reads it: shorter times in tests. */
  configure?: (configuration: Configuration) => Configuration;
  limits?: Partial<Limits>;
}

export interface RunningServer {
  /** `http://HOST:PORT` of the desk. */
  readonly origin: string;
  readonly port: number;
  /** Whether it has still to be set up: it has no administrator. */
  readonly setUpNeeded: boolean;
  /**
   * Ends everything here: desks are told, the database is closed. Calls that a switch of its own keeps go on, for the next
   * start; others are hung up, once they had `drainMs` to come to their own end.
   */
  stop(drainMs?: number): Promise<void>;
}

/**
 * The one-process deployment: store, switch, center, gateway and web edition on one port.
 * @throws StartError or StoreError with what to do about it; whatever was started has been ended by then
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, dataFolder, demo } = options;
  const logger = options.logger ?? createLogger('error');
  const clock = systemClock;
  const parts = new Parts();
  try {
    const access = options.access ?? plainOnLoopback;
    const objection = demoObjection(options) ?? accessObjection(host, access);
    if (objection !== null) throw new StartError(objection);
    const reach = openReach(host, access, logger);
    const { store, storeKey, place, records, configuration } = await openRecords(options, logger);
    parts.add(() => store.close());
    if (options.ownCenter === true && (await isDemoStore(store.db))) throw new StartError(`${dataFolder} holds the demo: a center of one's own begins with an empty folder. Name another by SANGDAM_DATA, or move this one away`);
    const { keepContactsDays, keepEventsDays } = options.data ?? defaultData;
    const keptIn = mediaSettings(dataFolder, options.s3 ?? null);
    const media = openMedia({ db: store.db, key: storeKey, settings: keptIn, clock });
    const mediaWatch = watchMedia(media, clock, logger.child({ part: 'media' }));
    parts.add(() => mediaWatch.stop());
    const jobs = { settings: { filesFolder: join(dataFolder, 'files'), media: keptIn, keepContactsDays, keepEventsDays }, clock, logger: logger.child({ part: 'worker' }), customersChanged: (customerIds: CustomerId[]) => void center.customersChanged(customerIds).catch((error: unknown) => logger.error({ err: error }, 'desks could not be told of changes')) };
    const worker = options.worker === 'process' ? forkWorker({ ...jobs, place, key: storeKey }) : embedWorker({ ...jobs, db: store.db, media });
    parts.add(() => worker.stop());
    const chosen = chooseSwitch({
      settings: options.switch ?? { kind: 'embedded' },
      host,
      domain: SIP_DOMAIN,
      announcementsDir: join(ROOT, 'resources/announcements'),
      dataFolder,
      configuration,
      logger: logger.child({ part: 'switch' }),
    });
    const signingKey = await loadSigningKey(dataFolder, storeKey);
    const center = createContactCenter({ switchPort: chosen.port, records, clock, soundOf: (mediaId) => soundOf(media, mediaId), logger: logger.child({ part: 'center' }), phoneSecret: signingKey });
    parts.add(() => center.stop());
    await center.start();

    // Of this run alone: nobody else can say whose browser asks.
    const shellSecret = randomBytes(32).toString('base64url');
    const gateway = await createGateway({
      center,
      store,
      clock,
      demo,
      logger: logger.child({ part: 'gateway' }),
      signingKey,
      shellSecret,
      version: await version(),
      sip: { urls: chosen.sipUrls.filter((url) => mayTellSipUrl(url, access)), domain: SIP_DOMAIN, iceServers: (agentId) => iceServersFor(options.ice ?? noIce, agentId, clock.now()) },
      switchTrouble: () => chosen.trouble(),
      switchWarning: () => chosen.warning(),
      workerTrouble: () => worker.trouble(),
      mediaTrouble: () => mediaWatch.trouble(),
      filesFolder: jobs.settings.filesFolder,
      media,
      ...reach.options,
      webFolder: join(ROOT, 'out/web'),
      historyScope: (options.data ?? defaultData).historyScope,
      secondFactorFor: options.secondFactorFor ?? [],
      setUpCode: demo ? null : (options.setUpCode ?? null),
      ...(options.limits && { limits: options.limits }),
    });
    parts.add(() => gateway.close());
    const shell = createWebShell({
      httpServer: gateway.server,
      // The shell's sessions reach the center like any desk, by this very machine.
      centerUrl: () => reach.innerOrigin,
      dataDir: dataFolder,
      logger: logger.child({ part: 'web' }),
      allowedOrigins: reach.options.allowedOrigins,
      isSecure: (request) => reach.isSecure(request),
      addressOf: (request) => reach.addressOf(request),
      ...options.web,
      introduce: (address, connection) => ({ [BROWSER_HEADER]: `${shellSecret} ${address} ${connection}` }),
    });
    parts.add(() => shell.stop());
    takeUpgrades(gateway, chosen, reach);
    parts.add(() => chosen.close());
    parts.add(() => reach.close());
    // First of all to end, should it not start: phones let go of the HTTP server.
    parts.add(() => center.stop());

    const { origin, port } = await reach.listen(gateway, options);
    logger.info({ origin, demo }, 'listening');
    // Whoever waits for the center does not wait for it.
    worker.start();
    return {
      origin, port,
      get setUpNeeded() {
        return !demo && center.configuration?.hasAdministrator === false;
      },
      stop: async (drainMs) => {
        // First of all: while calls come to their end, everything else is needed.
        await center.stop(drainMs);
        await parts.end();
      },
    };
  } catch (error) {
    await parts.end();
    throw error;
  }
}

/** What has been started, ended in the opposite order, once. */
class Parts {
  private readonly ends: (() => void | Promise<void>)[] = [];
  private ending: Promise<void> | null = null;

  add(end: () => void | Promise<void>): void {
    this.ends.push(end);
  }

  end(): Promise<void> {
    this.ending ??= this.endAll();
    return this.ending;
  }

  private async endAll(): Promise<void> {
    for (const end of this.ends.toReversed()) await end();
  }
}

/** Phones' sockets go to the switch, but those of another site's page. The other paths' owners take their own; a socket for nobody is closed. */
function takeUpgrades({ server }: Gateway, chosen: ChosenSwitch, { options: { allowedOrigins }, addressOf }: ReachOfServer): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Nobody else listens before an owner has taken it, and an error that nobody hears ends the process.
    socket.on('error', () => socket.destroy());
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (path === SIP_PATH && !isAllowedOrigin(request.headers, allowedOrigins)) refuseUpgrade(socket, '403 Forbidden');
    else if (path === SIP_PATH) chosen.handleUpgrade(request, socket, head, addressOf(request));
    else if (![CTI_PATH, BRIDGE_PATH].some((taken) => path.startsWith(`${taken}/`))) refuseUpgrade(socket, '404 Not Found');
  });
}

async function version(): Promise<string> {
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))).version;
}
