import { z } from 'zod';
import type { PersonSettings } from '../../contract/configuration.ts';
import { Role } from '../../contract/permissions.ts';
import { AgentId } from '../../contract/ids.ts';
import { insertPerson } from './configuration.ts';
import { endCredentialsOf, type CredentialEnder } from './credentials.ts';
import { wordsOf } from './dialect/words.ts';
import { endInvitations } from './invitations.ts';
import { flagColumn, readRows } from './rows.ts';
import type { Database, Reader, Writer } from './tables.ts';

/** What lets one person in, and whether it does. */
export interface Account {
  agentId: AgentId;
  /** As they type it; its case does not matter. */
  account: string;
  role: Role;
  passwordHash: string;
  passwordChangedAt: number;
  /** The password is good for choosing another one, and for nothing else. */
  mustChange: boolean;
  /** Of a temporary password: until when it is good. */
  passwordExpiresAt: number | null;
  disabledAt: number | null;
}

const AccountRow = z
  .object({
    agent_id: AgentId,
    account: z.string(),
    role: Role,
    password_hash: z.string(),
    password_changed_at: z.number().int(),
    must_change: flagColumn,
    password_expires_at: z.number().int().nullable(),
    disabled_at: z.number().int().nullable(),
  })
  .transform(
    (row): Account => ({
      agentId: row.agent_id,
      account: row.account,
      role: row.role,
      passwordHash: row.password_hash,
      passwordChangedAt: row.password_changed_at,
      mustChange: row.must_change,
      passwordExpiresAt: row.password_expires_at,
      disabledAt: row.disabled_at,
    }),
  );

const select = (db: Reader) =>
  db
    .selectFrom('accounts')
    .innerJoin('people', 'people.agent_id', 'accounts.agent_id')
    .innerJoin('configuration', (join) => join.onRef('configuration.id', '=', 'people.agent_id').on('configuration.kind', '=', 'person'))
    .select(wordsOf(db).jsonText('configuration.value', 'role').as('role'))
    .select(['accounts.agent_id', 'account', 'password_hash', 'password_changed_at', 'must_change', 'password_expires_at', 'disabled_at']);

/** The account of this name, whatever its case, or null. */
export async function findAccount(db: Reader, name: string): Promise<Account | null> {
  return readRows(db, 'accounts', AccountRow, await select(db).where(wordsOf(db).isSameName('account', name)).execute())[0] ?? null;
}

export async function accountOf(db: Reader, agentId: AgentId): Promise<Account | null> {
  return readRows(db, 'accounts', AccountRow, await select(db).where('accounts.agent_id', '=', agentId).execute())[0] ?? null;
}

/** All accounts, in the order of the people. */
export async function allAccounts(db: Reader): Promise<Account[]> {
  return readRows(db, 'accounts', AccountRow, await select(db).orderBy('position').execute());
}

export interface PasswordState {
  passwordHash: string;
  changedAt: number;
  mustChange: boolean;
  expiresAt: number | null;
}

/**
 * Sets a password; with `was`, in the place of that one and no other. Answers whether there is such an account. Sign-ins
 * that exist go on; invitations are over.
 */
export async function setPassword(db: Writer, agentId: AgentId, { passwordHash, changedAt, mustChange, expiresAt }: PasswordState, was: string | null = null): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('accounts')
    .set({ password_hash: passwordHash, password_changed_at: changedAt, must_change: Number(mustChange), password_expires_at: expiresAt })
    .where('agent_id', '=', agentId)
    .$if(was !== null, (query) => query.where('password_hash', '=', was ?? ''))
    .executeTakeFirst();
  if (numUpdatedRows > 0n) await endInvitations(db, agentId, changedAt);
  return numUpdatedRows > 0n;
}

/** Disables an account: nobody comes in by it, by an invitation to it, or by keys and links that its person made. */
export function disableAccount(db: Database, agentId: AgentId, writer: CredentialEnder): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await tx.updateTable('accounts').set({ disabled_at: writer.at }).where('agent_id', '=', agentId).execute();
    await endInvitations(tx, agentId, writer.at);
    await endCredentialsOf(tx, agentId, null, writer);
  });
}

/** Lets a person in again; what ended when they were shut out stays so. */
export async function enableAccount(db: Writer, agentId: AgentId): Promise<void> {
  await db.updateTable('accounts').set({ disabled_at: null }).where('agent_id', '=', agentId).execute();
}

export async function isDisabled(db: Reader, agentId: AgentId): Promise<boolean> {
  const row = await db.selectFrom('accounts').select('disabled_at').where('agent_id', '=', agentId).executeTakeFirst();
  return row !== undefined && row.disabled_at !== null;
}

/** Adds a person who may sign in, after all others. The caller has seen to it that account and extension are nobody else's. */
export async function insertAccount(db: Writer, agentId: AgentId, person: PersonSettings, password: PasswordState): Promise<void> {
  await insertPerson(db, agentId, person, password.passwordHash);
  await setPassword(db, agentId, password);
}

/** Places are forgotten when nobody has signed in from there for so long. */
const PLACE_LIFE_MS = 90 * 86_400_000;

/** Whether this person has signed in from there lately. */
export async function isKnownPlace(db: Reader, agentId: AgentId, network: string, now: number): Promise<boolean> {
  const row = await db.selectFrom('sign_in_places').select('last_at').where('agent_id', '=', agentId).where('network', '=', network).executeTakeFirst();
  return row !== undefined && row.last_at > now - PLACE_LIFE_MS;
}

export async function rememberPlace(db: Writer, agentId: AgentId, network: string, now: number): Promise<void> {
  await db.deleteFrom('sign_in_places').where('last_at', '<=', now - PLACE_LIFE_MS).execute();
  await db
    .insertInto('sign_in_places')
    .values({ agent_id: agentId, network, last_at: now })
    .onConflict((conflict) => conflict.columns(['agent_id', 'network']).doUpdateSet({ last_at: now }))
    .execute();
}
