import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { torture } from '../test/support/sip-torture.ts';

/*
 * Somebody who wants the switch busy: sends messages over one socket at a steady rate, and opens another at once when it
 * is closed.
 */

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const token = (): string => randomBytes(6).toString('hex');

const request = (method: string, headers: string[], user = 'u0'): string =>
  [
    `${method} sip:127.0.0.1 SIP/2.0`, `Via: SIP/2.0/WS raw.invalid;branch=z9hG4bK${token()}`, 'Max-Forwards: 70', `From: <sip:${user}@127.0.0.1>;tag=${token()}`,
    `To: <sip:${user}@127.0.0.1>`, `Call-ID: ${token()}`, `CSeq: 1 ${method}`, ...headers, 'Content-Length: 0', '', '',
  ].join('\r\n');

const CONTACT = 'Contact: <sip:u0@raw.invalid;transport=ws>';
const contacts = (bytes: number): string => `Contact: ${Array.from({ length: bytes / 41 }, (_, i) => `<sip:user${i}@host.invalid;transport=ws>`).join(', ')}`;
const headerSoup = (bytes: number): string[] => Array.from({ length: 190 }, (_, i) => `X-Soup-${i}: ${'a;b="c",<d>'.repeat(bytes / 190 / 11)}`);
const tortures = [...torture('valid'), ...torture('invalid')].map(([, text]) => text);

/** One of each kind of hostile message, in turn. */
const HOSTILE: (() => string)[] = [
  () => request('REGISTER', [CONTACT, `Authorization: Digest ${'a'.repeat(4000)}`]),
  () => request('REGISTER', [contacts(25_000)]),
  () => request('REGISTER', [contacts(60_000)]),
  () => request('OPTIONS', headerSoup(64_000)),
  () => tortures[Math.floor(Math.random() * tortures.length)] ?? '',
  () => request('INVITE', [CONTACT]),
  () => request('REGISTER', [CONTACT]),
  () => request('REGISTER', [CONTACT, `Authorization: Digest username="u0", realm="sangdam.local", nonce="x", uri="sip:127.0.0.1", response="${md5('guess')}", algorithm=MD5, cnonce="c", qop=auth, nc=00000001`]),
];

/** What phones send to be kept in touch with. */
const PLAIN: (() => string)[] = [() => request('OPTIONS', [])];

export interface Sent {
  /** Moments at which one was to be sent. */
  due: number;
  messages: number;
  answered: number;
  sockets: number;
  refused: number;
}

interface Ways {
  /** Whose password is proved on each socket. */
  account?: { user: string; password: string };
  /** Messages after which another socket is opened instead of this one. */
  perSocket?: number;
}

export class HostileSender {
  readonly sent: Sent = { due: 0, messages: 0, answered: 0, sockets: 0, refused: 0 };
  private readonly url: string;
  private readonly kinds: (() => string)[];
  private readonly ways: Ways;
  private socket: WebSocket | null = null;
  private opening: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private next = 0;
  private onSocket = 0;

  constructor(url: string, what: 'hostile' | 'plain', ways: Ways = {}) {
    this.url = url;
    this.kinds = what === 'hostile' ? HOSTILE : PLAIN;
    this.ways = ways;
  }

  start(perSecond: number): void {
    this.timer = setInterval(() => {
      this.sent.due++;
      if (this.socket?.readyState === WebSocket.OPEN) this.send(this.socket);
      else this.opening ??= this.open().catch(() => void this.sent.refused++).finally(() => (this.opening = null));
    }, 1000 / perSecond);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.opening;
    this.socket?.terminate();
  }

  private send(socket: WebSocket): void {
    this.sent.messages++;
    this.onSocket++;
    socket.send(this.kinds[this.next++ % this.kinds.length]?.() ?? '');
    if (this.onSocket >= (this.ways.perSocket ?? Number.POSITIVE_INFINITY)) socket.close();
  }

  private async open(): Promise<void> {
    const socket = new WebSocket(this.url, 'sip');
    socket.on('error', () => {});
    await once(socket, 'open');
    this.sent.sockets++;
    if (this.ways.account !== undefined) await this.register(socket, this.ways.account);
    socket.on('message', () => this.sent.answered++);
    this.socket = socket;
    this.onSocket = 0;
  }

  private async register(socket: WebSocket, { user, password }: { user: string; password: string }): Promise<void> {
    const answer = async (message: string): Promise<string> => {
      socket.send(message);
      // Who has used up what their account may cost is closed instead, and tries again.
      const closed = once(socket, 'close').then(() => {
        throw new Error('closed');
      });
      const [data]: unknown[] = await Promise.race([once(socket, 'message'), closed]);
      return String(data);
    };
    const challenge = await answer(request('REGISTER', [CONTACT], user));
    const [realm = '', nonce = ''] = [/realm="([^"]+)"/, /nonce="([^"]+)"/].map((part) => part.exec(challenge)?.[1] ?? '');
    const response = md5(`${md5(`${user}:${realm}:${password}`)}:${nonce}:00000001:c:auth:${md5('REGISTER:sip:127.0.0.1')}`);
    const credentials = `Authorization: Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="sip:127.0.0.1", response="${response}", algorithm=MD5, cnonce="c", qop=auth, nc=00000001`;
    const answered = await answer(request('REGISTER', [CONTACT, credentials], user));
    if (!answered.startsWith('SIP/2.0 200')) throw new Error('the account was not taken');
  }
}
