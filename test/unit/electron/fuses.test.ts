import { FuseV1Options } from '@electron/fuses';
import { getConfig } from 'app-builder-lib/out/util/config/config.js';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../scripts/run.ts';

describe('all fuses are set, with ASAR integrity', () => {
  it('each fuse that Electron has is named in the packaging, and is on the safe side', async () => {
    const { electronFuses } = await getConfig(ROOT, 'electron-builder.yml', null);
    const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
    expect(Object.keys(electronFuses ?? {}).map((name) => name.charAt(0).toUpperCase() + name.slice(1)).toSorted()).toEqual(known.toSorted());
    expect(electronFuses).toEqual({
      // No Node from our executable, by variable, by switch or by signal.
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      // The program's code is the ASAR that was packaged, whole, or it does not start.
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
      // There is no snapshot of our own to load.
      loadBrowserProcessSpecificV8Snapshot: false,
    });
  });

  it('the code is in an ASAR, of which only native modules are unpacked', async () => {
    const { asar, asarUnpack } = await getConfig(ROOT, 'electron-builder.yml', null);
    expect(asar).not.toBe(false);
    expect([asarUnpack].flat().filter((pattern) => !String(pattern).endsWith('.node'))).toEqual([]);
  });
});
