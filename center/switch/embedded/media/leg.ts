import type { Disposer } from '../../../../contract/errors.ts';
import { DigitReader, digitSteps, type DigitStep } from './dtmf.ts';
import { encode, FRAME_MS, FRAME_SAMPLES, transcode, type Codec } from './g711.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import type { AudioFormat } from './sdp.ts';
import type { MediaTransport, RtpPacket } from './transport.ts';

/** G.711 as it came off the wire, on its way to another leg. */
export interface AudioPacket {
  payload: Buffer;
  codec: Codec;
  sequence: number;
  timestamp: number;
  ssrc: number;
}

/** Hears G.711 that passes through a leg, on one timeline each way. */
export interface Tap {
  /** What its party says. */
  said?: (payload: Buffer, codec: Codec, timestamp: number) => void;
  /** What its party is sent. */
  sent?: (payload: Buffer, codec: Codec, timestamp: number) => void;
}

/** What a leg sends at the moment; a change of source is where numbering must be spliced. */
interface Splice {
  from: Leg;
  ssrc: number;
  sequenceOffset: number;
  timestampOffset: number;
}

/** Nothing sent for so long is a pause, not jitter: mute, hold, or a source that ended. */
const PAUSE_MS = 200;

const random = (bits: number): number => Math.floor(Math.random() * 2 ** bits);

/**
 * One party's audio, both ways. Outgoing RTP keeps one SSRC and continuous sequence numbers and timestamps for
 * the life of the call, whatever is heard in turn: another leg (relayed packet by packet as it comes), frames of
 * a mix, an announcement, music, or telephone-events.
 */
export class Leg {
  readonly ssrc = random(32);
  /** What this party says, for mixes and recordings; null while nobody reads it. */
  private buffer: JitterBuffer | null = null;
  private transport: MediaTransport | null = null;
  private unsubscribe: Disposer = () => {};
  private format: AudioFormat = { codec: 'pcmu', payloadType: 0, eventPayloadType: null };
  private sequence = random(15);
  /** Timestamp of the next frame that is paced by us. */
  private nextTimestamp = random(31);
  private lastSentAt: number | null = null;
  private splice: Splice | null = null;
  private readonly taps = new Set<Tap>();
  /** What others send goes to taps alone: somebody mixes it with more. */
  private diverted = false;
  /** Where what is sent lies on the taps' timeline. */
  private tapped: { from: Leg | null; ssrc: number; offset: number; next: number } = { from: null, ssrc: 0, offset: 0, next: random(31) };
  private digits: DigitStep[] = [];
  private eventTimestamp = 0;
  private readonly reader = new DigitReader();
  private readonly monotonic: () => number;

  private wantsToHear = true;
  private listening = true;
  private heardAt: number | null = null;
  /** Since when packets are due from the far end; null while it is on hold or listens only. */
  private dueSince: number | null = null;

  /** Something is played to this party in place of what other parties say. */
  overridden = false;

  onAudio: (packet: AudioPacket) => void = () => {};
  onDigit: (digit: string) => void = () => {};

  constructor(monotonic: () => number) {
    this.monotonic = monotonic;
  }

  /** Takes a (new) transport and format into use; numbering goes on. */
  attach(transport: MediaTransport, format: AudioFormat): void {
    this.format = format;
    if (this.transport === transport) return;
    this.unsubscribe();
    this.transport = transport;
    this.unsubscribe = transport.onPacket((packet) => this.receive(packet));
  }

  /** @param wantsToHear whether the far end, by its direction, takes our audio; @param listening whether we take its */
  setDirection(wantsToHear: boolean, listening: boolean): void {
    this.wantsToHear = wantsToHear;
    this.listening = listening;
    this.dueSince = listening ? this.monotonic() : null;
  }

  /** Milliseconds since anything came that was due; 0 while nothing is. */
  get silentMs(): number {
    return this.dueSince === null ? 0 : this.monotonic() - Math.max(this.dueSince, this.heardAt ?? 0);
  }

  /** Whether the far end was heard in the last `ms` milliseconds. */
  heardWithin(ms: number): boolean {
    return this.heardAt !== null && this.monotonic() - this.heardAt < ms;
  }

  detach(): void {
    this.unsubscribe();
    this.transport = null;
    this.onAudio = () => {};
    this.onDigit = () => {};
  }

  /** Lets `tap` hear what passes through. */
  addTap(tap: Tap): Disposer {
    this.taps.add(tap);
    return () => this.taps.delete(tap);
  }

  /** Whether what others send goes to taps alone, and `sendOver` to the far end. */
  divert(diverted: boolean): void {
    this.diverted = diverted;
    this.splice = null;
  }

  /** Sends 20 ms in place of what others send, while that is diverted. */
  sendOver(frame: Int16Array): void {
    if (this.digits.length === 0) this.sendPayload(encode(frame, this.format.codec));
  }

  /** Keeps what this party says for `read`, or stops to. */
  keepAudio(keep: boolean): void {
    if (keep && this.buffer === null) this.buffer = new JitterBuffer();
    if (!keep) this.buffer = null;
  }

  /** The party's next 20 ms into `frame`; false and silence when there is none. */
  read(frame: Int16Array): boolean {
    if (this.buffer !== null) return this.buffer.read(frame);
    frame.fill(0);
    return false;
  }

