import type { ConfigurationChange, ConfigurationObject } from '../../../contract/configuration.ts';
import { FlowId, GroupId } from '../../../contract/ids.ts';
import { formatNumber } from '../../../contract/phone-number.ts';

export type NumberObject = Extract<ConfigurationObject, { kind: 'number' }>;
export type FlowObject = Extract<ConfigurationObject, { kind: 'flow' }>;

/** A representative number as it is typed. `target`: `flow main` or `group orders`; empty for none yet. */
export interface NumberForm {
  number: string;
  name: string;
  target: string;
}

export const numberFormOf = (number: NumberObject | null, objects: readonly ConfigurationObject[]): NumberForm =>
  number === null ? { number: '', name: '', target: firstTarget(objects) } : { number: formatNumber(number.id), name: number.value.name, target: `flow ${number.value.flowId}` };

/** Where there is one flow only, it is likely meant. */
function firstTarget(objects: readonly ConfigurationObject[]): string {
  const flows = objects.filter(({ kind }) => kind === 'flow');
  return flows.length === 1 && flows[0] !== undefined ? `flow ${flows[0].id}` : '';
}

/** What is done to set the number so: with a flow that leads straight to the group, where there is none yet. */
export function numberChanges({ name, target }: NumberForm, { e164, version, newFlowId, objects }: { e164: string; version: string | null; newFlowId: string; objects: readonly ConfigurationObject[] }): ConfigurationChange[] {
  const [kind, id = ''] = target.split(' ', 2);
  const straight = kind === 'group' ? straightTo(id, objects) : null;
  const flowId = FlowId.parse(kind === 'flow' ? id : (straight?.id ?? newFlowId));
  const number: ConfigurationChange = { kind: 'number', id: e164, version, value: { name: name.trim(), flowId } };
  if (kind === 'flow' || straight !== null) return [number];
  const group = objects.find((object) => object.kind === 'group' && object.id === id);
  const flowName = group !== undefined && 'name' in group.value ? group.value.name : id;
  return [{ kind: 'flow', id: flowId, version: null, value: { name: flowName, steps: [{ type: 'group', groupId: GroupId.parse(id) }] } }, number];
}

/** The group a flow leads to without a word; null for any other flow. */
export function straightGroupOf({ value: { steps } }: FlowObject): string | null {
  const [only] = steps;
  return steps.length === 1 && only?.type === 'group' ? only.groupId : null;
}

export const straightTo = (groupId: string, objects: readonly ConfigurationObject[]): FlowObject | null => objects.find((object): object is FlowObject => object.kind === 'flow' && straightGroupOf(object) === groupId) ?? null;
