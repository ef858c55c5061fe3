import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  IncomingRequestMessage,
  LoggerFactory,
  Parser,
  URI,
  UserAgentCore,
  type IncomingInviteRequest,
  type IncomingRegisterRequest,
  type IncomingResponseMessage,
  type Logger,
  type Transport,
} from 'sip.js/lib/core/index.js';
import { WebSocketServer } from 'ws';
import type { Disposer } from '../../../../contract/errors.ts';
import type { Clock } from '../../../ports.ts';
import type { EndpointRecord } from '../../port.ts';
import { Admission, GRAMMAR_CHARACTERS_PER_UNIT, SIPJS_COST } from './admission.ts';
import { answerOutside, writeAnswer } from './answering.ts';
import { SipConnection } from './connection.ts';
import { grammarCharacters, MAX_MESSAGE_BYTES, screen, type Answer } from './guard.ts';
import type { SipRequest, SipResponse } from './reading.ts';

/** Who sent a request that asks for something, or what is answered to it instead. */
export type Identification = { kind: 'known'; account: EndpointRecord } | { kind: 'unproved'; answer: Answer };

export interface SipServerParts {
  domain: string;
  clock: Clock;
  /** Time a socket has to prove a password in. */
  strangerMs: number;
  /** Asked of each INVITE and REGISTER outside of a dialog, before anything is made or kept for it. */
  identify: (request: SipRequest, connection: SipConnection) => Identification;
  onRegister: (request: IncomingRegisterRequest, connection: SipConnection, account: EndpointRecord) => void;
  onInvite: (request: IncomingInviteRequest, connection: SipConnection, account: EndpointRecord) => void;
  onConnectionClosed: (connection: SipConnection) => void;
  /** What was answered or dropped before SIP.js, or ended; `why` names no number and no secret. */
  onRefused: (why: string) => void;
  onError: (error: unknown, doing: string) => void;
}

/** Who owns a dialog, and hears of requests in it before SIP.js does. */
export interface DialogOwner {
  /** @returns false to refuse a request that came over a connection which is not the owner's */
  accepts(connection: SipConnection): boolean;
}

