import { describe, expect, it } from 'vitest';
import { createConfigurationEndpoints } from '../../../../center/configuration/endpoints.ts';
import { endpoints } from '../../../../contract/api/index.ts';
import type { ConfigurationChange } from '../../../../contract/configuration.ts';
import { AgentId } from '../../../../contract/ids.ts';
import { centerStage } from '../center-stage.ts';

/** The endpoints on a core, asked by an administrator. */
async function stage() {
  const core = await centerStage();
  const signedOut: string[] = [];
  const handlers = createConfigurationEndpoints({ db: null as never, clock: core.clock, center: core.center, accounts: { endDesk: (_actor, agentId) => Promise.resolve(void signedOut.push(agentId)) } });
  const admin = { agentId: AgentId.parse('admin'), me: { kind: 'desk' }, address: '192.0.2.1' } as Parameters<(typeof handlers)['configuration.change']>[1];
  const change = async (changes: unknown[], dryRun = false) => handlers['configuration.change'](endpoints['configuration.change'].request.parse({ changes, dryRun }), admin);
  return { ...core, handlers, change, signedOut };
}

const phone = (value: Partial<Extract<ConfigurationChange, { kind: 'phone' }>['value']> = {}) => ({ kind: 'phone', id: '1950', version: null, value: { displayName: '회의실', number: '1950', kind: 'desk', ...value } });

describe('a new desk phone', () => {
  it('gets a password, which is told once, and which the switch takes', async () => {
    const { change, switchPort } = await stage();
    const answer = await change([phone()]);
    const told = answer.ok && answer.value.objects[0]?.kind === 'phone' ? answer.value.objects[0].value.password : undefined;
    expect(told).toMatch(/^[\w-]{24}$/);
    expect(switchPort.endpoints.get('1950')).toMatchObject({ password: told, callerNumber: '1950' });
  });

  it('may have one of the administrator’s own, which is not told back', async () => {
    const { change, switchPort } = await stage();
    expect(JSON.stringify(await change([phone({ password: 'a phone of its own' })]))).not.toContain('a phone of its own');
    expect(switchPort.endpoints.get('1950')).toMatchObject({ password: 'a phone of its own' });
  });
});

describe('a change', () => {
  it('that is tried only says what stands in the way, and does nothing', async () => {
    const { change, records } = await stage();
    const before = structuredClone(await records.configuration());
    expect(await change([phone({ number: '1001' })], true)).toMatchObject({ ok: true, value: { objects: [], problems: [{ kind: 'person', id: 'agent1', code: 'taken', field: 'extension', other: 'phone 1950' }] } });
    expect(await change([phone()], true)).toEqual({ ok: true, value: { objects: [], problems: [] } });
    expect(await records.configuration()).toEqual(before);
  });

  it('signs out whom it takes their place from', async () => {
    const { change, signIn, signedOut } = await stage();
    await signIn('agent2');
    expect(await change([{ kind: 'person', id: 'agent2', version: '1', value: null }])).toMatchObject({ ok: true });
    expect(signedOut).toEqual(['agent2']);
  });
});

describe('failure: a change', () => {
  it.each([
    ['of the same thing twice', [phone(), phone()]],
    ['that makes a phone of the outside world', [phone({ kind: 'customer' as never })]],
    ['that chooses a short password', [phone({ password: '1234' })]],
    ['of nothing', []],
    ['of a kind that there is not', [{ kind: 'planet', id: 'x', version: null, value: {} }]],
    ['with an id that leads elsewhere', [{ ...phone(), id: '..' }]],
    ['of more than a hundred things', Array.from({ length: 101 }, (_, index) => ({ ...phone(), id: String(2000 + index) }))],
  ])('%s is refused', async (_what, changes) => {
    const { change, records } = await stage();
    const before = structuredClone(await records.configuration());
    const answer = await change(changes).catch((error: unknown) => ({ ok: false, error }));
    expect(answer.ok).toBe(false);
    expect(await records.configuration()).toEqual(before);
  });
});

describe('failure: another system', () => {
  it('makes nobody an administrator or an auditor, and does not change who is one', async () => {
    const { handlers, records } = await stage();
    const key = { agentId: AgentId.parse('key:k1'), me: { kind: 'key' }, address: '192.0.2.1' } as Parameters<(typeof handlers)['configuration.change']>[1];
    const asKey = (change: unknown) => handlers['configuration.change'](endpoints['configuration.change'].request.parse({ changes: [change] }), key);
    const agent1 = (await records.configuration()).people.find(({ agentId }) => agentId === 'agent1');
    if (agent1 === undefined) throw new Error('nobody');
    const { agentId: _, ...value } = agent1;
    const refused = { ok: false, error: { code: 'forbidden' } };
    expect(await asKey({ kind: 'person', id: 'agent1', version: '1', value: { ...value, role: 'admin' } })).toMatchObject(refused);
    expect(await asKey({ kind: 'person', id: 'agent1', version: '1', value: { ...value, duties: ['auditor'] } })).toMatchObject(refused);
    expect(await asKey({ kind: 'person', id: 'new', version: null, value: { account: 'new', name: '새 사람', role: 'supervisor', memberships: [] } })).toMatchObject(refused);
    expect(await asKey({ kind: 'person', id: 'admin', version: '1', value: null })).toMatchObject(refused);
    expect(await asKey({ kind: 'person', id: 'agent1', version: '1', value: { ...value, name: '다른 이름' } })).toMatchObject({ ok: true });
  });

  it('has no telephone of its own: it neither makes one nor gives one a password, and may rename and remove them', async () => {
    const { handlers, change, records, switchPort } = await stage();
    const key = { agentId: AgentId.parse('key:k1'), me: { kind: 'key' }, address: '192.0.2.1' } as Parameters<(typeof handlers)['configuration.change']>[1];
    const asKey = (asked: unknown, dryRun = false) => handlers['configuration.change'](endpoints['configuration.change'].request.parse({ changes: [asked], dryRun }), key);
    const refused = { ok: false, error: { code: 'forbidden' } };
    for (const made of [phone(), phone({ password: 'chosen by the key' })]) expect([await asKey(made), await asKey(made, true)]).toMatchObject([refused, refused]);
    expect(switchPort.endpoints.has('1950')).toBe(false);
    const made = await change([phone()]);
    const version = made.ok ? (made.value.objects[0]?.version ?? '') : '';
    const { password } = (await records.configuration()).phones.find(({ user }) => user === '1950') ?? {};
    expect(await asKey({ ...phone({ password: 'chosen by the key' }), version })).toMatchObject(refused);
    const renamed = await asKey({ ...phone({ displayName: '대회의실' }), version });
    expect(JSON.stringify([password, renamed])).toMatch(/^\["[\w-]{24}",\{"ok":true,(?!.*password)/);
    expect(switchPort.endpoints.get('1950')).toMatchObject({ password });
    expect(await asKey({ ...phone(), version: renamed.ok ? (renamed.value.objects[0]?.version ?? '') : '', value: null })).toMatchObject({ ok: true });
  });
});
