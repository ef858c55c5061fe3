import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { describe, expect, it } from 'vitest';
import { LINK_SCHEMES } from '../../../contract/deep-link.ts';
import { ROOT } from '../../../scripts/run.ts';

const config = () => getConfig(ROOT, 'electron-builder.yml', null);
const targetsOf = (targets: unknown): string[] => (targets as { target: string; arch: string[] }[]).map(({ target, arch }) => `${target} ${arch.join('+')}`);

describe('the packaging', () => {
  it("is valid by electron-builder's own schema", async () => {
    await expect(validateConfiguration(await config(), new DebugLogger(false))).resolves.toBeUndefined();
  });

  it('failure: the schema refuses what it does not know', async () => {
    await expect(validateConfiguration({ ...(await config()), nsiss: {} } as never, new DebugLogger(false))).rejects.toThrow('nsiss');
  });

  it('makes packages for a person and for an IT department', async () => {
    const { win, mac, linux, nsis, msi } = await config();
    expect(targetsOf(win?.target)).toEqual(['nsis x64+arm64', 'msi x64']);
    expect(targetsOf(mac?.target)).toEqual(['dmg universal', 'zip universal']);
    expect(targetsOf(linux?.target)).toEqual(['AppImage x64+arm64', 'deb x64+arm64', 'rpm x64']);
    expect(nsis).toMatchObject({ perMachine: false, allowElevation: false });
    expect(msi).toMatchObject({ perMachine: true, upgradeCode: expect.stringMatching(/^[\dA-F]{8}(-[\dA-F]{4}){3}-[\dA-F]{12}$/) });
  });

  it('registers the links that the desktop understands, all of them', async () => {
    const { protocols } = await config();
    expect([protocols].flat().flatMap((protocol) => protocol?.schemes ?? []).toSorted()).toEqual([...LINK_SCHEMES].toSorted());
  });

  it('runs hardened on a Mac, with the microphone and nothing that loosens the runtime further than V8 needs', async () => {
    const { mac } = await config();
    expect(mac).toMatchObject({ hardenedRuntime: true, notarize: true, extendInfo: { NSMicrophoneUsageDescription: expect.any(String) } });
    for (const file of [mac?.entitlements, mac?.entitlementsInherit]) {
      const entitlements = [...(await readFile(join(ROOT, file ?? ''), 'utf8')).matchAll(/<key>(.*?)<\/key>\s*<true\/>/g)].map(([, key]) => key);
      expect(entitlements).toEqual(expect.arrayContaining(['com.apple.security.cs.allow-jit', 'com.apple.security.device.audio-input']));
      expect(entitlements).not.toEqual(expect.arrayContaining(['com.apple.security.cs.disable-library-validation']));
      expect(entitlements).not.toEqual(expect.arrayContaining(['com.apple.security.cs.allow-unsigned-executable-memory']));
      expect(entitlements).not.toEqual(expect.arrayContaining(['com.apple.security.get-task-allow']));
    }
  });

  it('updates come from a generic server, signed by the same publisher', async () => {
    const { publish, win } = await config();
    expect(publish).toMatchObject({ provider: 'generic' });
    expect(win?.verifyUpdateCodeSignature).toBe(true);
  });
});
