import { z } from 'zod';

export const Role = z.enum(['agent', 'supervisor', 'admin']);
export type Role = z.infer<typeof Role>;

/** What somebody sees to beside their role. */
export const Duty = z.enum(['auditor']);
export type Duty = z.infer<typeof Duty>;

/**
 * What a sign-in is: a desk has a telephone, and a person has one at a time; a console has none, and a person may have
 * several; a display is a wallboard that anybody may walk past; a key is another system.
 */
export const SignInKind = z.enum(['desk', 'console', 'display', 'key']);
export type SignInKind = z.infer<typeof SignInKind>;

/**
 * What a sign-in may do, apart from whom it may do it to: the object (own, own groups, all) is looked at where it is done.
 * A name is its family and the deed. `center.watch` is to know what concerns the center as a whole; `jobs.own` is to see to what
 * one has asked for that takes its time.
 */
export const scopes = [
  'account.own',
  'jobs.own',
  'calls.handle',
  'customers.read',
  'customers.write',
  'contacts.correct',
  'agents.lead',
  'calls.supervise',
  'groups.set',
  'dialling.lift',
  'center.watch',
  'wall.show',
  'audit.read',
  'configuration.read',
  'configuration.write',
  'announcements.write',
  'customers.erase',
  'accounts.administer',
  'jobs.administer',
] as const;
export const Scope = z.enum(scopes);
export type Scope = z.infer<typeof Scope>;

const ofAgents: readonly Scope[] = ['account.own', 'jobs.own', 'calls.handle', 'customers.read', 'customers.write', 'contacts.correct'];
const ofSupervisors: readonly Scope[] = [...ofAgents, 'agents.lead', 'calls.supervise', 'groups.set', 'dialling.lift', 'center.watch', 'configuration.read'];

/** What is a display's alone: no role has it by itself. */
const ofNoRole: readonly Scope[] = ['wall.show'];

export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  agent: ofAgents,
  supervisor: ofSupervisors,
  admin: scopes.filter((scope) => !ofNoRole.includes(scope)),
};

export const scopesOfDuty: Readonly<Record<Duty, readonly Scope[]>> = { auditor: ['audit.read'] };

/** What takes a telephone: to have calls, and to be called into those of others. */
const ofDesks: ReadonlySet<Scope> = new Set(['calls.handle', 'calls.supervise']);

/** What another system may be given; the rest takes a person. */
export const scopesOfKeys = ['customers.read', 'customers.write', 'configuration.read', 'configuration.write', 'audit.read'] as const satisfies readonly Scope[];
export const KeyScope = z.enum(scopesOfKeys);
export type KeyScope = z.infer<typeof KeyScope>;

/** What a key has with a scope it was given: who may begin a job sees to its end. */
const withScopeOfKey: Readonly<Partial<Record<KeyScope, readonly Scope[]>>> = { 'audit.read': ['jobs.own'] };

/** Who holds a sign-in, as far as it says what they may do. */
export interface Holder {
  kind: SignInKind;
  role: Role;
  duties: readonly Duty[];
  /** Of a key: what it was given. */
  scopes?: readonly KeyScope[] | undefined;
}

/** Whether this sign-in may do such things at all. The one place where it is decided, for every door and every screen. */
export function hasScope({ kind, role, duties, scopes: given = [] }: Holder, scope: Scope): boolean {
  if (kind === 'display') return scope === 'wall.show';
  if (kind === 'key') return given.some((one) => one === scope || withScopeOfKey[one]?.includes(scope));
  if (kind === 'console' && ofDesks.has(scope)) return false;
  return sets[role].has(scope) || duties.some((duty) => scopesOfDuty[duty].includes(scope));
}

/** Whether this person may give a token that is nobody's, with these scopes: nobody gives more than they have. Where they may no more, what they gave is over. */
export const mayGive = (who: Holder, given: readonly KeyScope[]): boolean => hasScope(who, 'accounts.administer') && given.every((scope) => hasScope(who, scope));

const sets: Readonly<Record<Role, ReadonlySet<Scope>>> = { agent: new Set(scopesOfRole.agent), supervisor: new Set(scopesOfRole.supervisor), admin: new Set(scopesOfRole.admin) };
