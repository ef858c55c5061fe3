import type { Me } from '../../contract/directory.ts';
import type { AgentId, GroupId } from '../../contract/ids.ts';
import type { PersonRecord } from '../configuration/records.ts';

/** Somebody who acts or looks on, at a desk or without one. */
export interface Person {
  readonly agentId: AgentId;
  readonly record: PersonRecord;
}

/** Who somebody is at a sign-in of this kind: at a console nobody has a telephone. */
export const meOf = ({ agentId, account, name, role, duties, extension, memberships }: PersonRecord, kind: 'desk' | 'console'): Me => ({
  agentId, account, name, role, duties, kind,
  extension: kind === 'desk' ? extension : null,
  groupIds: memberships.map(({ groupId }) => groupId),
});

export const isIn = ({ record }: Person, groupId: GroupId): boolean => record.memberships.some((membership) => membership.groupId === groupId);
