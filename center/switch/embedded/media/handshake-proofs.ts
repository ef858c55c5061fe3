import { createHash, createHmac, timingSafeEqual, verify, X509Certificate } from 'node:crypto';

/*
 * What a DTLS 1.2 handshake proves (RFC 5246 §7.4, RFC 6347 §4.2.6), and werift leaves unproved: that the far end has the
 * key of the certificate it shows, and that both ends had the same handshake. A fingerprint in SDP says which certificate
 * it is to be; everybody who ever set up a call with its owner has that certificate.
 */

export type HandshakeRole = 'client' | 'server';

export const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const HELLO_VERIFY_REQUEST = 3;
const CERTIFICATE = 11;
const SERVER_KEY_EXCHANGE = 12;
const CERTIFICATE_REQUEST = 13;
const SERVER_HELLO_DONE = 14;
export const CERTIFICATE_VERIFY = 15;
const CLIENT_KEY_EXCHANGE = 16;
const FINISHED = 20;

/** What a far end may say in the clear, by our role: each once and in this order, for werift takes what comes. */
const FLIGHTS: Record<HandshakeRole, number[][]> = {
  server: [[CLIENT_HELLO, CLIENT_HELLO, CERTIFICATE, CLIENT_KEY_EXCHANGE, CERTIFICATE_VERIFY]],
  client: [[HELLO_VERIFY_REQUEST], []].flatMap((first) =>
    [[CERTIFICATE_REQUEST], []].map((request) => [...first, SERVER_HELLO, CERTIFICATE, SERVER_KEY_EXCHANGE, ...request, SERVER_HELLO_DONE]),
  ),
};

/** The hashes and keys of TLS 1.2's signature algorithms (RFC 5246 §7.4.1.4.1) that are good enough, by number. */
const HASHES: ReadonlyMap<number, string> = new Map([[4, 'sha256'], [5, 'sha384'], [6, 'sha512']]);
const KEYS: ReadonlyMap<number, string> = new Map([[1, 'rsa'], [3, 'ec']]);

const VERIFY_DATA_BYTES = 12;
const MESSAGE_HEADER_BYTES = 12;

/** What the handshake has come to on our side, as werift knows it. */
export interface HandshakeState {
  /** All messages so far, from the second ClientHello on, with their headers, uncut. */
  transcript: () => Buffer;
  masterSecret: () => Buffer;
  /** The hellos' random numbers, the client's first. */
  randoms: () => Buffer;
}

/** The far end's part of one handshake. Every message is shown to it before it is handed on. */
export class HandshakeProofs {
  private readonly role: HandshakeRole;
  private readonly state: HandshakeState;
  private readonly said: number[] = [];
  private certificate: Buffer | null = null;

  constructor(role: HandshakeRole, state: HandshakeState) {
    this.role = role;
    this.state = state;
  }

  /** What is wrong with a message in the clear; null when nothing is. */
  troubleOf(messageType: number, body: Buffer): string | null {
    this.said.push(messageType);
    if (!FLIGHTS[this.role].some((flight) => this.said.every((type, at) => flight[at] === type))) return 'a message out of its order';
    if (messageType === CERTIFICATE) {
      this.certificate = firstCertificate(body);
      return this.certificate === null ? 'no certificate' : null;
    }
    if (messageType === CERTIFICATE_VERIFY) return this.isSigned(body, this.state.transcript()) ? null : 'no proof of the certificate’s key';
    if (messageType === SERVER_KEY_EXCHANGE) {
      const end = endOfParameters(body);
      return this.isSigned(body.subarray(end), Buffer.concat([this.state.randoms(), body.subarray(0, end)])) ? null : 'no proof of the certificate’s key';
    }
    return null;
  }

  /** Whether the first that was said under the new keys is a Finished of this handshake (RFC 5246 §7.4.9), and no more. */
  isFinished(plain: Buffer): boolean {
    const label = this.role === 'server' ? 'client finished' : 'server finished';
    if (plain.length !== MESSAGE_HEADER_BYTES + VERIFY_DATA_BYTES || plain[0] !== FINISHED) return false;
    return timingSafeEqual(plain.subarray(MESSAGE_HEADER_BYTES), verifyData(this.state.masterSecret(), label, this.state.transcript()));
  }

  /** @param signature its algorithm (2), its length (2), itself */
  private isSigned(signature: Buffer, content: Buffer): boolean {
    const [hash, keyType] = [HASHES.get(signature[0] ?? 0), KEYS.get(signature[1] ?? 0)];
    if (this.certificate === null || hash === undefined || keyType === undefined || signature.length < 4 || signature.length !== 4 + signature.readUInt16BE(2)) return false;
    try {
      const { publicKey } = new X509Certificate(this.certificate);
      return publicKey.asymmetricKeyType === keyType && verify(hash, content, publicKey, signature.subarray(4));
    } catch {
      // No certificate, or one with a key that nobody can use.
      return false;
    }
  }
}

/** Certificate: length of the list (3), length of the first (3), the first, further ones. */
function firstCertificate(body: Buffer): Buffer | null {
  if (body.length < 6) return null;
  const end = 6 + body.readUIntBE(3, 3);
  return end === 6 || end > body.length ? null : body.subarray(6, end);
}

/** ServerKeyExchange (RFC 8422 §5.4): type of curve (1), curve (2), length of the key (1), the key, its signature. */
const endOfParameters = (body: Buffer): number => 4 + (body[3] ?? 0);

/** RFC 5246 §5, §7.4.9: twelve bytes of P_SHA256, as all our cipher suites have it. */
export function verifyData(masterSecret: Buffer, label: string, transcript: Buffer): Buffer {
  const hmac = (data: Buffer): Buffer => createHmac('sha256', masterSecret).update(data).digest();
  const seed = Buffer.concat([Buffer.from(label), createHash('sha256').update(transcript).digest()]);
  return hmac(Buffer.concat([hmac(seed), seed])).subarray(0, VERIFY_DATA_BYTES);
}
