import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { until } from '../support/sip-phone/index.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const token = (): string => randomBytes(6).toString('hex');

/** A socket that says SIP letter by letter, for messages no phone would send. */
export class RawPhone {
  readonly received: string[] = [];
  closeCode: number | null = null;
  private readonly socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.received.push(data.toString()));
    socket.on('close', (code) => {
      this.closeCode = code;
    });
  }

  static async open(url: string): Promise<RawPhone> {
    const socket = new WebSocket(url, 'sip');
    const phone = new RawPhone(socket);
    await once(socket, 'open');
    return phone;
  }

  send(message: string | string[]): void {
    this.socket.send(typeof message === 'string' ? message : message.join('\r\n'));
  }

  /** In one piece on the way, as a busy network or machine makes of messages sent one after the other. */
  sendTogether(...messages: string[]): void {
    const stream: unknown = Reflect.get(this.socket, '_socket');
    if (!(stream instanceof Duplex)) throw new Error('not connected');
    stream.cork();
    for (const message of messages) this.socket.send(message);
    stream.uncork();
  }

  sendBytes(bytes: Buffer): void {
    this.socket.send(bytes);
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.close();
    await once(this.socket, 'close');
  }

  /** The status line's code of the answer to the transaction `branch`, provisional ones apart. */
  async answerTo(branch: string, timeoutMs?: number): Promise<number> {
    const find = (): string | undefined => this.received.find((text) => /^SIP\/2\.0 [2-6]/.test(text) && text.includes(branch));
    await until(`an answer to ${branch}`, () => find() !== undefined, timeoutMs);
    return Number(find()?.slice(8, 11));
  }

  async request(method: string): Promise<string> {
    await until(`a ${method} request`, () => this.received.some((text) => text.startsWith(`${method} `)));
    return this.received.find((text) => text.startsWith(`${method} `)) ?? '';
  }

  /** Proof that the switch still answers on this socket. */
  async expectAlive(): Promise<void> {
    const { lines, branch } = requestLines('OPTIONS');
    this.send(lines);
    if ((await this.answerTo(branch)) !== 200) throw new Error('OPTIONS was not answered 200');
  }

  /** Registers with digest, as a phone would. */
  async register(user: string, password: string): Promise<void> {
    const first = requestLines('REGISTER', { user, headers: [`Contact: <sip:${user}@raw.invalid;transport=ws>`, 'Expires: 60'] });
    this.send(first.lines);
    await this.answerTo(first.branch);
    const challenge = this.received.find((text) => text.includes(first.branch)) ?? '';
    const second = requestLines('REGISTER', {
      user,
      headers: [`Contact: <sip:${user}@raw.invalid;transport=ws>`, 'Expires: 60', authorization(challenge, user, password, 'REGISTER', 'sip:127.0.0.1')],
    });
    this.send(second.lines);
    const status = await this.answerTo(second.branch);
    if (status !== 200) throw new Error(`REGISTER answered ${status}`);
  }
}

/** An Authorization header for a challenge, with changes to its fields. */
export function authorization(challenge: string, user: string, password: string, method: string, uri: string, nonceCount = '00000001'): string {
  const realm = /realm="([^"]+)"/.exec(challenge)?.[1] ?? '';
  const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1] ?? '';
  const response = md5(`${md5(`${user}:${realm}:${password}`)}:${nonce}:${nonceCount}:c:auth:${md5(`${method}:${uri}`)}`);
  return `Authorization: Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, cnonce="c", qop=auth, nc=${nonceCount}`;
}

interface Parts {
  user?: string;
  uri?: string;
  version?: string;
  cseq?: string;
  headers?: string[];
  body?: string;
  contentLength?: number;
}

/** A well-formed request but for what `parts` says; lines to be joined by CRLF. */
export function requestLines(method: string, parts: Parts = {}): { lines: string[]; branch: string } {
  const branch = `z9hG4bK${token()}`;
  const { user = '1001', uri = 'sip:127.0.0.1', version = 'SIP/2.0', cseq = `1 ${method}`, headers = [], body = '' } = parts;
  const lines = [
    `${method} ${uri} ${version}`,
    `Via: SIP/2.0/WS raw.invalid;branch=${branch}`,
    'Max-Forwards: 70',
    `From: <sip:${user}@127.0.0.1>;tag=${token()}`,
    `To: <sip:${user}@127.0.0.1>`,
    `Call-ID: ${token()}`,
    `CSeq: ${cseq}`,
    ...headers,
    `Content-Length: ${parts.contentLength ?? Buffer.byteLength(body)}`,
    '',
    body,
  ];
  return { lines, branch };
}

/** An answer to a request that came, with its Via, From, To, Call-ID and CSeq. */
export function responseTo(request: string, status: string, headers: string[], body = ''): string {
  const header = (name: string): string => new RegExp(`^${name}: .*$`, 'm').exec(request)?.[0] ?? '';
  const lines = [
    `SIP/2.0 ${status}`, header('Via'), header('From'), `${header('To')};tag=raw`, header('Call-ID'), header('CSeq'),
    'Contact: <sip:raw@raw.invalid;transport=ws>', ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body,
  ];
  return lines.join('\r\n');
}
