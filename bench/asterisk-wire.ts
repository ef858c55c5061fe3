import { createHash, randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/*
 * Signalling only, over UDP: agents' phones that ring for a while and answer, customers who call and hang up. Every
 * moment is taken on the wire, on the wall clock, so that processes of one machine can be compared.
 */

export interface CallTimes {
  number: string;
  /** Customer's INVITE; agent's INVITE; agent's 200; customer's 200. Epoch milliseconds, 0: never. */
  invited: number;
  offered: number;
  agentAnswered: number;
  customerAnswered: number;
}

interface LoadOptions {
  /** `HOST:PORT` of Asterisk's SIP. */
  asterisk: string;
  ringMs: number;
  talkMs: number;
}

const nowMs = (): number => performance.timeOrigin + performance.now();
const header = (message: string, name: string): string => new RegExp(`^${name}\\s*:\\s*(.*?)\\r?$`, 'im').exec(message)?.[1] ?? '';
const tag = (): string => randomUUID().slice(0, 8);
const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n';

/** One side's socket. */
async function bound(onMessage: (text: string) => void): Promise<{ socket: Socket; port: number }> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20, sendBufferSize: 4 << 20 });
  socket.on('message', (data) => onMessage(data.toString()));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, port: socket.address().port };
}

export class Load {
  readonly calls = new Map<string, CallTimes>();
  /** Milliseconds from an agent's last BYE to their next INVITE, where a customer was waiting already. */
  readonly idle: number[] = [];
  private readonly options: LoadOptions;
  private readonly host: string;
  private readonly port: number;
  private agents: { socket: Socket; port: number } | null = null;
  private customers: { socket: Socket; port: number } | null = null;
  private readonly registering = new Map<string, (message: string) => void>();
  private readonly dialogs = new Map<string, { number: string; to: string; answered: boolean; bye: boolean }>();
  private readonly callOfNumber = new Map<string, string>();
  private readonly userOfCall = new Map<string, string>();
  private readonly freeSince = new Map<string, number>();
  private isOver = false;

  constructor(options: LoadOptions) {
    this.options = options;
    const [host = '', port = ''] = options.asterisk.split(':');
    this.host = host;
    this.port = Number(port);
  }

  async open(): Promise<void> {
    this.agents = await bound((text) => this.agentHeard(text));
    this.customers = await bound((text) => this.customerHeard(text));
  }

  /** How many of these customers' calls are not over: they ring, talk, or were lost. */
  underWay(numbers: readonly string[]): number {
    return numbers.filter((number) => this.dialogs.has(this.callOfNumber.get(number) ?? '')).length;
  }

  /** What rings or talks is left as it is: on a busy machine a phone may be about to answer. */
  close(): void {
    this.isOver = true;
    this.agents?.socket.close();
    this.customers?.socket.close();
  }

