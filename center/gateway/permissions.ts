import type { CtiCommandName, CtiRequest } from '../../contract/cti/index.ts';
import type { Me, Role } from '../../contract/directory.ts';
import { fail, type Result } from '../../contract/errors.ts';
import type { AgentId, GroupId } from '../../contract/ids.ts';

const everyone = new Set<Role>(['agent', 'supervisor', 'admin']);
const inCharge = new Set<Role>(['supervisor', 'admin']);

/** Who may send which command. A command that has no row does not compile. */
const MAY_SEND: Record<CtiCommandName, ReadonlySet<Role>> = {
  'sync.snapshot': everyone,
  'agent.setState': everyone,
  'agent.reportDevice': everyone,
  'agent.reportWindow': everyone,
  'agent.force': inCharge,
  'supervision.start': inCharge,
  'supervision.setMode': inCharge,
  'supervision.stop': inCharge,
  'contact.reject': everyone,
  'contact.hangUp': everyone,
  'contact.hold': everyone,
  'contact.resume': everyone,
  'contact.consult': everyone,
  'contact.cancelConsult': everyone,
  'contact.swap': everyone,
  'contact.conference': everyone,
  'contact.changeParty': everyone,
  'contact.completeTransfer': everyone,
  'contact.transfer': everyone,
  'contact.update': everyone,
  'contact.rejoin': everyone,
  'contact.complete': everyone,
  'contact.extend': everyone,
  'group.setOpen': inCharge,
  'group.setDispositionRequired': inCharge,
  'dialling.lift': inCharge,
};

/** Commands that make the center dial out. */
export const DIALS: ReadonlySet<CtiCommandName> = new Set<CtiCommandName>(['contact.consult', 'contact.conference', 'contact.transfer']);

/** What somebody who is being signed out may still do for the customer they are talking to. Nothing of it dials. */
export const FOR_THE_CALL: ReadonlySet<CtiCommandName> = new Set<CtiCommandName>([
  'sync.snapshot',
  'agent.reportDevice',
  'agent.reportWindow',
  'contact.reject',
  'contact.hangUp',
  'contact.hold',
  'contact.resume',
  'contact.rejoin',
  'contact.cancelConsult',
  'contact.swap',
  'contact.changeParty',
  'contact.completeTransfer',
  'contact.update',
  'contact.complete',
  'contact.extend',
]);

/** Commands that are kept in the audit log, and whom or what they are done to. */
export const AUDITED: { readonly [Name in CtiCommandName]?: (request: CtiRequest<Name>) => string } = {
  'agent.force': ({ agentId }) => agentId,
  'supervision.start': ({ agentId }) => agentId,
  'supervision.setMode': () => '',
  'supervision.stop': () => '',
  'group.setOpen': ({ groupId }) => groupId,
  'group.setDispositionRequired': ({ groupId }) => groupId,
  'dialling.lift': ({ agentId, phone }) => agentId ?? phone ?? 'center',
};

export const mayRole = (role: Role, command: CtiCommandName): boolean => MAY_SEND[command].has(role);

/**
 * Whether this person may do this to that: the role first, then the object. A supervisor acts on their own
 * groups and the agents in them, an admin on all. `forbidden` names the reason; null means yes.
 */
export function refusal<Name extends CtiCommandName>(me: Me, command: Name, request: CtiRequest<Name>, whoIs: (agentId: AgentId) => Me | null): Result<never> | null {
  if (!mayRole(me.role, command)) return fail('forbidden', `${command} is not for the role ${me.role}`);
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
