import { describe, expect, it } from 'vitest';
import { findAccount, setPassword } from '../../../center/store/accounts.ts';
import { createPasswordCheck, hashPassword, verifyPassword } from '../../../center/store/passwords.ts';
import { appendAudit, firstForgedAudit, type AuditEntry } from '../../../center/store/audit-log.ts';
import { DEMO_PASSWORD, isDemoStore, seedDemo } from '../../../center/store/demo/index.ts';
import { livingKind, endFamily, forgetOldFamilies, REPEAT_MS, rotate as trade, startFamily, type Rotation } from '../../../center/store/sessions.ts';
import type { Database } from '../../../center/store/index.ts';
import { AgentId } from '../../../contract/ids.ts';
import { sql } from 'kysely';
import { dropRefusal } from './harm.ts';
import { demoStore, NOW, temporaryStore } from './support.ts';

const AGENT = AgentId.parse('agent1');
const DAY_MS = 86_400_000;
const rotate = (db: Database, token: string, now: number, key = Buffer.alloc(32, 7)) => trade(db, key, token, now);

/** A whole argon2id hash, as passwords are kept. */
const isHash = (text: string): boolean => /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/.test(text);

function issuedBy(rotation: Rotation) {
  if (rotation.outcome !== 'rotated') throw new Error(rotation.outcome);
  return rotation.issued;
}

describe('passwords', () => {
  it('are kept as argon2id hashes, each with its own salt', async () => {
    const { db } = await temporaryStore();
    await seedDemo(db, NOW, 1);
    const hashes = (await db.selectFrom('accounts').select('password_hash').execute()).map((row) => row.password_hash);
    expect(hashes.every((hash) => hash.startsWith('$argon2id$'))).toBe(true);
    expect(new Set(hashes).size).toBe(10);
  });

  it('open the account whatever the case of its name, and only the right one does', async () => {
    const { db } = await demoStore();
    const check = await createPasswordCheck();
    const opens = async (name: string, password: string) => check((await findAccount(db, name))?.passwordHash ?? null, password);
    expect(await opens('Agent1', DEMO_PASSWORD)).toBe(true);
    expect(await opens('agent1', 'sangdam-Demo')).toBe(false);
    expect(await opens('nobody', DEMO_PASSWORD)).toBe(false);
    expect(await opens("' OR 1=1 --", DEMO_PASSWORD)).toBe(false);
  });

  it('cost one hash whether the account is known, unknown, or has no password yet', async () => {
    const hashed: string[] = [];
    const check = await createPasswordCheck(async (passwordHash) => {
      if (!isHash(passwordHash)) return null;
      hashed.push(passwordHash);
      return false;
    });
    const known = await hashPassword(DEMO_PASSWORD);
    for (const passwordHash of [known, null, '!', '', known.slice(0, -30)]) expect(await check(passwordHash, DEMO_PASSWORD)).toBe(false);
    expect(hashed).toHaveLength(5);
    expect(new Set(hashed.slice(1)).size).toBe(1);
    expect(hashed.every(isHash)).toBe(true);
  });

  it('are nobody’s where the hash is none', async () => {
    const check = await createPasswordCheck();
    for (const passwordHash of ['!', '', '$argon2id$v=19$m=19456,t=2,p=1$abc']) expect(await check(passwordHash, '!')).toBe(false);
  });

  it('can be changed', async () => {
    const { db } = await demoStore();
    const state = { passwordHash: await hashPassword('새로운 비밀번호와 말'), changedAt: NOW, mustChange: true, expiresAt: NOW + 1 };
    expect(await setPassword(db, AGENT, state)).toBe(true);
    const account = await findAccount(db, 'agent1');
    expect(account).toMatchObject({ passwordChangedAt: NOW, mustChange: true, passwordExpiresAt: NOW + 1, disabledAt: null });
    expect(await verifyPassword(account?.passwordHash ?? '', DEMO_PASSWORD)).toBe(false);
    expect(await setPassword(db, AgentId.parse('nobody'), state)).toBe(false);
  });

  it('are the same however a keyboard composes their Hangul', async () => {
    const hash = await hashPassword('새로운 비밀번호와 말'.normalize('NFD'));
    expect(await verifyPassword(hash, '새로운 비밀번호와 말'.normalize('NFC'))).toBe(true);
  });
});