/** Frames above this close the connection (1009); between it and 64 KB a request is answered 513. */
const MAX_FRAME_BYTES = 2 * MAX_MESSAGE_BYTES;

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
  private readonly accounts = new WeakMap<IncomingRequestMessage, EndpointRecord>();
  private readonly admission: Admission;
  private readonly secret = randomBytes(32);
  private readonly logger: Logger;
  private current: Transport = nowhere;

  constructor(parts: SipServerParts) {
    this.parts = parts;
    this.admission = new Admission(() => parts.clock.monotonic());
    this.sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_FRAME_BYTES,
      autoPong: false,
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
        onInvite: (request) => this.withAccount(request.message, (connection, account) => parts.onInvite(request, connection, account)),
        onRegister: (request) => this.withAccount(request.message, (connection, account) => parts.onRegister(request, connection, account)),
      },
    );
  }

  /** Completes a WebSocket handshake that asks for the subprotocol `sip`; refuses any other. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.includes('sip')) return refuseUpgrade(socket, '400 Bad Request');
    if (!this.admission.mayEnter(address)) {
      this.parts.onRefused('more sockets than strangers at one address may open');
      return refuseUpgrade(socket, '429 Too Many Requests', 'Retry-After: 10');
    }
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const { clock, strangerMs, onRefused } = this.parts;
      const parts = { id: randomUUID(), address, clock, admission: this.admission, secret: this.secret, strangerMs, onRefused };
      const connection = new SipConnection(parts, webSocket, socket);
      this.connections.add(connection);
      this.admission.entered(connection);
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
    const screened = screen(text);
    switch (screened.kind) {
      case 'keepAlive':
        if (text === '\r\n\r\n') this.say('\r\n', connection);
        return;
      case 'drop':
        this.parts.onRefused(screened.why);
        return;
      case 'refuse':
        this.parts.onRefused(`${screened.answer.status} ${screened.answer.phrase}`);
        this.say(writeAnswer(screened.request, screened.answer), connection);
        return;
      case 'request':
        this.receiveRequest(screened.request, connection);
        return;
      case 'response':
        this.receiveResponse(screened.response, connection);
    }
  }

  private receiveRequest(request: SipRequest, connection: SipConnection): void {
    const route = this.routeOf(request, connection);
    if (route.kind === 'sipJs') this.pass(request, route.account, connection);
    else if (request.method !== 'ACK') this.say(writeAnswer(request, route.answer), connection);
  }

  /** Whether a request is for SIP.js: one of a call or transaction there is, or one that may begin another. */
  private routeOf(request: SipRequest, connection: SipConnection): { kind: 'sipJs'; account: EndpointRecord | null } | { kind: 'answer'; answer: Answer } {
    const { method, callId, toTag, fromTag } = request;
    const dialogId = callId + toTag + fromTag;
    const isOfDialog = toTag !== '' && this.core.dialogs.has(dialogId);
    if (toTag !== '' && this.dialogs.get(dialogId)?.accepts(connection) === false) return { kind: 'answer', answer: { status: 403, phrase: 'Forbidden' } };
    const isOfTransaction = (method === 'ACK' || method === 'CANCEL') && this.core.userAgentServers.has(transactionOf(request, connection));
    if ((isOfDialog && !connection.isStranger) || isOfTransaction) return { kind: 'sipJs', account: null };
    if (toTag !== '' || (method !== 'INVITE' && method !== 'REGISTER')) return { kind: 'answer', answer: answerOutside(request) };
    const identified = this.parts.identify(request, connection);
    return identified.kind === 'known' ? { kind: 'sipJs', account: identified.account } : { kind: 'answer', answer: identified.answer };
  }

  private receiveResponse(response: SipResponse, connection: SipConnection): void {
    // A stranger has been asked nothing, and what nobody waits for is not worth reading.
    if (connection.isStranger || !this.core.userAgentClients.has(`${response.branch}${response.cseq?.method ?? ''}`)) return;
    if (!connection.pay(costOf(response))) return;
    const message = this.parse(response.text);
    if (message === null || message instanceof IncomingRequestMessage || !agrees(message, response)) {
      this.parts.onRefused('malformed response');
      return;
    }
    // A body without Content-Type makes SIP.js throw; one that is a session description is taken for it.
    if (message.body && !message.hasHeader('content-type')) {
      if (message.body.startsWith('v=0')) message.setHeader('content-type', 'application/sdp');
      else message.body = '';
    }
    this.attempt(connection, `handling an answer to ${message.method}`, () => this.core.receiveIncomingResponseFromTransport(message));
  }

  private pass(request: SipRequest, account: EndpointRecord | null, connection: SipConnection): void {
    if (!connection.pay(costOf(request))) return;
    const message = this.parse(request.text);
    if (!(message instanceof IncomingRequestMessage) || message.ruri === undefined || !agrees(message, request)) {
      this.parts.onRefused('400 Bad Request');
      if (request.method !== 'ACK') this.say(writeAnswer(request, { status: 400, phrase: 'Bad Request' }), connection);
      return;
    }
    message.viaBranch = transactionOf(request, connection);
    if (account !== null) this.accounts.set(message, account);
    // The core answers 404 itself to a user that is not its own; ours are all that anyone dials.
    this.core.configuration.aor = message.ruri;
    const done = this.attempt(connection, `handling ${request.method}`, () => this.core.receiveIncomingRequestFromTransport(message));
    if (!done && request.method !== 'ACK') this.attempt(connection, 'answering a failed request', () => this.core.replyStateless(message, { statusCode: 500 }));
  }

  /** SIP.js throws on what it did not expect: its sender alone is to notice. @returns whether it did not */
  private attempt(connection: SipConnection, doing: string, act: () => unknown): boolean {
    try {
      this.run(connection, act);
      return true;
    } catch (error) {
      this.parts.onError(error, doing);
      return false;
    }
  }

  private parse(text: string): IncomingRequestMessage | IncomingResponseMessage | null {
    try {
      return Parser.parseMessage(text, this.logger) ?? null;
    } catch {
      return null;
    }
  }

  private say(text: string, connection: SipConnection): void {
    // It may be closed by now: then nobody waits for it.
    void connection.send(text).catch(() => {});
  }

  private withAccount(message: IncomingRequestMessage, act: (connection: SipConnection, account: EndpointRecord) => void): void {
    const account = this.accounts.get(message);
    if (this.current instanceof SipConnection && account !== undefined) act(this.current, account);
  }

  private closed(connection: SipConnection): void {
    this.connections.delete(connection);
    this.parts.onConnectionClosed(connection);
  }
}

/** Transactions of different connections must not meet, whatever branch their phones choose; without one, RFC 2543's rule. */
function transactionOf({ branch, callId, cseq, fromTag, headers }: SipRequest, { id }: SipConnection): string {
  return branch === '' ? `${id} ${callId} ${cseq?.number} ${fromTag} ${headers.get('via')?.[0]}` : `${id} ${branch}`;
}

const costOf = (message: SipRequest | SipResponse): number => SIPJS_COST + grammarCharacters(message) / GRAMMAR_CHARACTERS_PER_UNIT;

/** Whether SIP.js read what was read before, on which who sent it and what it is about were decided; and all it needs. */
function agrees(message: Partial<IncomingRequestMessage>, { fromTag, toTag, callId, cseq }: SipRequest | SipResponse): boolean {
  if (fromTag === '' || cseq === null || message.from === undefined || message.to === undefined) return false;
  return message.callId === callId && message.fromTag === fromTag && (message.toTag ?? '') === toTag && message.method === cseq.method && message.cseq === cseq.number;
}

/** Answers by HTTP and lets go, though the far end should never close its side. */
export function refuseUpgrade(socket: Duplex, status: string, ...headers: string[]): void {
  const lines = [`HTTP/1.1 ${status}`, 'Connection: close', ...headers, 'Content-Length: 0'];
  socket.end(`${lines.join('\r\n')}\r\n\r\n`, () => socket.destroy());
}
