import Sqlite from 'better-sqlite3';
import { Kysely, sql, SqliteDialect } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { livingKind } from '../../../center/store/sessions.ts';
import { findAccount } from '../../../center/store/accounts.ts';
import { readConfiguration } from '../../../center/store/configuration.ts';
import { migrations } from '../../../center/store/migrations/index.ts';
import type { Tables } from '../../../center/store/tables.ts';
import { temporaryStore } from './support.ts';

describe('migrations', () => {
  it('leave every table of ours strict', async () => {
    const { db } = await temporaryStore();
    const { rows } = await sql<{ name: string }>`SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'kysely_%'`.execute(db);
    expect(rows).toEqual([]);
  });
});

describe('0005 accounts', () => {
  it('takes passwords over from the agents, and lets everybody in as before', async () => {
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Sqlite(':memory:') }) });
    onTestFinished(() => db.destroy());
    const upTo = async (from: number, to: number) => {
      for (const [name, migration] of Object.entries(migrations)) if (Number(name.slice(0, 4)) >= from && Number(name.slice(0, 4)) <= to) await migration.up(db);
    };
    await sql`PRAGMA foreign_keys = OFF`.execute(db);
    await upTo(1, 4);
    await sql`INSERT INTO agents (agent_id, account, name, role, extension, password_hash, position) VALUES ('a', 'Account', 'A', 'agent', '1001', 'the hash', 0)`.execute(db);
    await upTo(5, 5);
    const before = (await sql<{ name: string }>`SELECT name FROM pragma_table_info('agents')`.execute(db)).rows.map(({ name }) => name);
    await upTo(6, 9999);
    expect(await findAccount(db, 'account')).toEqual({ agentId: 'a', account: 'Account', role: 'agent', passwordHash: 'the hash', passwordChangedAt: 0, mustChange: false, passwordExpiresAt: null, disabledAt: null });
    expect(before).not.toContain('password_hash');
  });
});

describe('0010 records', () => {
  it('gives each line of the history a version, and knows which are nobody’s any more', async () => {
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Sqlite(':memory:') }) });
    onTestFinished(() => db.destroy());
    const upTo = async (from: number, to: number) => {
      for (const [name, migration] of Object.entries(migrations)) if (Number(name.slice(0, 4)) >= from && Number(name.slice(0, 4)) <= to) await migration.up(db);
    };
    await upTo(1, 9);
    for (const [id, number, revision] of [['k1', '+821012345678', 1], ['k2', '', 2]] as const) await sql`INSERT INTO timeline (contact_id, number, kind, started_at, group_name, agent_name, outcome, talk_ms, disposition, memo, revision) VALUES (${id}, ${number}, 'inbound', 1, '', '', 'answered', 0, '', '', ${revision})`.execute(db);
    await upTo(10, 10);
    const rows = (await sql<{ version: string; parts: string; erased: number }>`SELECT version, parts, erased FROM timeline ORDER BY contact_id`.execute(db)).rows;
    expect(rows).toMatchObject([{ parts: '[]', erased: 0 }, { parts: '[]', erased: 1 }]);
    expect(new Set(rows.map(({ version }) => version)).size).toBe(2);
  });
});

