import { randomUUID } from 'node:crypto';
import { newGroup, type ConfigurationChange, type ConfigurationProblem, type FlowStep } from '../../contract/configuration.ts';
import { AgentId, FlowId, GroupId } from '../../contract/ids.ts';
import { planPeople, type NewPerson } from '../../contract/new-people.ts';
import { toE164 } from '../../contract/phone-number.ts';
import type { FieldProblem, FirstOffice } from '../../contract/set-up.ts';
import { weaknessOf } from '../accounts/password-policy.ts';
import { agentsIn, type Configuration } from '../configuration/records.ts';

/** What a first set-up would make: its changes, and which part of the request each thing comes from. */
export interface FirstOfficePlan {
  changes: ConfigurationChange[];
  administrator: AgentId;
  people: AgentId[];
  /** `kind id` of a thing → the path of its part in the request. */
  fieldOf: ReadonlyMap<string, string>;
}

const problem = (field: string, code: string, other = ''): FieldProblem => ({ field, code, other });

/**
 * Pure but for the ids it makes up: what a first office is in changes of what is set up, or what is wrong with it, each
 * with the path of its field. What is there already is left alone and stands in the way of its like.
 * @param centerVersion of the center's own settings, null where there are none yet
 */
export function planFirstOffice(asked: FirstOffice, present: Configuration, centerVersion: string | null): { plan: FirstOfficePlan; problems: [] } | { plan: null; problems: FieldProblem[] } {
  const { administrator } = asked;
  const weakness = weaknessOf(administrator.password, administrator.account);
  const planned = planPeople(asked.people, {
    accounts: new Map([...present.people.map(({ account }) => [account, 'another person'] as const), [administrator.account, 'administrator']]),
    extensions: new Map([...agentsIn(present).map(({ extension }) => [extension, 'another person'] as const), ...present.phones.flatMap(({ user, number }) => [[number, `phone ${user}`], [user, `phone ${user}`]] as const)]),
    groups: asked.groups.map(({ name }) => name),
  });
  const numbers = asked.numbers.map(({ number }) => toE164(number));
  const problems = [
    ...(weakness === null ? [] : [problem('administrator.password', 'password-weak', weakness)]),
    ...twice(asked.groups.map(({ name }) => name.toLowerCase()), (index) => `groups.${index}.name`),
    ...planned.flatMap((one, index) => one.problems.map(({ field, code, other }) => problem(`people.${index}.${field}`, code, other))),
    ...numbers.flatMap((e164, index) => (e164 === null ? [problem(`numbers.${index}.number`, 'not-a-number')] : [])),
    ...twice(numbers, (index) => `numbers.${index}.number`),
    ...asked.numbers.flatMap(({ group }, index) => (group === undefined || asked.groups.some(({ name }) => name === group) ? [] : [problem(`numbers.${index}.group`, 'unknown', group)])),
  ];
  if (problems.length > 0) return { plan: null, problems };
  return { plan: planOf(asked, planned.flatMap(({ person }) => person ?? []), numbers.flatMap((e164) => e164 ?? []), present, centerVersion), problems: [] };
}

function planOf(asked: FirstOffice, people: readonly NewPerson[], numbers: readonly string[], present: Configuration, centerVersion: string | null): FirstOfficePlan {
  const { company, timeZone, administrator } = asked;
  const fieldOf = new Map<string, string>();
  const changes: ConfigurationChange[] = [];
  const add = (change: ConfigurationChange, field: string): void => {
    changes.push(change);
    fieldOf.set(`${change.kind} ${change.id}`, field);
  };
  add({ kind: 'center', id: 'center', version: centerVersion, value: { timeZone, shortAbandonMs: present.shortAbandonMs, company } }, '');
  const groupIds = new Map(asked.groups.map(({ name }) => [name, GroupId.parse(randomUUID().slice(0, 8))]));
  asked.groups.forEach(({ name, hours }, index) => add({ kind: 'group', id: groupIds.get(name) ?? '', version: null, value: newGroup(name, hours ?? asked.hours) }, hours === undefined && asked.hours.length > 0 ? '' : `groups.${index}`));
  const adminId = AgentId.parse(administrator.account.toLowerCase());
  add({ kind: 'person', id: adminId, version: null, value: { account: administrator.account, name: administrator.name, role: 'admin', duties: [], extension: null, memberships: [] } }, 'administrator');
  const peopleIds = people.map(({ groups, ...person }, index) => {
    const id = AgentId.parse(person.account.toLowerCase());
    add({ kind: 'person', id, version: null, value: { ...person, duties: [], memberships: groups.flatMap((name) => groupIds.get(name) ?? []).map((groupId) => ({ groupId, skill: 1 })) } }, `people.${index}`);
    return id;
  });
  const flows = new Map<string, FlowId>();
  asked.numbers.forEach(({ name, group: named }, index) => {
    const group = named ?? asked.groups[0]?.name ?? '';
    const flowId = flows.get(group) ?? FlowId.parse(randomUUID().slice(0, 8));
    if (!flows.has(group)) add({ kind: 'flow', id: flowId, version: null, value: { name: group === '' ? company : group, steps: stepsTo(groupIds.get(group)) } }, `numbers.${index}`);
    flows.set(group, flowId);
    add({ kind: 'number', id: numbers[index] ?? '', version: null, value: { name: name ?? company, flowId } }, `numbers.${index}`);
  });
  return { changes, administrator: adminId, people: peopleIds, fieldOf };
}

/** A greeting, and then the group; where there is none yet, callers are told so. */
const stepsTo = (groupId: GroupId | undefined): FlowStep[] => [{ type: 'announce', announcement: 'greeting' }, groupId === undefined ? { type: 'announce', announcement: 'unavailable' } : { type: 'group', groupId }];

const twice = (values: readonly (string | null)[], fieldOf: (index: number) => string): FieldProblem[] =>
  values.flatMap((value, index) => (value !== null && values.indexOf(value) < index ? [problem(fieldOf(index), 'taken', fieldOf(values.indexOf(value)))] : []));

/** What is said of a thing that would be made, as said of its part of the request. */
export function asFields(problems: readonly ConfigurationProblem[], fieldOf: ReadonlyMap<string, string>): FieldProblem[] {
  return problems.map(({ kind, id, field, code, other }) => {
    const part = fieldOf.get(`${kind} ${id}`) ?? '';
    const name = kind === 'number' && field === 'id' ? 'number' : field === 'memberships' ? 'groups' : field;
    return problem([part, name].filter((word) => word !== '').join('.'), code, other);
  });
}

