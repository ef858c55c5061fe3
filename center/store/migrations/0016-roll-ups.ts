import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * A start reads what is kept for it, and no day of lines: what was counted by the hour (`rollups`, as far as
 * `rollup_state` says), where each agent was (`agent_states`), and which contacts the log or the history has not brought
 * to their end (`unfinished_contacts`). The latter two are overwritten with the lines that they follow from.
 */
export const rollUps: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      CREATE TABLE rollups (
        hour INTEGER NOT NULL,
        of TEXT NOT NULL CHECK (of IN ('group', 'agent', 'internal', 'outbound')),
        group_id TEXT NOT NULL,
        agent_id TEXT NOT NULL,
        version TEXT NOT NULL,
        counters TEXT NOT NULL CHECK (json_valid(counters)),
        PRIMARY KEY (hour, of, group_id, agent_id)
      ) STRICT, WITHOUT ROWID`.execute(db);
    await sql`CREATE TABLE rollup_state (only INTEGER PRIMARY KEY CHECK (only = 1), version TEXT NOT NULL, since INTEGER NOT NULL, up_to INTEGER NOT NULL, carried TEXT NOT NULL CHECK (json_valid(carried))) STRICT`.execute(db);
    await sql`CREATE TABLE agent_states (agent_id TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (json_valid(state)), at INTEGER NOT NULL) STRICT, WITHOUT ROWID`.execute(db);
    await sql`CREATE TABLE unfinished_contacts (contact_id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, kind TEXT NOT NULL, ended TEXT CHECK (ended IS NULL OR json_valid(ended))) STRICT, WITHOUT ROWID`.execute(db);
    await sql`CREATE INDEX events_of_dialling ON events (at) WHERE type IN ('dialling.started', 'dialling.refused', 'dialling.alarm', 'dialling.lifted')`.execute(db);

    const { rows } = await sql<{ last: number | null }>`SELECT max(at) AS last FROM events`.execute(db);
    const since = (rows[0]?.last ?? 0) - 24 * 3600_000;
    await sql`
      INSERT INTO agent_states (agent_id, state, at)
      SELECT agent_id, data -> '$.to', at FROM events WHERE at >= ${since} AND type = 'agent.changed' AND agent_id IS NOT NULL AND json_type(data, '$.to') = 'object' ORDER BY at, id
      ON CONFLICT (agent_id) DO UPDATE SET state = excluded.state, at = excluded.at`.execute(db);
    await sql`
      INSERT INTO unfinished_contacts (contact_id, started_at, kind)
      SELECT contact_id, min(at), coalesce(max(data ->> '$.kind'), 'inbound') FROM events
      WHERE at >= ${since} AND type = 'contact.started' AND contact_id IS NOT NULL
        AND contact_id NOT IN (SELECT contact_id FROM events WHERE at >= ${since} AND type = 'contact.ended' AND contact_id IS NOT NULL)
      GROUP BY contact_id`.execute(db);
    await sql`
      INSERT INTO unfinished_contacts (contact_id, started_at, kind, ended)
      SELECT live_contacts.contact_id, coalesce(saved ->> '$.startedAt', updated_at), coalesce(saved ->> '$.kind', 'inbound'), ended.data FROM live_contacts
      LEFT JOIN (
        SELECT contact_id, json_object('at', max(at), 'outcome', data ->> '$.outcome', 'talkMs', data -> '$.talkMs', 'agentId', agent_id, 'groupId', group_id) AS data FROM events
        WHERE at >= ${since} AND type = 'contact.ended' GROUP BY contact_id
      ) AS ended ON ended.contact_id = live_contacts.contact_id
      WHERE true
      ON CONFLICT (contact_id) DO NOTHING`.execute(db);
  },
};
