import { describe, expect, it } from 'vitest';
import { demoConfiguration } from '../../../center/store/demo/office.ts';
import { bridgeCalls, type BridgeCallName, type BridgeRequest } from '../../../contract/bridge/index.ts';
import { hasScope, type Duty, type Holder, type Role } from '../../../contract/permissions.ts';
import { AgentId, ContactId, CustomerId, GroupId, LegId } from '../../../contract/ids.ts';
import { must } from '../../switch/stage.ts';
import { FakeCenter } from '../../unit/gateway/fake-center.ts';
import { openOffice, openSession } from './support/office.ts';

const contactId = ContactId.parse('contact-1');
const target = { kind: 'number', number: '1002' } as const;
const customer = { name: '고객 0001', company: '', numbers: [], vip: false, warning: '', note: '' };
const { groups } = demoConfiguration();
const [OURS, THEIRS] = [groups[0]?.groupId ?? GroupId.parse('none'), groups[1]?.groupId ?? GroupId.parse('none')];
const at = { session: 's', generation: 0 };

/** A good request of every call, about something of the person's own: a new one does not compile without its row. */
const requests: { readonly [Name in BridgeCallName]: BridgeRequest<Name> } = {
  'session.get': null,
  'session.signIn': { server: null, account: 'nobody', password: 'wrong' },
  'session.answerFactor': { server: null, ticket: 'none', answer: { kind: 'totp', code: '123456' } },
  'session.choosePassword': { server: null, ticket: 'none', password: 'none of the known ones' },
  'session.ask': { server: null, name: 'setup.state', request: {} },
  'session.signOut': null,
  'agent.setState': { choice: { kind: 'away', reason: 'break' } },
  'agent.force': { agentId: AgentId.parse('agent1'), choice: { kind: 'away', reason: 'meeting' } },
  'supervision.start': { agentId: AgentId.parse('agent1'), mode: 'listen' },
  'supervision.setMode': { mode: 'whisper' },
  'supervision.stop': null,
  'dialling.lift': { agentId: AgentId.parse('agent1'), phone: null },
  'group.setOpen': { groupId: OURS, open: null },
  'group.setDispositionRequired': { groupId: OURS, required: true },
  'phone.dial': { number: '1002' },
  'phone.answer': { contactId },
  'phone.reject': { contactId },
  'phone.hangUp': { contactId },
  'phone.hold': { contactId },
  'phone.resume': { contactId },
  'phone.setMuted': { contactId, muted: true },
  'phone.sendDigits': { contactId, digits: '1' },
  'contact.consult': { contactId, target },
  'contact.cancelConsult': { contactId },
  'contact.swap': { contactId },
  'contact.conference': { contactId, target: null },
  'contact.changeParty': { contactId, legId: LegId.parse('leg-1'), change: 'mute' },
  'contact.completeTransfer': { contactId },
  'contact.transfer': { contactId, target },
  'contact.update': { contactId, memo: '' },
  'contact.complete': { contactId, next: null },
  'contact.extend': { contactId },
  'uploads.begin': { bytes: 3 },
  'uploads.piece': { uploadId: '00000000-0000-4000-8000-000000000000', at: 0, data: 'YWJj' },
  'uploads.end': { uploadId: '00000000-0000-4000-8000-000000000000' },
  'uploads.cancel': { uploadId: '00000000-0000-4000-8000-000000000000' },
  'topics.subscribe': { topic: 'directory', groupIds: null },
  'topics.unsubscribe': { topic: 'directory', groupIds: null },
  'customers.findByNumber': { number: '010-0000-0001' },
  'customers.get': { customerId: CustomerId.parse('cu-1') },
  'customers.search': { text: '', limit: 1, offset: 0 },
  'api.call': { name: 'customers.create', request: customer },
  'devices.report': { microphone: 'ok' },
  'settings.set': {},
  'media.claim': null,
  'media.answer': { ...at, request: 1, result: { ok: true, sdp: null } },
  'media.report': { ...at, state: 'connected' },
  'desktop.set': {},
  'desktop.checkServer': { server: 'https://center.example.com' },
  'desktop.answerAsk': { id: 'none', accept: false },
  'desktop.dialClipboard': null,
  'desktop.chooseCertificate': null,
  'desktop.exportSettings': null,
  'desktop.importSettings': null,
  'desktop.openWallboard': { displayId: null, fullScreen: false },
  'desktop.closeWallboard': null,
  'desktop.installUpdate': null,
  'desktop.saveDiagnostics': null,
  'desktop.dismissProblem': { index: 0 },
};

