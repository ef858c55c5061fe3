/*
 * Writes docs/licenses.md: the packages that what we ship is built from or runs on, with their licences.
 *
 *   node scripts/licenses.ts
 *
 * Production dependencies with all that they need, and those development dependencies that end up in the bundle
 * of the windows. Fails on a licence that is neither permissive nor reviewed.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');

/** Bundled into the windows by Vite, hence shipped, though npm counts them as development dependencies. */
const BUNDLED = ['@lucide/vue', '@tanstack/vue-virtual', '@vueuse/core', 'chart.js', 'pinia', 'reka-ui', 'tailwindcss', 'vue', 'vue-chartjs', 'vue-i18n', 'vue-router', 'vue-sonner'];

const PERMISSIVE = /^\(?(MIT|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Python-2\.0|MIT-0)( (OR|AND) [\w.\- ]+)*\)?$/;

const Package = z.object({
  version: z.string().default(''),
  license: z.string().default(''),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});
const Lock = z.object({ packages: z.record(z.string(), Package) });

/** Looked at by hand: its file says so though its manifest does not, or a licence that binds only its own files. */
const REVIEWED: Readonly<Record<string, string>> = {
  'xmlhttprequest-ssl': 'MIT',
  // Needed by werift for containers that the switch does not use; unmodified, and source is at its address.
  mediabunny: 'MPL-2.0',
};

type Packages = z.infer<typeof Lock>['packages'];

/** Where `name`, needed by the package at `from`, is installed: the nearest node_modules upwards. */
function locate(packages: Packages, from: string, name: string): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === '') return null;
  }
}

async function main(): Promise<void> {
  const { packages } = Lock.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
  const found = new Map<string, { name: string; version: string; license: string }>();
  const queue = [...Object.keys(packages['']?.dependencies ?? {}), ...BUNDLED].map((name) => ({ from: '', name }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const path = locate(packages, next.from, next.name);
    // Optional packages of other platforms are in the lock too; what is nowhere is not installed anywhere.
    if (path === null || found.has(path)) continue;
    const entry = packages[path];
    if (entry === undefined) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    found.set(path, { name, version: entry.version, license: REVIEWED[name] ?? entry.license });
    for (const needed of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) queue.push({ from: path, name: needed });
  }
  const list = [...found.values()].sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
  const doubtful = list.filter(({ name, license }) => REVIEWED[name] === undefined && !PERMISSIVE.test(license));
  if (doubtful.length > 0) throw new Error(`look at these licences: ${doubtful.map((entry) => `${entry.name} (${entry.license || 'none'})`).join(', ')}`);

  const rows = list.map(({ name, version, license }) => `| [${name}](https://www.npmjs.com/package/${name}) | ${version} | ${license} |`);
  const text = ['# Third-party licences', '', `${list.length} packages. Made by \`node scripts/licenses.ts\` from package-lock.json.`, '', '| Package | Version | Licence |', '|---|---|---|', ...rows, ''];
  await writeFile(join(root, 'docs/licenses.md'), text.join('\n'));
}

await main();
