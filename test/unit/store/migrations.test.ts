import Sqlite from 'better-sqlite3';
import { Kysely, sql, SqliteDialect } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findAccount } from '../../../center/store/accounts.ts';
import { migrations } from '../../../center/store/migrations/index.ts';
import type { Tables } from '../../../center/store/tables.ts';
import { temporaryStore } from './support.ts';

const insertAgent = sql`INSERT INTO agents (agent_id, account, name, role, extension, position) VALUES ('a', 'a', 'A', 'agent', '1001', 0)`;

describe('migrations', () => {
  it('are numbered, each with a number of its own, in the order they are applied', () => {
    const numbers = Object.keys(migrations).map((name) => Number(name.slice(0, 4)));
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(numbers.every((number) => number > 0)).toBe(true);
  });

  it('leave every table of ours strict', async () => {
    const { db } = await temporaryStore();
    const { rows } = await sql<{ name: string }>`SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'kysely_%'`.execute(db);
    expect(rows).toEqual([]);
  });
});

describe('0001 configuration', () => {
  it('knows accounts whatever their case, and refuses a second of the same name', async () => {
    const { db } = await temporaryStore();
    await insertAgent.execute(db);
    const again = sql`INSERT INTO agents (agent_id, account, name, role, extension, position) VALUES ('b', 'A', 'B', 'agent', '1002', 1)`;
    await expect(again.execute(db)).rejects.toThrow(/UNIQUE/);
  });

  it('removes memberships with their group', async () => {
    const { db } = await temporaryStore();
    await insertAgent.execute(db);
    await sql`INSERT INTO groups VALUES ('g', 'G', 'longest-idle', 20000, 0, 20000, 50, 'refuse', '[]', NULL, 0, 0)`.execute(db);
    await sql`INSERT INTO memberships VALUES ('a', 'g', 1)`.execute(db);
    await sql`DELETE FROM groups`.execute(db);
    expect(await db.selectFrom('memberships').selectAll().execute()).toEqual([]);
  });
});

describe('0002 customers', () => {
  it('gives a number to one customer only', async () => {
    const { db } = await temporaryStore();
    for (const id of [1, 2]) await sql`INSERT INTO customers VALUES (${`cu-${id}`}, 'x', '', 0, '', '', 0, ${id}, 'v')`.execute(db);
    await sql`INSERT INTO customer_numbers VALUES ('+821011112222', 'cu-1', '', 0, NULL)`.execute(db);
    await expect(sql`INSERT INTO customer_numbers VALUES ('+821011112222', 'cu-2', '', 0, NULL)`.execute(db)).rejects.toThrow(/UNIQUE/);
  });
});

describe('0003 logs', () => {
  it('refuses to change or delete what was logged', async () => {
    const { db } = await temporaryStore();
    await sql`INSERT INTO events (at, type, data) VALUES (1, 'call.arrived', '{}')`.execute(db);
    await sql`INSERT INTO audit (at, action, subject, address, details, previous_hash, hash) VALUES (1, 'x', '', '', '{}', '0', '1')`.execute(db);
    for (const table of ['events', 'audit']) {
      await expect(sql`UPDATE ${sql.table(table)} SET at = 2`.execute(db)).rejects.toThrow(`${table} is append-only`);
      await expect(sql`DELETE FROM ${sql.table(table)}`.execute(db)).rejects.toThrow(`${table} is append-only`);
    }
  });
});

describe('0004 sessions', () => {
  it('forgets the tokens of a family with it', async () => {
    const { db } = await temporaryStore();
    await insertAgent.execute(db);
    await sql`INSERT INTO token_families VALUES ('f', 'a', 1, 0, NULL)`.execute(db);
    await sql`INSERT INTO refresh_tokens VALUES ('h', 'f', 1, NULL)`.execute(db);
    await sql`DELETE FROM token_families`.execute(db);
    expect(await db.selectFrom('refresh_tokens').selectAll().execute()).toEqual([]);
  });
});

describe('0005 accounts', () => {
  it('takes passwords over from the agents, and lets everybody in as before', async () => {
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Sqlite(':memory:') }) });
    onTestFinished(() => db.destroy());
    const upTo = async (from: number, to: number) => {
      for (const [name, migration] of Object.entries(migrations)) if (Number(name.slice(0, 4)) >= from && Number(name.slice(0, 4)) <= to) await migration.up(db);
    };
    await upTo(1, 4);
    await sql`INSERT INTO agents (agent_id, account, name, role, extension, password_hash, position) VALUES ('a', 'Account', 'A', 'agent', '1001', 'the hash', 0)`.execute(db);
    await upTo(5, 5);
    expect(await findAccount(db, 'account')).toEqual({ agentId: 'a', account: 'Account', role: 'agent', passwordHash: 'the hash', passwordChangedAt: 0, mustChange: false, passwordExpiresAt: null, disabledAt: null });
    expect((await sql<{ name: string }>`SELECT name FROM pragma_table_info('agents')`.execute(db)).rows.map(({ name }) => name)).not.toContain('password_hash');
  });

  it('forgets everything about an account with its agent', async () => {
    const { db } = await temporaryStore();
    await insertAgent.execute(db);
    await sql`INSERT INTO accounts VALUES ('a', 'x', 0, 0, NULL, NULL)`.execute(db);
    await sql`INSERT INTO totp_factors VALUES ('a', 'x', NULL, 0)`.execute(db);
    await sql`INSERT INTO recovery_codes VALUES ('a', 'x', NULL)`.execute(db);
    await sql`INSERT INTO passkeys VALUES ('c', 'a', 'localhost', 'x', 0, '[]', '', 0, NULL)`.execute(db);
    await sql`INSERT INTO sign_in_places VALUES ('a', '192.0.2.1', 0)`.execute(db);
    await sql`DELETE FROM agents`.execute(db);
    for (const table of ['accounts', 'totp_factors', 'recovery_codes', 'passkeys', 'sign_in_places'] as const) expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
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
    const rows = await db.selectFrom('timeline').select(['version', 'parts', 'erased']).orderBy('contact_id').execute();
    expect(rows).toMatchObject([{ parts: '[]', erased: 0 }, { parts: '[]', erased: 1 }]);
    expect(new Set(rows.map(({ version }) => version)).size).toBe(2);
  });
});
