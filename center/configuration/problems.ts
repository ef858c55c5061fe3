import { ownAnnouncements, type ConfigurationKind, type ConfigurationProblem, type FlowStep, type OpeningSpan } from '../../contract/configuration.ts';
import { toE164 } from '../../contract/phone-number.ts';
import { plainProblems } from './plain-kinds.ts';
import type { Configuration, FlowRecord } from './records.ts';

/** Menus within menus: nobody on the telephone remembers more. */
const DEEPEST_FLOW = 8;
const WEEK_MINUTES = 7 * 1440;

/**
 * Pure: everything that is wrong with a configuration as a whole. What each value may be by itself is its schema's to
 * say; this is what they are to each other. Empty: it is in order.
 */
export function problemsOf(configuration: Configuration): ConfigurationProblem[] {
  return [...peopleProblems(configuration), ...groupProblems(configuration), ...flowProblems(configuration), ...numberProblems(configuration), ...dispositionProblems(configuration), ...phoneProblems(configuration), ...plainProblems(configuration)];
}

const problem = (kind: ConfigurationKind, id: string, code: ConfigurationProblem['code'], field: string, other = ''): ConfigurationProblem => ({ kind, id, code, field, other });

function peopleProblems({ people, groups, phones }: Configuration): ConfigurationProblem[] {
  const known = new Set(groups.map(({ groupId }) => groupId));
  const accounts = new Map<string, string>();
  const extensions = new Map<string, string>(phones.map(({ user, number }) => [number, `phone ${user}`]));
  for (const { user } of phones) extensions.set(user, `phone ${user}`);
  const found = people.flatMap(({ agentId, account, extension, memberships }) => {
    const problems: ConfigurationProblem[] = [];
    const name = account.toLowerCase();
    const namesake = accounts.get(name);
    const neighbour = extension === null ? undefined : extensions.get(extension);
    if (namesake !== undefined) problems.push(problem('person', agentId, 'taken', 'account', `person ${namesake}`));
    if (neighbour !== undefined) problems.push(problem('person', agentId, 'taken', 'extension', neighbour));
    accounts.set(name, agentId);
    if (extension !== null) extensions.set(extension, `person ${agentId}`);
    // Calls of a group ring at a telephone.
    else if (memberships.length > 0) problems.push(problem('person', agentId, 'no-extension', 'memberships'));
    const seen = new Set<string>();
    for (const { groupId } of memberships) {
      if (!known.has(groupId)) problems.push(problem('person', agentId, 'unknown-reference', 'memberships', `group ${groupId}`));
      if (seen.has(groupId)) problems.push(problem('person', agentId, 'taken', 'memberships', `group ${groupId}`));
      seen.add(groupId);
    }
    return problems;
  });
  const [anybody] = people;
  if (anybody !== undefined && !people.some(({ role }) => role === 'admin')) found.push(problem('person', anybody.agentId, 'last-administrator', 'role'));
  return found;
}

function groupProblems({ groups }: Configuration): ConfigurationProblem[] {
  const names = new Map<string, string>();
  return groups.flatMap(({ groupId, name, hours }) => {
    const key = name.normalize('NFC').toLowerCase();
    const namesake = names.get(key);
    names.set(key, groupId);
    // Callers are led, and figures read, by the name.
    return [...(namesake === undefined ? [] : [problem('group', groupId, 'taken', 'name', `group ${namesake}`)]), ...hoursProblems(groupId, hours)];
  });
}

function hoursProblems(groupId: string, hours: readonly OpeningSpan[]): ConfigurationProblem[] {
  if (hours.some(({ fromMinute, toMinute }) => fromMinute === 1440 || (fromMinute === toMinute && fromMinute !== 0))) return [problem('group', groupId, 'never-open', 'hours')];
  return overlap(hours) ? [problem('group', groupId, 'overlaps', 'hours')] : [];
}

