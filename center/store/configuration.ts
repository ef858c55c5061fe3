import { sql } from 'kysely';
import { z } from 'zod';
import {
  ConfigurationId, ConfigurationObject, configurationKinds, PhoneSettings,
  type CenterSettings, type ConfigurationChange, type ConfigurationKind, type ConfigurationProblem, type ConfigurationValue, type PersonSettings,
} from '../../contract/configuration.ts';
import { conflict, ok, type Result } from '../../contract/errors.ts';
import { AgentId, DispositionId, FlowId, GroupId } from '../../contract/ids.ts';
import type { MediaId } from '../../contract/media.ts';
import { objectsOf } from '../configuration/objects.ts';
import { plainKindNames, plainKinds } from '../configuration/plain-kinds.ts';
import type { Configuration, PlainKind, PlainRecord, PlainRecords } from '../configuration/records.ts';
import type { Admission, ConfigurationWriter } from '../ports.ts';
import { addAudit } from './audit-log.ts';
import { endCredentialsOf } from './credentials.ts';
import { wordsOf } from './dialect/words.ts';
import { readDialling, putDialBlock, setAlarmSettings, setDialRule, setLineLimits } from './dialling.ts';
import { setMediaUses, unknownMedia } from './media.ts';
import { endInvitations, putInvitation } from './invitations.ts';
import { newVersion } from './revision.ts';
import { flagColumn, jsonColumn, readRows } from './rows.ts';
import type { Database, Reader, Writer } from './tables.ts';

const DEFAULT_CENTER: CenterSettings = { timeZone: 'Asia/Seoul', shortAbandonMs: 5000, company: '' };
/** Nobody knows a password of which this is the hash. */
const NO_PASSWORD = '!';

const rowOf = <Id extends z.ZodType, Value extends z.ZodType>(id: Id, value: Value) => z.object({ id, value: jsonColumn(value) });
const rows = {
  group: rowOf(GroupId, configurationKinds.group),
  person: rowOf(AgentId, configurationKinds.person),
  flow: rowOf(FlowId, configurationKinds.flow),
  number: rowOf(ConfigurationId, configurationKinds.number),
  disposition: rowOf(DispositionId, configurationKinds.disposition),
  phone: rowOf(z.string(), PhoneSettings.required()),
  center: rowOf(z.literal('center'), configurationKinds.center),
} as const satisfies Record<Exclude<ConfigurationKind, PlainKind>, z.ZodType>;

const OpeningRow = z.object({ group_id: GroupId, open: flagColumn });

/**
 * Everything an administrator set up, in the order they put it. What cannot be read is left out and told of: a group
 * that is not what it should be must not keep the others from their calls.
 */
export async function readConfiguration(db: Reader): Promise<Configuration> {
  const groups = await read(db, 'group');
  const known = new Set(groups.map(({ id }) => id));
  const people = await read(db, 'person');
  const openings = new Map(readRows(db, 'openings', OpeningRow, await db.selectFrom('openings').selectAll().execute()).map(({ group_id, open }) => [group_id, open]));
  const [center] = await read(db, 'center');
  return {
    people: people.map(({ id, value }) => ({ ...value, agentId: id, memberships: value.memberships.filter(({ groupId }) => known.has(groupId)) })),
    groups: groups.map(({ id, value }) => ({ ...value, groupId: id, openOverride: openings.get(id) ?? null })),
    numbers: (await read(db, 'number')).map(({ id, value }) => ({ ...value, e164: id })),
    flows: (await read(db, 'flow')).map(({ id, value }) => ({ ...value, flowId: id })),
    dispositions: (await read(db, 'disposition')).map(({ id, value }) => ({ ...value, dispositionId: id })),
    phones: (await read(db, 'phone')).map(({ id, value }) => ({ ...value, user: id })),
    plain: await readPlain(db, 'configuration'),
    former: await readPlain(db, 'former_configuration'),
    dialling: await readDialling(db),
    ...(center?.value ?? DEFAULT_CENTER),
  };
}

