import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { until } from './until.ts';

type Answer = (invite: string, carrier: HostileCarrier) => void;

/** A carrier that keeps every message it is sent, and does with a call what the test wants. SIP over UDP, loopback. */
export class HostileCarrier {
  readonly messages: string[] = [];
  onInvite: Answer = (invite, carrier) => carrier.answer(invite, '404 Not Found');
  private readonly socket: Socket;
  private readonly address: string;
  private readonly port: number;
  /** Port of the switch's SIP. */
  private readonly to: number;

  private constructor(socket: Socket, to: number) {
    this.socket = socket;
    const { address, port } = socket.address();
    this.address = address;
    this.port = port;
    this.to = to;
    socket.on('message', (data) => this.heard(data.toString()));
  }

  /** @param sipAddress `HOST:PORT` of the switch */
  static async open(port: number, sipAddress: string, address = '127.0.0.1'): Promise<HostileCarrier> {
    const socket = createSocket('udp4').bind(port, address);
    await once(socket, 'listening');
    return new HostileCarrier(socket, Number(sipAddress.split(':').at(-1)));
  }

  /** The calls it was sent, each once: numbers of the Request-URIs. */
  get invited(): string[] {
    const calls = new Map<string, string>();
    for (const message of this.messages) {
      const [, number = ''] = /^INVITE sip:([^@;]*)/.exec(message) ?? [];
      if (message.startsWith('INVITE ')) calls.set(/^Call-ID: (.*)$/im.exec(message)?.[1] ?? '', number);
    }
    return [...calls.values()];
  }

  answer(request: string, status: string, ...headers: string[]): void {
    this.answerWith(request, status, headers, '');
  }

  /** @param sdp its body, where there is one */
  answerWith(request: string, status: string, headers: readonly string[], sdp: string): void {
    const line = (name: string): string[] => request.split('\r\n').filter((text) => text.toLowerCase().startsWith(`${name}:`));
    this.send([`SIP/2.0 ${status}`, ...line('via'), ...line('from'), ...line('to').map((to) => (to.includes(';tag=') ? to : `${to};tag=carrier`)), ...line('call-id'), ...line('cseq'), ...headers, ...(sdp === '' ? [] : [`Contact: <sip:carrier@${this.address}:${this.port}>`, 'Content-Type: application/sdp']), `Content-Length: ${sdp.length}`, '', sdp]);
  }

  /** Brings a call to the switch. @returns the final status it is answered with */
  async invite(number: string, from: string, callId: string): Promise<number> {
    const sdp = `v=0\r\no=- 1 1 IN IP4 ${this.address}\r\ns=-\r\nc=IN IP4 ${this.address}\r\nt=0 0\r\nm=audio ${this.port + 2} RTP/AVP 8\r\n`;
    const branch = `z9hG4bK${callId}`;
    const head = (method: string) => [`${method} sip:${number}@127.0.0.1:${this.to} SIP/2.0`, `Via: SIP/2.0/UDP ${this.address}:${this.port};branch=${branch}`, 'Max-Forwards: 70', `From: <sip:${from}@${this.address}:${this.port}>;tag=c`];
    this.send([...head('INVITE'), `To: <sip:${number}@127.0.0.1>`, `Call-ID: ${callId}`, 'CSeq: 1 INVITE', `Contact: <sip:${from}@${this.address}:${this.port}>`, 'Content-Type: application/sdp', `Content-Length: ${sdp.length}`, '', sdp]);
    const final = await until(`the call to ${number} is answered`, () => this.messages.find((text) => /^SIP\/2\.0 [2-6]/.test(text) && text.includes(branch)));
    const to = /^To: .*$/im.exec(final)?.[0] ?? '';
    this.send([...head('ACK'), to, `Call-ID: ${callId}`, 'CSeq: 1 ACK', 'Content-Length: 0', '', '']);
    return Number(final.slice(8, 11));
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  private heard(message: string): void {
    const isNew = message.startsWith('INVITE ') && !this.messages.includes(message);
    this.messages.push(message);
    if (isNew) this.onInvite(message, this);
    else if (/^(BYE|CANCEL|OPTIONS|NOTIFY) /.test(message)) this.answer(message, '200 OK');
  }

  private send(lines: string[]): void {
    this.socket.send(lines.join('\r\n'), this.to, '127.0.0.1');
  }
}
