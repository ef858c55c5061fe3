import { deskKinds, type ConfigurationChange, type ConfigurationObject, type ConfigurationProblem } from '../../contract/configuration.ts';
import { fail, ok, type Result } from '../../contract/errors.ts';
import { AgentId, GroupId } from '../../contract/ids.ts';
import type { Acd } from '../acd/acd.ts';
import type { Agent } from '../agents/agent.ts';
import type { Attendant } from '../attendant.ts';
import type { Roster } from '../agents/roster.ts';
import type { Desks } from '../desks.ts';
import type { Durability } from '../durability.ts';
import type { CenterLogger } from '../logger.ts';
import type { Office } from '../office.ts';
import type { Consoles } from '../people/consoles.ts';
import type { PhoneAccounts } from '../phone-accounts.ts';
import type { Clock, ConfigurationWriter, Records } from '../ports.ts';
import type { Statistics } from '../reports/statistics.ts';
import type { Topics } from '../topics/index.ts';
import { withChanges } from './objects.ts';
import { problemsOf } from './problems.ts';
import { agentsIn, type Configuration } from './records.ts';

export interface ConfigurationWritingParts {
  office: Office;
  roster: Roster;
  desks: Desks;
  consoles: Consoles;
  acd: Acd;
  statistics: Statistics;
  topics: Topics;
  accounts: PhoneAccounts;
  records: Pick<Records, 'changeConfiguration' | 'forgetRemovedPeople'>;
  durability: Durability;
  clock: Pick<Clock, 'now'>;
  logger: CenterLogger;
  attendants: readonly Attendant[];
  /** What people may dial, and as whom, is another now. */
  onDialling: () => void;
}

/** What came of a change. */
export interface ConfigurationChanged {
  /** As they are now; what was removed is not among them. */
  objects: ConfigurationObject[];
  /** Who is signed in as what they are no more: with their sign-in over, it comes true. */
  toSignOut: AgentId[];
}

export interface ConfigurationWriting {
  /** What is wrong with these changes, here and now; empty: they can be made. */
  check: (changes: readonly ConfigurationChange[], by: AgentId | null) => ConfigurationProblem[];
  /**
   * Makes changes, all of them or none: kept, in force, and on every desk, while calls go on.
   * `configuration.invalid` with the problems, `configuration.conflict` with the present objects.
   */
  change: (changes: readonly ConfigurationChange[], writer: ConfigurationWriter) => Promise<Result<ConfigurationChanged>>;
  /** Whether anybody may set things up at all. */
  readonly hasAdministrator: boolean;
  /** The same as `change`, while there is no administrator: of two at one moment the first has it, the other `setup.done`. */
  setUp: ConfigurationWriting['change'];
}

/** What an administrator sets up, changed while the center runs. */
export function createConfigurationWriting(parts: ConfigurationWritingParts): ConfigurationWriting {
  const { office, roster, records, durability } = parts;
  /** One after the other: each is checked against what the one before has left. */
  let turn: Promise<unknown> = Promise.resolve();

  function check(changes: readonly ConfigurationChange[], by: AgentId | null): ConfigurationProblem[] {
    const known = new Set(problemsOf(office.configuration).map(nameOf));
    return [...problemsOf(withChanges(office.configuration, changes)).filter((problem) => !known.has(nameOf(problem))), ...changes.flatMap((one) => obstaclesOf(parts, one, by))];
  }

  async function change(changes: readonly ConfigurationChange[], writer: ConfigurationWriter): Promise<Result<ConfigurationChanged>> {
    const problems = check(changes, writer.by);
    if (problems.length > 0) return { ok: false, error: { code: 'configuration.invalid', message: problems.map(({ kind, id, code, field, other }) => `${kind} ${id}: ${field} ${code} ${other}`.trim()).join('; '), present: problems } };
    const written = await durability.written(records.changeConfiguration(changes, writer));
    if (!written.ok) return written;
    const toSignOut = applyChanges(parts, changes);
    // Whoever is signed in yet is forgotten when they are out.
    if (changes.some(({ kind, value }) => kind === 'person' && value === null)) await records.forgetRemovedPeople((id) => roster.agent(AgentId.parse(id)) !== undefined).catch((error: unknown) => parts.logger.error({ err: error }, 'people who were removed are forgotten at the next start'));
    return ok({ objects: written.value, toSignOut });
  }

  const hasAdministrator = (): boolean => office.configuration.people.some(({ role }) => role === 'admin');
  const inTurn = <Value>(act: () => Promise<Value>): Promise<Value> => {
    const next = turn.then(act);
    turn = next.catch(() => {});
    return next;
  };

  return {
    check,
    change: (changes, writer) => inTurn(() => change(changes, writer)),
    get hasAdministrator() {
      return hasAdministrator();
    },
    setUp: (changes, writer) => inTurn(async () => (hasAdministrator() ? fail('setup.done', 'there is an administrator') : change(changes, writer))),
  };
}

