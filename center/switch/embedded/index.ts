import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../ports.ts';
import type { SwitchLogger } from '../logger.ts';
import type { SwitchPort } from '../port.ts';
import { EmbeddedSwitch } from './switch.ts';

/** Where a trunk call leads in this installation, or null for a number that is nobody's. */
export type Trunk = (number: string) => { kind: 'endpoint'; user: string } | null;

export interface EmbeddedSwitchOptions {
  /** Realm of the digest, and host of the URIs we write; any host is understood in what comes. */
  domain?: string;
  /** IPv4 address of this machine that phones can reach; media ports are bound on it. */
  mediaAddress: string;
  /** Folder of `NAME.wav` files (mono, 8 kHz, 16-bit), `music.wav` among them. */
  announcementsDir: string;
  logger: SwitchLogger;
  clock?: Clock;
  trunk: Trunk;
  /** How long a call is kept whose phone lost its connection. */
  orphanGraceMs?: number;
  /** A call that is up, not on hold, and without a single packet for so long is over. */
  mediaTimeoutMs?: number;
  /** How long a phone's socket may be there without having proved a password. */
  strangerMs?: number;
}

export interface EmbeddedSwitchServer extends SwitchPort {
  /**
   * For `upgrade` requests of the shared HTTP server on the path `/sip`, subprotocol `sip`.
   * @param address the phone's, where it is not the far end of the connection
   */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address?: string): void;
}

/** The telephone switch inside the center: SIP over WebSocket, WebRTC media, bridges, announcements, recordings. */
export const createEmbeddedSwitch = (options: EmbeddedSwitchOptions): EmbeddedSwitchServer => new EmbeddedSwitch(options);
