import { createHmac, timingSafeEqual } from 'node:crypto';

/*
 * Who may speak to a media port. Anybody can send to it, and werift takes what comes from anywhere for the far end's: a
 * single datagram in the clear, a DTLS alert, ends the association, and a check without credentials moves the audio to
 * whoever sent it. So a datagram passes here first: a connectivity check when it is signed with our password (RFC 8445
 * §7.3, RFC 8489 §9.1.4), anything else when it comes from an address from which such a check has come.
 */

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const BINDING_REQUEST = 0x0001;
const BINDING_RESPONSES: ReadonlySet<number> = new Set([0x0101, 0x0111]);
const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
/** An HMAC-SHA1 and its header. */
const INTEGRITY_BYTES = 24;
/** A phone that moves between networks has a few in its life. */
const MAX_ADDRESSES = 32;
/** Credentials of ICE restarts whose checks may still be under way. */
const MAX_CREDENTIALS = 4;

export class MediaGate {
  private readonly passwords = new Map<string, string>();
  private readonly addresses = new Set<string>();

  /** Our own credentials, at the beginning and after each ICE restart. */
  use(ufrag: string, password: string): void {
    this.passwords.delete(ufrag);
    this.passwords.set(ufrag, password);
    if (this.passwords.size > MAX_CREDENTIALS) this.passwords.delete(this.passwords.keys().next().value ?? '');
  }

  /** Whether a datagram from `address` (host and port) is to be looked at. */
  admits(data: Buffer, address: string): boolean {
    if (!isStun(data)) return this.addresses.has(address);
    const type = data.readUInt16BE(0);
    // An answer to a check of ours is matched and verified where the check was made.
    if (BINDING_RESPONSES.has(type)) return true;
    if (type !== BINDING_REQUEST || !this.isSigned(data)) return false;
    this.addresses.delete(address);
    this.addresses.add(address);
    if (this.addresses.size > MAX_ADDRESSES) this.addresses.delete(this.addresses.values().next().value ?? '');
    return true;
  }

  private isSigned(data: Buffer): boolean {
    let password: string | undefined;
    for (let at = HEADER_BYTES; at + 4 <= data.length; ) {
      const type = data.readUInt16BE(at);
      const length = data.readUInt16BE(at + 2);
      const value = data.subarray(at + 4, at + 4 + length);
      if (value.length < length) return false;
      if (type === USERNAME) password = this.passwords.get(value.toString('utf8').split(':', 1)[0] ?? '');
      if (type === MESSAGE_INTEGRITY) return password !== undefined && isIntegrity(data, at, value, password);
      // Attributes begin at multiples of four.
      at += 4 + length + ((4 - (length % 4)) % 4);
    }
    return false;
  }
}

/** RFC 7983 §7: the first byte is 0 to 3; the cookie is RFC 8489's. */
const isStun = (data: Buffer): boolean => data.length >= HEADER_BYTES && (data[0] ?? 255) < 4 && data.readUInt32BE(4) === MAGIC_COOKIE;

/** The HMAC is over what comes before it, with a length as if the message ended with it. */
function isIntegrity(data: Buffer, at: number, value: Buffer, password: string): boolean {
  const signed = Buffer.from(data.subarray(0, at));
  signed.writeUInt16BE(at + INTEGRITY_BYTES - HEADER_BYTES, 2);
  const expected = createHmac('sha1', password).update(signed).digest();
  return value.length === expected.length && timingSafeEqual(value, expected);
}
