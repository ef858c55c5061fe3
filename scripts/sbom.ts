import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from './run.ts';
import { shippedPackages } from './shipped-packages.ts';

/** As much of CycloneDX 1.5 as we change. */
const Bom = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  metadata: z.looseObject({ component: z.looseObject({ 'bom-ref': z.string(), name: z.string() }) }),
  components: z.array(z.looseObject({ 'bom-ref': z.string(), name: z.string(), version: z.string() })),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
});
export type Bom = z.infer<typeof Bom>;

/** Of everything installed, what is shipped: the program's packages, those bundled into its windows, and Electron. */
export function shippedBom(installed: unknown, shipped: readonly { name: string; version: string }[]): Bom {
  const bom = Bom.parse(installed);
  const { component } = bom.metadata;
  const isShipped = new Set(shipped.map(({ name, version }) => `${name}@${version}`));
  const components = bom.components.filter(({ name, version }) => name === 'electron' || isShipped.has(`${name}@${version}`));
  const refs = new Set([component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
  return {
    ...bom,
    // npm names it after the folder it lies in.
    metadata: { ...bom.metadata, component: { ...component, type: 'application', name: 'sangdam' } },
    components,
    dependencies: bom.dependencies.filter(({ ref }) => refs.has(ref)).map((one) => ({ ...one, dependsOn: one.dependsOn.filter((ref) => refs.has(ref)) })),
  };
}

/** The bill of materials of what is installed here. @throws with npm's own words when it makes none */
export async function softwareBom(): Promise<Bom> {
  const { code, output } = await run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--loglevel', 'silent'], { output: 'keep' });
  if (code !== 0) throw new Error(`npm sbom: ${output}`);
  const installed: unknown = JSON.parse(output);
  return shippedBom(installed, await shippedPackages());
}

/** Writes `sangdam-<version>.cdx.json` into the folder of a release. @returns its path */
export async function writeSoftwareBom(folder: string, version: string): Promise<string> {
  const file = join(folder, `sangdam-${version}.cdx.json`);
  await writeFile(file, `${JSON.stringify(await softwareBom(), null, 2)}\n`);
  return file;
}
