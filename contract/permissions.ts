import type { Role } from './directory.ts';

/**
 * What a person may do, apart from whom they may do it to: the object (own, own groups, all) is the handler's to look at.
 * A name is its family and the deed.
 */
export const scopes = ['customers.read', 'customers.write', 'customers.erase', 'contacts.correct'] as const;
export type Scope = (typeof scopes)[number];

const ofAgents: readonly Scope[] = ['customers.read', 'customers.write', 'contacts.correct'];

const scopesOf: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  agent: new Set(ofAgents),
  supervisor: new Set(ofAgents),
  admin: new Set(scopes),
};

/** Whether people of this role may do such things at all. */
export const hasScope = (role: Role, scope: Scope): boolean => scopesOf[role].has(scope);