describe('refresh tokens', () => {
  it('are traded for the next one', async () => {
    const { db } = await demoStore();
    const first = await startFamily(db, AGENT, { kind: 'desk', generation: 3 }, NOW);
    const second = await rotate(db, first.refreshToken, NOW);
    expect(second).toMatchObject({ outcome: 'rotated', issued: { familyId: first.familyId, agentId: 'agent1', generation: 3 }, again: false });
  });

  it('give the same successor to a use that is repeated because its answer was lost', async () => {
    const { db } = await demoStore();
    const first = await startFamily(db, AGENT, { kind: 'desk', generation: 1 }, NOW);
    const second = issuedBy(await rotate(db, first.refreshToken, NOW));
    expect(await rotate(db, first.refreshToken, NOW + REPEAT_MS)).toEqual({ outcome: 'rotated', issued: second, again: true });
    expect(issuedBy(await rotate(db, second.refreshToken, NOW + REPEAT_MS)).familyId).toBe(first.familyId);
  });

  it('give two uses at one moment the same successor', async () => {
    const { db } = await demoStore();
    const { refreshToken } = await startFamily(db, AGENT, { kind: 'desk', generation: 1 }, NOW);
    const [one, other] = await Promise.all([rotate(db, refreshToken, NOW), rotate(db, refreshToken, NOW)]);
    expect(issuedBy(one)).toEqual(issuedBy(other));
  });

  it('lead to no successor by themselves: it takes the key of the installation', async () => {
    const { db } = await demoStore();
    const first = await startFamily(db, AGENT, { kind: 'desk', generation: 1 }, NOW);
    const ours = issuedBy(await rotate(db, first.refreshToken, NOW));
    expect(await rotate(db, first.refreshToken, NOW, Buffer.alloc(32, 8))).toMatchObject({ outcome: 'replayed' });
    expect(await rotate(db, ours.refreshToken, NOW)).toEqual({ outcome: 'ended' });
  });

  it('are not in the database themselves', async () => {
    const { db } = await demoStore();
    const { refreshToken } = await startFamily(db, AGENT, { kind: 'desk', generation: 1 }, NOW);
    expect(JSON.stringify(await db.selectFrom('refresh_tokens').selectAll().execute())).not.toContain(refreshToken);
  });

  it('of an older sign-in are worthless after a newer one', async () => {
    const { db } = await demoStore();
    const old = await startFamily(db, AGENT, { kind: 'desk', generation: 1 }, NOW);
    const recent = await startFamily(db, AGENT, { kind: 'desk', generation: 2 }, NOW);
    expect(await livingKind(db, old.familyId)).toBeNull();
    expect(await livingKind(db, recent.familyId)).toBe('desk');
    expect(await rotate(db, old.refreshToken, NOW)).toEqual({ outcome: 'ended' });
  });

  it('are forgotten when they have long been good for nothing', async () => {
    const { db } = await demoStore();
    await startFamily(db, AGENT, { kind: 'desk', generation: 1 }, NOW);
    await forgetOldFamilies(db, NOW + DAY_MS / 4);
    expect(await db.selectFrom('token_families').selectAll().execute()).toHaveLength(1);
    await forgetOldFamilies(db, NOW + 3 * DAY_MS);
    expect(await db.selectFrom('token_families').selectAll().execute()).toEqual([]);
    expect(await db.selectFrom('refresh_tokens').selectAll().execute()).toEqual([]);
  });
});

describe('failure: refresh tokens', () => {
  it('used again after their successor was end the whole family', async () => {
    const { db } = await demoStore();
    const first = await startFamily(db, AGENT, { kind: 'desk', generation: 1 }, NOW);
    const second = issuedBy(await rotate(db, first.refreshToken, NOW));
    const third = issuedBy(await rotate(db, second.refreshToken, NOW));
    expect(await rotate(db, first.refreshToken, NOW)).toMatchObject({ outcome: 'replayed', family: { agentId: 'agent1' } });
    expect(await livingKind(db, first.familyId)).toBeNull();
    expect(await rotate(db, third.refreshToken, NOW)).toEqual({ outcome: 'ended' });
  });

  it('used again later than any call outlives its center end the whole family', async () => {
    const { db } = await demoStore();
    const first = await startFamily(db, AGENT, { kind: 'desk', generation: 1 }, NOW);
    await rotate(db, first.refreshToken, NOW);
    expect(await rotate(db, first.refreshToken, NOW + REPEAT_MS + 1)).toMatchObject({ outcome: 'replayed' });
    expect(await livingKind(db, first.familyId)).toBeNull();
  });

  it('that expired, ended or never were, are refused', async () => {
    const { db } = await demoStore();
    const { refreshToken, familyId } = await startFamily(db, AGENT, { kind: 'desk', generation: 1 }, NOW);
    expect(await rotate(db, refreshToken, NOW + DAY_MS)).toEqual({ outcome: 'expired' });
    expect(await rotate(db, 'x'.repeat(43), NOW)).toEqual({ outcome: 'unknown' });
    await endFamily(db, familyId, NOW);
    expect(await rotate(db, refreshToken, NOW)).toEqual({ outcome: 'ended' });
  });
});

