import { Kysely, PostgresDialect } from 'kysely';
import { Pool, TypeOverrides, types, type PoolClient } from 'pg';
import { SCHEMA_VERSION } from '../../migrations/index.ts';
import { StoreError } from '../../rows.ts';
import type { Database, Tables } from '../../tables.ts';
import { unwatched, type WriteWatch } from '../write-watch.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { own } from './owning.ts';
import { explained } from './trouble.ts';
import { takingTurns } from './turns.ts';

/** So long a connection may take to come about. */
const CONNECT_MS = 5000;
/** Writers wait no longer for their turn, and who stands still in the middle of one loses it: both as with a file. */
const SESSION = "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s'; SET client_min_messages = warning; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

/** Numbers of ours are below 2^53, as a file gives them. */
function numbers(): TypeOverrides {
  const parsers = new TypeOverrides();
  for (const type of [types.builtins.INT8, types.builtins.NUMERIC]) parsers.setTypeParser(type, Number);
  return parsers;
}

/** A database by its address without user and password, for people. */
export function nameOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `postgres://${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}

/**
 * Opens a database of a PostgreSQL server for its one center, and brings its tables up to date.
 * @param url `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with what libpq's addresses may say behind a `?`
 * @throws StoreError `away`, `refused`, `old`, `foreign`, `newer`, or `unwritable` while another center has it
 */
export async function openServerStore(url: string, watch: WriteWatch): Promise<Database> {
  const where = nameOf(url);
  const db = connected(url, watch, async (client) => {
    await client.query(SESSION);
    await own(client, where);
  });
  try {
    await migrate(db, where);
    return db;
  } catch (error) {
    await db.destroy();
    throw explained(error, where);
  }
}

/**
 * Opens the database of a center beside that center, for its worker.
 * @throws StoreError as `openServerStore`; `newer` where it is another version's
 */
export async function openServerBeside(url: string): Promise<Database> {
  const where = nameOf(url);
  const db = connected(url, unwatched, async (client) => void (await client.query(SESSION)));
  try {
    const version = await schemaVersion(db);
    if (version !== SCHEMA_VERSION) throw new StoreError('newer', `${where} is of schema ${version}, and this worker knows ${SCHEMA_VERSION}`);
    return db;
  } catch (error) {
    await db.destroy();
    throw explained(error, where);
  }
}

/** One connection a process: what was asked for first is done first, as with a file. */
function connected(url: string, watch: WriteWatch, prepare: (client: PoolClient) => Promise<void>): Database {
  const pool = new Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0, connectionTimeoutMillis: CONNECT_MS, keepAlive: true, types: numbers(), application_name: 'sangdam' });
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: takingTurns(pool, watch, prepare) }) });
}
