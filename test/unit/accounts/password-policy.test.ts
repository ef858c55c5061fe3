import { describe, expect, it } from 'vitest';
import { temporaryPassword, weaknessOf } from '../../../center/accounts/password-policy.ts';

describe('a new password', () => {
  it.each(['correct horse battery staple', '나는 매일 아침 커피를 마신다', 'vK3#mq9!Lw2z', 'the cat sat on my router', '보라색 우산을 두 개 샀다', 'q8vn2xkw4hzt', 'Kartoffelsuppe mit Würstchen'])('%s will do', (password) => {
    expect(weaknessOf(password, 'agent1')).toBeNull();
  });

  it.each([
    ['too short', 'vK3#mq9!Lw2'],
    ['too short, though its parts are many', '가나다'.normalize('NFD')],
    ['too long', 'vK3#mq9!'.repeat(40)],
    ['known to everybody', 'password1234'],
    ['in disguise', 'P@ssw0rd!2026'],
    ['English, doubled', 'welcomewelcome'],
    ['the account', 'agent1agent1agent1'],
    ['the account and a year', 'Agent1-2026!!'],
    ['the product', 'sangdam2026!!'],
    ['of the demo', 'sangdam-demo'],
    ['a row of the keyboard', 'qwertyuiop12'],
    ['a row, backwards', '0987654321poiuy'],
    ['a walk over the keyboard', '1qaz2wsx3edc'],
    ['the alphabet', 'abcdefghijklmno'],
    ['one key', 'aaaaaaaaaaaaaa'],
    ['two keys', 'abababababababab'],
    ['a date', '1988-04-07-1988'],
    ['비밀번호 on an English keyboard', 'qlalfqjsgh1234!'],
    ['안녕하세요 on an English keyboard', 'dkssudgktpdy12'],
    ['사랑해 on an English keyboard, twice', 'tkfkdgotkfkdgo'],
    ['상담 on an English keyboard', 'tkdekatkdeka2026'],
    ['common Korean', '비밀번호비밀번호1234'],
    ['a Hangul row', 'ㅁㄴㅇㄹㅎㅗㅓㅏㅣ123'],
    ['the seasons', 'Summer2026Winter'],
    ['one that leaked from many', 'unbelievable'],
    ['one that leaked from many, in capitals', 'FinalFantasy'],
    ['one that leaked from many, with what a rule wanted', 'Justinbieber7!'],
    ['Russian on an English keyboard', 'ghbdtnrfrltkf'],
    ['a walk that no rule knows', '123qweasdzxc'],
  ])('is refused when it is %s: %s', (_what, password) => {
    expect(weaknessOf(password, 'agent1')).not.toBeNull();
  });

  it('needs no kinds of characters', () => {
    expect(weaknessOf('vmqlwzhtrnbx', 'agent1')).toBeNull();
  });

  it('is judged in no time, whatever it is', () => {
    const from = process.cpuUsage();
    for (const text of ['ab'.repeat(128), 'a'.repeat(256), '1qaz'.repeat(64), Array.from({ length: 256 }, (_, index) => String.fromCharCode(0xac00 + index * 7)).join('')]) weaknessOf(text, 'agent1');
    const { user, system } = process.cpuUsage(from);
    // Of the processor's time, in microseconds: whatever grows with a power of the length takes minutes.
    expect(user + system).toBeLessThan(5_000_000);
  });
});

describe('a temporary password', () => {
  it('is another each time, and one that the policy would take', () => {
    const made = Array.from({ length: 200 }, temporaryPassword);
    expect(new Set(made).size).toBe(200);
    expect(made.filter((password) => weaknessOf(password, 'agent1') !== null)).toEqual([]);
    expect(made.every((password) => /^[a-hj-kmnp-z2-9]{4}(-[a-hj-kmnp-z2-9]{4}){3}$/.test(password))).toBe(true);
  });
});
