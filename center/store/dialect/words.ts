import { PostgresAdapter, sql, type RawBuilder } from 'kysely';
import type { Reader } from '../tables.ts';

/** What the two dialects say in other words. Columns are names as Kysely quotes them, `table.column` among them. */
export interface Words {
  /** A value of a JSON object, as text; null where it has none. */
  jsonText(column: string, key: string): RawBuilder<string | null>;
  /** A number of a JSON object; null where it has none. */
  jsonNumber(column: string, key: string): RawBuilder<number | null>;
  /** A JSON object with one of its values replaced. */
  jsonWith(column: string, key: string, value: boolean): RawBuilder<string>;
  /** Whether two texts are the same but for the case of ASCII letters. */
  isSameName(column: string, text: string): RawBuilder<boolean>;
  /** Whether a text has another in it, case and all. */
  contains(column: string, text: string): RawBuilder<boolean>;
  /** Tables and their columns of text. */
  textColumns(): RawBuilder<{ table_name: string; column_name: string }>;
}

const sqlite: Words = {
  jsonText: (column, key) => sql`${sql.ref(column)} ->> ${sql.lit(`$.${key}`)}`,
  jsonNumber: (column, key) => sql`${sql.ref(column)} ->> ${sql.lit(`$.${key}`)}`,
  jsonWith: (column, key, value) => sql`json_set(${sql.ref(column)}, ${sql.lit(`$.${key}`)}, json(${String(value)}))`,
  // The column is of no case.
  isSameName: (column, text) => sql`${sql.ref(column)} = ${text}`,
  contains: (column, text) => sql`instr(${sql.ref(column)}, ${text}) > 0`,
  textColumns: () => sql`
    SELECT tables.name AS table_name, columns.name AS column_name FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns
    WHERE tables.type = 'table' AND columns.type = 'TEXT'`,
};

const postgres: Words = {
  jsonText: (column, key) => sql`(${sql.ref(column)}::json ->> ${sql.lit(key)})`,
  jsonNumber: (column, key) => sql`(${sql.ref(column)}::json ->> ${sql.lit(key)})::double precision`,
  jsonWith: (column, key, value) => sql`jsonb_set(${sql.ref(column)}::jsonb, ${sql.lit(`{${key}}`)}, ${String(value)}::jsonb)::text`,
  // By the index of its own; in the collation of our columns `lower` knows ASCII alone, as SQLite's NOCASE.
  isSameName: (column, text) => sql`lower(${sql.ref(column)}) = lower(${text} COLLATE "C")`,
  contains: (column, text) => sql`strpos(${sql.ref(column)}, ${text}) > 0`,
  textColumns: () => sql`SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND data_type = 'text'`,
};

/** The words of a database, or of a transaction of it. */
export const wordsOf = (db: Pick<Reader, 'getExecutor'>): Words => (isPostgres(db) ? postgres : sqlite);

/** Whether a database is a server's. */
export const isPostgres = (db: Pick<Reader, 'getExecutor'>): boolean => db.getExecutor().adapter instanceof PostgresAdapter;
