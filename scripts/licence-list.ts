import { shippedPackages, type ShippedPackage } from './shipped-packages.ts';

const PERMISSIVE = /^\(?(MIT|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Python-2\.0|MIT-0)( (OR|AND) [\w.\- ]+)*\)?$/;

/** Looked at by hand: its file says so though its manifest does not, or a licence that binds only its own files. */
const REVIEWED: Readonly<Record<string, string>> = {
  'xmlhttprequest-ssl': 'MIT',
  // Needed by werift for containers that the switch does not use; unmodified, and source is at its address.
  mediabunny: 'MPL-2.0',
};

/**
 * The text of docs/licenses.md for these packages.
 * @throws on a licence that is neither permissive nor reviewed
 */
export function licenceText(packages: readonly ShippedPackage[]): string {
  const list = packages.map((entry) => ({ ...entry, license: REVIEWED[entry.name] ?? entry.license }));
  const doubtful = list.filter(({ name, license }) => REVIEWED[name] === undefined && !PERMISSIVE.test(license));
  if (doubtful.length > 0) throw new Error(`look at these licences: ${doubtful.map((entry) => `${entry.name} (${entry.license || 'none'})`).join(', ')}`);
  const rows = list.map(({ name, version, license }) => `| [${name}](https://www.npmjs.com/package/${name}) | ${version} | ${license} |`);
  return ['# Third-party licences', '', `${list.length} packages. Made by \`node scripts/licenses.ts\` from package-lock.json.`, '', '| Package | Version | Licence |', '|---|---|---|', ...rows, ''].join('\n');
}

/** What docs/licenses.md should say now. */
export const licenceList = async (): Promise<string> => licenceText(await shippedPackages());
