import { CERTIFICATE_VERIFY, type HandshakeRole } from './handshake-proofs.ts';
import { isAlert, isHandshake, isOfFlight, numbered, readFragments, readRecords, together, wholeMessage, type DtlsRecord, type Fragment } from './dtls-records.ts';

/*
 * Before werift's DTLS handshake, as the gate is before the port. werift takes datagrams as they come: a hello that
 * comes late begins another handshake, under one that is at work or over; messages out of order are hashed out of
 * order; fragments that come twice are never put together; a Finished before its keys is lost, and so is whatever is
 * answered before ICE has a path. So each message is handed to it whole, once and in its turn (RFC 6347 §4.2.2), and
 * its flights are kept, sent once there is a path, and sent again until they are answered (§4.2.4), each time under new
 * record numbers: what a far end has had under a number it takes for replayed, and does not answer (§4.1.2.6). A flight
 * travels together where it fits: werift sends each message by itself, and a Finished that overtakes its
 * ChangeCipherSpec is lost as surely as one that is lost.
 * What proves who the far end is, werift takes on trust: a message that does not is where the handshake ends.
 *
 *   far end ──▶ held until the association begins ──▶ whole, once, in order ──▶ werift
 *   far end ◀── held until ICE has a path ◀── the last flight, again when due or asked for ◀── werift
 *
 * A second association on the same transport does not exist: a far end that begins anew says so in SDP.
 */

/** RFC 6347 §4.2.4.1 says a second; ends that speak WebRTC take 50 ms. Doubled each time. */
const FIRST_RETRANSMISSION_MS = 80;
const MAX_RETRANSMISSION_MS = 1600;
/** What comes again so soon after our flight was under way before that could arrive. */
const CROSSING_MS = 30;
/** As long as werift tries. */
const GIVE_UP_MS = 33_000;
/** Datagrams of a handshake that has not begun here; records whose keys are not made yet. */
const MAX_HELD = 24;
/** Messages ahead of the one that is due. */
const MAX_AHEAD = 8;
/** What a flight is put together to: no way carries less than 1,280 bytes (RFC 8200 §5), IP and UDP headers included. */
const MAX_DATAGRAM_BYTES = 1200;
/** A chain of certificates is a few KB. */
const MAX_MESSAGE_BYTES = 32_768;

/** What the front stands between. */
export interface HandshakeEnds {
  /** Whether ICE has a path to the far end. */
  hasPath: () => boolean;
  /** Sends a datagram on that path. */
  send: (datagram: Buffer) => void;
  /** What is wrong with a message in the clear that is in its turn; null when nothing is. */
  troubleOf: (messageType: number, body: Buffer) => string | null;
  /** What to do with an encrypted record of the handshake; `discard` where it is none of the far end's (RFC 6347 §4.1.2.7). */
  judgeSealed: (record: Buffer) => 'pass' | 'discard' | 'refuse';
  /** Ends the handshake for good. */
  fail: (why: string) => void;
  /** Hands a record to werift. */
  deliver: (record: Buffer) => void;
  /** An encrypted record of ours under another number. */
  reseal: (record: Buffer, sequence: number) => Buffer;
}

/** A message of which not everything has come. */
interface Assembly {
  messageType: number;
  body: Buffer;
  /** 1 where a byte of it has come. */
  came: Uint8Array;
  missing: number;
}

export class HandshakeFront {
  private readonly ends: HandshakeEnds;
  private role: HandshakeRole | null = null;
  private early: Buffer[] = [];
  /** Encrypted records of the handshake whose keys are not made yet. */
  private sealed: Buffer[] = [];
  private readonly assemblies = new Map<number, Assembly>();
  /** `message_seq` of the next message for werift. */
  private due = 0;
  private hasKeys = false;
  private finished = false;
  private closed = false;
  /** As werift wrote it. */
  private flight: Buffer[] = [];
  /** Of the flight: what werift says in one go, not sent yet. */
  private unsent: Buffer[] = [];
  private sending: NodeJS.Immediate | null = null;
  private nextNumber = 0;
  /** Of encrypted records; null before the first, which has werift's. */
  private nextSealed: number | null = null;
  /** Something new has come since the last flight: what werift sends is the next one. */
  private answered = false;
  private sentAt = -Infinity;
  private repetitions = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(ends: HandshakeEnds) {
    this.ends = ends;
  }

  /** How far it has come, for the log. */
  get progress(): string {
    if (this.finished) return 'finished';
    if (this.role === null) return `not begun, ${this.early.length} datagrams early`;
    return `${this.role}, ${this.due} messages came, ${this.flight.length} datagrams sent ${this.repetitions} times again`;
  }

  /** werift can be handed to. */
  begin(role: HandshakeRole): void {
    this.role = role;
    const { early } = this;
    this.early = [];
    for (const datagram of early) this.receive(datagram);
  }

  /** A DTLS datagram of the far end. */
  receive(datagram: Buffer): void {
    if (this.closed) return;
    if (this.role === null) {
      if (this.early.length < MAX_HELD) this.early.push(datagram);
      return;
    }
    let again = false;
    for (const record of readRecords(datagram)) again = this.take(record) || again;
    if (again && this.flight.length > 0 && performance.now() - this.sentAt >= CROSSING_MS) this.transmit();
  }

