import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { encode, FRAME_SAMPLES } from '../../center/switch/embedded/media/g711.ts';
import { HostileCarrier } from './hostile-carrier.ts';
import { until } from './until.ts';

const FRAME_MS = 20;

/**
 * A carrier that is heard: with a description of its own it sends one tone by RTP (A-law) to whoever called, be that
 * before the answer or after it. What it does with a call the test says, one step at a time.
 */
export class SpeakingCarrier {
  private readonly signalling: HostileCarrier;
  private readonly media: Socket;
  private readonly toneHz: number;
  private invite: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private sequence = 0;
  /** RTP packets that came in. */
  received = 0;

  private constructor(signalling: HostileCarrier, media: Socket, toneHz: number) {
    this.signalling = signalling;
    this.media = media;
    this.toneHz = toneHz;
    media.on('message', () => void this.received++);
    signalling.onInvite = (invite, carrier) => {
      this.rest();
      this.invite = invite;
      carrier.answer(invite, '100 Trying');
    };
  }

  /** @param sipAddress `HOST:PORT` of the switch */
  static async open(port: number, sipAddress: string, toneHz: number): Promise<SpeakingCarrier> {
    const media = createSocket('udp4').bind(0, '127.0.0.1');
    await once(media, 'listening');
    return new SpeakingCarrier(await HostileCarrier.open(port, sipAddress), media, toneHz);
  }

  /** Whatever it was called before is over: the next call counts. */
  rest(): void {
    this.stopSpeaking();
    this.invite = null;
    this.received = 0;
  }

  /** Waits for a call to this number. @returns its INVITE */
  called(number: string): Promise<string> {
    return until(`the carrier is called at ${number}`, () => (this.invite?.startsWith(`INVITE sip:${number}@`) === true ? this.invite : undefined));
  }

  rings(): void {
    this.say('180 Ringing', false);
  }

  /** 183 with a description, and audio. */
  speaksEarly(): void {
    this.say('183 Session Progress', true);
    this.speak();
  }

  answers(): void {
    this.say('200 OK', true);
    this.speak();
  }

  /** @param status such as `486 Busy Here` */
  refuses(status: string): void {
    this.stopSpeaking();
    this.say(status, false);
  }

  async close(): Promise<void> {
    this.stopSpeaking();
    this.media.close();
    await this.signalling.close();
  }

  private say(status: string, described: boolean): void {
    if (this.invite === null) throw new Error('nobody has called the carrier');
    const { port } = this.media.address();
    const sdp = `v=0\r\no=- 7 7 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n`;
    this.signalling.answerWith(this.invite, status, [], described ? sdp : '');
  }

  private speak(): void {
    const to = Number(/^m=audio (\d+)/m.exec(this.invite ?? '')?.[1]);
    if (this.timer !== null) return;
    const began = performance.now();
    let sent = 0;
    this.timer = setInterval(() => {
      for (; sent * FRAME_MS <= performance.now() - began; sent++) this.media.send(this.packet(sent), to, '127.0.0.1');
    }, FRAME_MS);
  }

  private stopSpeaking(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private packet(frame: number): Buffer {
    const from = frame * FRAME_SAMPLES;
    const samples = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => Math.round(8000 * Math.sin((2 * Math.PI * this.toneHz * (from + i)) / 8000)));
    const header = Buffer.from([0x80, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
    header.writeUInt16BE(this.sequence++ & 0xffff, 2);
    header.writeUInt32BE(from >>> 0, 4);
    return Buffer.concat([header, encode(samples, 'pcma')]);
  }
}
