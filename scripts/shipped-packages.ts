import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from './run.ts';

/** Bundled into the windows by Vite, hence shipped, though npm counts them as development dependencies. */
const BUNDLED = ['@lucide/vue', '@tanstack/vue-virtual', '@vueuse/core', 'chart.js', 'pinia', 'reka-ui', 'tailwindcss', 'uqr', 'vue', 'vue-chartjs', 'vue-i18n', 'vue-router', 'vue-sonner'];

const Package = z.object({
  version: z.string().default(''),
  license: z.string().default(''),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});
const Lock = z.object({ packages: z.record(z.string(), Package) });
type Packages = z.infer<typeof Lock>['packages'];

export interface ShippedPackage {
  name: string;
  version: string;
  /** As its manifest says; empty where it says nothing. */
  license: string;
}

/** Where `name`, needed by the package at `from`, is installed: the nearest node_modules upwards. */
function locate(packages: Packages, from: string, name: string): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === '') return null;
  }
}

/**
 * The packages that what we ship is built from or runs on, by name and version, from package-lock.json: production
 * dependencies with all that they need, and those development dependencies that end up in the bundle of the windows.
 */
export async function shippedPackages(): Promise<ShippedPackage[]> {
  const { packages } = Lock.parse(JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')));
  const found = new Map<string, ShippedPackage>();
  const queue = [...Object.keys(packages['']?.dependencies ?? {}), ...BUNDLED].map((name) => ({ from: '', name }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const path = locate(packages, next.from, next.name);
    // Optional packages of other platforms are in the lock too; what is nowhere is not installed anywhere.
    if (path === null || found.has(path)) continue;
    const entry = packages[path];
    if (entry === undefined) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    found.set(path, { name, version: entry.version, license: entry.license });
    for (const needed of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) queue.push({ from: path, name: needed });
  }
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}
