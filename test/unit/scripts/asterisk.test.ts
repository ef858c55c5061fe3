import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asteriskFiles, operatorConfig, writeAsteriskFiles, type AsteriskConfig } from '../../../scripts/asterisk/config.ts';
import { asteriskFolder, installAsterisk, isNewEnough } from '../../../scripts/asterisk/install.ts';
import { isAlive, withLock } from '../../../scripts/asterisk/lock.ts';
import { writeOperatorConfig } from '../../../scripts/asterisk/write-config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sangdam-scripts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const config: AsteriskConfig = { ...operatorConfig, ariPassword: 'test-password' };
const written = async (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

describe('the configuration for an Asterisk', () => {
  it('has every file the center needs, and sends each call to it', () => {
    const files = asteriskFiles(config);
    expect(Object.keys(files).toSorted()).toEqual(['ari.conf', 'extensions.conf', 'http.conf', 'musiconhold.conf', 'pjsip.conf', 'rtp.conf', 'sorcery.conf']);
    expect(files['extensions.conf']).toContain('Stasis(sangdam,trunk,${PJSIP_HEADERS(X-Sangdam-)})');
    expect(files['extensions.conf']).toContain('PJSIP_TRANSFER_HANDLING()=ari-only');
  });

  it('is kept from others, for it holds a password', async () => {
    const [first] = await writeAsteriskFiles(join(folder, 'etc'), config);
    expect((await stat(first ?? '')).mode & 0o007).toBe(0);
  });

  it('listens on loopback alone, in what is written and in what only has to be uncommented, unless told otherwise', async () => {
    await writeOperatorConfig(folder);
    const addresses = async (): Promise<string[]> => [...`${await written('pjsip.conf')}${await written('http.conf')}`.matchAll(/^;?(?:bind|bindaddr|tlsbindaddr)=([\d.]+)/gm)].map(([, address = '']) => address);
    expect(await addresses()).toEqual(Array.from({ length: 5 }, () => '127.0.0.1'));
    await writeOperatorConfig(folder, { sipAddress: '192.0.2.7' });
    expect(await addresses()).toEqual(['192.0.2.7', '192.0.2.7', '192.0.2.7', '127.0.0.1', '127.0.0.1']);
  });

  it('has a password of its own, which the center finds in a file for its user alone, and which stays when it is written again', async () => {
    const { passwordFile } = await writeOperatorConfig(folder);
    const password = (await readFile(passwordFile, 'utf8')).trim();
    expect(password).toMatch(/^[\w-]{32}$/);
    expect((await stat(passwordFile)).mode & 0o077).toBe(0);
    await writeOperatorConfig(folder);
    expect(await written('ari.conf')).toContain(`password=${password}\n`);
    const { passwordFile: another } = await writeOperatorConfig(join(folder, 'another'));
    expect((await readFile(another, 'utf8')).trim()).not.toBe(password);
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