  /** A datagram that werift wants sent. */
  sent(datagram: Buffer): void {
    const [record] = readRecords(datagram);
    if (this.closed || record === undefined) return;
    if (!isOfFlight(record)) {
      this.ends.send(datagram);
      return;
    }
    // werift's own retransmissions, which are slower than ours.
    if (this.flight.some((one) => one.equals(datagram))) return;
    if (this.answered) this.flight = [];
    this.answered = false;
    this.flight.push(datagram);
    if (this.flight.length === 1) this.schedule();
    if (record.epoch > 0 && this.role === 'client') this.openSealed();
    this.unsent.push(datagram);
    this.sending ??= setImmediate(() => this.sendFlight());
  }

  private sendFlight(): void {
    const { unsent } = this;
    this.sending = null;
    this.unsent = [];
    if (!this.closed) this.send(unsent);
  }

  /** ICE has a path, for the first time or again. */
  pathFound(): void {
    if (this.finished || this.flight.length === 0) return;
    this.transmit();
    this.schedule();
  }

  /** The association stands: what comes in the clear is nothing for werift. */
  finish(): void {
    this.finished = true;
    this.stopTimer();
    this.assemblies.clear();
    this.sealed = [];
  }

  close(): void {
    this.closed = true;
    this.early = [];
    this.flight = [];
    this.unsent = [];
    this.finish();
  }

  /** @returns whether the far end says something again, and so has not had our answer */
  private take(record: DtlsRecord): boolean {
    if (this.finished) {
      // Having heard the server's Finished, a client owes nothing.
      if (isHandshake(record)) return this.role === 'server';
      if (record.epoch > 0) this.ends.deliver(record.bytes);
      return false;
    }
    if (record.epoch === 0) return this.takePlain(record);
    if (!isHandshake(record)) return false;
    if (this.hasKeys) this.deliverSealed(record.bytes);
    else if (this.sealed.length < MAX_HELD) this.sealed.push(record.bytes);
    return false;
  }

  private takePlain(record: DtlsRecord): boolean {
    if (isAlert(record)) this.ends.deliver(record.bytes);
    if (!isHandshake(record)) return false;
    let again = false;
    for (const fragment of readFragments(record.payload)) {
      if (fragment.sequence < this.due) again = true;
      else this.collect(fragment);
    }
    this.deliverDue();
    return again;
  }

  private collect({ messageType, sequence, length, offset, body }: Fragment): void {
    if (sequence >= this.due + MAX_AHEAD || length > MAX_MESSAGE_BYTES || offset + body.length > length) return;
    let assembly = this.assemblies.get(sequence);
    if (assembly === undefined) {
      assembly = { messageType, body: Buffer.alloc(length), came: new Uint8Array(length), missing: length };
      this.assemblies.set(sequence, assembly);
    }
    if (assembly.messageType !== messageType || assembly.body.length !== length) return;
    for (let i = 0; i < body.length; i++) {
      if (assembly.came[offset + i] === 1) continue;
      assembly.came[offset + i] = 1;
      assembly.body[offset + i] = body[i] ?? 0;
      assembly.missing--;
    }
  }

  private deliverDue(): void {
    for (let next = this.assemblies.get(this.due); next?.missing === 0; next = this.assemblies.get(this.due)) {
      this.assemblies.delete(this.due);
      const sequence = this.due++;
      const trouble = this.ends.troubleOf(next.messageType, next.body);
      if (trouble !== null) return this.fail(trouble);
      this.answered = true;
      this.ends.deliver(wholeMessage(next.messageType, sequence, next.body));
      // Every client is asked for a certificate: its proof is the last message in the clear, after the keys.
      if (this.role === 'server' && next.messageType === CERTIFICATE_VERIFY) this.openSealed();
    }
  }

  private openSealed(): void {
    this.hasKeys = true;
    const { sealed } = this;
    this.sealed = [];
    for (const record of sealed) this.deliverSealed(record);
  }

  private deliverSealed(record: Buffer): void {
    if (this.closed) return;
    const verdict = this.ends.judgeSealed(record);
    if (verdict === 'pass') this.ends.deliver(record);
    else if (verdict === 'refuse') this.fail('another handshake than ours');
  }

  private fail(why: string): void {
    this.close();
    this.ends.fail(why);
  }

  private transmit(): void {
    this.repetitions++;
    // With whatever of it is about to be sent.
    this.unsent = [];
    this.send(this.flight);
  }

  private send(flight: readonly Buffer[]): void {
    if (flight.length === 0 || !this.ends.hasPath()) return;
    this.sentAt = performance.now();
    const records = flight.flatMap((datagram) => readRecords(datagram).map((record) => this.renumbered(record)));
    for (const datagram of together(records, MAX_DATAGRAM_BYTES)) this.ends.send(datagram);
  }

  private renumbered(record: DtlsRecord): Buffer {
    if (record.epoch === 0) return numbered(record.bytes, this.nextNumber++);
    const first = this.nextSealed === null;
    this.nextSealed ??= record.sequence;
    const sequence = this.nextSealed++;
    return first ? record.bytes : this.ends.reseal(record.bytes, sequence);
  }

  /** Sends the flight again at growing distances, until it is over or another takes its place. */
  private schedule(): void {
    this.stopTimer();
    this.repetitions = 0;
    const giveUpAt = performance.now() + GIVE_UP_MS;
    const later = (delayMs: number): void => {
      this.timer = setTimeout(() => {
        this.transmit();
        if (performance.now() < giveUpAt) later(Math.min(2 * delayMs, MAX_RETRANSMISSION_MS));
      }, delayMs);
    };
    later(FIRST_RETRANSMISSION_MS);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
