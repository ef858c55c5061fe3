import type { DialRights } from '../../contract/dial-rights.ts';
import { hasScope } from '../../contract/permissions.ts';
import type { Agent } from '../agents/agent.ts';
import type { Roster } from '../agents/roster.ts';
import type { Desks } from '../desks.ts';
import type { DialParty } from './dialling.ts';

const CODES = { fraud: { ofOne: 'dialAlarm', ofAll: 'dialAlarmOfAll' }, emergency: { ofOne: 'emergencyAlarm', ofAll: 'emergencyAlarmOfAll' } } as const;

/** Those in charge of a person are told of an alarm; of a phone and of the center as a whole, all in charge. */
export function tellAlarm(desks: Desks, roster: Roster, party: DialParty, of: 'fraud' | 'emergency'): void {
  const person = party.kind === 'person' ? roster.all.find(({ agentId }) => agentId === party.id) : undefined;
  const code = CODES[of][party.kind === 'center' ? 'ofAll' : 'ofOne'];
  const payload = { code, contactId: null, detail: person?.record.name ?? party.id, ...(person && of === 'fraud' && { agentId: person.agentId }) } as const;
  for (const agent of roster.all) if (isInChargeOf(agent, person)) desks.tell(agent, { type: 'notice.raised', payload });
}

/** Tells those desks what their person may dial now. */
export function tellRights(desks: Desks, roster: Roster, party: DialParty, rightsOf: (agentId: string) => DialRights): void {
  for (const agent of roster.all) if (party.kind === 'center' || (party.kind === 'person' && party.id === agent.agentId)) desks.tell(agent, { type: 'dialling.changed', payload: rightsOf(agent.agentId) });
}

function isInChargeOf(agent: Agent, person: Agent | undefined): boolean {
  const { role } = agent.record;
  if (!hasScope(role, 'dialling.lift') || agent === person) return false;
  return role === 'admin' || person === undefined || person.groupIds.some((groupId) => agent.isMemberOf(groupId));
}