/** An IANA name, as `Asia/Seoul`. */
export const readTimeZone = async (db: Reader): Promise<string> => ((await read(db, 'center'))[0]?.value ?? DEFAULT_CENTER).timeZone;

/** Of each plain kind what there is, or what there was, in its order. */
async function readPlain(db: Reader, table: 'configuration' | 'former_configuration'): Promise<PlainRecords> {
  const all: Partial<Record<PlainKind, PlainRecord<PlainKind>[]>> = {};
  for (const kind of plainKindNames) {
    const found = await db.selectFrom(table).select(['id', 'value']).where('kind', '=', kind).orderBy('position').orderBy('id').execute();
    const row: z.ZodType<PlainRecord<PlainKind>> = rowOf(ConfigurationId, configurationKinds[kind] as z.ZodType<ConfigurationValue<PlainKind>>);
    all[kind] = readRows(db, table, row, found);
  }
  return all as PlainRecords;
}

async function read<Kind extends keyof typeof rows>(db: Reader, kind: Kind): Promise<z.infer<(typeof rows)[Kind]>[]> {
  const found = await db.selectFrom('configuration').select(['id', 'value']).where('kind', '=', kind).orderBy('position').orderBy('id').execute();
  return readRows(db, 'configuration', rows[kind], found) as z.infer<(typeof rows)[Kind]>[];
}

/** Objects with their versions, in the order they were put, from `after` on: of which kind, and how many at most. A phone's password is not among it. */
export async function configurationObjects(db: Reader, kind: ConfigurationKind, after: number, limit: number): Promise<{ objects: ConfigurationObject[]; next: number | null }> {
  const found = await db.selectFrom('configuration').selectAll().where('kind', '=', kind).where('position', '>', after).orderBy('position').limit(limit + 1).execute();
  const page = found.slice(0, limit);
  const objects = readRows(db, 'configuration', ObjectRow, page);
  return { objects, next: found.length > limit ? (page.at(-1)?.position ?? null) : null };
}

const ObjectRow = z
  .object({ kind: z.string(), id: z.string(), version: z.string(), value: jsonColumn(z.record(z.string(), z.unknown())) })
  .transform(({ kind, id, version, value }) => ({ kind, id, version, value: withoutSecrets(value) }))
  .pipe(ConfigurationObject);

function withoutSecrets(value: Record<string, unknown>): Record<string, unknown> {
  const { password: _, ...rest } = value;
  return rest;
}

/**
 * Writes changes, all of them or none, each with its line in the audit log: what was there before and is there now.
 * `configuration.conflict` with the present objects where one is no longer, or not yet, what was seen.
 */
export function changeConfiguration(db: Database, changes: readonly ConfigurationChange[], writer: ConfigurationWriter): Promise<Result<ConfigurationObject[]>> {
  return db.transaction().execute(async (tx) => {
    const present = await presentOf(tx, changes);
    const stale = changes.filter(({ kind, id, version }) => (present.get(keyOf(kind, id))?.version ?? null) !== version);
    if (stale.length > 0) return conflict('configuration.conflict', stale.map(({ kind, id }) => `${kind} ${id}`).join(', '), stale.flatMap(({ kind, id }) => present.get(keyOf(kind, id))?.object ?? []));
    const missing = await unknownMedia(tx, changes.flatMap((change) => (change.kind === 'announcement' ? (change.value?.sounds ?? []) : [])).map(({ mediaId }) => mediaId));
    if (missing.length > 0) return soundless(changes, missing);
    const written: ConfigurationObject[] = [];
    for (const change of changes) {
      const before = present.get(keyOf(change.kind, change.id)) ?? null;
      const after = await writeObject(tx, change, before?.raw ?? null, writer);
      if (after !== null) written.push(after);
      const secretless = change.value === null ? null : withoutSecrets(change.value);
      await addAudit(tx, {
        at: writer.at, actor: writer.by, address: writer.address, action: 'configuration.changed', subject: `${change.kind} ${change.id}`,
        details: { kind: change.kind, what: before === null ? 'created' : change.value === null ? 'removed' : 'changed' },
        // Names of people are words that may have to be erased.
        note: JSON.stringify({ before: before?.object.value ?? null, after: secretless }),
      });
    }
    for (const admission of writer.admissions ?? []) await admit(tx, admission, writer.at);
    return ok(written);
  });
}