  /** Registers a phone by digest (RFC 2617 without qop). */
  async register(user: string, password: string): Promise<void> {
    const challenge = await this.registerOnce(user, '', 1);
    const nonce = /nonce="([^"]*)"/.exec(challenge)?.[1] ?? '';
    const realm = /realm="([^"]*)"/.exec(challenge)?.[1] ?? '';
    const uri = `sip:${this.options.asterisk}`;
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const qop = /qop="?auth/.test(challenge);
    const [ha1, ha2] = [md5(`${user}:${realm}:${password}`), md5(`REGISTER:${uri}`)];
    const response = qop ? md5(`${ha1}:${nonce}:00000001:c0ffee:auth:${ha2}`) : md5(`${ha1}:${nonce}:${ha2}`);
    const opaque = /opaque="([^"]*)"/.exec(challenge)?.[1];
    const answer = await this.registerOnce(user, `Authorization: Digest username="${user}",realm="${realm}",nonce="${nonce}",uri="${uri}",response="${response}",algorithm=MD5${qop ? ',qop=auth,nc=00000001,cnonce="c0ffee"' : ''}${opaque === undefined ? '' : `,opaque="${opaque}"`}\r\n`, 2);
    if (!answer.startsWith('SIP/2.0 200')) throw new Error(`REGISTER of ${user}: ${answer.split('\r\n', 1)[0] ?? ''}`);
  }

  /** A customer calls; everything after goes by itself. */
  call(number: string, dialled: string): void {
    const id = `${number}-${tag()}`;
    this.dialogs.set(id, { number, to: '', answered: false, bye: false });
    this.callOfNumber.set(number, id);
    this.calls.set(number, { number, invited: nowMs(), offered: 0, agentAnswered: 0, customerAnswered: 0 });
    this.fromCustomer('INVITE', id, dialled, '', SDP);
  }

  private registerOnce(user: string, authorization: string, cseq: number): Promise<string> {
    const id = `${user}-${tag()}`;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.registering.set(id, resolve);
    const { socket, port } = this.agents ?? this.closed();
    this.send(socket, `REGISTER sip:${this.options.asterisk} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${tag()}\r\nFrom: <sip:${user}@127.0.0.1>;tag=${tag()}\r\nTo: <sip:${user}@127.0.0.1>\r\nCall-ID: ${id}\r\nCSeq: ${cseq} REGISTER\r\nContact: <sip:${user}@127.0.0.1:${port}>\r\nExpires: 3600\r\nMax-Forwards: 70\r\n${authorization}Content-Length: 0\r\n\r\n`);
    return promise;
  }

  private agentHeard(text: string): void {
    if (text.startsWith('SIP/2.0')) {
      this.registering.get(header(text, 'Call-ID'))?.(text);
      return;
    }
    const [method = ''] = text.split(' ', 1);
    const id = header(text, 'Call-ID');
    if (method === 'INVITE' && !/;tag=/.test(header(text, 'To'))) this.ringThenAnswer(text, id);
    else if (method === 'BYE') this.agentIsFree(text, id);
    else if (method === 'CANCEL' || method === 'OPTIONS') this.reply(text, '200 OK', tag());
  }

  private agentIsFree(bye: string, id: string): void {
    this.reply(bye, '200 OK', tag());
    const user = this.userOfCall.get(id);
    if (user !== undefined) this.freeSince.set(user, nowMs());
    this.userOfCall.delete(id);
  }

  private ringThenAnswer(invite: string, id: string): void {
    const number = /sips?:\+?(?:82)?(\d+)@/.exec(header(invite, 'From'))?.[1]?.replace(/^0*/, '0') ?? '';
    const times = this.calls.get(number);
    if (times === undefined || times.offered !== 0) {
      // A retransmission of one we are about to answer, or nobody's.
      if (times === undefined) this.reply(invite, '486 Busy Here', tag());
      return;
    }
    times.offered = nowMs();
    const user = /^INVITE sips?:([^@;>]+)@/.exec(invite)?.[1] ?? '';
    this.userOfCall.set(id, user);
    const free = this.freeSince.get(user);
    if (free !== undefined && times.invited < free) this.idle.push(times.offered - free);
    this.freeSince.delete(user);
    const ours = `${tag()}-${id.slice(0, 4)}`;
    this.reply(invite, '180 Ringing', ours);
    setTimeout(() => {
      times.agentAnswered = nowMs();
      this.reply(invite, '200 OK', ours, SDP);
      setTimeout(() => this.hangUp(number), this.options.talkMs);
    }, this.options.ringMs);
  }

  private customerHeard(text: string): void {
    const id = header(text, 'Call-ID');
    const dialog = this.dialogs.get(id);
    if (dialog === undefined) return;
    if (!text.startsWith('SIP/2.0')) {
      if (text.startsWith('BYE') || text.startsWith('OPTIONS') || text.startsWith('INVITE')) this.replyFrom(this.customers, text, '200 OK', '', text.startsWith('INVITE') ? SDP : '');
      if (text.startsWith('BYE')) this.dialogs.delete(id);
      return;
    }
    const status = Number(text.slice(8, 11));
    const isInvite = /INVITE/.test(header(text, 'CSeq'));
    if (status < 200) return;
    if (!isInvite) {
      this.dialogs.delete(id);
      return;
    }
    dialog.to = header(text, 'To');
    const contact = /<([^>]*)>/.exec(header(text, 'Contact'))?.[1] ?? '';
    this.fromCustomer('ACK', id, contact === '' ? '15880000' : contact, dialog.to, '');
    const times = this.calls.get(dialog.number);
    if (status === 200 && !dialog.answered && times !== undefined) times.customerAnswered = nowMs();
    if (status === 200) dialog.answered = true;
    else this.dialogs.delete(id);
    if (status === 200 && dialog.bye) this.hangUp(dialog.number);
  }

  private hangUp(number: string): void {
    const id = this.callOfNumber.get(number) ?? '';
    const dialog = this.dialogs.get(id);
    if (dialog === undefined) return;
    dialog.bye = true;
    if (dialog.answered) this.fromCustomer('BYE', id, '15880000', dialog.to, '');
  }

  private fromCustomer(method: string, id: string, target: string, to: string, body: string): void {
    const { socket, port } = this.customers ?? this.closed();
    const [number = ''] = id.split('-', 1);
    const uri = target.startsWith('sip') ? target : `sip:${target}@${this.options.asterisk}`;
    this.send(socket, `${method} ${uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${tag()}\r\nFrom: <sip:${number}@127.0.0.1>;tag=${id.slice(-8)}\r\nTo: ${to === '' ? `<${uri}>` : to}\r\nCall-ID: ${id}\r\nCSeq: ${method === 'BYE' ? 2 : 1} ${method}\r\nContact: <sip:${number}@127.0.0.1:${port}>\r\nMax-Forwards: 70\r\n${body === '' ? '' : 'Content-Type: application/sdp\r\n'}Content-Length: ${body.length}\r\n\r\n${body}`);
  }

  private reply(request: string, status: string, ours: string, body = ''): void {
    this.replyFrom(this.agents, request, status, ours, body);
  }

  private replyFrom(from: { socket: Socket; port: number } | null, request: string, status: string, ours: string, body = ''): void {
    const { socket, port } = from ?? this.closed();
    const vias = [...request.matchAll(/^Via:.*$/gim)].map(([line]) => line.trimEnd()).join('\r\n');
    const to = header(request, 'To');
    this.send(socket, `SIP/2.0 ${status}\r\n${vias}\r\nFrom: ${header(request, 'From')}\r\nTo: ${/;tag=/.test(to) || ours === '' ? to : `${to};tag=${ours}`}\r\nCall-ID: ${header(request, 'Call-ID')}\r\nCSeq: ${header(request, 'CSeq')}\r\nContact: <sip:127.0.0.1:${port}>\r\n${body === '' ? '' : 'Content-Type: application/sdp\r\n'}Content-Length: ${body.length}\r\n\r\n${body}`);
  }

  private send(socket: Socket, text: string): void {
    if (!this.isOver) socket.send(text, this.port, this.host);
  }

  private closed(): never {
    throw new Error('the load is not open');
  }
}
