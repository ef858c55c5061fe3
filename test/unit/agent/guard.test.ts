import { describe, expect, it } from 'vitest';
import { redact } from '../../../agent/logger.ts';
import { checkMessage } from '../../../agent/phone/guard.ts';
import { moveDialog, type DialogEvent, type DialogState } from '../../../agent/phone/dialog-state.ts';
import { reconnectPolicy, retryDelayMs } from '../../../agent/retry.ts';

const invite = (changes: { first?: string; cseq?: string; more?: string[]; body?: string; drop?: string } = {}): string => {
  const { first = 'INVITE sip:1001@127.0.0.1 SIP/2.0', cseq = '1 INVITE', more = [], body = '', drop } = changes;
  const headers = ['Via: SIP/2.0/WS x;branch=z9hG4bK1', 'From: <sip:a@b>;tag=1', 'To: <sip:c@d>', 'Call-ID: 1', `CSeq: ${cseq}`, ...more];
  return `${[first, ...headers.filter((line) => drop === undefined || !line.startsWith(drop))].join('\r\n')}\r\n\r\n${body}`;
};

describe('the guard before SIP.js', () => {
  it.each([
    ['an INVITE', invite()],
    ['a response', invite({ first: 'SIP/2.0 180 Ringing' })],
    ['compact headers', invite().replace('Call-ID', 'i').replace('Via', 'v')],
    ['a body with its type', invite({ more: ['Content-Type: application/sdp', 'Content-Length: 3'], body: 'v=0' })],
    ['a folded header', invite({ more: ['Subject: one', ' two'] })],
  ])('lets %s pass', (_what, message) => {
    expect(checkMessage(message)).toEqual({ ok: true });
  });

  describe('failure: malformed messages', () => {
    it.each([
      ['no end of headers', 'INVITE sip:a@b SIP/2.0\r\nVia: x'],
      ['a bad Request-URI', invite({ first: 'INVITE <sip:a b> SIP/2.0' })],
      ['another version', invite({ first: 'INVITE sip:a@b SIP/7.0' })],
      ['a status beyond 6xx', invite({ first: 'SIP/2.0 999 What' })],
      ['a CSeq of another method', invite({ cseq: '1 BYE' })],
      ['a CSeq that is no number', invite({ cseq: '-1 INVITE' })],
      ['no Via', invite({ drop: 'Via' })],
      ['no Call-ID', invite({ drop: 'Call-ID' })],
      ['a body without Content-Type', invite({ body: 'v=0' })],
      ['a Content-Length beyond the body', invite({ more: ['Content-Length: 99', 'Content-Type: application/sdp'], body: 'v=0' })],
      ['20,000 headers', invite({ more: Array.from({ length: 20_000 }, () => 'X: y') })],
      ['an oversize body', invite({ more: ['Content-Type: text/plain'], body: 'x'.repeat(70_000) })],
      ['a header without colon', invite({ more: ['nonsense'] })],
    ])('stops %s', (_what, message) => {
      expect(checkMessage(message).ok).toBe(false);
    });
  });
});

describe('a dialog', () => {
  const states: DialogState[] = [{ name: 'dialling' }, { name: 'ringing' }, { name: 'answering' }, { name: 'established', hold: 'active' }, { name: 'leaving' }, { name: 'ended' }];

  it('moves from ringing to the end', () => {
    const events: DialogEvent['type'][] = ['answered', 'accepted', 'held', 'resumed', 'terminated'];
    let state: DialogState = { name: 'ringing' };
    const names = events.map((type) => {
      const next = moveDialog(state, { type });
      if (next.ok) state = next.value;
      return state.name;
    });
    expect(names).toEqual(['answering', 'established', 'established', 'established', 'ended']);
  });

  it.each(states)('ends from $name', (state) => {
    expect(moveDialog(state, { type: 'terminated' })).toEqual({ ok: true, value: { name: 'ended' } });
  });

  it.each(['answered', 'accepted', 'held', 'resumed'] as const)('stays ended on %s', (type) => {
    expect(moveDialog({ name: 'ended' }, { type }).ok).toBe(false);
  });
});

describe('retries', () => {
  it('wait longer each time, with jitter, up to a limit', () => {
    const policy = { ...reconnectPolicy, random: () => 0 };
    expect([0, 1, 2, 9, 1000].map((attempt) => retryDelayMs(policy, attempt))).toEqual([150, 300, 600, 2000, 2000]);
    expect(retryDelayMs({ ...policy, random: () => 0.999 }, 0)).toBeCloseTo(300, 0);
  });
});

describe('a log line', () => {
  it('holds no token, no password, no digest and no phone number', () => {
    const line = redact('Authorization: Digest username="a", response="abc"\ntoken=eyJhbGciOi.eyJzdWIi.c2ln "password":"secret1" +821012345678 010-1234-5678');
    expect(line).not.toMatch(/response="abc"|eyJhbGciOi|secret1|12345678|1234-5678/);
    expect(line).toContain('…78');
  });
});
