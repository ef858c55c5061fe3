import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFor, isProof, Nonces, parseAuthorization } from '../../../../../../center/switch/embedded/sip/digest.ts';
import { isLinear, SLOW } from './hostile-text.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const RESPONSE = 'a'.repeat(32);
const header = `Digest username="1001", realm="r", nonce="n", uri="sip:r", response="${RESPONSE}", cnonce="c", qop=auth, nc=00000001`;
const secret = new Uint8Array(32);
const nonceOf = (challenge: string): string => /nonce="([^"]+)"/.exec(challenge)?.[1] ?? '';

describe('digest credentials', () => {
  it('are read whatever their order, case and spacing', () => {
    expect(parseAuthorization(header)).toMatchObject({ username: '1001', realm: 'r', nonce: 'n', uri: 'sip:r', qop: 'auth', nonceCount: '00000001' });
    expect(parseAuthorization(`digest  NC = 00000001 ,qop="auth",CNONCE="c" ,response=${RESPONSE.toUpperCase()},uri="sip:r",nonce="n",realm="r", username="1001",algorithm=md5,`)).toMatchObject({ username: '1001', response: RESPONSE });
    expect(parseAuthorization(header.replace('"1001"', '"a\\"b, c=d"'))?.username).toBe('a"b, c=d');
  });

  it('prove the password, and that alone', () => {
    const credentials = { username: '1001', realm: 'r', nonce: 'n', uri: 'sip:r', cnonce: 'c', qop: 'auth', nonceCount: '00000001' };
    const response = md5(`${md5('1001:r:right')}:n:00000001:c:auth:${md5('REGISTER:sip:r')}`);
    expect(isProof({ ...credentials, response }, 'right', 'REGISTER')).toBe(true);
    expect(isProof({ ...credentials, response }, 'wrong', 'REGISTER')).toBe(false);
    expect(isProof({ ...credentials, response }, 'right', 'INVITE')).toBe(false);
  });

  it.each([
    ['sip:1588@sangdam.local', 'sip:1588@sangdam.local', true],
    ['sip:1588@sangdam.local', 'sip:1588@SANGDAM.local:5060;transport=ws', true],
    ['sip:sangdam.local;transport=ws', 'sip:sangdam.local', true],
    ['sip:1588@sangdam.local', 'sip:00999@sangdam.local', false],
    ['sip:1588@sangdam.local', 'sip:1588@elsewhere', false],
    ['sip:sangdam.local', 'sip:1588@sangdam.local', false],
    ['sip:1588@x;y=@sangdam.local', 'sip:00999@x;y=@sangdam.local', false],
    ['', 'sip:1588@sangdam.local', false],
  ])('for %s are for a request of %s: %s', (uri, requestUri, is) => {
    expect(isFor(uri, requestUri)).toBe(is);
  });

  describe('nonces', () => {
    const at = { ms: 1000 };
    const nonces = (owner = 'a'): Nonces => new Nonces(() => at.ms, secret, owner);

    it('count up, and are good once for each count', () => {
      const mine = nonces();
      const nonce = nonceOf(mine.challenge('r', false));
      expect(['00000001', '00000001', '00000003', '00000002', '0000000a'].map((count) => mine.consume(nonce, count))).toEqual(['fresh', 'stale', 'fresh', 'stale', 'fresh']);
    });

    it('are good for five minutes, on their own connection', () => {
      const mine = nonces();
      const nonce = nonceOf(mine.challenge('r', false));
      expect(nonces('b').consume(nonce, '00000001')).toBe('stale');
      at.ms += 5 * 60_000 + 1;
      expect(mine.consume(nonce, '00000001')).toBe('stale');
    });

    it('failure: are not taken when made up, changed, or long out of use', () => {
      const mine = nonces();
      const first = nonceOf(mine.challenge('r', false));
      expect(mine.consume(first, '00000001')).toBe('fresh');
      for (const made of ['', '..', 'a.b.c', `${first}x`, first.replace(/^./, 'z'), first.toUpperCase()]) expect(mine.consume(made, '00000009')).toBe('stale');
      for (let i = 0; i < 20; i++) mine.consume(nonceOf(mine.challenge('r', false)), '00000001');
      expect(mine.consume(first, '00000002')).toBe('stale');
    });
  });

  describe('failure: whatever comes', () => {
    it.each(['', 'Digest', 'Digest ,', 'Basic dXNlcjpwYXNz', header.replace('auth', 'auth-int'), header.replace('nc=00000001', 'nc=1'), `${header}, algorithm=SHA-256`, `${header} x`, header.replace('"n"', '"n'), `${header}, username="1002"`, `${header},${'a="b",'.repeat(2000)}`])('takes %j for no credentials', (text) => {
      expect(parseAuthorization(text)).toBeNull();
    });

    it('never throws', () => {
      fc.assert(
        fc.property(fc.array(fc.oneof(fc.constantFrom('username', 'realm', 'nonce', 'uri', 'response', 'nc', 'qop', '=', '"', ',', '\\', ' ', header), fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 30 }), (parts) => {
          const credentials = parseAuthorization(`Digest ${parts.join('')}`);
          expect(credentials === null || credentials.response.length === RESPONSE.length).toBe(true);
          expect(isFor(parts.join(''), `x${parts.join('')}`)).toBe(false);
        }),
        { numRuns: 2000 },
      );
    });

    it.each(Object.entries(SLOW))('takes time linear in its length for %s', (_what, make) => {
      // Beyond the longest that is read nothing is: within it is where time might grow.
      expect(isLinear((length) => parseAuthorization(make(length)), 2000)).toBe(true);
    });
  });
});
