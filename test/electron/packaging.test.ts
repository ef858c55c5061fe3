import { beforeAll, describe, expect, it } from 'vitest';
import { listShipped, megabytes, type Shipped } from '../../scripts/packaging.ts';

/** Main, preload and pages, all that they use bundled in. */
const PROGRAM_LIMIT_MB = 6;
/** The database with its encryption, for one system. */
const NATIVE_LIMIT_MB = 4;

const SYSTEMS = [
  { system: 'linux', native: 'linux-x64.node' },
  { system: 'windows', native: 'win32-x64.node' },
] as const;

/** Packs the built desktop around an empty hull, as Electron itself is not needed to see what goes along with it. */
describe.each(SYSTEMS)('what ships for $system', ({ system, native }) => {
  let shipped: Shipped;

  beforeAll(async () => {
    shipped = await listShipped(system);
  });

  it('is the built program, its tray icons and one native module', () => {
    const folders = new Set(shipped.program.map(({ path }) => path.replaceAll('\\', '/').split('/').slice(0, 2).join('/')));
    expect([...folders].toSorted()).toEqual(['node_modules/better-sqlite3', 'out/main', 'out/preload', 'out/renderer', 'package.json', 'resources/icons']);
    expect(shipped.program.filter(({ path }) => path.endsWith('.node')).map(({ path }) => path.replaceAll('\\', '/'))).toEqual([`node_modules/better-sqlite3/prebuilds/${native}`]);
  });

  it('holds no sources, maps, tests or types', () => {
    expect(shipped.program.filter(({ path }) => /\.(ts|vue|map|cpp|c|h|gyp|md)$|(^|[\\/])(test|bench|docs|scripts|src|deps)[\\/]/.test(path))).toEqual([]);
  });

  it('the native module lies outside of the archive, where the system can load it', () => {
    expect(shipped.unpacked.map(({ path }) => path.replaceAll('\\', '/'))).toContain(`app.asar.unpacked/node_modules/better-sqlite3/prebuilds/${native}`);
  });

  it('the licences go along', () => {
    expect(shipped.resources.map(({ path }) => path)).toEqual(expect.arrayContaining(['LICENSE.txt', 'licenses.md']));
  });

  it(`is within its budget of ${PROGRAM_LIMIT_MB} MB and ${NATIVE_LIMIT_MB} MB of native code`, () => {
    const isNative = ({ path }: { path: string }): boolean => path.includes('better-sqlite3');
    expect(megabytes(shipped.program.filter((file) => !isNative(file)))).toBeLessThan(PROGRAM_LIMIT_MB);
    expect(megabytes(shipped.program.filter(isNative))).toBeLessThan(NATIVE_LIMIT_MB);
  });
});