/** Sounds that are not there, or are no announcements: somebody took too long, and they were swept away. */
function soundless(changes: readonly ConfigurationChange[], missing: readonly MediaId[]): Result<never> {
  const present = changes.flatMap((change) => (change.kind === 'announcement' && change.value?.sounds.some(({ mediaId }) => missing.includes(mediaId)) === true ? [{ kind: change.kind, id: change.id, code: 'no-sound', field: 'sounds', other: '' } satisfies ConfigurationProblem] : []));
  return { ok: false, error: { code: 'configuration.invalid', message: present.map(({ id }) => `announcement ${id}: sounds no-sound`).join('; '), present } };
}

async function admit(tx: Writer, admission: Admission, at: number): Promise<void> {
  const { agentId } = admission;
  if (admission.kind === 'invitation') await putInvitation(tx, agentId, admission.invitation, at);
  else await tx.updateTable('accounts').set({ password_hash: admission.passwordHash, password_changed_at: at }).where('agent_id', '=', agentId).execute();
}

const keyOf = (kind: ConfigurationKind, id: string): string => `${kind} ${id}`;

interface Present {
  version: string;
  object: ConfigurationObject;
  /** With secrets. */
  raw: Record<string, unknown>;
}

async function presentOf(tx: Writer, changes: readonly ConfigurationChange[]): Promise<Map<string, Present>> {
  const present = new Map<string, Present>();
  for (const { kind, id } of changes) {
    const row = await tx.selectFrom('configuration').selectAll().where('kind', '=', kind).where('id', '=', id).executeTakeFirst();
    const [object] = row === undefined ? [] : readRows(tx, 'configuration', ObjectRow, [row]);
    if (row !== undefined && object !== undefined) present.set(keyOf(kind, id), { version: row.version, object, raw: JSON.parse(row.value) as Record<string, unknown> });
  }
  return present;
}

async function writeObject(tx: Writer, change: ConfigurationChange, before: Record<string, unknown> | null, writer: ConfigurationWriter): Promise<ConfigurationObject | null> {
  const { kind, id, value } = change;
  if (change.kind === 'announcement') await setMediaUses(tx, keyOf(kind, id), change.value?.sounds.map(({ mediaId }) => mediaId) ?? []);
  // Keys and links end with whoever made them, or with their right to: at once, and for good.
  if (change.kind === 'person') await endCredentialsOf(tx, AgentId.parse(id), change.value === null ? null : { ...change.value, kind: 'console' }, writer);
  const keepsLast = change.kind in plainKinds && plainKinds[change.kind as PlainKind].keepsLast === true;
  if (keepsLast) await tx.deleteFrom('former_configuration').where('kind', '=', kind).where('id', '=', id).execute();
  if (value === null) {
    if (keepsLast) await tx.insertInto('former_configuration').columns(['kind', 'id', 'position', 'value']).expression(tx.selectFrom('configuration').select(['kind', 'id', 'position', 'value']).where('kind', '=', kind).where('id', '=', id)).execute();
    await tx.deleteFrom('configuration').where('kind', '=', kind).where('id', '=', id).execute();
    if (kind === 'person') {
      await tx.updateTable('accounts').set({ disabled_at: writer.at }).where('agent_id', '=', id).execute();
      await endInvitations(tx, AgentId.parse(id), writer.at);
    }
    if (kind === 'group') await tx.deleteFrom('openings').where('group_id', '=', id).execute();
    return null;
  }
  // What is not said of a secret leaves it as it is.
  const kept = before !== null && 'password' in before && !('password' in value) ? { ...value, password: before['password'] } : value;
  const version = newVersion();
  await putObject(tx, kind, id, version, kept);
  if (change.kind === 'person' && change.value !== null) await putPerson(tx, AgentId.parse(id), change.value.account, NO_PASSWORD);
  return ConfigurationObject.parse({ kind, id, version, value: withoutSecrets(value) });
}

