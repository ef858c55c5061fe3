import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeAnswer } from '../../../../../../center/switch/embedded/sip/answering.ts';
import { screen } from '../../../../../../center/switch/embedded/sip/guard.ts';
import { torture } from '../../../../../support/sip-torture.ts';
import { isLinear, nearlySip, requestWith, SLOW } from './hostile-text.ts';

/** What becomes of a text: the status of a refusal, else what it is. */
function verdict(text: string): number | string {
  const screened = screen(text);
  return screened.kind === 'refuse' ? screened.answer.status : screened.kind;
}

describe('the guard before SIP.js', () => {
  it.each(torture('valid'))('understands %s of RFC 4475', (_name, text) => {
    expect(['request', 'response']).toContain(verdict(text));
  });

  /** What RFC 4475 says of each that is not simply taken; those it calls well-formed after all are not here. */
  it.each(Object.entries({
    badaspec: 400, baddn: 'drop', badinv01: 400, badvers: 505, bext01: 420, bigcode: 'drop', clerr: 400, insuf: 'drop', inv2543: 400, ltgtruri: 400,
    lwsruri: 400, lwsstart: 400, mcl01: 400, mismatch01: 400, mismatch02: 400, multi01: 400, ncl: 400, novelsc: 416, quotbal: 400, regbadct: 400,
    scalar02: 400, scalarlg: 'drop', trws: 400, unkscm: 416, zeromf: 483,
  }))('answers %s of RFC 4475 with %s', (name, status) => {
    const text = torture('invalid').find(([found]) => found === name)?.[1] ?? '';
    expect(verdict(text)).toBe(status);
  });

  it('reads tags, branch and CSeq through folds, quotes and compact names', () => {
    const text = torture('valid').find(([name]) => name === 'wsinv')?.[1] ?? '';
    const screened = screen(text);
    if (screened.kind !== 'request') throw new Error(screened.kind);
    expect(screened.request).toMatchObject({ fromTag: '98asjd8', toTag: '1918181833n', branch: '390skdjuw', cseq: { number: 9, method: 'INVITE' } });
  });

  it('takes a tag in a display name or a URI for none', () => {
    const text = requestWith([]).replace('To: <sip:1001@127.0.0.1>', 'To: "x;tag=1" <sip:1001@127.0.0.1;tag=2>');
    const screened = screen(text);
    if (screened.kind !== 'request') throw new Error(screened.kind);
    expect(screened.request.toTag).toBe('');
  });

  it.each<[string, string[], number]>([
    ['headers by grammar that are longer than any phone’s', [`Record-Route: ${'<sip:a@b>,'.repeat(1000)}<sip:a@b>`], 400],
    ['two Contacts in an INVITE', ['Contact: <sip:b@c>'], 400],
    ['201 headers', Array.from({ length: 201 }, () => 'X: 1'), 400],
    ['more than 64 KB', [`X: ${'x'.repeat(70_000)}`], 513],
  ])('failure: refuses %s', (_what, lines, status) => {
    expect(verdict(requestWith(lines))).toBe(status);
  });

  describe('failure: whatever comes', () => {
    it('never throws, and addresses what it answers to who asked', () => {
      fc.assert(
        fc.property(fc.oneof({ weight: 4, arbitrary: nearlySip }, fc.string({ unit: 'binary', maxLength: 2000 })), (text) => {
          const screened = screen(text);
          if (screened.kind !== 'request' && screened.kind !== 'refuse') return;
          const answer = writeAnswer(screened.request, screened.kind === 'refuse' ? screened.answer : { status: 401, phrase: 'Unauthorized' });
          expect(answer).toMatch(/^SIP\/2\.0 \d{3} /);
          expect(answer.split('\r\n\r\n')).toHaveLength(2);
        }),
        { numRuns: 2000 },
      );
    });

    it.each(Object.entries(SLOW))('takes time linear in its length for %s', (_what, make) => {
      for (const header of ['X', 'Contact', 'To', 'Via', 'Authorization']) {
        expect(isLinear((length) => screen(requestWith([`${header}: ${make(length)}`])), 48 * 1024)).toBe(true);
      }
      expect(isLinear((length) => screen(`OPTIONS ${make(length)}\r\n\r\n`), 48 * 1024)).toBe(true);
      expect(isLinear((length) => screen(make(length)), 48 * 1024)).toBe(true);
    });
  });
});
