import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { migrations } from '../../../center/store/migrations/index.ts';
import { temporaryStore } from './support.ts';

const insertPerson = sql`INSERT INTO people (agent_id, account) VALUES ('a', 'a')`;

describe('migrations', () => {
  it('are numbered, each with a number of its own, in the order they are applied', () => {
    const numbers = Object.keys(migrations).map((name) => Number(name.slice(0, 4)));
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(numbers.every((number) => number > 0)).toBe(true);
  });

});

describe('accounts', () => {
  it('knows accounts whatever their case, and refuses a second of the same name', async () => {
    const { db } = await temporaryStore();
    await insertPerson.execute(db);
    const again = sql`INSERT INTO people (agent_id, account) VALUES ('b', 'A')`;
    await expect(again.execute(db)).rejects.toThrow(/unique/i);
  });

});

describe('0002 customers', () => {
  it('gives a number to one customer only', async () => {
    const { db } = await temporaryStore();
    for (const id of [1, 2]) await sql`INSERT INTO customers VALUES (${`cu-${id}`}, 'x', '', 0, '', '', 0, ${id}, 'v')`.execute(db);
    await sql`INSERT INTO customer_numbers VALUES ('+821011112222', 'cu-1', '', 0, NULL)`.execute(db);
    await expect(sql`INSERT INTO customer_numbers VALUES ('+821011112222', 'cu-2', '', 0, NULL)`.execute(db)).rejects.toThrow(/unique/i);
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
    await insertPerson.execute(db);
    await sql`INSERT INTO token_families (family_id, agent_id, generation, created_at) VALUES ('f', 'a', 1, 0)`.execute(db);
    await sql`INSERT INTO refresh_tokens VALUES ('h', 'f', 1, NULL)`.execute(db);
    await sql`DELETE FROM token_families`.execute(db);
    expect(await db.selectFrom('refresh_tokens').selectAll().execute()).toEqual([]);
  });
});

describe('0005 accounts', () => {
  it('forgets everything about an account with its agent', async () => {
    const { db } = await temporaryStore();
    await insertPerson.execute(db);
    await sql`INSERT INTO accounts VALUES ('a', 'x', 0, 0, NULL, NULL)`.execute(db);
    await sql`INSERT INTO totp_factors VALUES ('a', 'x', NULL, 0)`.execute(db);
    await sql`INSERT INTO recovery_codes VALUES ('a', 'x', NULL)`.execute(db);
    await sql`INSERT INTO passkeys VALUES ('c', 'a', 'localhost', 'x', 0, '[]', '', 0, NULL)`.execute(db);
    await sql`INSERT INTO sign_in_places VALUES ('a', '192.0.2.1', 0)`.execute(db);
    await sql`DELETE FROM people`.execute(db);
    for (const table of ['accounts', 'totp_factors', 'recovery_codes', 'passkeys', 'sign_in_places'] as const) expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
  });
});
