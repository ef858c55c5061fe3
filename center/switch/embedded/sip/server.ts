import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  IncomingRequestMessage,
  LoggerFactory,
  URI,
  UserAgentCore,
  type IncomingInviteRequest,
  type IncomingRegisterRequest,
  type Logger,
  type Transport,
} from 'sip.js/lib/core/index.js';
import { WebSocketServer } from 'ws';
import type { Disposer } from '../../../../contract/errors.ts';
import { SipConnection } from './connection.ts';
import { MAX_MESSAGE_BYTES, screen } from './guard.ts';

export interface SipServerParts {
  domain: string;
  now: () => number;
  onRegister: (request: IncomingRegisterRequest, connection: SipConnection) => void;
  onInvite: (request: IncomingInviteRequest, connection: SipConnection) => void;
  onConnectionClosed: (connection: SipConnection) => void;
  /** A message that was answered or dropped before SIP.js; `why` names no number and no secret. */
  onRefused: (why: string) => void;
  onError: (error: unknown, doing: string) => void;
}

/** Who owns a dialog, and hears of requests in it before SIP.js does. */
export interface DialogOwner {
  /** @returns false to refuse a request that came over a connection which is not the owner's */
  accepts(connection: SipConnection): boolean;
}

/** Frames above this close the connection (1009); between it and 64 KB a request is answered 513. */
const MAX_FRAME_BYTES = 4 * MAX_MESSAGE_BYTES;

const nowhere: Transport = {
  protocol: 'WS',
  send: () => Promise.reject(new Error('no connection')),
};

/**
 * SIP over WebSocket, server side, on SIP.js's `core` layer (transactions, dialogs).
 *
 * One core serves all connections, so that a dialog outlives the socket it began on: a phone that lost its
 * network re-INVITEs on a new one. The core asks for its transport synchronously whenever it starts a
 * transaction, which then keeps it; `run` says which connection that is.
 */
export class SipServer {
  readonly core: UserAgentCore;
  readonly contact: string;
  private readonly parts: SipServerParts;
  private readonly sockets: WebSocketServer;
  private readonly connections = new Set<SipConnection>();
  private readonly dialogs = new Map<string, DialogOwner>();
  private readonly logger: Logger;
  private current: Transport = nowhere;

  constructor(parts: SipServerParts) {
    this.parts = parts;
    this.sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_FRAME_BYTES,
      handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
    });
    const loggerFactory = new LoggerFactory();
    // SIP.js logs whole messages, numbers and credentials included.
    loggerFactory.builtinEnabled = false;
    this.logger = loggerFactory.getLogger('sip');
    const uri = new URI('sip', 'sangdam', parts.domain, undefined, { transport: 'ws' });
    this.contact = `<${uri.toRaw()}>`;
    this.core = new UserAgentCore(
      {
        aor: uri,
        contact: { uri, pubGruu: undefined, tempGruu: undefined, toString: () => this.contact },
        displayName: '',
        loggerFactory,
        hackViaTcp: false,
        routeSet: [],
        sipjsId: randomUUID().slice(0, 8),
        supportedOptionTags: ['replaces', 'norefersub'],
        supportedOptionTagsResponse: ['replaces', 'norefersub'],
        userAgentHeaderFieldValue: 'Sangdam',
        viaForceRport: false,
        viaHost: 'sangdam.invalid',
        authenticationFactory: () => undefined,
        transportAccessor: () => this.current,
      },
      {
        onInvite: (request) => this.withConnection((connection) => parts.onInvite(request, connection)),
        onRegister: (request) => this.withConnection((connection) => parts.onRegister(request, connection)),
        onMessage: (request) => request.reject({ statusCode: 405 }),
        onNotify: (request) => request.reject({ statusCode: 481 }),
        onSubscribe: (request) => request.reject({ statusCode: 489 }),
        onRefer: (request) => request.reject({ statusCode: 403 }),
      },
    );
  }

  /** Completes a WebSocket handshake that asks for the subprotocol `sip`; refuses any other. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.includes('sip')) {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new SipConnection(randomUUID(), webSocket, request.socket.remoteAddress ?? '', this.parts.now);
      this.connections.add(connection);
      connection.listen(
        (text) => this.receive(text, connection),
        () => this.closed(connection),
      );
    });
  }

  /** Does something with SIP.js whose messages go out on `connection`. */
  run<Value>(connection: SipConnection, act: () => Value): Value {
    const former = this.current;
    this.current = connection;
    try {
      return act();
    } finally {
      this.current = former;
    }
  }

  /** Makes `owner` answer for the dialog; `dialogId` is SIP.js's Call-ID + local tag + remote tag. */
  claim(dialogId: string, owner: DialogOwner): Disposer {
    this.dialogs.set(dialogId, owner);
    return () => this.dialogs.delete(dialogId);
  }

  /** The owner of a dialog named from our side, or from the other. */
  ownerOf(callId: string, oneTag: string, otherTag: string): DialogOwner | undefined {
    return this.dialogs.get(callId + oneTag + otherTag) ?? this.dialogs.get(callId + otherTag + oneTag);
  }

  stop(): void {
    this.core.dispose();
    for (const connection of this.connections) connection.close();
    this.sockets.close();
    const stragglers = setTimeout(() => {
      for (const connection of this.connections) connection.terminate();
    }, 500);
    stragglers.unref();
  }

  private receive(text: string, connection: SipConnection): void {
    const screened = screen(text, this.logger);
    switch (screened.kind) {
      case 'keepAlive':
        if (text === '\r\n\r\n') void connection.send('\r\n').catch(() => {});
        return;
      case 'drop':
        this.parts.onRefused(screened.why);
        return;
      case 'answer':
        this.parts.onRefused(screened.why);
        void connection.send(screened.response).catch(() => {});
        return;
      case 'message':
        break;
    }
    const { message } = screened;
    try {
      this.run(connection, () => {
        if (message instanceof IncomingRequestMessage) this.receiveRequest(message, connection);
        else this.core.receiveIncomingResponseFromTransport(message);
      });
    } catch (error) {
      this.parts.onError(error, `handling ${message.method}`);
      this.answerFailure(message, connection);
    }
  }

  private receiveRequest(message: IncomingRequestMessage, connection: SipConnection): void {
    // Transactions of different connections must not meet, whatever branch their phones choose.
    message.viaBranch = `${connection.id} ${message.viaBranch}`;
    // The core answers 404 itself to a user that is not its own; ours are all that anyone dials.
    if (message.ruri !== undefined) this.core.configuration.aor = message.ruri;
    if (message.toTag) {
      const owner = this.dialogs.get(message.callId + message.toTag + message.fromTag);
      if (owner !== undefined && !owner.accepts(connection)) {
        if (message.method !== 'ACK') this.core.replyStateless(message, { statusCode: 403 });
        return;
      }
    }
    this.core.receiveIncomingRequestFromTransport(message);
  }

  /** SIP.js threw on a request: its sender still gets an answer. */
  private answerFailure(message: unknown, connection: SipConnection): void {
    if (!(message instanceof IncomingRequestMessage) || message.method === 'ACK') return;
    try {
      this.run(connection, () => this.core.replyStateless(message, { statusCode: 500 }));
    } catch (error) {
      this.parts.onError(error, 'answering a failed request');
    }
  }

  private withConnection(act: (connection: SipConnection) => void): void {
    if (this.current instanceof SipConnection) act(this.current);
  }

  private closed(connection: SipConnection): void {
    this.connections.delete(connection);
    this.parts.onConnectionClosed(connection);
  }
}