async function putObject(tx: Writer, kind: ConfigurationKind, id: string, version: string, value: unknown): Promise<void> {
  await tx
    .insertInto('configuration')
    .values({ kind, id, version, value: JSON.stringify(value), position: sql<number>`(SELECT coalesce(max(position), 0) + 1 FROM configuration WHERE kind = ${kind})` })
    .onConflict((taken) => taken.columns(['kind', 'id']).doUpdateSet({ version, value: JSON.stringify(value) }))
    .execute();
}

/** Who may sign in, by which name; of a new person with this hash of a password. */
async function putPerson(tx: Writer, agentId: AgentId, account: string, passwordHash: string): Promise<void> {
  await tx.insertInto('people').values({ agent_id: agentId, account }).onConflict((taken) => taken.column('agent_id').doUpdateSet({ account })).execute();
  await tx
    .insertInto('accounts')
    .values({ agent_id: agentId, password_hash: passwordHash, password_changed_at: 0, must_change: 0, password_expires_at: null, disabled_at: null })
    .onConflict((taken) => taken.column('agent_id').doNothing())
    .execute();
}

/** Forgets people who are set up no more: their accounts, factors and sign-ins go with them. */
export async function forgetRemovedPeople(db: Writer, isKept: (agentId: string) => boolean = () => false): Promise<void> {
  const gone = await db.selectFrom('people').select('agent_id').where('agent_id', 'not in', db.selectFrom('configuration').select('id').where('kind', '=', 'person')).execute();
  for (const { agent_id } of gone) if (!isKept(agent_id)) await db.deleteFrom('people').where('agent_id', '=', agent_id).execute();
}

/** Those of these groups that are not set up. */
export async function unknownGroups(db: Reader, groupIds: readonly GroupId[]): Promise<GroupId[]> {
  const known = new Set((await db.selectFrom('configuration').select('id').where('kind', '=', 'group').where('id', 'in', groupIds).execute()).map(({ id }) => id));
  return groupIds.filter((groupId) => !known.has(groupId));
}

/** Opens or closes a group by hand; null returns it to its hours. */
export async function setGroupOpen(db: Writer, groupId: GroupId, open: boolean | null): Promise<void> {
  if (open === null) await db.deleteFrom('openings').where('group_id', '=', groupId).execute();
  else await db.insertInto('openings').values({ group_id: groupId, open: Number(open) }).onConflict((taken) => taken.column('group_id').doUpdateSet({ open: Number(open) })).execute();
}

/** Whether after-call work of a group asks for a disposition. */
export async function setDispositionRequired(db: Writer, groupId: GroupId, required: boolean): Promise<void> {
  await db
    .updateTable('configuration')
    .set({ value: wordsOf(db).jsonWith('value', 'dispositionRequired', required), version: newVersion() })
    .where('kind', '=', 'group')
    .where('id', '=', groupId)
    .execute();
}

/** A person more, who may sign in. The caller has seen to it that account and extension are nobody else's. */
export async function insertPerson(db: Writer, agentId: AgentId, person: PersonSettings, passwordHash: string): Promise<void> {
  await putObject(db, 'person', agentId, newVersion(), person);
  await putPerson(db, agentId, person.account, passwordHash);
}

/** Writes a whole configuration into an empty store. `passwordHashOf` answers the hash of an account's password. */
export async function insertConfiguration(db: Writer, configuration: Configuration, passwordHashOf: (account: string) => string): Promise<void> {
  for (const { kind, id, value } of objectsOf(configuration)) await putObject(db, kind, id, newVersion(), configurationKinds[kind].parse(value));
  for (const { agentId, account } of configuration.people) await putPerson(db, agentId, account, passwordHashOf(account));
  for (const { groupId, openOverride } of configuration.groups) await setGroupOpen(db, groupId, openOverride);
  const { dialling } = configuration;
  for (const rule of dialling.rules) await setDialRule(db, rule);
  for (const block of dialling.blocks) await putDialBlock(db, block);
  await setLineLimits(db, dialling.line);
  await setAlarmSettings(db, dialling.alarm);
}
