import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mediaAddressFor, readSettings } from '../../../server/settings.ts';

describe('settings', () => {
  it('are those of the README when the environment says nothing; no demo by itself', () => {
    expect(readSettings({})).toEqual({ ok: true, value: { host: '127.0.0.1', port: 7400, dataFolder: resolve('.data'), demo: false, demoBeyondLoopback: false, logLevel: 'info', drainMs: 0, database: null, storeKey: null, s3: null, data: { historyScope: 'groups', keepContactsDays: null, keepEventsDays: null }, switch: { kind: 'embedded' }, ice: { urls: [], secret: null }, access: { tls: null, trustedProxies: [], publicUrl: null, allowPlainHttp: false }, web: { idleMs: 12 * 3_600_000, absoluteMs: 24 * 3_600_000 }, secondFactorFor: [], setUpCode: null } });
  });

  it('come from the environment', () => {
    expect(readSettings({ SANGDAM_PORT: '0', SANGDAM_HOST: '::1', SANGDAM_DATA: '/srv/sangdam', SANGDAM_DEMO: '1', SANGDAM_LOG: 'warn' })).toMatchObject({
      value: { host: '::1', port: 0, dataFolder: '/srv/sangdam', demo: true, logLevel: 'warn' },
    });
  });

  it('name a database of a server by its address, or by a file that holds it, and say nothing of what is in a wrong one', async () => {
    const address = 'postgres://sangdam:s%40cret@127.0.0.1:5432/calls';
    const folder = await mkdtemp(join(tmpdir(), 'sangdam-settings-'));
    await writeFile(join(folder, 'database'), `${address}\n`);
    expect(readSettings({ SANGDAM_DATABASE: address })).toMatchObject({ value: { database: address } });
    expect(readSettings({ SANGDAM_DATABASE_FILE: join(folder, 'database') })).toMatchObject({ value: { database: address } });
    await rm(folder, { recursive: true });
    for (const wrong of ['s@cret', 'mysql://root:s@cret@127.0.0.1/x', 'postgres://root:s@cret@127.0.0.1', 'postgres://root:s@cret@db.example.com/x']) {
      const answer = readSettings({ SANGDAM_DATABASE: wrong });
      expect(answer).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_DATABASE: ') } });
      expect(JSON.stringify(answer)).not.toContain('s@cret');
    }
    for (const mode of ['verify-full', 'disable']) expect(readSettings({ SANGDAM_DATABASE: `postgres://u:p@db.example.com/x?sslmode=${mode}` })).toMatchObject({ ok: true });
  });

  it('name a bucket for sounds, its secret by itself or by a file, and never say it', async () => {
    const bucket = { SANGDAM_S3_ENDPOINT: 'https://s3.example.com', SANGDAM_S3_BUCKET: 'sounds', SANGDAM_S3_KEY_ID: 'key', SANGDAM_S3_SECRET: 'very secret' };
    expect(readSettings(bucket)).toMatchObject({ value: { s3: { endpoint: 'https://s3.example.com', region: 'us-east-1', bucket: 'sounds', prefix: '', keyId: 'key', secret: 'very secret', style: 'path' } } });
    expect(readSettings({ ...bucket, SANGDAM_S3_PREFIX: 'seoul/calls', SANGDAM_S3_REGION: 'ap-northeast-2', SANGDAM_S3_STYLE: 'host' })).toMatchObject({ value: { s3: { prefix: 'seoul/calls/', region: 'ap-northeast-2', style: 'host' } } });
    for (const endpoint of ['http://127.0.0.1:9000', 'http://localhost:9000']) expect(readSettings({ ...bucket, SANGDAM_S3_ENDPOINT: endpoint })).toMatchObject({ value: { s3: { endpoint } } });
    expect(readSettings({ ...bucket, SANGDAM_S3_ENDPOINT: 'http://s3.example.com', SANGDAM_S3_PLAIN_HTTP: '1' })).toMatchObject({ ok: true });
    const wrong: [Record<string, string | undefined>, string][] = [
      [{ SANGDAM_S3_ENDPOINT: 'http://s3.example.com' }, 'SANGDAM_S3_ENDPOINT: https'],
      [{ SANGDAM_S3_ENDPOINT: 's3.example.com' }, 'SANGDAM_S3_ENDPOINT'],
      [{ SANGDAM_S3_ENDPOINT: 'https://s3.example.com/sounds' }, 'SANGDAM_S3_ENDPOINT'],
      [{ SANGDAM_S3_ENDPOINT: undefined }, 'SANGDAM_S3_ENDPOINT: needed beside SANGDAM_S3_BUCKET'],
      [{ SANGDAM_S3_BUCKET: undefined }, 'SANGDAM_S3_BUCKET'],
      [{ SANGDAM_S3_BUCKET: 'Sounds!' }, 'SANGDAM_S3_BUCKET'],
      [{ SANGDAM_S3_PREFIX: '/sounds' }, 'SANGDAM_S3_PREFIX'],
      [{ SANGDAM_S3_KEY_ID: undefined }, 'SANGDAM_S3_KEY_ID'],
      [{ SANGDAM_S3_SECRET: undefined }, 'SANGDAM_S3_SECRET'],
    ];
    for (const [change, names] of wrong) {
      const answer = readSettings({ ...bucket, ...change });
      expect(answer).toMatchObject({ ok: false, error: { message: expect.stringContaining(names) } });
      expect(JSON.stringify(answer)).not.toContain('very secret');
    }
  });

  it('say who reads histories and how long they are kept', () => {
    expect(readSettings({ SANGDAM_HISTORY_SCOPE: 'all', SANGDAM_KEEP_CONTACTS_DAYS: '365', SANGDAM_KEEP_EVENTS_DAYS: '1000' })).toMatchObject({ value: { data: { historyScope: 'all', keepContactsDays: 365, keepEventsDays: 1000 } } });
    for (const days of ['0', '-1', '1.5', 'long']) expect(readSettings({ SANGDAM_KEEP_CONTACTS_DAYS: days })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_KEEP_CONTACTS_DAYS') } });
  });

  it('say how long a session of the web edition lasts, in hours', () => {
    expect(readSettings({ SANGDAM_WEB_IDLE_HOURS: '1', SANGDAM_WEB_SESSION_HOURS: '720' })).toMatchObject({ value: { web: { idleMs: 3_600_000, absoluteMs: 720 * 3_600_000 } } });
    expect(readSettings({ SANGDAM_SECOND_FACTOR: 'admin, supervisor' })).toMatchObject({ value: { secondFactorFor: ['admin', 'supervisor'] } });
    expect(readSettings({})).toMatchObject({ value: { secondFactorFor: [] } });
    expect(readSettings({ SANGDAM_SECOND_FACTOR: 'boss' })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_SECOND_FACTOR') } });
    for (const hours of ['0', '721', '1.5', 'never']) expect(readSettings({ SANGDAM_WEB_IDLE_HOURS: hours })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_WEB_IDLE_HOURS') } });
  });

  it('name an Asterisk, its phones beside its ARI unless told otherwise', () => {
    const environment = { SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: 'http://192.0.2.5:8088/ari/', SANGDAM_ARI_PASSWORD: 'secret' };
    expect(readSettings(environment)).toMatchObject({
      value: { switch: { kind: 'asterisk', nodes: [{ ariUrl: 'http://192.0.2.5:8088/ari', user: 'sangdam', password: 'secret', sipUrl: 'ws://192.0.2.5:8088/ws' }], trunk: null, soundsFolder: null, phoneTransfers: 'auto' } },
    });
    expect(readSettings({ ...environment, SANGDAM_SIP_URL: 'wss://pbx.example/ws', SANGDAM_ASTERISK_TRUNK: 'carrier', SANGDAM_ASTERISK_TRUNK_FORMAT: 'e164', SANGDAM_ASTERISK_PHONE_TRANSFERS: 'no' })).toMatchObject({
      value: { switch: { nodes: [{ sipUrl: 'wss://pbx.example/ws' }], trunk: { endpoint: 'carrier', format: 'e164' }, phoneTransfers: 'no' } },
    });
    expect(readSettings({ ...environment, SANGDAM_ASTERISK_PHONE_TRANSFERS: 'perhaps' })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_ASTERISK_PHONE_TRANSFERS') } });
  });

  it('take the ARI password from a file, without its last line break', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sangdam-settings-'));
    const file = join(folder, 'password');
    await writeFile(file, 'from-a-file\n');
    expect(readSettings({ SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: 'http://127.0.0.1:8088/ari', SANGDAM_ARI_PASSWORD_FILE: file })).toMatchObject({ value: { switch: { nodes: [{ password: 'from-a-file' }] } } });
    await rm(folder, { recursive: true });
  });

  it('take a password as it is, whatever is in it', () => {
    expect(readSettings({ SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: 'http://127.0.0.1:8088/ari', SANGDAM_ARI_USER: 'a,b', SANGDAM_ARI_PASSWORD: ' p,q ' })).toMatchObject({ value: { switch: { nodes: [{ user: 'a,b', password: ' p,q ' }] } } });
  });

  describe('of several Asterisks', () => {
    const two = { SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: 'http://192.0.2.5:8088/ari, http://192.0.2.6:8088/ari/', SANGDAM_ARI_PASSWORD: 'secret', SANGDAM_ALLOW_PLAIN_HTTP: '1' };
    const nodesOf = (more: Record<string, string> = {}): unknown => {
      const settings = readSettings({ ...two, ...more });
      return settings.ok && settings.value.switch.kind === 'asterisk' ? settings.value.switch.nodes : settings;
    };

    it('hold for all where they are said once', () => {
      expect(nodesOf()).toEqual([
        { ariUrl: 'http://192.0.2.5:8088/ari', user: 'sangdam', password: 'secret', sipUrl: 'ws://192.0.2.5:8088/ws' },
        { ariUrl: 'http://192.0.2.6:8088/ari', user: 'sangdam', password: 'secret', sipUrl: 'ws://192.0.2.6:8088/ws' },
      ]);
    });

    it('may be said for each', async () => {
      expect(nodesOf({ SANGDAM_SIP_URL: 'wss://pbx1.example/ws,wss://pbx2.example/ws', SANGDAM_ARI_USER: 'one,two', SANGDAM_ARI_PASSWORD: 'first,second' })).toMatchObject([
        { user: 'one', password: 'first', sipUrl: 'wss://pbx1.example/ws' },
        { user: 'two', password: 'second', sipUrl: 'wss://pbx2.example/ws' },
      ]);
      const folder = await mkdtemp(join(tmpdir(), 'sangdam-settings-'));
      const file = join(folder, 'passwords');
      await writeFile(file, 'with,comma\nsecond\n');
      expect(readSettings({ ...two, SANGDAM_ARI_PASSWORD: undefined, SANGDAM_ARI_PASSWORD_FILE: file })).toMatchObject({ value: { switch: { nodes: [{ password: 'with,comma' }, { password: 'second' }] } } });
      await rm(folder, { recursive: true });
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
    const wrong: Record<string, string> = { SANGDAM_PORT: '70000', SANGDAM_DEMO: 'yes', SANGDAM_DATA: '', SANGDAM_LOG: 'loud', SANGDAM_STOP_DRAIN_S: '-1' };
    for (const [name, value] of Object.entries(wrong)) expect(readSettings({ [name]: value })).toMatchObject({ ok: false, error: { code: 'input.invalid', message: expect.stringContaining(name) } });
    const asterisk = { SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: 'http://127.0.0.1:8088/ari', SANGDAM_ARI_PASSWORD: 'secret' };
    const wrongOfAsterisk: Record<string, string | undefined> = { SANGDAM_SWITCH: 'cisco', SANGDAM_ARI_URL: 'ftp://x', SANGDAM_ARI_PASSWORD: '', SANGDAM_SIP_URL: 'http://x', SANGDAM_ASTERISK_TRUNK: 'a b', SANGDAM_ASTERISK_CODECS: 'alaw;rm' };
    for (const [name, value] of Object.entries(wrongOfAsterisk)) expect(readSettings({ ...asterisk, [name]: value })).toMatchObject({ ok: false, error: { message: expect.stringContaining(name) } });
    for (const name of ['SANGDAM_ARI_URL', 'SANGDAM_ARI_PASSWORD']) expect(readSettings({ ...asterisk, [name]: undefined })).toMatchObject({ ok: false, error: { message: expect.stringContaining(name) } });
    expect(readSettings({ ...asterisk, SANGDAM_ARI_PASSWORD: undefined, SANGDAM_ARI_PASSWORD_FILE: '/no/such/file' })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_ARI_PASSWORD_FILE') } });
    const two = { ...asterisk, SANGDAM_ARI_URL: 'http://127.0.0.1:8088/ari,http://127.0.0.1:8089/ari' };
    const wrongOfTwo = { SANGDAM_ARI_URL: 'http://127.0.0.1:8088/ari,http://127.0.0.1:8088/ari/', SANGDAM_ARI_PASSWORD: 'a,b,c', SANGDAM_ARI_USER: 'a,', SANGDAM_SIP_URL: 'wss://pbx.example/ws' };
    for (const [name, value] of Object.entries(wrongOfTwo)) expect(readSettings({ ...two, [name]: value })).toMatchObject({ ok: false, error: { message: expect.stringContaining(name) } });
    expect(readSettings({ ...two, SANGDAM_ARI_URL: 'http://127.0.0.1:8088/ari,' })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_ARI_URL') } });
    expect(readSettings({ SANGDAM_PORT: 'x' }).ok).toBe(false);
  });
});
