import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asteriskFiles, operatorConfig, writeAsteriskFiles } from '../../../scripts/asterisk/config.ts';
import { asteriskFolder, installAsterisk, isNewEnough } from '../../../scripts/asterisk/install.ts';
import { isAlive, withLock } from '../../../scripts/asterisk/lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sangdam-scripts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the configuration for an Asterisk', () => {
  it('has every file the center needs, and sends each call to it', () => {
    const files = asteriskFiles(operatorConfig);
    expect(Object.keys(files).toSorted()).toEqual(['ari.conf', 'extensions.conf', 'http.conf', 'musiconhold.conf', 'pjsip.conf', 'rtp.conf', 'sorcery.conf']);
    expect(files['extensions.conf']).toContain('Stasis(sangdam,trunk,${PJSIP_HEADERS(X-Sangdam-)})');
    expect(files['extensions.conf']).toContain('PJSIP_TRANSFER_HANDLING()=ari-only');
  });

  it('is kept from others, for it holds a password', async () => {
    const [first] = await writeAsteriskFiles(join(folder, 'etc'), operatorConfig);
    expect((await stat(first ?? '')).mode & 0o007).toBe(0);
  });

  it('keeps ARI on loopback unless somebody opens it', () => {
    expect(asteriskFiles(operatorConfig)['http.conf']).toContain('bindaddr=127.0.0.1');
  });
});

describe('the folder of an Asterisk', () => {
  it('is the one that is named', () => {
    expect(asteriskFolder({ SANGDAM_ASTERISK_DIR: '/srv/asterisk' })).toBe('/srv/asterisk');
  });

  it.each([['22.6.0', true], ['22.10.1', true], ['22.5.3', false], ['21.9.0', false], ['23.0.0', false]])('with version %s is good enough: %s', (version, enough) => {
    expect(isNewEnough(version)).toBe(enough);
  });
});

describe('failure: an Asterisk that is too old', () => {
  it('is named, and what to do about it', async () => {
    await writeFile(join(folder, 'sangdam-ready'), 'Asterisk 20.4.0');
    expect(await installAsterisk(folder, () => {})).toMatchObject({ ok: false, why: expect.stringMatching(/20\.4\.0.*SANGDAM_ASTERISK_DIR/) });
  });
});

describe('a lock file', () => {
  it('lets one at a time in', async () => {
    const order: string[] = [];
    const file = join(folder, 'lock');
    const first = Promise.withResolvers<void>();
    const one = withLock(file, async () => {
      order.push('one in');
      await first.promise;
      order.push('one out');
    });
    const two = withLock(file, async () => void order.push('two in'));
    first.resolve();
    await Promise.all([one, two]);
    expect(order).toEqual(['one in', 'one out', 'two in']);
  });

  it('of a process that is gone counts for nothing', async () => {
    const file = join(folder, 'lock');
    await writeFile(file, '999999999');
    expect(isAlive(999_999_999)).toBe(false);
    expect(await withLock(file, async () => 'in')).toBe('in');
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });
});
