import { sign, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSelfSignedCertificate, HashAlgorithm, NamedCurveAlgorithm, SignatureAlgorithm } from 'werift';
import { HandshakeProofs, verifyData, type HandshakeRole } from '../../center/switch/embedded/media/handshake-proofs.ts';

const [CLIENT_HELLO, SERVER_HELLO, HELLO_VERIFY, CERTIFICATE, SERVER_KEY, REQUEST, DONE, VERIFY, CLIENT_KEY] = [1, 2, 3, 11, 12, 13, 14, 15, 16] as const;
const TRANSCRIPT = Buffer.alloc(500, 5);
const RANDOMS = Buffer.alloc(64, 6);
const SECRET = Buffer.alloc(48, 7);
const PARAMETERS = Buffer.concat([Buffer.from([3, 0, 23, 65]), Buffer.alloc(65, 4)]);
/** SHA-256 with ECDSA, as it is named on the wire. */
const ECDSA = [4, 3];

const withLength = (bytes: number, body: Buffer): Buffer => {
  const length = Buffer.alloc(bytes);
  length.writeUIntBE(body.length, 0, bytes);
  return Buffer.concat([length, body]);
};

describe('what a handshake proves', () => {
  let certificate: Buffer;
  let signed: (content: Buffer, algorithm?: number[], hash?: string) => Buffer;
  beforeAll(async () => {
    const { certPem, keyPem } = await createSelfSignedCertificate({ signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 }, NamedCurveAlgorithm.secp256r1_23);
    certificate = withLength(3, withLength(3, new X509Certificate(certPem).raw));
    signed = (content, algorithm = ECDSA, hash = 'sha256') => Buffer.concat([Buffer.from(algorithm), withLength(2, sign(hash, content, keyPem))]);
  });

  const proofs = (role: HandshakeRole): HandshakeProofs => new HandshakeProofs(role, { transcript: () => TRANSCRIPT, randoms: () => RANDOMS, masterSecret: () => SECRET });
  /** What is wrong with the last of these messages. */
  function troubleIn(role: HandshakeRole, ...messages: (readonly [number, Buffer?])[]): string | null {
    const one = proofs(role);
    return messages.map(([type, body]) => one.troubleOf(type, body ?? (type === CERTIFICATE ? certificate : Buffer.alloc(40)))).at(-1) ?? null;
  }
  const untilVerify = [[CLIENT_HELLO], [CLIENT_HELLO], [CERTIFICATE], [CLIENT_KEY]] as const;

  it('is a client’s key, by a signature of all that was said', () => {
    expect(troubleIn('server', ...untilVerify, [VERIFY, signed(TRANSCRIPT)])).toBeNull();
    expect(troubleIn('server', ...untilVerify, [VERIFY, signed(Buffer.alloc(500, 4))])).toBe('no proof of the certificate’s key');
  });

  it('is a server’s key, by a signature of both random numbers and what it agreed to', () => {
    const key = (signature: Buffer): Buffer => Buffer.concat([PARAMETERS, signature]);
    const before = [[HELLO_VERIFY], [SERVER_HELLO], [CERTIFICATE]] as const;
    expect(troubleIn('client', ...before, [SERVER_KEY, key(signed(Buffer.concat([RANDOMS, PARAMETERS])))])).toBeNull();
    expect(troubleIn('client', ...before, [SERVER_KEY, key(signed(Buffer.concat([Buffer.alloc(64), PARAMETERS])))])).toBe('no proof of the certificate’s key');
    expect(troubleIn('client', ...before, [SERVER_KEY, PARAMETERS])).toBe('no proof of the certificate’s key');
  });

  it.each([
    ['a hash that is broken', () => signed(TRANSCRIPT, [2, 3], 'sha1')],
    ['the name of another key', () => signed(TRANSCRIPT, [4, 1])],
    ['no algorithm there is', () => signed(TRANSCRIPT, [9, 9])],
    ['more behind it', () => Buffer.concat([signed(TRANSCRIPT), Buffer.alloc(1)])],
    ['nothing in it', () => Buffer.alloc(0)],
    ['a length and no more', () => Buffer.from([4, 3, 0, 70])],
  ])('failure: a signature with %s proves nothing', (_what, body) => {
    expect(troubleIn('server', ...untilVerify, [VERIFY, body()])).toBe('no proof of the certificate’s key');
  });

  it.each([
    ['none', Buffer.from([0, 0, 0])],
    ['an empty one', Buffer.from([0, 0, 3, 0, 0, 0])],
    ['one that breaks off', Buffer.from([0, 0, 9, 0, 0, 6, 1])],
  ])('failure: a certificate that is %s is refused', (_what, body) => {
    expect(troubleIn('server', [CLIENT_HELLO], [CLIENT_HELLO], [CERTIFICATE, body])).toBe('no certificate');
  });

  it('failure: a certificate that cannot be read proves nothing', () => {
    const garbage = withLength(3, withLength(3, Buffer.alloc(90, 1)));
    expect(troubleIn('server', [CLIENT_HELLO], [CLIENT_HELLO], [CERTIFICATE, garbage], [CLIENT_KEY], [VERIFY, signed(TRANSCRIPT)])).toBe('no proof of the certificate’s key');
  });

  it.each<[string, HandshakeRole, (readonly [number])[]]>([
    ['another certificate after the proof', 'server', [...untilVerify, [CERTIFICATE]]],
    ['two certificates', 'server', [[CLIENT_HELLO], [CLIENT_HELLO], [CERTIFICATE], [CERTIFICATE]]],
    ['keys without a certificate', 'server', [[CLIENT_HELLO], [CLIENT_HELLO], [CLIENT_KEY]]],
    ['keys before a hello', 'server', [[CLIENT_KEY]]],
    ['a third hello', 'server', [[CLIENT_HELLO], [CLIENT_HELLO], [CLIENT_HELLO]]],
    ['a server’s message to a server', 'server', [[SERVER_HELLO]]],
    ['keys that are not signed', 'client', [[SERVER_HELLO], [CERTIFICATE], [DONE]]],
    ['two certificates of a server', 'client', [[SERVER_HELLO], [CERTIFICATE], [CERTIFICATE]]],
    ['a client’s message to a client', 'client', [[CLIENT_HELLO]]],
    ['a request before the certificate', 'client', [[SERVER_HELLO], [REQUEST]]],
  ])('failure: %s: out of order', (_what, role, messages) => {
    expect(troubleIn(role, ...messages)).toBe('a message out of its order');
  });

  it.each(['client', 'server'] as const)('is that both had the same handshake, to a %s', (role) => {
    const finished = (data: Buffer): Buffer => Buffer.concat([Buffer.from([20, 0, 0, 12, 0, 5, 0, 0, 0, 0, 0, 12]), data]);
    const theirs = verifyData(SECRET, role === 'server' ? 'client finished' : 'server finished', TRANSCRIPT);
    const ours = verifyData(SECRET, role === 'server' ? 'server finished' : 'client finished', TRANSCRIPT);
    expect(proofs(role).isFinished(finished(theirs))).toBe(true);
    for (const plain of [finished(ours), finished(theirs.subarray(1)), Buffer.concat([finished(theirs), finished(theirs)]), Buffer.concat([Buffer.from([1]), finished(theirs).subarray(1)]), Buffer.alloc(0)]) {
      expect(proofs(role).isFinished(plain)).toBe(false);
    }
  });
});
