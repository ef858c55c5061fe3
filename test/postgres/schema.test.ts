import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openStore, type Database, type Place } from '../../center/store/index.ts';
import { SCHEMA_VERSION } from '../../center/store/migrations/index.ts';
import { schemaVersion } from '../../center/store/dialect/postgres/migrate.ts';
import { TURNS } from '../../center/store/dialect/postgres/turns.ts';
import { systemClock } from '../../server/clock.ts';
import { placeAt } from '../unit/store/places.ts';
import { temporaryFolder } from '../unit/store/support.ts';

/** A column as `name type null-or-not default`, an index or key as `unique-or-not columns condition`. */
type Shape = Record<string, { columns: string[]; primaryKey: string[]; indexes: string[]; references: string[]; checks: number }>;

async function opened(place: Place): Promise<{ db: Database; close: () => Promise<void> }> {
  const store = await openStore({ ...place, clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
  return store;
}

const TYPES: Readonly<Record<string, string>> = { bigint: 'INTEGER', text: 'TEXT', 'double precision': 'REAL' };

/** What the dialects write differently of one condition. */
const plain = (text: string): string =>
  text
    .replaceAll(/::text|[()"\s]|COLLATE"?C"?/g, '')
    .replaceAll(/=ANYARRAY\[([^\]]*)\]/g, 'IN$1')
    .replaceAll('!=', '<>')
    .toLowerCase();

async function ofFile(db: Database): Promise<Shape> {
  const { rows: tables } = await sql<{ name: string; sql: string }>`SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`.execute(db);
  const shape: Shape = {};
  for (const table of tables) {
    const { rows: columns } = await sql<{ name: string; type: string; notnull: number; pk: number; dflt_value: string | null }>`SELECT * FROM pragma_table_info(${table.name})`.execute(db);
    const { rows: keys } = await sql<{ table: string; from: string; on_delete: string }>`SELECT * FROM pragma_foreign_key_list(${table.name})`.execute(db);
    const { rows: indexes } = await sql<{ name: string; unique: number; origin: string }>`SELECT * FROM pragma_index_list(${table.name})`.execute(db);
    const described: string[] = [];
    for (const index of indexes.filter(({ origin }) => origin !== 'pk')) {
      const { rows: parts } = await sql<{ name: string; coll: string }>`SELECT name, coll FROM pragma_index_xinfo(${index.name}) WHERE key = 1 ORDER BY seqno`.execute(db);
      const { rows: words } = await sql<{ sql: string | null }>`SELECT sql FROM sqlite_schema WHERE name = ${index.name}`.execute(db);
      const where = / WHERE (.*)$/s.exec(words[0]?.sql ?? '')?.[1] ?? '';
      described.push(`${index.unique === 1 ? 'unique ' : ''}${parts.map(({ name, coll }) => (coll === 'NOCASE' ? `lower(${name})` : name)).join(',')} ${plain(where)}`.trim());
    }
    shape[table.name] = {
      columns: columns.map(({ name, type, notnull, pk, dflt_value }) => [name, type, notnull === 1 || pk > 0 ? 'not null' : 'null', dflt_value ?? ''].join(' ').trim()),
      primaryKey: columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk).map(({ name }) => name),
      indexes: described.toSorted(),
      references: keys.map((key) => `${key.from} ${key.table} ${key.on_delete}`).toSorted(),
      checks: table.sql.match(/\bCHECK\b/g)?.length ?? 0,
    };
  }
  return shape;
}

async function ofServer(db: Database): Promise<Shape> {
  const { rows: tables } = await sql<{ name: string }>`SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name <> ${TURNS}`.execute(db);
  const shape: Shape = {};
  for (const { name } of tables) {
    const { rows: columns } = await sql<{ name: string; type: string; nullable: string; fallback: string | null; collation: string | null }>`
      SELECT column_name::text AS name, data_type::text AS type, is_nullable::text AS nullable, column_default::text AS fallback, collation_name::text AS collation FROM information_schema.columns
      WHERE table_schema = current_schema() AND table_name = ${name} ORDER BY ordinal_position`.execute(db);
    expect([name, columns.filter(({ type, collation }) => type === 'text' && collation !== 'C')]).toEqual([name, []]);
    const { rows: indexes } = await sql<{ is_unique: boolean; is_primary: boolean; columns: string[]; condition: string | null }>`
      SELECT indisunique AS is_unique, indisprimary AS is_primary, pg_get_expr(indpred, indrelid) AS condition,
        ARRAY(SELECT replace(pg_get_indexdef(indexrelid, part, true), '"', '') FROM generate_series(1, indnkeyatts) AS part) AS columns
      FROM pg_index WHERE indrelid = ${name}::regclass`.execute(db);
    const { rows: keys } = await sql<{ from: string; to: string; on_delete: string; type: string }>`
      SELECT contype::text AS type, confdeltype::text AS on_delete, confrelid::regclass::text AS to, (SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) AS from
      FROM pg_constraint WHERE conrelid = ${name}::regclass`.execute(db);
    shape[name] = {
      columns: columns.map(({ name: column, type, nullable, fallback }) => [column, TYPES[type] ?? type, nullable === 'YES' ? 'null' : 'not null', (fallback ?? '').replace('::text', '')].join(' ').trim()),
      primaryKey: indexes.find(({ is_primary }) => is_primary)?.columns ?? [],
      indexes: indexes.filter(({ is_primary }) => !is_primary).map((index) => `${index.is_unique ? 'unique ' : ''}${index.columns.join(',')} ${plain(index.condition ?? '')}`.trim()).toSorted(),
      references: keys.filter(({ type }) => type === 'f').map(({ from, to, on_delete }) => `${from} ${to} ${on_delete === 'c' ? 'CASCADE' : on_delete === 'n' ? 'SET NULL' : 'NO ACTION'}`).toSorted(),
      checks: keys.filter(({ type }) => type === 'c').length,
    };
  }
  return shape;
}

it('a server that held nothing has the tables, columns, keys, indexes, references and checks of a file that has had every migration', async () => {
  const file = await opened({ file: join(await temporaryFolder(), 'center.db'), key: null });
  const server = await opened(await placeAt(join(await temporaryFolder(), 'center.db')));
  const [expected, there] = [await ofFile(file.db), await ofServer(server.db)];
  const version = await schemaVersion(server.db);
  await file.close();
  await server.close();
  expect(there).toEqual(expected);
  expect(Object.keys(there).length).toBeGreaterThan(25);
  expect(version).toBe(SCHEMA_VERSION);
});
