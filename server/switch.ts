import { join, resolve } from 'node:path';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Configuration } from '../center/configuration/records.ts';
import { clearPlayingFolder, createAsteriskCluster } from '../center/switch/asterisk/index.ts';
import { createEmbeddedSwitch } from '../center/switch/embedded/index.ts';
import type { SwitchPort } from '../center/switch/port.ts';
import { toE164 } from '../contract/phone-number.ts';
import { systemClock } from './clock.ts';
import type { Logger } from './logger.ts';
import { mediaAddressFor } from './settings.ts';
import { SipRelay } from './sip-relay.ts';
import type { SwitchSettings } from './switch-settings.ts';
import { written } from './trunk-numbers.ts';

/** The switch the settings ask for, and what the rest of the server needs of it. */
export interface ChosenSwitch {
  port: SwitchPort;
  /** Where desks register, at each; none: at this very server, path `/sip`. */
  sipUrls: readonly string[];
  /** Takes a WebSocket of a phone that came to this server, from this address. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void;
  /** Closes phones' sockets that were handed on: the HTTP server ends only without them. */
  close(): void;
  /** What keeps the center from its switch, for the operator; null when nothing does. */
  trouble(): string | null;
  /** What the operator should put right though everything works; null where nothing is. */
  warning(): string | null;
}

interface SwitchContext {
  settings: SwitchSettings;
  host: string;
  domain: string;
  announcementsDir: string;
  dataFolder: string;
  configuration: Configuration;
  logger: Logger;
}

export function chooseSwitch(context: SwitchContext): ChosenSwitch {
  return context.settings.kind === 'embedded' ? embedded(context) : asterisk(context, context.settings);
}

function embedded({ host, domain, announcementsDir, configuration, logger }: SwitchContext): ChosenSwitch {
  const port = createEmbeddedSwitch({ domain, mediaAddress: mediaAddressFor(host), announcementsDir, logger, clock: systemClock, trunk: demoLine(configuration) });
  return { port, sipUrls: [], handleUpgrade: (request, socket, head, address) => port.handleUpgrade(request, socket, head, address), close: () => {}, trouble: () => null, warning: () => null };
}

function asterisk({ dataFolder, announcementsDir, configuration, logger }: SwitchContext, settings: Extract<SwitchSettings, { kind: 'asterisk' }>): ChosenSwitch {
  const { nodes, soundsFolder, playingFolder, trunk, codecs, phoneTransfers } = settings;
  const demo = demoLine(configuration);
  const playing = resolve(playingFolder ?? join(dataFolder, 'playing'));
  clearPlayingFolder(playing).catch((error: unknown) => logger.warn({ err: error }, 'sounds that an earlier run has left for Asterisk are still there'));
  const port = createAsteriskCluster({
    accounts: nodes.map(({ ariUrl, user, password }) => ({ url: ariUrl, user, password })),
    announcementsDir,
    soundsFolder: soundsFolder ?? announcementsDir,
    playing: { folder: playing, seenAs: playing },
    logger,
    clock: systemClock,
    codecs,
    phoneTransfers,
    recordingsFolder: join(dataFolder, 'recordings/left-behind'),
    trunk: (number) => demo(number) ?? (trunk === null ? null : { kind: 'trunk', endpoint: trunk.endpoint, number: written[trunk.format](number), writeCaller: written[trunk.format] }),
  });
  const phones = (): string => (nodes[port.firstAvailable] ?? nodes[0]).ariUrl.replace(/^http/, 'ws').replace(/\/ari$/, '/ws');
  const relay = new SipRelay({ to: phones, clock: systemClock, logger });
  return { port, sipUrls: nodes.map(({ sipUrl }) => sipUrl), handleUpgrade: (...upgrade) => relay.handleUpgrade(...upgrade), close: () => relay.close(), trouble: () => port.trouble, warning: () => port.warning };
}

/** The demo has no line to the outside: its customers' numbers lead to their phones on the switch. */
function demoLine({ phones }: Configuration): (number: string) => { kind: 'endpoint'; user: string } | null {
  const users = new Map(phones.filter(({ kind }) => kind === 'customer').map(({ number, user }) => [number, user]));
  return (number) => {
    const user = users.get(toE164(number) ?? '');
    return user === undefined ? null : { kind: 'endpoint', user };
  };
}