/** Whether two spans of a week meet; one over midnight, and one over the end of the week, in two parts. */
function overlap(spans: readonly OpeningSpan[]): boolean {
  const parts = spans
    .flatMap(({ weekday, fromMinute, toMinute }) => {
      const from = weekday * 1440 + fromMinute;
      const to = fromMinute < toMinute ? weekday * 1440 + toMinute : (weekday + 1) * 1440 + toMinute;
      return to <= WEEK_MINUTES ? [{ from, to }] : [{ from, to: WEEK_MINUTES }, { from: 0, to: to - WEEK_MINUTES }];
    })
    .toSorted((a, b) => a.from - b.from);
  return parts.some(({ from }, index) => index > 0 && from < (parts[index - 1]?.to ?? 0));
}

function flowProblems({ flows, groups, plain }: Configuration): ConfigurationProblem[] {
  const known = new Set<string>(groups.map(({ groupId }) => groupId));
  const sounds = new Set<string>([...ownAnnouncements, ...plain.announcement.map(({ id }) => id)]);
  return flows.flatMap(({ flowId, steps }) => [
    ...stepsOf(steps).flatMap((step) => {
      if (step.type === 'group' && !known.has(step.groupId)) return [problem('flow', flowId, 'unknown-reference', 'steps', `group ${step.groupId}`)];
      if (step.type === 'menu' && new Set(step.options.map(({ digit }) => digit)).size < step.options.length) return [problem('flow', flowId, 'key-twice', 'steps')];
      return [];
    }),
    ...[...new Set(stepsOf(steps).flatMap(announcementsOf))].filter((name) => !sounds.has(name)).map((name) => problem('flow', flowId, 'unknown-reference', 'steps', `announcement ${name}`)),
    ...(depthOf(steps) > DEEPEST_FLOW ? [problem('flow', flowId, 'too-deep', 'steps')] : []),
  ]);
}

const announcementsOf = (step: FlowStep): string[] => (step.type === 'announce' ? [step.announcement] : step.type === 'menu' ? [step.announcement, step.wrongKeyAnnouncement] : []);

/** Every step of a flow, those within menus too. */
const stepsOf = (steps: readonly FlowStep[]): FlowStep[] => steps.flatMap((step) => [step, ...(step.type === 'menu' ? [...step.options.flatMap((option) => stepsOf(option.steps)), ...stepsOf(step.otherwise)] : [])]);

const depthOf = (steps: FlowRecord['steps']): number =>
  Math.max(0, ...steps.map((step) => (step.type === 'menu' ? 1 + Math.max(depthOf(step.otherwise), ...step.options.map((option) => depthOf(option.steps))) : 1)));

function numberProblems({ numbers, flows, phones }: Configuration): ConfigurationProblem[] {
  const known = new Set<string>(flows.map(({ flowId }) => flowId));
  const outside = new Set(phones.filter(({ kind }) => kind === 'customer').map(({ number }) => number));
  return numbers.flatMap(({ e164, flowId }) => [
    ...(toE164(e164) === e164 ? [] : [problem('number', e164, 'not-a-number', 'id')]),
    ...(known.has(flowId) ? [] : [problem('number', e164, 'unknown-reference', 'flowId', `flow ${flowId}`)]),
    ...(outside.has(e164) ? [problem('number', e164, 'taken', 'id')] : []),
  ]);
}

function dispositionProblems({ dispositions, groups }: Configuration): ConfigurationProblem[] {
  const known = new Set(groups.map(({ groupId }) => groupId));
  return dispositions.flatMap(({ dispositionId, groupId }) => (groupId === null || known.has(groupId) ? [] : [problem('disposition', dispositionId, 'unknown-reference', 'groupId', `group ${groupId}`)]));
}

function phoneProblems({ phones }: Configuration): ConfigurationProblem[] {
  const numbers = new Map<string, string>();
  return phones.flatMap(({ user, number }) => {
    const other = numbers.get(number);
    numbers.set(number, user);
    return other === undefined ? [] : [problem('phone', user, 'taken', 'number', `phone ${other}`)];
  });
}
