import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
/** `center/gateway/limits.ts`, `renderer/app`; one with NAME in it stands for several. */
const PATH = /`((?:contract|center|agent|renderer|server|web|electron|demo|test|bench|scripts|docs|resources)\/[\w./-]+)`/g;

/** The places that a document names, from the root. */
const named = (document: string): string[] => [...readFileSync(join(ROOT, document), 'utf8').matchAll(PATH)].map(([, path = '']) => path).filter((path) => !path.includes('NAME'));
const isThere = (path: string): boolean => existsSync(join(ROOT, path)) || existsSync(join(ROOT, `${path}.ts`));

describe('the documents', () => {
  it.each(DOCUMENTS)('%s names files and folders that are there', (document) => {
    expect(named(document).filter((path) => !isThere(path))).toEqual([]);
  });
});
