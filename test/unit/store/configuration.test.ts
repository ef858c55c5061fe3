import { describe, expect, it } from 'vitest';
import type { ConfigurationChange, ConfigurationObject } from '../../../contract/configuration.ts';
import { AgentId, GroupId } from '../../../contract/ids.ts';
import { findAccount } from '../../../center/store/accounts.ts';
import { firstForgedAudit } from '../../../center/store/audit-log.ts';
import { configurationObjects, forgetRemovedPeople } from '../../../center/store/configuration.ts';
import { demoStore, NOW } from './support.ts';

const writer = { by: AgentId.parse('admin'), address: '192.0.2.1', at: NOW };

async function stage() {
  const { db, records } = await demoStore();
  const find = async (kind: ConfigurationObject['kind'], id: string): Promise<ConfigurationObject> => {
    const found = (await configurationObjects(db, kind, -1, 500)).objects.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no ${kind} ${id}`);
    return found;
  };
  /** The change of what there is now. */
  const edit = async (kind: ConfigurationObject['kind'], id: string, edits: Record<string, unknown>): Promise<ConfigurationChange> => {
    const { value, version } = await find(kind, id);
    return { kind, id, version, value: { ...value, ...edits } } as ConfigurationChange;
  };
  const audited = async () => (await db.selectFrom('audit').select(['actor', 'action', 'subject', 'address', 'details', 'note']).execute()).filter(({ action }) => action === 'configuration.changed');
  return { db, records, find, edit, audited };
}

describe('what is set up', () => {
  it('is read as it was changed, in the place it had, and has another version then', async () => {
    const { db, records, find, edit } = await stage();
    const before = await find('group', 'orders');
    const changed = await records.changeConfiguration([await edit('group', 'orders', { name: '배송', wrapUpMs: 10_000 })], writer);
    expect(changed).toMatchObject({ ok: true, value: [{ kind: 'group', id: 'orders', value: { name: '배송' } }] });
    expect((await find('group', 'orders')).version).not.toBe(before.version);
    expect((await records.configuration()).groups.map(({ groupId, name }) => [groupId, name])).toEqual([['orders', '배송'], ['technical', '기술지원']]);
    expect((await configurationObjects(db, 'group', -1, 500)).objects.map(({ id }) => id)).toEqual(['orders', 'technical']);
  });

  it('is read with a name that was taken with half of a character once: mended, and no bad row', async () => {
    const { db, records, find } = await stage();
    const { value } = await find('group', 'orders');
    for (const [kept, read] of [['주문 \ud800', '주문 \ufffd'], ['a \\ud800 b', 'a \\ud800 b'], ['😀 \udfff', '😀 \ufffd']]) {
      await db.updateTable('configuration').set({ value: JSON.stringify({ ...value, name: kept }) }).where('kind', '=', 'group').where('id', '=', 'orders').execute();
      expect((await records.configuration()).groups[0]).toMatchObject({ groupId: 'orders', name: read });
      expect((await find('group', 'orders')).value).toMatchObject({ name: read });
    }
  });

  it('is told page by page, none twice and none left out', async () => {
    const { db } = await stage();
    const seen: string[] = [];
    let cursor: number | null = -1;
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof configurationObjects>> = await configurationObjects(db, 'person', cursor, 3);
      seen.push(...page.objects.map(({ id }) => id));
      cursor = page.next;
    }
    expect(seen).toEqual([...Array.from({ length: 8 }, (_, index) => `agent${index + 1}`), 'supervisor', 'admin']);
  });

  it('lets a new person in once they have a password, and a former one no more', async () => {
    const { db, records, find } = await stage();
    await records.changeConfiguration([{ kind: 'person', id: 'agent9', version: null, value: { account: 'Agent9', name: '상담원 9', role: 'agent', duties: [], extension: '1009', memberships: [{ groupId: GroupId.parse('orders'), skill: 2 }] } }], writer);
    expect(await findAccount(db, 'agent9')).toMatchObject({ agentId: 'agent9', account: 'Agent9', role: 'agent', disabledAt: null });
    const { version } = await find('person', 'agent9');
    await records.changeConfiguration([{ kind: 'person', id: 'agent9', version, value: null }], writer);
    expect(await findAccount(db, 'agent9')).toBeNull();
    await forgetRemovedPeople(db, (agentId) => agentId === 'agent9');
    expect(await db.selectFrom('people').select('agent_id').where('agent_id', '=', 'agent9').execute()).toHaveLength(1);
    await forgetRemovedPeople(db);
    expect(await db.selectFrom('accounts').select('agent_id').where('agent_id', '=', 'agent9').execute()).toEqual([]);
  });

  it('says of a phone everything but its password, which stays where none is said', async () => {
    const { db, records, edit } = await stage();
    const { objects } = await configurationObjects(db, 'phone', -1, 500);
    expect(JSON.stringify(objects)).not.toContain('password');
    const before = (await records.configuration()).phones.find(({ user }) => user === '1901');
    await records.changeConfiguration([await edit('phone', '1901', { displayName: '안내 데스크' })], writer);
    expect((await records.configuration()).phones.find(({ user }) => user === '1901')).toEqual({ ...before, displayName: '안내 데스크' });
  });

  it('is changed on record: by whom, from where, what it was and is, and no secret', async () => {
    const { db, records, edit, audited } = await stage();
    await records.changeConfiguration([await edit('group', 'orders', { name: '배송' }), { kind: 'phone', id: '1950', version: null, value: { displayName: '회의실', number: '1950', kind: 'desk', password: 'never to be told' } }], writer);
    const entries = await audited();
    expect(entries.map(({ actor, subject, address, details }) => ({ actor, subject, address, details }))).toEqual([
      { actor: 'admin', subject: 'group orders', address: '192.0.2.1', details: '{"kind":"group","what":"changed"}' },
      { actor: 'admin', subject: 'phone 1950', address: '192.0.2.1', details: '{"kind":"phone","what":"created"}' },
    ]);
    expect(JSON.parse(entries[0]?.note ?? '')).toMatchObject({ before: { name: '주문' }, after: { name: '배송' } });
    expect(JSON.stringify(entries)).not.toContain('never to be told');
    expect(await firstForgedAudit(db)).toBeNull();
  });
});

describe('failure: a change of what is set up', () => {
  it('that was based on another version writes nothing of any, and says what there is now', async () => {
    const { records, edit, find, audited } = await stage();
    const stale = await edit('group', 'orders', { name: '둘' });
    await records.changeConfiguration([await edit('group', 'orders', { name: '하나' })], writer);
    const answer = await records.changeConfiguration([await edit('group', 'technical', { name: '셋' }), stale], writer);
    expect(answer).toEqual({ ok: false, error: { code: 'configuration.conflict', message: 'group orders', present: [await find('group', 'orders')] } });
    expect([(await find('group', 'technical')).value, (await audited()).length]).toMatchObject([{ name: '기술지원' }, 1]);
  });

  it('of something new that is there already, or of something that is gone, is a conflict', async () => {
    const { records, find } = await stage();
    const { value } = await find('group', 'orders');
    expect(await records.changeConfiguration([{ kind: 'group', id: 'orders', version: null, value } as ConfigurationChange], writer)).toMatchObject({ ok: false, error: { code: 'configuration.conflict', present: [{ id: 'orders' }] } });
    expect(await records.changeConfiguration([{ kind: 'group', id: 'gone', version: 'v1', value } as ConfigurationChange], writer)).toMatchObject({ ok: false, error: { code: 'configuration.conflict', present: [] } });
  });

  it('with the account of another person writes nothing', async () => {
    const { records, edit, find } = await stage();
    await expect(records.changeConfiguration([await edit('group', 'orders', { name: '배송' }), await edit('person', 'agent1', { account: 'AGENT2' })], writer)).rejects.toMatchObject({ name: 'NotWritten', why: 'refused' });
    expect((await find('group', 'orders')).value).toMatchObject({ name: '주문' });
  });
});
