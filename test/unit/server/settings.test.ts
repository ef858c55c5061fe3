import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mediaAddressFor, readSettings } from '../../../server/settings.ts';

describe('settings', () => {
  it('are those of the README when the environment says nothing; no demo by itself', () => {
    expect(readSettings({})).toEqual({ ok: true, value: { host: '127.0.0.1', port: 7400, dataFolder: resolve('.data'), demo: false, logLevel: 'info' } });
  });

  it('come from the environment', () => {
    expect(readSettings({ SANGDAM_PORT: '0', SANGDAM_HOST: '::', SANGDAM_DATA: '/srv/sangdam', SANGDAM_DEMO: '1', SANGDAM_LOG: 'warn' })).toMatchObject({
      value: { host: '::', port: 0, dataFolder: '/srv/sangdam', demo: true, logLevel: 'warn' },
    });
  });

  it('send audio where signalling goes', () => {
    expect(mediaAddressFor('192.0.2.7')).toBe('192.0.2.7');
    expect(mediaAddressFor('localhost')).toBe('127.0.0.1');
    expect(mediaAddressFor('0.0.0.0')).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  });
});

describe('failure: settings', () => {
  it('name the variable that is wrong', () => {
    const wrong: Record<string, string> = { SANGDAM_PORT: '70000', SANGDAM_DEMO: 'yes', SANGDAM_DATA: '', SANGDAM_LOG: 'loud' };
    for (const [name, value] of Object.entries(wrong)) expect(readSettings({ [name]: value })).toMatchObject({ ok: false, error: { code: 'input.invalid', message: expect.stringContaining(name) } });
    expect(readSettings({ SANGDAM_PORT: 'x' }).ok).toBe(false);
  });
});
