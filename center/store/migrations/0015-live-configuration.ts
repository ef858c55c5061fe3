import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * What is set up is one table of objects with a version each, so that a kind more needs no table more; who may sign in
 * is `people`. What supervisors open and close by hand is no setting, and stands apart.
 */
export const liveConfiguration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      CREATE TABLE configuration (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        position INTEGER NOT NULL,
        version TEXT NOT NULL,
        value TEXT NOT NULL CHECK (json_valid(value)),
        PRIMARY KEY (kind, id)
      ) STRICT`.execute(db);
    await sql`CREATE INDEX configuration_by_position ON configuration (kind, position)`.execute(db);
    await sql`CREATE TABLE openings (group_id TEXT PRIMARY KEY, open INTEGER NOT NULL CHECK (open IN (0, 1))) STRICT`.execute(db);

    const version = sql`lower(hex(randomblob(8)))`;
    const bool = (column: string) => sql`json(iif(${sql.ref(column)}, 'true', 'false'))`;
    await sql`
      INSERT INTO configuration SELECT 'group', group_id, position, ${version}, json_object(
        'name', name, 'strategy', strategy, 'serviceLevelMs', service_level_ms, 'wrapUpMs', wrap_up_ms, 'offerTimeoutMs', offer_timeout_ms,
        'maxWaiting', max_waiting, 'dispositionRequired', ${bool('disposition_required')}, 'whenEmpty', when_empty, 'hours', json(hours))
      FROM groups`.execute(db);
    await sql`INSERT INTO openings SELECT group_id, open_override FROM groups WHERE open_override IS NOT NULL`.execute(db);
    await sql`
      INSERT INTO configuration SELECT 'person', agent_id, position, ${version}, json_object(
        'account', account, 'name', name, 'role', role, 'extension', extension,
        'memberships', (SELECT json_group_array(json_object('groupId', group_id, 'skill', skill)) FROM (SELECT group_id, skill FROM memberships WHERE memberships.agent_id = agents.agent_id ORDER BY group_id)))
      FROM agents`.execute(db);
    await sql`INSERT INTO configuration SELECT 'flow', flow_id, row_number() OVER (ORDER BY flow_id), ${version}, json_object('name', name, 'steps', json(steps)) FROM flows`.execute(db);
    await sql`INSERT INTO configuration SELECT 'number', e164, row_number() OVER (ORDER BY e164), ${version}, json_object('name', name, 'flowId', flow_id) FROM numbers`.execute(db);
    await sql`INSERT INTO configuration SELECT 'disposition', disposition_id, position, ${version}, json_object('name', name, 'groupId', group_id) FROM dispositions`.execute(db);
    await sql`INSERT INTO configuration SELECT 'phone', user, row_number() OVER (ORDER BY user), ${version}, json_object('displayName', display_name, 'number', number, 'kind', kind, 'password', password) FROM phones`.execute(db);
    await sql`
      INSERT INTO configuration SELECT 'center', 'center', 0, ${version}, json_object(
        'timeZone', (SELECT value FROM meta WHERE key = 'timeZone'), 'shortAbandonMs', CAST((SELECT value FROM meta WHERE key = 'shortAbandonMs') AS INTEGER))
      WHERE EXISTS (SELECT 1 FROM meta WHERE key = 'timeZone') AND EXISTS (SELECT 1 FROM meta WHERE key = 'shortAbandonMs')`.execute(db);
    await sql`DELETE FROM meta WHERE key IN ('timeZone', 'shortAbandonMs')`.execute(db);

    for (const table of ['numbers', 'memberships', 'dispositions', 'flows', 'phones', 'groups']) await sql`DROP TABLE ${sql.table(table)}`.execute(db);
    await sql`CREATE TABLE people (agent_id TEXT PRIMARY KEY, account TEXT NOT NULL UNIQUE COLLATE NOCASE) STRICT`.execute(db);
    await sql`INSERT INTO people SELECT agent_id, account FROM agents`.execute(db);
    await sql`DROP TABLE agents`.execute(db);
    // What refers to `agents` by its name refers to this one now, and to `people` once that is its name.
    await sql`ALTER TABLE people RENAME TO agents`.execute(db);
    await sql`ALTER TABLE agents RENAME TO people`.execute(db);
  },
};
