import type { ConfigurationObject, FlowStep } from '../../../contract/configuration.ts';
import { formatNumber } from '../../../contract/phone-number.ts';

type FlowObject = Extract<ConfigurationObject, { kind: 'flow' }>;

/** What leads to a group. `numbers`: as people know them. `flows`: those that lead to no other group and are no number's, and go with it. */
export function leadingTo(groupId: string, objects: readonly ConfigurationObject[]): { numbers: string[]; flows: FlowObject[] } {
  const leading = objects.filter((object): object is FlowObject => object.kind === 'flow' && groupsIn(object.value.steps).includes(groupId));
  const flowIds = new Set(leading.map(({ id }) => id));
  const numbers = objects.flatMap((object) => (object.kind === 'number' && flowIds.has(object.value.flowId) ? [object] : []));
  const inUse = new Set<string>(numbers.map(({ value }) => value.flowId));
  return {
    numbers: numbers.map(({ id, value }) => (value.name === '' ? formatNumber(id) : `${value.name} ${formatNumber(id)}`)),
    flows: leading.filter(({ id, value }) => !inUse.has(id) && groupsIn(value.steps).every((one) => one === groupId)),
  };
}

/** Every group that a caller of these steps may come to. */
const groupsIn = (steps: readonly FlowStep[]): string[] =>
  steps.flatMap((step) => {
    if (step.type === 'group') return [step.groupId];
    return step.type === 'menu' ? [...step.options.flatMap((option) => groupsIn(option.steps)), ...groupsIn(step.otherwise)] : [];
  });
