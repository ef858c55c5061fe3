import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { refuseUpgrade } from '../center/gateway/index.ts';
import type { Clock } from '../center/ports.ts';
import { Admission } from '../center/switch/embedded/sip/admission.ts';
import { SipConnection } from '../center/switch/embedded/sip/connection.ts';
import { MAX_MESSAGE_BYTES } from '../center/switch/embedded/sip/guard.ts';
import type { SwitchLogger } from '../center/switch/logger.ts';
import { RelayGuesses } from './relay-guesses.ts';

/** Time a phone has to prove a password to Asterisk in. */
const STRANGER_MS = 10_000;
/** Asterisk is near, or not there. */
const FAR_HANDSHAKE_MS = 5000;
/** Phones that wait for Asterisk's handshake at once. */
const MAX_KNOCKING = 500;
/** What may wait for an Asterisk that does not read. */
const MAX_WAITING_BYTES = 256 * 1024;

export interface SipRelayOptions {
  /** Asterisk's WebSocket: asked for with each phone. */
  to: () => string;
  clock: Clock;
  logger: SwitchLogger;
  strangerMs?: number;
}

/**
 * Hands phones' WebSockets on to Asterisk, message by message, and holds them to what the embedded switch's `/sip` holds
 * them to: sockets of strangers, messages, bytes, wrong passwords, and the time to prove one, which is seen in Asterisk's
 * answers.
 * Desks connect to Asterisk themselves and outlive a restart of the center; this is for pages that may speak with their own
 * origin alone, as the demo's customer phone.
 */
export class SipRelay {
  private readonly options: SipRelayOptions;
  private readonly admission: Admission;
  private readonly guesses: RelayGuesses;
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, autoPong: false, handleProtocols: () => 'sip' });
  private readonly secret = randomBytes(32);
  private readonly relayed = new Set<SipConnection>();
  /** Until Asterisk has answered, in the order they came. */
  private readonly knocking = new Set<Duplex>();

  constructor(options: SipRelayOptions) {
    this.options = options;
    this.admission = new Admission(() => options.clock.monotonic());
    this.guesses = new RelayGuesses(() => options.clock.monotonic());
  }

  /** @param address the phone's */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.includes('sip')) return refuseUpgrade(socket, '400 Bad Request');
    if (!this.admission.mayEnter(address)) {
      this.refused('more sockets than strangers at one address may open');
      return refuseUpgrade(socket, '429 Too Many Requests');
    }
    const far = new WebSocket(this.options.to(), ['sip'], { handshakeTimeout: FAR_HANDSHAKE_MS, perMessageDeflate: false });
    this.knocking.add(socket);
    const [oldest] = this.knocking;
    if (this.knocking.size > MAX_KNOCKING) oldest?.destroy();
    // From the first moment: a phone may be gone before Asterisk has answered.
    socket.once('close', () => {
      this.knocking.delete(socket);
      far.terminate();
    });
    far.once('error', () => {
      if (this.knocking.delete(socket)) refuseUpgrade(socket, '502 Bad Gateway');
      else socket.destroy();
    });
    far.once('open', () => {
      this.knocking.delete(socket);
      if (!socket.destroyed) this.sockets.handleUpgrade(request, socket, head, (near) => this.join(near, socket, far, address));
    });
  }

  /** Closes all: the HTTP server ends only without them. */
  close(): void {
    for (const socket of this.knocking) socket.destroy();
    for (const connection of this.relayed) connection.terminate();
  }

  private join(near: WebSocket, stream: Duplex, far: WebSocket, address: string): void {
    const { clock, strangerMs = STRANGER_MS } = this.options;
    const connection = new SipConnection({ id: randomUUID(), address, clock, admission: this.admission, secret: this.secret, strangerMs, onRefused: (why) => this.refused(why) }, near, stream);
    this.relayed.add(connection);
    this.admission.entered(connection);
    connection.listen(
      (text) => {
        const verdict = this.guesses.ofPhone(text, connection);
        if (far.bufferedAmount > MAX_WAITING_BYTES) connection.terminate();
        else if (verdict.kind === 'answer') connection.send(verdict.text).catch(() => {});
        else if (verdict.kind === 'pass' && far.readyState === WebSocket.OPEN) far.send(text);
      },
      () => {
        this.relayed.delete(connection);
        this.guesses.left(connection);
        far.terminate();
      },
    );
    far.on('message', (data: RawData) => {
      const text = textOf(data);
      const user = this.guesses.ofAsterisk(text, connection);
      if (user !== null && connection.isStranger) connection.proved(user);
      connection.send(text).catch(() => {});
    });
    far.on('close', () => connection.close());
  }

  private refused(why: string): void {
    this.options.logger.info({ why }, 'a phone on the way to Asterisk was refused');
  }
}

const textOf = (data: RawData): string => (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString('utf8');
