import { describe, expect, it } from 'vitest';
import { ctiCommands, type CtiCommandName, type CtiRequest } from '../../../contract/cti/index.ts';
import type { Me } from '../../../contract/directory.ts';
import type { Role } from '../../../contract/permissions.ts';
import { ContactId, GroupId, LegId } from '../../../contract/ids.ts';
import { hasScope, type Duty } from '../../../contract/permissions.ts';
import { refusal } from '../../../center/gateway/permissions.ts';
import { agent, stage } from './stage.ts';

const contactId = ContactId.parse('k1');
const target = { kind: 'number', number: '1002' } as const;
const [OURS, THEIRS] = [GroupId.parse('orders'), GroupId.parse('technical')];

/** A good request of every command: a new one does not compile without its row here. */
const requests: { [Name in CtiCommandName]: CtiRequest<Name> } = {
  'sync.snapshot': {},
  'topic.subscribe': { topic: 'directory', groupIds: null },
  'topic.unsubscribe': { topic: 'directory', groupIds: null },
  'agent.setState': { choice: { kind: 'ready' } },
  'agent.reportDevice': { microphone: 'ok' },
  'agent.reportWindow': { open: true },
  'agent.force': { agentId: agent('agent1'), choice: { kind: 'away', reason: 'meeting' } },
  'supervision.start': { agentId: agent('agent1'), mode: 'listen' },
  'supervision.setMode': { mode: 'whisper' },
  'supervision.stop': {},
  'contact.reject': { contactId },
  'contact.hangUp': { contactId },
  'contact.hold': { contactId },
  'contact.resume': { contactId },
  'contact.consult': { contactId, target },
  'contact.cancelConsult': { contactId },
  'contact.swap': { contactId },
  'contact.conference': { contactId, target: null },
  'contact.changeParty': { contactId, legId: LegId.parse('leg-1'), change: 'mute' },
  'contact.completeTransfer': { contactId },
  'contact.transfer': { contactId, target },
  'contact.update': { contactId, memo: '' },
  'contact.rejoin': { contactId, ticket: '3f0c1a52-8a52-4a8e-9d2a-4f6a7c9e1b20', held: false },
  'contact.complete': { contactId, next: null },
  'contact.extend': { contactId },
  'group.setOpen': { groupId: OURS, open: null },
  'group.setDispositionRequired': { groupId: OURS, required: true },
  'dialling.lift': { agentId: agent('agent1'), phone: null },
};

const commands = Object.keys(ctiCommands) as CtiCommandName[];
const roles: readonly Role[] = ['agent', 'supervisor', 'admin'];
const duties: readonly (readonly Duty[])[] = [[], ['auditor']];
const kinds = ['desk', 'console'] as const;
const holders = roles.flatMap((role) => duties.flatMap((some) => kinds.map((kind) => ({ role, duties: some, kind }))));

const person = (account: string, role: Role, groupIds: GroupId[]): Me => ({ agentId: agent(account), account, name: account, role, duties: [], kind: 'desk', extension: '1000', groupIds });
const people: readonly Me[] = [person('agent1', 'agent', [OURS]), person('agent5', 'agent', [THEIRS]), person('admin', 'admin', [])];
const whoIs = (agentId: string): Me | null => people.find((one) => one.agentId === agentId) ?? null;

describe('role × duty × kind of sign-in × command', () => {
  it.each(holders)('over the socket, a command acts for $role $duties at a $kind if and only if it is theirs', async (holder) => {
    const { center, connect, signIn } = await stage();
    const account = holder.role === 'agent' ? 'agent2' : holder.role;
    center.set(agent(account), { duties: [...holder.duties], ...(holder.kind === 'console' && { extension: null }) });
    const desk = await connect((await signIn(account)).accessToken);
    for (const command of commands) {
      center.commands.length = 0;
      const isTheirs = hasScope(holder, ctiCommands[command].scope);
      const answer = await desk.command(command, requests[command]);
      expect([command, !answer.ok && answer.error.code === 'forbidden']).toEqual([command, !isTheirs]);
      // The snapshot and topics are the gateway's own questions to the core.
      expect([command, center.commands.map(({ name }) => name)]).toEqual([command, !isTheirs || command === 'sync.snapshot' || command.startsWith('topic.') ? [] : [command]]);
    }
  });
});

describe('role × command × object', () => {
  const objects = [
    ['agent.force', 'an agent of their group', { ...requests['agent.force'], agentId: agent('agent1') }, true],
    ['agent.force', 'an agent of another group', { ...requests['agent.force'], agentId: agent('agent5') }, false],
    ['agent.force', 'an administrator', { ...requests['agent.force'], agentId: agent('admin') }, false],
    ['agent.force', 'nobody', { ...requests['agent.force'], agentId: agent('nobody') }, false],
    ['supervision.start', 'an agent of their group', { ...requests['supervision.start'], agentId: agent('agent1') }, true],
    ['supervision.start', 'an agent of another group', { ...requests['supervision.start'], agentId: agent('agent5') }, false],
    ['supervision.start', 'nobody', { ...requests['supervision.start'], agentId: agent('nobody') }, false],
    ['dialling.lift', 'an agent of their group', { agentId: agent('agent1'), phone: null }, true],
    ['dialling.lift', 'an agent of another group', { agentId: agent('agent5'), phone: null }, false],
    ['dialling.lift', 'a phone that is nobody’s desk', { agentId: null, phone: '1901' }, false],
    ['dialling.lift', 'the whole center', { agentId: null, phone: null }, false],
    ['group.setOpen', 'their group', { groupId: OURS, open: false }, true],
    ['group.setOpen', 'another group', { groupId: THEIRS, open: false }, false],
    ['group.setDispositionRequired', 'their group', { groupId: OURS, required: true }, true],
    ['group.setDispositionRequired', 'another group', { groupId: THEIRS, required: true }, false],
  ] as const;

  it.each(objects)('%s on %s', (command, _what, request, isTheirs) => {
    const by = (role: Role) => refusal(person('boss', role, [OURS]), command, request, whoIs) === null;
    expect({ agent: by('agent'), supervisor: by('supervisor'), admin: by('admin') }).toEqual({ agent: false, supervisor: isTheirs, admin: true });
  });

  it('a supervisor without a group is in charge of nobody', () => {
    for (const [command, , request] of objects) expect(refusal(person('boss', 'supervisor', []), command, request, whoIs)).toMatchObject({ error: { code: 'forbidden' } });
  });
});

describe('REST', () => {
  it('is closed to everybody without a token, but for the way in, health and the pages', async () => {
    const { origin } = await stage();
    const routes = [
      ['GET', '/api/v1/customers/changes', 401],
      ['POST', '/api/auth/sign-out', 401],
      ['POST', '/api/auth/sign-in', 400],
      ['POST', '/api/auth/refresh', 400],
      ['GET', '/healthz', 200],
      ['GET', '/api/anything', 404],
      ['DELETE', '/api/v1/customers/changes', 404],
      ['POST', '/healthz', 404],
    ] as const;
    for (const [method, path, status] of routes) {
      const response = await fetch(`${origin}${path}`, { method, ...(method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: '{}' }) });
      expect([method, path, response.status]).toEqual([method, path, status]);
    }
  });
});
