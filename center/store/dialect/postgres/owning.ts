import type { PoolClient } from 'pg';
import { StoreError } from '../../rows.ts';
import { TURNS } from './turns.ts';

/** The oldest server that knows all that we say: 14. */
const OLDEST = 140_000;
/** A center that is being ended lets go within this. */
const HELD_MS = 1000;
const LOOK_AGAIN_MS = 50;

/**
 * Makes a schema one center's: a lock of the server's, held by the very connection that writes. Who has lost it can write nothing,
 * and after a connection was lost it is asked for again. A schema that holds nothing becomes ours; what others keep in one is left
 * alone.
 * @param where what is opened, for people
 * @throws StoreError `old`, `foreign`, or `unwritable`: a copy that only answers questions, or one that another center has
 */
export async function own(client: PoolClient, where: string): Promise<void> {
  const { rows } = await client.query<{ version: number; schema: string | null; writes: boolean }>(
    "SELECT current_setting('server_version_num')::int AS version, current_schema()::text AS schema, current_setting('transaction_read_only') = 'off' AS writes",
  );
  const { version, schema, writes } = rows[0] ?? { version: 0, schema: null, writes: false };
  if (version < OLDEST) throw new StoreError('old', `${where} is PostgreSQL ${Math.floor(version / 10_000)}, and at least ${OLDEST / 10_000} is needed`);
  if (schema === null) throw new StoreError('foreign', `${where} has no schema for us: create the one that search_path names, or take the name out of SANGDAM_DATABASE`);
  if (!writes) throw new StoreError('unwritable', `${where} only answers questions: name the server that writes by SANGDAM_DATABASE`);
  await holdAlone(client, schema, where);
  const { rows: tables } = await client.query<{ ours: boolean; others: number }>(
    "SELECT to_regclass($1) IS NOT NULL AS ours, (SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')) AS others",
    [`${client.escapeIdentifier(schema)}.${TURNS}`],
  );
  const { ours, others } = tables[0] ?? { ours: false, others: 0 };
  if (ours) return;
  if (others > 0) throw new StoreError('foreign', `${where} holds tables that are not Sangdam's (schema ${schema}): name an empty database by SANGDAM_DATABASE, or a schema of its own (?options=-csearch_path%3Dsangdam)`);
  await client.query(`CREATE TABLE ${TURNS} ("only" BIGINT PRIMARY KEY CHECK ("only" = 1), version BIGINT NOT NULL); INSERT INTO ${TURNS} VALUES (1, 0)`);
}

async function holdAlone(client: PoolClient, schema: string, where: string): Promise<void> {
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    const { rows } = await client.query<{ held: boolean }>("SELECT pg_try_advisory_lock(hashtext('sangdam'), hashtext($1)) AS held", [schema]);
    if (rows[0]?.held ?? false) return;
    if (waited >= HELD_MS) throw new StoreError('unwritable', `${where} is in use by another center: is Sangdam running already?`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
