import { awayReasonId } from '../../contract/away-reasons.ts';
import type { Me } from '../../contract/directory.ts';
import type { Disposer } from '../../contract/errors.ts';
import type { AgentId } from '../../contract/ids.ts';
import { hasScope } from '../../contract/permissions.ts';
import type { Attendant, AttendantParts } from '../attendant.ts';
import type { Agent } from './agent.ts';

interface Absence {
  /** When it began: the same absence is told of once. */
  since: number;
  told: boolean;
  stop: Disposer;
}

/** Tells who is away for longer than their reason allows, and those in charge of them: once an absence, and moves nobody. */
export function watchAbsences({ office, roster, desks, clock }: AttendantParts): Attendant {
  const absences = new Map<AgentId, Absence>();

  /** In milliseconds; null: nothing is to be told. */
  function longestOf({ state }: Agent): number | null {
    const id = awayReasonId(state);
    return id === null ? null : (office.configuration.plain.awayReason.find((reason) => reason.id === id)?.value.longestMs ?? null);
  }

  function tell(agent: Agent, absence: Absence): void {
    absence.told = true;
    desks.notify(agent, 'awayTooLong', null);
    desks.tellWho((me) => isInChargeOf(me, agent), { type: 'notice.raised', payload: { code: 'agentAwayTooLong', contactId: null, detail: agent.record.name } });
  }

  function follow(agent: Agent): void {
    const before = absences.get(agent.agentId);
    before?.stop();
    absences.delete(agent.agentId);
    const longestMs = longestOf(agent);
    const told = before?.since === agent.since && before.told;
    if (awayReasonId(agent.state) === null) return;
    const absence: Absence = { since: agent.since, told, stop: () => {} };
    absences.set(agent.agentId, absence);
    if (longestMs !== null && !told) absence.stop = clock.setTimeout(() => tell(agent, absence), Math.max(0, agent.since + longestMs - clock.now()));
  }

  return { transitioned: follow, setUpChanged: () => roster.all.forEach(follow) };
}

/** A supervisor of one of their groups; an administrator of everybody. */
function isInChargeOf(me: Me, agent: Agent): boolean {
  if (!hasScope(me, 'agents.lead') || me.agentId === agent.agentId) return false;
  return me.role === 'admin' || agent.groupIds.some((groupId) => me.groupIds.includes(groupId));
}
