import type { Role } from './directory.ts';

/**
 * What a person may do, apart from whom they may do it to: the object (own, own groups, all) is looked at where it is done.
 * A name is its family and the deed. `center.watch` is to know what concerns the center as a whole.
 */
export const scopes = [
  'account.own',
  'calls.handle',
  'customers.read',
  'customers.write',
  'contacts.correct',
  'agents.lead',
  'calls.supervise',
  'groups.set',
  'dialling.lift',
  'center.watch',
  'configuration.read',
  'configuration.write',
  'customers.erase',
  'accounts.administer',
] as const;
export type Scope = (typeof scopes)[number];

const ofAgents: readonly Scope[] = ['account.own', 'calls.handle', 'customers.read', 'customers.write', 'contacts.correct'];
const ofSupervisors: readonly Scope[] = [...ofAgents, 'agents.lead', 'calls.supervise', 'groups.set', 'dialling.lift', 'center.watch', 'configuration.read'];

const scopesOf: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  agent: new Set(ofAgents),
  supervisor: new Set(ofSupervisors),
  admin: new Set(scopes),
};

/** Whether people of this role may do such things at all. */
export const hasScope = (role: Role, scope: Scope): boolean => scopesOf[role].has(scope);
