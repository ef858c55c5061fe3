import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AgentId } from '../../contract/ids.ts';
import { setPassword } from '../../center/store/accounts.ts';
import { hashPassword } from '../../center/store/passwords.ts';
import { insertConfiguration } from '../../center/store/configuration.ts';
import { demoConfiguration } from '../../center/store/demo/office.ts';
import { loadStoreKey, openStore } from '../../center/store/index.ts';
import { livingKind, startFamily } from '../../center/store/sessions.ts';
import { systemClock } from '../../server/clock.ts';
import { createLogger } from '../../server/logger.ts';
import { openRecords } from '../../server/records.ts';
import { startServer } from '../../server/server.ts';
import { readSettings } from '../../server/settings.ts';
import { temporaryFolder } from '../unit/store/support.ts';

const asterisk = { SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: 'http://127.0.0.1:8088/ari', SANGDAM_ARI_PASSWORD: 'secret' };
const node = { ariUrl: 'http://127.0.0.1:1/ari', user: 'sangdam', password: 'secret', sipUrl: 'ws://127.0.0.1:1/ws' };
const onAsterisk = { kind: 'asterisk', nodes: [node], soundsFolder: null, playingFolder: null, trunk: null, codecs: 'alaw', phoneTransfers: 'auto' } as const;

/** Opens the store of a folder, and keeps the log's lines. */
async function opened(dataFolder: string, demo: boolean) {
  const lines: { msg: string; accounts?: string[]; phones?: string[] }[] = [];
  const logger = createLogger('warn', { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { ...(await openRecords({ dataFolder, demo }, logger)), lines };
}

/** A folder that the demo has filled, in which agent1 is signed in and agent2 has a password of their own. */
async function demoFolder() {
  const dataFolder = await temporaryFolder();
  const { store } = await opened(dataFolder, true);
  const [one, two] = [AgentId.parse('agent1'), AgentId.parse('agent2')];
  await setPassword(store.db, two, { passwordHash: await hashPassword('a password of their own'), changedAt: 0, mustChange: false, expiresAt: null });
  const families = [(await startFamily(store.db, one, { kind: 'desk', generation: 1 }, Date.now())).familyId, (await startFamily(store.db, two, { kind: 'desk', generation: 1 }, Date.now())).familyId] as const;
  await store.close();
  return { dataFolder, families };
}

describe('the demo', () => {
  it('runs on Asterisk where both are on loopback, or where somebody has said so', () => {
    expect(readSettings({ ...asterisk, SANGDAM_DEMO: '1' })).toMatchObject({ ok: true, value: { demo: true } });
    expect(readSettings({ ...asterisk, SANGDAM_DEMO: '1', SANGDAM_ARI_URL: 'http://[::1]:8088/ari,http://localhost:8089/ari' }).ok).toBe(true);
    expect(readSettings({ ...asterisk, SANGDAM_DEMO: '1', SANGDAM_ARI_URL: 'http://192.0.2.5:8088/ari', SANGDAM_DEMO_BEYOND_LOOPBACK: '1' }).ok).toBe(true);
    expect(readSettings({ ...asterisk, SANGDAM_ARI_URL: 'http://192.0.2.5:8088/ari', SANGDAM_ASTERISK_TRUNK: 'carrier' }).ok).toBe(true);
  });

  it('that once filled a store opens nothing when that is no longer the demo: no phone, no password, no sign-in of then', async () => {
    const { dataFolder, families } = await demoFolder();
    const { store, configuration, lines } = await opened(dataFolder, false);
    expect(configuration.phones).toEqual([]);
    expect((await store.records.configuration()).phones.length).toBeGreaterThan(0);
    expect(await livingKind(store.db, families[0])).toBeNull();
    expect(await livingKind(store.db, families[1])).toBe('desk');
    expect(lines.map(({ msg }) => msg)).toEqual([expect.stringMatching(/password of the demo.*refused/), expect.stringMatching(/phones.*no account/)]);
    expect(lines[0]?.accounts).toContain('agent1');
    expect(lines[0]?.accounts).not.toContain('agent2');
    expect(lines[1]?.phones).toEqual(expect.arrayContaining(['1901', 'c1']));
    await store.close();
  });

  it('leaves its sign-ins as they are from one start to the next', async () => {
    const { dataFolder, families } = await demoFolder();
    const { store } = await opened(dataFolder, true);
    expect(await livingKind(store.db, families[0])).toBe('desk');
    await store.close();
  });

  it('has no part in an office of somebody’s own, but for a phone with its password', async () => {
    const dataFolder = await temporaryFolder();
    const file = join(dataFolder, 'center.db');
    const store = await openStore({ file, key: await loadStoreKey(file), clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
    const base = demoConfiguration();
    const [phone] = base.phones;
    if (phone === undefined) throw new Error('the demo has no phone');
    await store.db.transaction().execute((tx) => insertConfiguration(tx, { ...base, phones: [{ ...phone, user: '2001', number: '2001' }, { ...phone, password: 'of its own' }] }, () => 'no hash'));
    await store.close();
    const again = await opened(dataFolder, false);
    expect(again.configuration.phones).toMatchObject([{ user: phone.user, password: 'of its own' }]);
    expect(again.lines).toMatchObject([{ phones: ['2001'] }]);
    await again.store.close();
  });
});

describe('failure: the demo where it could cost somebody', () => {
  it('does not start with a line to the outside, and says the way out', () => {
    const refused = readSettings({ ...asterisk, SANGDAM_DEMO: '1', SANGDAM_ASTERISK_TRUNK: 'carrier' });
    for (const word of ['SANGDAM_ASTERISK_TRUNK', 'SANGDAM_DEMO=0', 'SANGDAM_DATA']) expect(refused).toMatchObject({ ok: false, error: { message: expect.stringContaining(word) } });
    expect(readSettings({ ...asterisk, SANGDAM_DEMO: '1', SANGDAM_ASTERISK_TRUNK: 'carrier', SANGDAM_DEMO_BEYOND_LOOPBACK: '1' }).ok).toBe(false);
  });

  it('does not start on an Asterisk, or with one, that others reach', () => {
    for (const outside of [{ SANGDAM_HOST: '0.0.0.0' }, { SANGDAM_ARI_URL: 'http://10.0.0.11:8088/ari' }, { SANGDAM_ARI_URL: 'http://127.0.0.1:8088/ari,http://127.0.0.1.example:8088/ari' }]) {
      expect(readSettings({ ...asterisk, SANGDAM_DEMO: '1', ...outside })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_DEMO_BEYOND_LOOPBACK') } });
    }
  });

  it('does not start so from within either, and leaves no file behind', async () => {
    const dataFolder = await temporaryFolder();
    const started = startServer({ host: '127.0.0.1', port: 0, dataFolder: join(dataFolder, 'demo'), demo: true, switch: { ...onAsterisk, trunk: { endpoint: 'carrier', format: 'national' } } });
    await expect(started).rejects.toThrow('SANGDAM_ASTERISK_TRUNK');
  });
});
