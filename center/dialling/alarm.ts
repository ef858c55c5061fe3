import type { Me } from '../../contract/directory.ts';
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
  desks.tellWho((me) => isInChargeOf(me, person), { type: 'notice.raised', payload });
}

/** Tells those desks what their person may dial now. */
export function tellRights(desks: Desks, party: DialParty, rightsOf: (agentId: string) => DialRights): void {
  for (const { me, sink } of desks.watchers) if (party.kind === 'center' || (party.kind === 'person' && party.id === me.agentId)) sink.send({ type: 'dialling.changed', payload: rightsOf(me.agentId) });
}

function isInChargeOf(me: Me, person: Agent | undefined): boolean {
  if (!hasScope(me, 'dialling.lift') || me.agentId === person?.agentId) return false;
  return me.role === 'admin' || person === undefined || person.groupIds.some((groupId) => me.groupIds.includes(groupId));
}
