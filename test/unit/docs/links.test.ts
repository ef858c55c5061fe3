import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const pages = ['README.md', 'CONTRIBUTING.md', ...['docs', 'docs/decisions'].flatMap((folder) => readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md')).map((name) => join(folder, name)))];

/** What a page links to within the repository, without the place in it. */
const linksOf = (page: string): string[] => [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link.replace(/#.*/, '')).filter((link) => link !== '' && !/^[a-z]+:/.test(link));

it.each(pages)('%s links to what is there', (page) => {
  const missing = linksOf(page).filter((link) => !existsSync(join(ROOT, dirname(page), link)));
  expect(missing).toEqual([]);
});
