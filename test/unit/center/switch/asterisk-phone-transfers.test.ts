import { describe, expect, it } from 'vitest';
import { PhoneTransfers, survivesEveryRefer } from '../../../../center/switch/asterisk/phone-transfers.ts';

const OLD = '22.10.1+dfsg+~cs6.17.60671434-1';
const NEW = '22.11.0';

describe('whether phones may transfer by their own keys on Asterisk', () => {
  it.each([['22.11.0', true], ['22.11.0-rc1', true], ['22.12.3', true], ['23.5.0', true], ['24.0.0', true], [OLD, false], ['22.6.0', false], ['23.4.1', false], ['20.99.0', false], ['certified-22.8-cert1', false], ['GIT-22-abcdef', false], ['', false]])('%s survives every REFER: %s', (version, survives) => {
    expect(survivesEveryRefer(version)).toBe(survives);
  });

  it.each([['auto', null, false], ['auto', OLD, false], ['auto', NEW, true], ['no', NEW, false], ['yes', OLD, true], ['yes', null, true]] as const)('with %s and Asterisk %s: %s', (wish, version, allowed) => {
    const transfers = new PhoneTransfers(wish);
    if (version !== null) transfers.learned(version, []);
    expect(transfers.allowed).toBe(allowed);
  });

  it('names cause and way out where there is something to put right, and nothing else', () => {
    const warning = (wish: 'auto' | 'yes' | 'no', version: string, trunks: string[] = []): string | null => {
      const transfers = new PhoneTransfers(wish);
      transfers.learned(version, trunks);
      return transfers.warning;
    };
    expect(warning('auto', OLD)).toMatch(/Refer-Sub: false.*22\.11.*cannot transfer.*SANGDAM_ASTERISK_PHONE_TRANSFERS=yes/);
    expect(warning('yes', OLD)).toMatch(/whoever has a phone’s password/);
    expect(warning('no', OLD)).toBeNull();
    expect(warning('no', OLD, ['sangdam-trunk'])).toMatch(/sangdam-trunk.*allow_transfer=no/);
    expect(warning('auto', NEW, ['sangdam-trunk'])).toBeNull();
  });
});