  /** Passes on a packet of `from` at once, its loss and jitter untouched. */
  relay(packet: AudioPacket, from: Leg): void {
    if (!this.wantsToHear || this.digits.length > 0 || this.overridden) {
      this.splice = null;
      return;
    }
    this.tapRelayed(packet, from);
    if (this.diverted) return;
    const now = this.monotonic();
    const paused = this.lastSentAt === null || now - this.lastSentAt > PAUSE_MS;
    if (paused || this.splice?.from !== from || this.splice.ssrc !== packet.ssrc) {
      this.catchUp(now);
      this.splice = {
        from,
        ssrc: packet.ssrc,
        sequenceOffset: this.sequence + 1 - packet.sequence,
        timestampOffset: this.nextTimestamp - packet.timestamp,
      };
    }
    const sequence = (packet.sequence + this.splice.sequenceOffset) & 0xffff;
    const timestamp = (packet.timestamp + this.splice.timestampOffset) >>> 0;
    if (((sequence - this.sequence) << 16) >> 16 > 0) {
      this.sequence = sequence;
      this.nextTimestamp = (timestamp + packet.payload.length) >>> 0;
    }
    this.lastSentAt = now;
    const payload = transcode(packet.payload, packet.codec, this.format.codec);
    this.transport?.send({ payloadType: this.format.payloadType, sequence, timestamp, ssrc: this.ssrc, marker: paused, payload });
  }

  /** Sends 20 ms of ours; telephone-events under way take its place. */
  sendFrame(frame: Int16Array): void {
    this.sendEncoded(encode(frame, this.format.codec));
  }

  /** Like `sendFrame`, encoded already in this leg's law. */
  sendEncoded(payload: Buffer): void {
    if (this.digits.length > 0) return;
    this.tapPaced(payload);
    if (!this.diverted) this.sendPayload(payload);
  }

  get codec(): Codec {
    return this.format.codec;
  }

  /**
   * Queues keys; `tick` must be called every 20 ms until it returns false.
   * @returns false where the far end takes no telephone-events
   */
  queueDigits(digits: string): boolean {
    if (this.format.eventPayloadType === null) return false;
    this.digits.push(...digitSteps(digits));
    return true;
  }

  /** Sends the next step of the keys queued. @returns whether more are to come */
  tickDigits(): boolean {
    const step = this.digits.shift();
    if (step === undefined) return false;
    this.splice = null;
    this.catchUp(this.monotonic());
    if (step.begins) this.eventTimestamp = this.nextTimestamp;
    step.payloads.forEach((payload, index) => {
      this.sequence = (this.sequence + 1) & 0xffff;
      this.emit(this.format.eventPayloadType ?? 101, this.eventTimestamp, step.begins && index === 0, payload);
    });
    this.nextTimestamp = (this.nextTimestamp + FRAME_SAMPLES) >>> 0;
    this.lastSentAt = this.monotonic();
    return this.digits.length > 0;
  }

  private tapRelayed({ payload, codec, timestamp, ssrc }: AudioPacket, from: Leg): void {
    if (this.taps.size === 0) return;
    const { tapped } = this;
    if (tapped.from !== from || tapped.ssrc !== ssrc) this.tapped = { from, ssrc, offset: tapped.next - timestamp, next: tapped.next };
    const at = (timestamp + this.tapped.offset) >>> 0;
    this.tapped.next = (at + payload.length) >>> 0;
    for (const tap of this.taps) tap.sent?.(payload, codec, at);
  }

  private tapPaced(payload: Buffer): void {
    if (this.taps.size === 0 || !this.wantsToHear) return;
    const { next } = this.tapped;
    this.tapped = { from: null, ssrc: 0, offset: 0, next: (next + payload.length) >>> 0 };
    for (const tap of this.taps) tap.sent?.(payload, this.format.codec, next);
  }

  private sendPayload(payload: Buffer): void {
    if (!this.wantsToHear) return;
    const now = this.monotonic();
    const paused = this.catchUp(now);
    this.splice = null;
    this.sequence = (this.sequence + 1) & 0xffff;
    this.emit(this.format.payloadType, this.nextTimestamp, paused, payload);
    this.nextTimestamp = (this.nextTimestamp + payload.length) >>> 0;
    this.lastSentAt = now;
  }

  /** After a pause the timestamp jumps by its length, and the first packet is marked (RFC 3551 §4.1). */
  private catchUp(now: number): boolean {
    if (this.lastSentAt === null) return true;
    if (now - this.lastSentAt <= PAUSE_MS) return false;
    const missed = Math.round((now - this.lastSentAt) / FRAME_MS) - 1;
    this.nextTimestamp = (this.nextTimestamp + missed * FRAME_SAMPLES) >>> 0;
    this.lastSentAt = now;
    return true;
  }

  private emit(payloadType: number, timestamp: number, marker: boolean, payload: Buffer): void {
    this.transport?.send({ payloadType, sequence: this.sequence, timestamp, ssrc: this.ssrc, marker, payload });
  }

  private receive(packet: RtpPacket): void {
    this.heardAt = this.monotonic();
    if (packet.payloadType === this.format.eventPayloadType) {
      const digit = this.reader.read(packet.payload, packet.timestamp);
      if (digit !== null) this.onDigit(digit);
      return;
    }
    // Either law may come whatever we chose: their payload types are fixed (RFC 3551 §6).
    const codec = packet.payloadType === this.format.payloadType ? this.format.codec : packet.payloadType === 0 ? 'pcmu' : packet.payloadType === 8 ? 'pcma' : null;
    if (codec === null || !this.listening || packet.payload.length === 0) return;
    this.buffer?.write(packet.payload, codec, packet.timestamp);
    for (const tap of this.taps) tap.said?.(packet.payload, codec, packet.timestamp);
    this.onAudio({ payload: packet.payload, codec, sequence: packet.sequence, timestamp: packet.timestamp, ssrc: packet.ssrc });
  }
}
