import type { Clock } from '../../ports.ts';
import type { SwitchLogger } from '../logger.ts';
import type { Destination, SwitchPort } from '../port.ts';
import type { Account } from './ari/connection.ts';
import { AsteriskCluster } from './cluster.ts';
import { AsteriskNode } from './node.ts';
import type { PlayingFolder } from './playable-files.ts';
import type { PhoneTransferWish } from './phone-transfers.ts';

export { clearPlayingFolder, type PlayingFolder } from './playable-files.ts';

/** Where a call to an outside number leads: a line of Asterisk's and the number as that carrier wants it; in the demo a phone. */
export type Line =
  | { kind: 'endpoint'; user: string }
  | {
      kind: 'trunk';
      endpoint: string;
      number: string;
      /** The caller's number as that carrier wants it; as it is unless given. */
      writeCaller?: (number: string) => string;
    };

export interface AsteriskSwitchOptions {
  account: Account;
  /** Folder of `NAME.wav` files (mono, 8 kHz, 16-bit) on this machine. */
  announcementsDir: string;
  /** The same folder on Asterisk's machine. */
  soundsFolder: string;
  logger: SwitchLogger;
  clock: Clock;
  /** Null for a number that is nobody's. */
  trunk: (number: string) => Line | null;
  /** Codecs of the phones, best first, in Asterisk's names. */
  codecs?: string;
  /** Whether phones may transfer by their own keys; `auto` unless given. */
  phoneTransfers?: PhoneTransferWish;
  /** Where recordings go that an earlier run left on Asterisk; null or absent: they stay there. */
  recordingsFolder?: string | null;
  /** Where objects of the center lie while they are heard; none: they cannot be played. */
  playing?: PlayingFolder;
  /** How long a call is kept whose phone lost its registration. */
  orphanGraceMs?: number;
}

export interface AsteriskSwitch extends SwitchPort {
  /** What keeps us from Asterisk and which setting puts it right; null when nothing does. */
  readonly trouble: string | null;
  /** What its operator should put right though everything works; null where nothing is. */
  readonly warning: string | null;
  /** Which of its Asterisks is up, by its place in the list; the first where none is. */
  readonly firstAvailable: number;
}

/** An Asterisk 22 as the telephone switch, driven through ARI. */
export const createAsteriskSwitch = (options: AsteriskSwitchOptions): AsteriskSwitch => new AsteriskNode(options);

/** The same with as many as there are accounts. One is driven as it is, without anything between. */
export function createAsteriskCluster({ accounts, ...options }: Omit<AsteriskSwitchOptions, 'account'> & { accounts: readonly Account[] }): AsteriskSwitch {
  const { logger, clock } = options;
  const [only, ...others] = accounts;
  if (only === undefined) throw new Error('no Asterisk is named');
  if (others.length === 0) return createAsteriskSwitch({ ...options, account: only });
  const nodes = accounts.map((account, i) => {
    const name = `Asterisk ${i + 1} of ${accounts.length} (${account.url})`;
    return { name, node: new AsteriskNode({ ...options, account, logger: namedIn(logger, name) }) };
  });
  const phoneAt = (destination: Destination): string | null => {
    const line = destination.kind === 'endpoint' ? destination : options.trunk(destination.number);
    return line?.kind === 'endpoint' ? line.user : null;
  };
  return new AsteriskCluster({ nodes, clock, logger, phoneAt });
}

/** Lines that say which Asterisk they are about. */
const namedIn = (logger: SwitchLogger, asterisk: string): SwitchLogger => ({
  info: (fields, message) => logger.info({ asterisk, ...fields }, message),
  warn: (fields, message) => logger.warn({ asterisk, ...fields }, message),
});