describe('0015 live configuration', () => {
  /** A store as the migrations up to a number leave it. */
  async function storeOf(last: number) {
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Sqlite(':memory:') }) });
    onTestFinished(() => db.destroy());
    await sql`PRAGMA foreign_keys = OFF`.execute(db);
    for (const [name, migration] of Object.entries(migrations)) if (Number(name.slice(0, 4)) <= last) await migration.up(db);
    return { db, goOn: async () => {
      for (const [name, migration] of Object.entries(migrations)) if (Number(name.slice(0, 4)) > last) await migration.up(db);
    } };
  }

  it('takes over all that was set up, row by row, and what refers to people', async () => {
    const { db, goOn } = await storeOf(13);
    const statements = [
      "INSERT INTO agents VALUES ('a', 'Account', 'A', 'admin', '1001', 0), ('b', 'other', 'B', 'agent', '1002', 1)",
      "INSERT INTO groups VALUES ('g', 'G', 'ring-all', 20000, 30000, 15000, 50, 'wait', '[{\"weekday\":1,\"fromMinute\":540,\"toMinute\":1080}]', 0, 0, 1)",
      "INSERT INTO memberships VALUES ('b', 'g', 7)",
      "INSERT INTO flows VALUES ('f', 'F', '[{\"type\":\"group\",\"groupId\":\"g\"}]')",
      "INSERT INTO numbers VALUES ('+8215880000', 'N', 'f')",
      "INSERT INTO dispositions VALUES ('d', 'D', 'g', 0), ('e', 'E', NULL, 1)",
      "INSERT INTO phones VALUES ('1901', 'secret', 'P', '1901', 'desk')",
      "INSERT INTO meta VALUES ('timeZone', 'Asia/Tokyo'), ('shortAbandonMs', '4000')",
      "INSERT INTO accounts VALUES ('a', 'x', 0, 0, NULL, NULL)",
      "INSERT INTO token_families VALUES ('t', 'a', 1, 0, NULL)",
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
    await goOn();
    expect(await readConfiguration(db)).toMatchObject({
      people: [{ agentId: 'a', account: 'Account', name: 'A', role: 'admin', extension: '1001', memberships: [] }, { agentId: 'b', memberships: [{ groupId: 'g', skill: 7 }] }],
      groups: [{ groupId: 'g', name: 'G', strategy: 'ring-all', serviceLevelMs: 20_000, wrapUpMs: 30_000, offerTimeoutMs: 15_000, maxWaiting: 50, whenEmpty: 'wait', hours: [{ weekday: 1, fromMinute: 540, toMinute: 1080 }], openOverride: false, dispositionRequired: true }],
      flows: [{ flowId: 'f', name: 'F', steps: [{ type: 'group', groupId: 'g' }] }],
      numbers: [{ e164: '+8215880000', name: 'N', flowId: 'f' }],
      dispositions: [{ dispositionId: 'd', name: 'D', groupId: 'g' }, { dispositionId: 'e', name: 'E', groupId: null }],
      phones: [{ user: '1901', password: 'secret', displayName: 'P', number: '1901', kind: 'desk' }],
      timeZone: 'Asia/Tokyo',
      shortAbandonMs: 4000,
    });
    expect(await findAccount(db, 'ACCOUNT')).toMatchObject({ agentId: 'a', role: 'admin' });
    await sql`PRAGMA foreign_keys = ON`.execute(db);
    await sql`DELETE FROM people WHERE agent_id = 'a'`.execute(db);
    expect([await db.selectFrom('accounts').selectAll().execute(), await db.selectFrom('token_families').selectAll().execute()]).toEqual([[], []]);
  });

  it('leaves a store that nobody has set up empty, with the defaults', async () => {
    const { db, goOn } = await storeOf(13);
    await goOn();
    // What a later migration begins a store with is that one's to say.
    const brought = ['group', 'person', 'flow', 'number', 'disposition', 'phone', 'center'];
    expect([(await db.selectFrom('configuration').selectAll().where('kind', 'in', brought).execute()).length, (await readConfiguration(db)).timeZone]).toEqual([0, 'Asia/Seoul']);
  });
});

describe('0017 kinds of sign-in', () => {
  it('takes the sign-ins there were for desks', async () => {
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Sqlite(':memory:') }) });
    onTestFinished(() => db.destroy());
    await sql`PRAGMA foreign_keys = OFF`.execute(db);
    for (const [name, migration] of Object.entries(migrations)) if (Number(name.slice(0, 4)) < 17) await migration.up(db);
    await sql`INSERT INTO token_families VALUES ('t', 'a', 1, 0, NULL)`.execute(db);
    await migrations['0017-sign-in-kinds']?.up(db);
    expect(await livingKind(db, 't')).toBe('desk');
    await expect(sql`UPDATE token_families SET kind = 'sofa'`.execute(db)).rejects.toThrow('CHECK');
  });
});
