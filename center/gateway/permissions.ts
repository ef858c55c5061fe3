import type { CtiCommand } from '../../contract/cti/command.ts';
import { ctiCommands, type CtiCommandName, type CtiRequest } from '../../contract/cti/index.ts';
import type { Me } from '../../contract/directory.ts';
import { fail, type Result } from '../../contract/errors.ts';
import type { AgentId, GroupId } from '../../contract/ids.ts';
import { hasScope } from '../../contract/permissions.ts';
import { auditable } from './audit-queue.ts';

/** Whom or what a command was done to, for the audit log; null for one that is not kept there. */
export function auditedSubject<Name extends CtiCommandName>(name: Name, request: CtiRequest<Name>): string | null {
  const { audited }: CtiCommand = ctiCommands[name];
  const given: Readonly<Record<string, unknown>> = request;
  return audited === undefined ? null : auditable(audited.map((part) => given[part]).find((part) => typeof part === 'string'));
}

/**
 * Whether this person may do this to that: the scope first, then the object. A supervisor acts on their own
 * groups and the agents in them, an admin on all. `forbidden` names the reason; null means yes.
 */
export function refusal<Name extends CtiCommandName>(me: Me, command: Name, request: CtiRequest<Name>, whoIs: (agentId: AgentId) => Me | null): Result<never> | null {
  const { scope } = ctiCommands[command];
  if (!hasScope(me, scope)) return fail('forbidden', `${command} needs ${scope}`);
  if (me.role === 'admin') return null;
  const owns = (groupId: GroupId) => me.groupIds.includes(groupId);
  if ('agentId' in request) {
    // A phone that is nobody's desk, and the center as a whole, belong to no group.
    const other = request.agentId === null ? null : whoIs(request.agentId);
    if (other === null || !other.groupIds.some(owns)) return fail('forbidden', 'not an agent of your groups');
  }
  if ('groupId' in request && !owns(request.groupId)) return fail('forbidden', 'not one of your groups');
  return null;
}
