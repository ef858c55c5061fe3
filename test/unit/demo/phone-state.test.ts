import { describe, expect, it } from 'vitest';
import { messagesFor, statusText } from '../../../demo/customer/messages.ts';
import { endReasonOf, endReasonOfError } from '../../../demo/customer/phone-state.ts';

describe('the customer phone', () => {
  it.each([
    [486, 'busy'],
    [600, 'busy'],
    [603, 'declined'],
    [404, 'unknownNumber'],
    [480, 'noAnswer'],
    [403, 'refused'],
    [488, 'failed'],
    [503, 'failed'],
  ] as const)('says of SIP status %i that the call ended as %s', (status, why) => {
    expect(endReasonOf(status)).toBe(why);
  });

  it('tells a blocked microphone from a missing one, and both from anything else', () => {
    expect(endReasonOfError(new DOMException('', 'NotAllowedError'))).toBe('microphoneDenied');
    expect(endReasonOfError(new DOMException('', 'NotFoundError'))).toBe('microphoneMissing');
    expect(endReasonOfError('no error at all')).toBe('failed');
  });

  it('speaks Korean to Korean browsers and English to all others', () => {
    expect(messagesFor('ko-KR').language).toBe('ko');
    expect(messagesFor('fr').language).toBe('en');
  });

  it('shows why the last call ended, unless the line itself has something to say', () => {
    const messages = messagesFor('en');
    const call = { kind: 'idle', why: 'busy' } as const;
    expect(statusText(messages, { line: { kind: 'registered', user: 'c1' }, call })).toBe('Busy');
    expect(statusText(messages, { line: { kind: 'failed', user: 'c1', problem: 'unreachable' }, call })).toContain('cannot be reached');
  });
});
