import { describe, expect, it } from 'vitest';
import { hasScope, scopes, type Holder } from '../../../contract/permissions.ts';

const ofAgents = ['account.own', 'jobs.own', 'calls.handle', 'customers.read', 'customers.write', 'contacts.correct'];
const ofSupervisors = [...ofAgents, 'agents.lead', 'calls.supervise', 'groups.set', 'dialling.lift', 'center.watch', 'configuration.read'];
const ofAdministrators = [...ofSupervisors, 'configuration.write', 'announcements.write', 'customers.erase', 'accounts.administer', 'audit.read', 'jobs.administer'];
const without = (these: readonly string[], ...those: string[]): string[] => these.filter((scope) => !those.includes(scope));

/** Who may do what, said once by hand: what the doors are held to is generated from the contract. */
const table: readonly (readonly [string, Holder, readonly string[]])[] = [
  ['an agent at a desk', { role: 'agent', duties: [], kind: 'desk' }, ofAgents],
  ['a supervisor at a desk', { role: 'supervisor', duties: [], kind: 'desk' }, ofSupervisors],
  ['an administrator at a desk', { role: 'admin', duties: [], kind: 'desk' }, ofAdministrators],
  ['an auditor at a desk', { role: 'agent', duties: ['auditor'], kind: 'desk' }, [...ofAgents, 'audit.read']],
  ['an administrator who is an auditor', { role: 'admin', duties: ['auditor'], kind: 'desk' }, ofAdministrators],
  ['a supervisor without a telephone', { role: 'supervisor', duties: [], kind: 'console' }, without(ofSupervisors, 'calls.handle', 'calls.supervise')],
  ['an administrator without a telephone', { role: 'admin', duties: [], kind: 'console' }, without(ofAdministrators, 'calls.handle', 'calls.supervise')],
  ['an auditor without a telephone', { role: 'agent', duties: ['auditor'], kind: 'console' }, [...without(ofAgents, 'calls.handle'), 'audit.read']],
  ['a display, whoever made it', { role: 'admin', duties: ['auditor'], kind: 'display' }, ['wall.show']],
  ['a key with nothing', { role: 'admin', duties: ['auditor'], kind: 'key', scopes: [] }, []],
  ['a key with two scopes', { role: 'admin', duties: [], kind: 'key', scopes: ['customers.read', 'configuration.write'] }, ['customers.read', 'configuration.write']],
  ['a key that reads the audit log, and so what it had made of it', { role: 'admin', duties: [], kind: 'key', scopes: ['audit.read'] }, ['audit.read', 'jobs.own']],
];

describe('scopes', () => {
  it.each(table)('of %s', (_who, holder, theirs) => {
    expect(scopes.filter((scope) => hasScope(holder, scope)).toSorted()).toEqual(theirs.toSorted());
  });
});