const nameOf = ({ kind, id, code, field, other }: ConfigurationProblem): string => JSON.stringify([kind, id, code, field, other]);

/** What stands in the way at this moment, whatever the configuration is like. */
function obstaclesOf({ acd, roster, office }: ConfigurationWritingParts, { kind, id, value }: ConfigurationChange, by: AgentId | null): ConfigurationProblem[] {
  if (kind === 'center') return id === 'center' && value !== null ? [] : [{ kind, id, code: 'one-only', field: 'id', other: 'center' }];
  if (kind === 'group' && value === null) {
    const { waiting } = acd.waitingIn(GroupId.parse(id));
    return waiting === 0 ? [] : [{ kind, id, code: 'callers-waiting', field: 'id', other: String(waiting) }];
  }
  if (kind !== 'person') return [];
  const person = roster.agent(AgentId.parse(id));
  const present = office.person(AgentId.parse(id));
  if (id === by && (value === null || value.role !== present?.role)) return [{ kind, id, code: 'own-account', field: value === null ? 'id' : 'role', other: '' }];
  // An auditor looks at what administrators do: nobody makes themselves one.
  if (id === by && value?.duties.some((duty) => present?.duties.includes(duty) !== true) === true) return [{ kind, id, code: 'own-account', field: 'duties', other: '' }];
  const holder = value === null || value.extension === null ? undefined : roster.atExtension(value.extension);
  return holder === undefined || holder === person || !roster.isLeaving(holder) ? [] : [{ kind, id, code: 'taken', field: 'extension', other: `person ${holder.agentId}` }];
}

/** Puts changes in force, and tells the desks. Answers who has to be signed out for all of it to come true. */
function applyChanges(parts: ConfigurationWritingParts, changes: readonly ConfigurationChange[]): AgentId[] {
  const { office, roster, desks, acd, statistics, topics, accounts, clock } = parts;
  const before = office.configuration;
  const after = withChanges(before, changes);
  office.replace(after);
  const { changed, removed, toSignOut } = roster.apply(agentsIn(after));

  const goneGroups = idsGone(before.groups, after.groups, ({ groupId }) => groupId);
  acd.forget(goneGroups);
  const freshGroups = after.groups.filter((group) => !before.groups.includes(group));
  if (freshGroups.length > 0) desks.tellAll({ type: 'directory.changed', payload: { agents: [], groups: freshGroups.map((group) => office.card(group, clock.now())) } });
  if (goneGroups.length > 0) desks.tellAll({ type: 'directory.removed', payload: { groupIds: goneGroups } });
  for (const agentId of [...changed.map((agent) => agent.agentId), ...removed]) topics.touch('people', agentId);
  for (const agentId of removed) topics.touch('directory', agentId);
  for (const groupId of goneGroups) topics.touch('figures', groupId);
  tellOffice(parts, before, changed);

  const usersGone = idsGone(before.phones, after.phones, ({ user }) => user);
  // Whoever else makes phones known to the switch waits for it as this does.
  void accounts.takeFromPhones(usersGone).then(() => accounts.giveToPhones(after.phones.filter((phone) => !before.phones.includes(phone))));

  if (before.timeZone !== after.timeZone) statistics.zoneChanged();
  if (before.numbers !== after.numbers || before.people !== after.people) parts.onDialling();
  const touched = new Set([...freshGroups.map(({ groupId }) => groupId), ...changed.flatMap(({ groupIds }) => groupIds), ...before.people.filter((person) => !after.people.includes(person)).flatMap(({ memberships }) => memberships.map(({ groupId }) => groupId))]);
  for (const groupId of touched) if (office.group(groupId) !== undefined) statistics.touch(groupId);
  acd.regroup(touched);
  topics.recheck();
  for (const attendant of parts.attendants) attendant.setUpChanged();
  return toSignOut;
}

const idsGone = <Rec, Id>(before: readonly Rec[], after: readonly Rec[], idOf: (record: Rec) => Id): Id[] => {
  const left = new Set(after.map(idOf));
  return before.map(idOf).filter((id) => !left.has(id));
};

/** What of the set-up a desk goes by: everybody's where it is everybody's, and to who is another now, who they are. */
function tellOffice({ office, desks, consoles }: ConfigurationWritingParts, before: Configuration, changed: readonly Agent[]): void {
  const { dispositions, timeZone, people, plain } = office.configuration;
  const isForAll = before.dispositions !== dispositions || before.timeZone !== timeZone || deskKinds.some((kind) => before.plain[kind] !== plain[kind]);
  const others = new Set([...changed.map(({ agentId }) => agentId), ...people.filter((person) => !before.people.includes(person)).map(({ agentId }) => agentId)]);
  for (const { me, sink } of desks.watchers) if (isForAll || others.has(me.agentId)) sink.send({ type: 'office.changed', payload: { me, timeZone, dispositions, setUp: office.deskSetUp } });
  consoles.endStrangers();
}
