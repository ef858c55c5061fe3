import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { licenceList, licenceText } from '../../../scripts/licence-list.ts';
import { ROOT } from '../../../scripts/run.ts';
import { shippedBom, softwareBom } from '../../../scripts/sbom.ts';
import { shippedPackages } from '../../../scripts/shipped-packages.ts';

const component = (name: string, version: string) => ({ 'bom-ref': `${name}@${version}`, name, version, type: 'library' });
const installed = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  metadata: { component: { 'bom-ref': 'sangdam@1.0.0', name: 'some-folder', type: 'library' } },
  components: [component('vue', '3.0.0'), component('vue', '2.0.0'), component('electron', '45.0.0'), component('vitest', '5.0.0')],
  dependencies: [
    { ref: 'sangdam@1.0.0', dependsOn: ['vue@3.0.0', 'vitest@5.0.0'] },
    { ref: 'vitest@5.0.0', dependsOn: ['vue@2.0.0'] },
    { ref: 'vue@3.0.0' },
  ],
};

describe('the list of licences', () => {
  it('is what the lock file says', async () => {
    // Where it is not: `node scripts/licenses.ts`.
    expect(await readFile(join(ROOT, 'docs/licenses.md'), 'utf8')).toBe(await licenceList());
  });

  it.each(['GPL-3.0', '', 'SEE LICENSE IN LICENSE'])('failure: "%s" is to be looked at', (license) => {
    expect(() => licenceText([{ name: 'a-package', version: '1.0.0', license }])).toThrow(/a-package/);
  });
});

describe('the bill of materials', () => {
  it('has what is shipped, Electron with it, and nothing that only builds and tests', () => {
    const { metadata, components, dependencies } = shippedBom(installed, [{ name: 'vue', version: '3.0.0' }]);
    expect(metadata.component).toMatchObject({ name: 'sangdam', type: 'application' });
    expect(components.map((one) => one['bom-ref'])).toEqual(['vue@3.0.0', 'electron@45.0.0']);
    expect(dependencies).toEqual([{ ref: 'sangdam@1.0.0', dependsOn: ['vue@3.0.0'] }, { ref: 'vue@3.0.0', dependsOn: [] }]);
  });

  it('of what is installed here names versions, hashes and licences of every package on the list of licences', async () => {
    const { bomFormat, components, dependencies } = await softwareBom();
    expect(bomFormat).toBe('CycloneDX');
    const known = new Set(components.map(({ name, version }) => `${name}@${version}`));
    const expected = ['fastify', 'better-sqlite3', 'vue', 'electron', 'sip.js'];
    expect(expected.filter((name) => [...known].some((one) => one.startsWith(`${name}@`)))).toEqual(expected);
    expect([...known].some((one) => /^(vitest|typescript|oxlint)@/.test(one))).toBe(false);
    const listed = new Set((await shippedPackages()).map(({ name, version }) => `${name}@${version}`));
    expect([...known].filter((one) => !listed.has(one) && !one.startsWith('electron@'))).toEqual([]);
    expect(components.every((one) => Array.isArray(one['hashes']) && String(one['purl']).startsWith('pkg:npm/'))).toBe(true);
    expect(dependencies.length).toBeGreaterThan(100);
  }, 30_000);

  it('failure: what is no bill of materials is not passed on', () => {
    expect(() => shippedBom({ bomFormat: 'SPDX' }, [])).toThrow(/CycloneDX/);
  });
});
