import { z } from 'zod';
import { Role } from '../../contract/directory.ts';
import { AgentId, DispositionId, FlowId, GroupId } from '../../contract/ids.ts';
import { localTime } from '../../contract/local-time.ts';
import type { AgentRecord, Configuration, DispositionRecord, FlowRecord, FlowStep, GroupRecord, NumberRecord, PhoneRecord } from '../configuration.ts';
import { putDialBlock, readDialling, setAlarmSettings, setDialRule, setLineLimits } from './dialling.ts';
import { flagColumn, jsonColumn, readRows } from './rows.ts';
import type { Reader, Writer } from './tables.ts';

const DEFAULT_TIME_ZONE = 'Asia/Seoul';
const DEFAULT_SHORT_ABANDON_MS = 5000;

const Weekday = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6)]);
const Minute = z.number().int().min(0).max(1440);
const Hours = z.array(z.object({ weekday: Weekday, fromMinute: Minute, toMinute: Minute }));

const Step: z.ZodType<FlowStep> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('announce'), announcement: z.string() }),
    z.object({
      type: z.literal('menu'),
      announcement: z.string(),
      options: z.array(z.object({ digit: z.string().regex(/^[\d*#]$/), label: z.string(), steps: z.array(Step) })),
      timeoutMs: z.number().int().positive(),
      tries: z.number().int().positive(),
      otherwise: z.array(Step),
      wrongKeyAnnouncement: z.string(),
    }),
    z.object({ type: z.literal('group'), groupId: GroupId }),
    z.object({ type: z.literal('hangUp') }),
  ]),
);

const AgentRow = z
  .object({ agent_id: AgentId, account: z.string(), name: z.string(), role: Role, extension: z.string() })
  .transform(({ agent_id, ...rest }): Omit<AgentRecord, 'memberships'> => ({ ...rest, agentId: agent_id }));

const MembershipRow = z.object({ agent_id: AgentId, group_id: GroupId, skill: z.number() });

const GroupRow = z
  .object({
    group_id: GroupId,
    name: z.string(),
    strategy: z.enum(['longest-idle', 'round-robin', 'fewest-calls', 'random', 'fixed-order', 'ring-all', 'skill-level']),
    service_level_ms: z.number().int().positive(),
    wrap_up_ms: z.number().int().nonnegative(),
    offer_timeout_ms: z.number().int().positive(),
    max_waiting: z.number().int().nonnegative(),
    when_empty: z.enum(['refuse', 'wait']),
    hours: jsonColumn(Hours),
    open_override: flagColumn.nullable(),
    disposition_required: flagColumn,
  })
  .transform(
    (row): GroupRecord => ({
      groupId: row.group_id,
      name: row.name,
      strategy: row.strategy,
      serviceLevelMs: row.service_level_ms,
      wrapUpMs: row.wrap_up_ms,
      offerTimeoutMs: row.offer_timeout_ms,
      maxWaiting: row.max_waiting,
      whenEmpty: row.when_empty,
      hours: row.hours,
      openOverride: row.open_override,
      dispositionRequired: row.disposition_required,
    }),
  );

const NumberRow = z
  .object({ e164: z.string(), name: z.string(), flow_id: FlowId })
  .transform(({ e164, name, flow_id }): NumberRecord => ({ e164, name, flowId: flow_id }));

const FlowRow = z
  .object({ flow_id: FlowId, name: z.string(), steps: jsonColumn(z.array(Step)) })
  .transform(({ flow_id, name, steps }): FlowRecord => ({ flowId: flow_id, name, steps }));

const DispositionRow = z
  .object({ disposition_id: DispositionId, name: z.string(), group_id: GroupId.nullable() })
  .transform(({ disposition_id, name, group_id }): DispositionRecord => ({ dispositionId: disposition_id, name, groupId: group_id }));

const PhoneRow = z
  .object({ user: z.string(), password: z.string(), display_name: z.string(), number: z.string(), kind: z.enum(['desk', 'customer']) })
  .transform(({ display_name, ...rest }): PhoneRecord => ({ ...rest, displayName: display_name }));

const TimeZone = z.string().refine((timeZone) => {
  try {
    localTime(0, timeZone);
    return true;
  } catch {
    return false;
  }
});

/**
 * Everything an administrator set up, in the order they put it. What cannot be read is left out and told of: a group
 * that is not what it should be must not keep the others from their calls.
 */
export async function readConfiguration(db: Reader): Promise<Configuration> {
  const memberships = readRows(db, 'memberships', MembershipRow, await db.selectFrom('memberships').selectAll().orderBy('group_id').execute());
  const groups = readRows(db, 'groups', GroupRow, await db.selectFrom('groups').selectAll().orderBy('position').execute());
  const known = new Set(groups.map(({ groupId }) => groupId));
  const agents = readRows(db, 'agents', AgentRow, await db.selectFrom('agents').selectAll().orderBy('position').execute());
  return {
    agents: agents.map((agent) => ({
      ...agent,
      memberships: memberships.filter(({ agent_id, group_id }) => agent_id === agent.agentId && known.has(group_id)).map(({ group_id, skill }) => ({ groupId: group_id, skill })),
    })),
    groups,
    numbers: readRows(db, 'numbers', NumberRow, await db.selectFrom('numbers').selectAll().orderBy('e164').execute()),
    flows: readRows(db, 'flows', FlowRow, await db.selectFrom('flows').selectAll().orderBy('flow_id').execute()),
    dispositions: readRows(db, 'dispositions', DispositionRow, await db.selectFrom('dispositions').selectAll().orderBy('position').execute()),
    phones: readRows(db, 'phones', PhoneRow, await db.selectFrom('phones').selectAll().orderBy('user').execute()),
    dialling: await readDialling(db),
    timeZone: await setting(db, 'timeZone', TimeZone, DEFAULT_TIME_ZONE),
    shortAbandonMs: await setting(db, 'shortAbandonMs', z.string().transform(Number).pipe(z.number().nonnegative()), DEFAULT_SHORT_ABANDON_MS),
  };
}

/** A setting of the whole center, or its default where there is none that can be read. */
async function setting<Value>(db: Reader, key: string, schema: z.ZodType<Value>, otherwise: Value): Promise<Value> {
  const row = await db.selectFrom('meta').selectAll().where('key', '=', key).execute();
  const [found] = readRows(db, 'meta', z.object({ value: schema }), row);
  return found === undefined ? otherwise : found.value;
}

/** Opens or closes a group by hand; null returns it to its hours. */
export async function setGroupOpen(db: Writer, groupId: GroupId, open: boolean | null): Promise<void> {
  await db.updateTable('groups').set({ open_override: open === null ? null : Number(open) }).where('group_id', '=', groupId).execute();
}

/** Whether after-call work of a group asks for a disposition. */
export async function setDispositionRequired(db: Writer, groupId: GroupId, required: boolean): Promise<void> {
  await db.updateTable('groups').set({ disposition_required: Number(required) }).where('group_id', '=', groupId).execute();
}

/** Writes a whole configuration into an empty store. `passwordHashOf` answers the hash of an account's password. */
export async function insertConfiguration(db: Writer, configuration: Configuration, passwordHashOf: (account: string) => string): Promise<void> {
  const { agents, groups, flows, numbers, dispositions, phones, dialling, timeZone, shortAbandonMs } = configuration;
  for (const [position, group] of groups.entries()) {
    await db
      .insertInto('groups')
      .values({
        group_id: group.groupId,
        name: group.name,
        strategy: group.strategy,
        service_level_ms: group.serviceLevelMs,
        wrap_up_ms: group.wrapUpMs,
        offer_timeout_ms: group.offerTimeoutMs,
        max_waiting: group.maxWaiting,
        when_empty: group.whenEmpty,
        hours: JSON.stringify(group.hours),
        open_override: group.openOverride === null ? null : Number(group.openOverride),
        disposition_required: Number(group.dispositionRequired),
        position,
      })
      .execute();
  }
  for (const [position, { agentId, memberships, ...agent }] of agents.entries()) {
    await db.insertInto('agents').values({ ...agent, agent_id: agentId, position }).execute();
    await db.insertInto('accounts').values({ agent_id: agentId, password_hash: passwordHashOf(agent.account), password_changed_at: 0, must_change: 0, password_expires_at: null, disabled_at: null }).execute();
    for (const { groupId, skill } of memberships) await db.insertInto('memberships').values({ agent_id: agentId, group_id: groupId, skill }).execute();
  }
  for (const { flowId, name, steps } of flows) await db.insertInto('flows').values({ flow_id: flowId, name, steps: JSON.stringify(steps) }).execute();
  for (const { e164, name, flowId } of numbers) await db.insertInto('numbers').values({ e164, name, flow_id: flowId }).execute();
  for (const [position, { dispositionId, name, groupId }] of dispositions.entries()) {
    await db.insertInto('dispositions').values({ disposition_id: dispositionId, name, group_id: groupId, position }).execute();
  }
  for (const { displayName, ...phone } of phones) await db.insertInto('phones').values({ ...phone, display_name: displayName }).execute();
  for (const rule of dialling.rules) await setDialRule(db, rule);
  for (const block of dialling.blocks) await putDialBlock(db, block);
  await setLineLimits(db, dialling.line);
  await setAlarmSettings(db, dialling.alarm);
  await db.insertInto('meta').values([{ key: 'timeZone', value: timeZone }, { key: 'shortAbandonMs', value: String(shortAbandonMs) }]).execute();
}
