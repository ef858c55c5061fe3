import { sql } from 'kysely';
import type { Database } from '../../../center/store/index.ts';
import { onServer } from './places.ts';

/** Lets entries of a log be changed, or taken out, as somebody does who has the database itself. */
export async function dropRefusal(db: Database, table: 'audit' | 'events', change: 'update' | 'delete'): Promise<void> {
  await sql`DROP TRIGGER ${sql.ref(`${table}_refuses_${change}`)} ${onServer() ? sql`ON ${sql.table(table)}` : sql``}`.execute(db);
}

/** Lets somebody write what no rule of the database allows. */
export async function dropRules(db: Database): Promise<void> {
  if (!onServer()) return void (await sql`PRAGMA ignore_check_constraints = ON`.execute(db));
  const { rows } = await sql<{ of: string; name: string }>`SELECT conrelid::regclass::text AS of, conname AS name FROM pg_constraint WHERE contype = 'c' AND connamespace = current_schema()::regnamespace AND conrelid <> 0`.execute(db);
  for (const { of, name } of rows) await sql`ALTER TABLE ${sql.table(of)} DROP CONSTRAINT ${sql.ref(name)}`.execute(db);
}