/** Calls with an object that is not the supervisor's. */
const foreign: { readonly [Name in BridgeCallName]?: readonly BridgeRequest<Name>[] } = {
  'agent.force': ['agent5', 'admin', 'nobody'].map((agentId) => ({ ...requests['agent.force'], agentId: AgentId.parse(agentId) })),
  'supervision.start': ['agent5', 'admin', 'nobody'].map((agentId) => ({ ...requests['supervision.start'], agentId: AgentId.parse(agentId) })),
  'dialling.lift': [{ agentId: AgentId.parse('agent5'), phone: null }, { agentId: null, phone: '1901' }, { agentId: null, phone: null }],
  'group.setDispositionRequired': [{ groupId: THEIRS, required: true }, { groupId: GroupId.parse('none'), required: true }],
  'group.setOpen': [{ groupId: THEIRS, open: true }, { groupId: GroupId.parse('none'), open: true }],
};

const names = Object.keys(bridgeCalls) as BridgeCallName[];
const roles: readonly Role[] = ['agent', 'supervisor', 'admin'];
const duties: readonly (readonly Duty[])[] = [[], ['auditor']];
const holders = roles.flatMap((role) => duties.flatMap((some) => (['desk', 'console'] as const).map((kind) => ({ role, duties: some, kind }))));
const accountOf: Readonly<Record<Role, string>> = { agent: 'agent1', supervisor: 'supervisor', admin: 'admin' };
/** These are for who is not in yet, or end what the others need. */
const LAST: readonly BridgeCallName[] = ['session.signIn', 'session.answerFactor', 'session.choosePassword', 'session.signOut'];

/** An office whose supervisor has the first group alone, and somebody at work in it. */
async function signedIn({ role, duties: some, kind }: Holder) {
  const configuration = demoConfiguration();
  const people = configuration.people.map((agent) => (agent.role === 'supervisor' ? { ...agent, memberships: agent.memberships.filter(({ groupId }) => groupId === OURS) } : agent));
  const center = new FakeCenter({ ...configuration, people });
  center.set(AgentId.parse(accountOf[role]), { duties: [...some], ...(kind === 'console' && { extension: null }) });
  const { session, caller } = openSession(await openOffice({ center }), 'web');
  must(await session.handleBridgeCall('session.signIn', { server: null, account: accountOf[role], password: 'sangdam-demo' }, caller));
  const asked = async (name: BridgeCallName, request: unknown): Promise<string> => {
    center.commands.length = 0;
    const answer = await session.handleBridgeCall(name, request, caller);
    return answer.ok ? 'ok' : answer.error.code;
  };
  return { asked, center };
}

describe('role × duty × kind of sign-in × bridge call × object', () => {
  it.each(holders)('of $role $duties at a $kind, a call acts if and only if it is theirs', async (holder) => {
    const { asked, center } = await signedIn(holder);
    for (const name of names.filter((one) => !LAST.includes(one))) {
      const { access } = bridgeCalls[name];
      const isTheirs = access === 'open' || access === 'signedIn' || hasScope(holder, access);
      const code = await asked(name, requests[name]);
      expect([name, code === 'forbidden', code === 'session.not-signed-in']).toEqual([name, !isTheirs, false]);
      expect([name, isTheirs || center.commands.length === 0]).toEqual([name, true]);
    }
    expect(await asked('session.signOut', null)).toBe('ok');
    for (const name of names.filter((one) => bridgeCalls[one].access !== 'open')) expect([name, await asked(name, requests[name])]).toEqual([name, 'session.not-signed-in']);
  });

  it.each(roles)('of the role %s, a call acts on what is another’s for administrators alone', async (role) => {
    const { asked, center } = await signedIn({ role, duties: [], kind: 'desk' });
    for (const [name, objects] of Object.entries(foreign)) {
      for (const object of objects) {
        const code = await asked(name as BridgeCallName, object);
        expect([name, object, code === 'forbidden', center.commands.length === 0]).toEqual([name, object, role !== 'admin', role !== 'admin']);
      }
    }
  });
});