describe('the audit log', () => {
  const entry = (subject: string): AuditEntry => ({ at: NOW, actor: AGENT, action: 'agent.force', subject, address: '127.0.0.1', details: { choice: { kind: 'ready' } } });

  it('is one chain of hashes, also when entries come at one moment', async () => {
    const { db } = await temporaryStore();
    await Promise.all(['a', 'b', 'c', 'd'].map((subject) => appendAudit(db, entry(subject))));
    expect(await db.selectFrom('audit').selectAll().execute()).toHaveLength(4);
    expect(await firstForgedAudit(db)).toBeNull();
  });

  it('shows which entry was forged or taken out behind its back', async () => {
    for (const forgery of [sql`UPDATE audit SET subject = 'z' WHERE id = 2`, sql`DELETE FROM audit WHERE id = 1`]) {
      const { db } = await temporaryStore();
      for (const subject of ['a', 'b', 'c']) await appendAudit(db, entry(subject));
      for (const change of ['update', 'delete'] as const) await dropRefusal(db, 'audit', change);
      await forgery.execute(db);
      expect(await firstForgedAudit(db)).toBe(2);
    }
  });
});

describe('the demo seed', () => {
  it('is filled in once, and an office that exists is left alone', async () => {
    const { db } = await demoStore();
    expect(await isDemoStore(db)).toBe(true);
    expect(await seedDemo(db, NOW)).toBe(false);
  });

  it('is the office the README describes', async () => {
    const { records } = await demoStore();
    const { people, groups, numbers, phones, dispositions } = await records.configuration();
    expect(people.map(({ account, extension }) => `${account} ${extension}`)).toEqual([...Array.from({ length: 8 }, (_, i) => `agent${i + 1} ${1001 + i}`), 'supervisor 1010', 'admin 1011']);
    expect(groups.map(({ name, serviceLevelMs, wrapUpMs, offerTimeoutMs, whenEmpty }) => [name, serviceLevelMs, wrapUpMs, offerTimeoutMs, whenEmpty])).toEqual([
      ['주문', 20_000, 30_000, 20_000, 'refuse'],
      ['기술지원', 20_000, 30_000, 20_000, 'refuse'],
    ]);
    expect(people.filter(({ memberships }) => memberships.length === 2).map(({ account }) => account)).toEqual(['agent1', 'agent2', 'supervisor']);
    expect(numbers.map(({ e164 }) => e164)).toEqual(['+8215880000', '+8215880001']);
    expect(phones.find(({ user }) => user === 'c9')).toMatchObject({ number: '+821000000009', password: 'customer' });
    expect(phones.find(({ user }) => user === '1905')).toMatchObject({ number: '1905', password: 'desk-phone' });
    expect(dispositions).toHaveLength(8);
  });

  it('has a thousand customers, the first with a history, c8 and c9 unknown', async () => {
    const { records, db } = await demoStore();
    const first = await records.customerByNumber('+821000000001');
    expect(first).toMatchObject({ vip: true });
    expect((await db.selectFrom('contacts').select('contact_id').where('customer_id', '=', String(first?.customerId)).execute()).length).toBeGreaterThan(3);
    expect(await records.customerByNumber('+821000000007')).not.toBeNull();
    expect(await records.customerByNumber('+821000000008')).toBeNull();
    expect(await db.selectFrom('customers').select('customer_id').execute()).toHaveLength(1000);
  });

  it('is the same for everyone', async () => {
    const [one, other] = [await demoStore(), await demoStore()];
    const people = ({ db }: typeof one) => db.selectFrom('contacts').selectAll().orderBy('contact_id').execute();
    expect(await people(one)).toEqual(await people(other));
  });
});
