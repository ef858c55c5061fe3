/*
 * DTMF as RFC 4733 telephone-events: payload is event (1 byte), end bit and volume (1), duration in samples (2).
 */

const KEYS = '0123456789*#ABCD';
const PACKET_STEP_SAMPLES = 160;
/** 120 ms of key and 60 ms of pause: within what ITU-T Q.24 asks of any receiver. */
const EVENT_FRAMES = 6;
const END_REPEATS = 3;
const PAUSE_FRAMES = 3;
const VOLUME_DBM0 = 10;

export const isDigit = (text: string): boolean => text.length === 1 && KEYS.includes(text);

/** A SIP INFO body as phones send it: `application/dtmf-relay` ("Signal=5") or `application/dtmf` ("5"). */
export function digitOfInfo(contentType: string, body: string): string | null {
  const relayed = /^application\/dtmf-relay/i.test(contentType);
  if (!relayed && !/^application\/dtmf/i.test(contentType)) return null;
  const [, signal] = (relayed ? /^\s*Signal\s*=\s*([0-9A-Da-d*#]{1,2})\s*$/m : /^\s*([0-9A-Da-d*#]{1,2})\s*$/).exec(body) ?? [];
  if (signal === undefined) return null;
  const named = signal === '10' ? '*' : signal === '11' ? '#' : signal.toUpperCase();
  return isDigit(named) ? named : null;
}

/** Reads incoming events: each key once, whatever the number of its packets. */
export class DigitReader {
  private lastTimestamp: number | null = null;

  /** @returns the key when this packet is the first seen of its event */
  read(payload: Uint8Array, timestamp: number): string | null {
    if (payload.length < 4 || timestamp === this.lastTimestamp) return null;
    this.lastTimestamp = timestamp;
    return KEYS[payload[0] ?? 255] ?? null;
  }
}

/** One packet of an outgoing event, in the order to send them, one step a 20 ms frame. */
export interface DigitStep {
  /** Payloads to send in this frame (the last repeats three times), none in a pause. */
  payloads: Buffer[];
  /** First frame of an event: marker bit, and a new event timestamp. */
  begins: boolean;
}

/** All steps of a string of keys. */
export function digitSteps(digits: string): DigitStep[] {
  const steps: DigitStep[] = [];
  for (const digit of digits) {
    const event = KEYS.indexOf(digit);
    for (let frame = 1; frame <= EVENT_FRAMES; frame++) {
      const last = frame === EVENT_FRAMES;
      const payload = Buffer.from([event, (last ? 0x80 : 0) | VOLUME_DBM0, 0, 0]);
      payload.writeUInt16BE(frame * PACKET_STEP_SAMPLES, 2);
      steps.push({ payloads: Array.from({ length: last ? END_REPEATS : 1 }, () => payload), begins: frame === 1 });
    }
    for (let frame = 0; frame < PAUSE_FRAMES; frame++) steps.push({ payloads: [], begins: false });
  }
  return steps;
}
