import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { inject, onTestFinished } from 'vitest';
import type { Place } from '../../../center/store/index.ts';
import { EMPTY } from '../../support/postgres-run.ts';

/*
 * The tests of the store run on both dialects. What is a file in the one is a database in the other, by the same path.
 */

/** Whether this run is on a server. */
export const onServer = (): boolean => inject('postgres') !== undefined;

const databaseOf = (path: string): string => `t_${createHash('sha256').update(path).digest('hex').slice(0, 20)}`;
const urlOf = (database: string): string => `${inject('postgres')}/${database}`;

const made = new Set<string>();

/** Where the store of this path is kept, which is empty unless it was there before. */
export async function placeAt(path: string, key: Uint8Array | null = null): Promise<Place> {
  if (!onServer()) return { file: path, key };
  const database = databaseOf(path);
  if (!made.has(database)) await createFrom(EMPTY, database);
  return { url: urlOf(database) };
}

/** Puts a copy of a store that nobody has open in the place of another, or where none is. */
export async function copyStore(from: string, to: string): Promise<void> {
  if (!onServer()) return copyFile(from, to);
  await createFrom(databaseOf(from), databaseOf(to));
}

/** Keeps the store of a path beyond the test: what other stores are copies of. */
export const keepBeyond = (path: string): void => void kept.add(databaseOf(path));

const kept = new Set<string>();

async function createFrom(template: string, database: string): Promise<void> {
  await administer(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`, `CREATE DATABASE ${database} TEMPLATE ${template} STRATEGY file_copy`);
  if (made.has(database)) return;
  made.add(database);
  // Before whoever has it open lets go: it is ended by then, or is made to.
  if (!kept.has(database)) onTestFinished(() => drop(database));
}

async function drop(database: string): Promise<void> {
  made.delete(database);
  await administer(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
}

/** All that is kept at a path and beside it, as somebody sees it who has the disk; of a server, what is in its tables. */
export async function bytesAt(path: string): Promise<Buffer> {
  if (!onServer()) return Buffer.concat(await Promise.all((await readdir(dirname(path))).map((name) => readFile(join(dirname(path), name)))));
  const client = new Client({ connectionString: urlOf(databaseOf(path)) });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>("SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace");
    const texts: string[] = [];
    for (const { name } of rows) texts.push(...(await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} AS t`)).rows.map(({ text }) => text));
    return Buffer.from(texts.join('\n'));
  } finally {
    await client.end();
  }
}

async function administer(...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: urlOf('postgres') });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
