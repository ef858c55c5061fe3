import type { ConfigurationObject, FlowStep } from '../../../contract/configuration.ts';

/** What keeps calls from being answered, and where it is put right: the query of the set-up page. */
export interface Missing {
  what: 'nobody' | 'noGroup' | 'noNumber' | 'noMembers' | 'leadsNowhere';
  /** Whom or what it is said of; empty for the office as a whole. */
  name: string;
  query: { section: 'people' | 'groups' | 'numbers'; id?: string };
}

/** Pure: what an office lacks before its first call is answered. */
export function missingIn(objects: readonly ConfigurationObject[]): Missing[] {
  const groups = objects.filter((object) => object.kind === 'group');
  const numbers = objects.filter((object) => object.kind === 'number');
  const members = new Set<string>(objects.flatMap((object) => (object.kind === 'person' ? object.value.memberships.map(({ groupId }) => groupId) : [])));
  const flows = new Map(objects.flatMap((object) => (object.kind === 'flow' ? [[object.id, object.value.steps] as const] : [])));
  const known = new Set(groups.map(({ id }) => id));
  return [
    ...(groups.length === 0 ? [{ what: 'noGroup', name: '', query: { section: 'groups', id: 'new' } } as const] : []),
    ...(groups.length > 0 && !groups.some(({ id }) => members.has(id)) ? [{ what: 'nobody', name: '', query: { section: 'people' } } as const] : []),
    ...(members.size > 0 ? groups.filter(({ id }) => !members.has(id)).map(({ id, value }) => ({ what: 'noMembers', name: value.name, query: { section: 'groups', id } }) as const) : []),
    ...(numbers.length === 0 ? [{ what: 'noNumber', name: '', query: { section: 'numbers', id: 'new' } } as const] : []),
    ...numbers.filter(({ value }) => !leadsTo(flows.get(value.flowId) ?? [], known)).map(({ id, value }) => ({ what: 'leadsNowhere', name: value.name, query: { section: 'numbers', id } }) as const),
  ];
}

/** Whether some way through a flow ends at a group there is. */
const leadsTo = (steps: readonly FlowStep[], groups: ReadonlySet<string>): boolean =>
  steps.some((step) => (step.type === 'group' ? groups.has(step.groupId) : step.type === 'menu' && (leadsTo(step.otherwise, groups) || step.options.some((option) => leadsTo(option.steps, groups)))));
