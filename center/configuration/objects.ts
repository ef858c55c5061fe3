import type { ConfigurationChange, ConfigurationKind, ConfigurationValue, GroupSettings } from '../../contract/configuration.ts';
import { AgentId, DispositionId, FlowId, GroupId } from '../../contract/ids.ts';
import { plainKindNames, plainWith } from './plain-kinds.ts';
import type { Configuration, GroupRecord } from './records.ts';

/** A thing that is set up, apart from its version. */
export type SetUp = { [Kind in ConfigurationKind]: { kind: Kind; id: string; value: ConfigurationValue<Kind> } }[ConfigurationKind];

/** Everything that is set up, kind by kind, in its order. */
export function objectsOf({ groups, people, flows, numbers, dispositions, phones, plain, timeZone, shortAbandonMs, company }: Configuration): SetUp[] {
  return [
    ...groups.map((group) => ({ kind: 'group', id: group.groupId, value: settingsOf(group) }) as const),
    ...people.map(({ agentId: id, ...value }) => ({ kind: 'person', id, value }) as const),
    ...flows.map(({ flowId: id, ...value }) => ({ kind: 'flow', id, value }) as const),
    ...numbers.map(({ e164: id, ...value }) => ({ kind: 'number', id, value }) as const),
    ...dispositions.map(({ dispositionId: id, ...value }) => ({ kind: 'disposition', id, value }) as const),
    ...phones.map(({ user: id, ...value }) => ({ kind: 'phone', id, value }) as const),
    ...(plainKindNames.flatMap((kind) => plain[kind].map(({ id, value }) => ({ kind, id, value }))) as unknown as SetUp[]),
    { kind: 'center', id: 'center', value: { timeZone, shortAbandonMs, company } },
  ];
}

/** Apart from what is set by hand, by the day. */
function settingsOf(group: GroupRecord): GroupSettings {
  const { groupId: _, openOverride: __, ...settings } = group;
  return settings;
}

/**
 * Pure: the configuration after these changes. What is there keeps its place and what was set by hand, a new one comes
 * last, one whose value is null is gone. A phone keeps its password where none is said.
 */
export function withChanges(before: Configuration, changes: readonly ConfigurationChange[]): Configuration {
  const of = <Kind extends ConfigurationKind>(kind: Kind): Map<string, ConfigurationValue<Kind> | null> =>
    new Map(changes.filter((change) => change.kind === kind).map(({ id, value }) => [id, value as ConfigurationValue<Kind> | null]));
  const center = of('center').get('center');
  return {
    ...before,
    groups: replaced(before.groups, ({ groupId }) => groupId, of('group'), (id, value, was) => ({ ...value, groupId: GroupId.parse(id), openOverride: was?.openOverride ?? null })),
    people: replaced(before.people, ({ agentId }) => agentId, of('person'), (id, value) => ({ ...value, agentId: AgentId.parse(id) })),
    flows: replaced(before.flows, ({ flowId }) => flowId, of('flow'), (id, value) => ({ ...value, flowId: FlowId.parse(id) })),
    numbers: replaced(before.numbers, ({ e164 }) => e164, of('number'), (id, value) => ({ ...value, e164: id })),
    dispositions: replaced(before.dispositions, ({ dispositionId }) => dispositionId, of('disposition'), (id, value) => ({ ...value, dispositionId: DispositionId.parse(id) })),
    phones: replaced(before.phones, ({ user }) => user, of('phone'), (id, value, was) => ({ ...value, user: id, password: value.password ?? was?.password ?? '' })),
    ...plainWith(before, of),
    ...(center !== undefined && center !== null && center),
  };
}

function replaced<Rec, Value>(records: Rec[], idOf: (record: Rec) => string, changed: ReadonlyMap<string, Value | null>, made: (id: string, value: Value, was: Rec | undefined) => Rec): Rec[] {
  if (changed.size === 0) return records;
  const left = new Map(changed);
  const kept = records.flatMap((record) => {
    const id = idOf(record);
    const value = left.get(id);
    left.delete(id);
    if (value === undefined) return [record];
    return value === null ? [] : [made(id, value, record)];
  });
  return [...kept, ...[...left].flatMap(([id, value]) => (value === null ? [] : [made(id, value, undefined)]))];
}
