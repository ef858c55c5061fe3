import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../agent/index.ts';
import { DesktopSettings, Settings } from '../../../contract/bridge/index.ts';
import { AgentId } from '../../../contract/ids.ts';
import { readSettings, settingNames, writeSettings } from '../../../electron/main/settings/format.ts';
import { readPolicy } from '../../../electron/main/settings/policy.ts';
import { DesktopStore } from '../../../electron/main/settings/store.ts';
import { readSettings as readEnvironment } from '../../../server/settings.ts';
import { loadCacheKey } from '../../../web/cache-key.ts';
import { PersonSettings, settingsFileOf } from '../../../web/person-settings.ts';
import { hostileText, hostileValue, json } from './support/hostile.ts';
import { fromSchema } from './support/from-schema.ts';
import { fuzz } from './support/run.ts';

const person = AgentId.parse('agent1');
const chosen = () => fromSchema(Settings.extend(DesktopSettings.shape).partial(), { dirtOneIn: 8 });
/** Files as a person, another program, another version or a full disk leaves them. */
const file = (inside: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: inside.map(json) },
    { weight: 2, arbitrary: fc.tuple(inside.map(json), fc.nat({ max: 400 })).map(([text, cut]) => text.slice(0, cut)) },
    { weight: 1, arbitrary: hostileText() },
    { weight: 1, arbitrary: hostileValue().map(json) },
  );
const settingsFile = () => file(fc.oneof(chosen(), fc.record({ version: fc.oneof(fc.constant(2), hostileValue()), settings: chosen() })));
const policyFile = () => file(fc.record({ defaults: chosen(), enforced: chosen() }, { requiredKeys: [] }));

describe('fuzz: files we read', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sangdam-fuzz-'));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('settings: every valid one is taken, every other named, and what is written is read again', async () => {
    await fuzz(
      'settings',
      1000,
      fc.property(settingsFile(), (text) => {
        const read = readSettings(text);
        if (read.kind !== 'ok') return;
        expect(Object.keys(read.chosen).every((name) => settingNames.some((known) => known === name))).toBe(true);
        expect(readSettings(writeSettings(read.chosen))).toEqual({ ...read, from: 2, dropped: [] });
      }),
    );
  });

  it('a policy: what is not understood is named, and the rest holds', async () => {
    await fuzz(
      'policy',
      1000,
      fc.property(policyFile(), (text) => {
        const { policy } = readPolicy(text);
        for (const part of [policy.defaults, policy.enforced]) expect(Object.keys(part).every((name) => settingNames.some((known) => known === name))).toBe(true);
      }),
    );
  });

  it('whatever lies there, the desktop starts with settings that are whole', async () => {
    await fuzz(
      'the desktop’s files',
      150,
      fc.asyncProperty(settingsFile(), policyFile(), async (settings, policy) => {
        await Promise.all([writeFile(join(folder, 'settings.json'), settings), writeFile(join(folder, 'policy.json'), policy)]);
        const store = new DesktopStore({ folder, policyFile: join(folder, 'policy.json'), log: silentLogger });
        expect(Settings.safeParse(store.desk).success && DesktopSettings.safeParse(store.desktop).success).toBe(true);
      }),
    );
  });

  it('whatever lies there, a browser has settings that are whole, and a key of 32 bytes or none', async () => {
    await fuzz(
      'a browser’s files',
      150,
      fc.asyncProperty(settingsFile(), fc.oneof(hostileText(), fc.stringMatching(/^[\da-f]{62,66}\n?$/)), async (settings, key) => {
        await Promise.all([writeFile(settingsFileOf(folder, person), settings), writeFile(join(folder, 'cache.key'), key)]);
        expect(Settings.safeParse((await PersonSettings.open(folder, person, silentLogger)).load()).success).toBe(true);
        expect([32, undefined]).toContain(loadCacheKey(folder, silentLogger, {})?.length);
        expect([32, undefined]).toContain(loadCacheKey(folder, silentLogger, { SANGDAM_CACHE_KEY: key })?.length);
      }),
    );
  });

  it('whatever the environment says, the server has settings or a sentence that names the variable', async () => {
    const value = fc.oneof(hostileText(), fc.constantFrom('0', '1', '65536', '-1', '1e309', 'ws://', 'http://127.0.0.1:8088', 'true', 'asterisk', 'embedded', 'stun:x', '[]', '{}'));
    const name = fc.constantFrom('SANGDAM_HOST', 'SANGDAM_PORT', 'SANGDAM_DATA', 'SANGDAM_DEMO', 'SANGDAM_LOG', 'SANGDAM_SWITCH', 'SANGDAM_ASTERISK_ARI', 'SANGDAM_ASTERISK_SIP', 'SANGDAM_TRUNK', 'SANGDAM_STUN', 'SANGDAM_TURN', 'SANGDAM_TURN_SECRET');
    await fuzz(
      'environment',
      2000,
      fc.property(fc.dictionary(name, value, { maxKeys: 5 }), (environment) => {
        const read = readEnvironment(environment);
        return read.ok || (read.error.code === 'input.invalid' && read.error.message.length > 0);
      }),
    );
  });
});
