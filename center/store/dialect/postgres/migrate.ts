import { sql, type KyselyPlugin, type RawNode } from 'kysely';
import { numbered, SCHEMA_VERSION } from '../../migrations/index.ts';
import { StoreError } from '../../rows.ts';
import type { Database, Writer } from '../../tables.ts';
import { BASELINE, BASELINE_VERSION, REFUSALS } from './baseline.ts';
import { postgresDdl } from './ddl.ts';
import { TURNS } from './turns.ts';

/**
 * Brings the tables up to date: whatever is pending and the version in one transaction. A server that holds nothing begins at
 * what the migrations up to a point come to.
 * @param where what is opened, for people
 * @throws StoreError `newer`
 */
export async function migrate(db: Database, where: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const version = await schemaVersion(tx);
    if (version > SCHEMA_VERSION) throw new StoreError('newer', `${where} was written by a newer version of Sangdam (schema ${version}, this one knows ${SCHEMA_VERSION}): start that version, or name another database by SANGDAM_DATABASE`);
    if (version === SCHEMA_VERSION) return;
    if (version === 0) await begin(tx);
    const from = Math.max(version, BASELINE_VERSION);
    for (const { number, migration } of numbered) if (number > from) await migration.up(tx.withPlugin(inOurWords));
    await sql`UPDATE ${sql.table(TURNS)} SET version = ${SCHEMA_VERSION}`.execute(tx);
  });
}

/** Migrations are in SQLite's words. */
const inOurWords: KyselyPlugin = {
  transformQuery: ({ node }) => (node.kind === 'RawNode' ? ({ ...node, sqlFragments: node.sqlFragments.map(postgresDdl) } satisfies RawNode) : node),
  transformResult: ({ result }) => Promise.resolve(result),
};

/** The number of the last migration that a database has had; 0 for none. */
export async function schemaVersion(db: Writer): Promise<number> {
  const { rows } = await sql<{ version: number }>`SELECT version FROM ${sql.table(TURNS)}`.execute(db);
  return rows[0]?.version ?? 0;
}

async function begin(tx: Writer): Promise<void> {
  // Null for null; an error for what is no JSON. It keeps the very text, as a file does.
  await sql`CREATE FUNCTION json_valid(text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS ${sql.lit('SELECT $1::json IS NOT NULL')}`.execute(tx);
  const statements = [...BASELINE.trim().split(/;\s*(?:\n|$)/).filter((text) => text !== '').map(postgresDdl), ...REFUSALS];
  // Without parameters a whole list is one way there and back.
  await sql.raw(statements.join(';\n')).execute(tx);
}
