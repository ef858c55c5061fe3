import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ScopedCaches, type Customers } from '../../../agent/index.ts';
import { silentLogger } from '../../../agent/logger.ts';
import type { CustomerChanges } from '../../../contract/customer.ts';
import { Me } from '../../../contract/directory.ts';
import { ok } from '../../../contract/errors.ts';
import { CustomerId } from '../../../contract/ids.ts';

const KEY = Buffer.alloc(32, 3);
const person = (account: string, groupIds: string[], role: Me['role'] = 'agent'): Me => Me.parse({ agentId: account, account, name: account, role, extension: '1001', groupIds });

const page = (name: string): CustomerChanges => ({
  customers: [{ customerId: CustomerId.parse('cu-1'), name, company: '', numbers: [], vip: false, warning: '', note: '', updatedAt: 1, version: '1' }],
  timeline: [], removed: [], cursor: 1, more: false, remaining: 0, reset: false, mark: 'm',
});

function host() {
  const folder = mkdtempSync(join(tmpdir(), 'sangdam-unit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const open = () => {
    const caches = new ScopedCaches({ folder, key: KEY, log: silentLogger });
    onTestFinished(() => caches.close());
    return caches;
  };
  return { folder, open };
}

const nameIn = (customers: Customers): string | null => {
  const found = customers.get('cu-1');
  return found.ok ? (found.value?.customer.name ?? null) : found.error.code;
};

describe('the caches of a host of many people', () => {
  it('are shared by those who may see the same, and by nobody else', async () => {
    const caches = host().open();
    const [first, sameGroups, other, admin] = [caches.forSession(), caches.forSession(), caches.forSession(), caches.forSession()];
    first.enter(person('a', ['orders', 'technical']));
    sameGroups.enter(person('b', ['technical', 'orders']));
    other.enter(person('c', ['technical']));
    admin.enter(person('d', [], 'admin'));
    await first.sync(() => Promise.resolve(ok(page('고객 0001'))));
    expect([first, sameGroups, other, admin].map(nameIn)).toEqual(['고객 0001', '고객 0001', null, null]);
  });

  it('show nothing before a sign-in and after it, and to the next person what is theirs', async () => {
    const session = host().open().forSession();
    expect(nameIn(session)).toBe('session.not-signed-in');
    expect(await session.sync(() => Promise.resolve(ok(page('x'))))).toMatchObject({ error: { code: 'session.not-signed-in' } });
    session.enter(person('a', ['orders']));
    await session.sync(() => Promise.resolve(ok(page('고객 0001'))));
    session.leave();
    expect(nameIn(session)).toBe('session.not-signed-in');
    session.enter(person('c', ['technical']));
    expect(nameIn(session)).toBeNull();
  });

  it('tell a session of its own person’s changes alone', async () => {
    const caches = host().open();
    const [mine, other] = [caches.forSession(), caches.forSession()];
    const heard: string[] = [];
    mine.onEvent(({ type }) => heard.push(type));
    mine.enter(person('a', ['orders']));
    other.enter(person('c', ['technical']));
    await other.sync(() => Promise.resolve(ok(page('x'))));
    expect(heard).toEqual([]);
    await mine.sync(() => Promise.resolve(ok(page('y'))));
    expect(heard).toContain('changed');
  });

  it('leave the disk when nobody has used them for a week, as does the one that all once shared', () => {
    const { folder, open } = host();
    for (const name of ['customers.db', 'customers.db-wal', 'customers-0123456789abcdef.db', 'customers-fedcba9876543210.db', 'cache.key']) writeFileSync(join(folder, name), 'x');
    utimesSync(join(folder, 'customers-0123456789abcdef.db'), new Date(0), new Date(0));
    open();
    expect(readdirSync(folder).toSorted()).toEqual(['cache.key', 'customers-fedcba9876543210.db']);
  });
});
