import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { DISPLAY_PREFIX, KEY_PREFIX } from '../../contract/token-prefixes.ts';
import { GroupId, type AgentId } from '../../contract/ids.ts';
import { KeyScope, mayGive, type Holder } from '../../contract/permissions.ts';
import { addAudit } from './audit-log.ts';
import { jsonColumn, readRows } from './rows.ts';
import type { Database, Reader, Writer } from './tables.ts';

interface Common {
  credentialId: string;
  name: string;
  createdAt: number;
  createdBy: string;
  expiresAt: number | null;
  revokedAt: number | null;
  lastUsedAt: number | null;
}

/** A token that is no person's, without the token. */
export type Credential = Common & ({ kind: 'display'; groupIds: GroupId[] } | { kind: 'key'; scopes: KeyScope[] });
export type Grants = { kind: 'display'; groupIds: readonly GroupId[] } | { kind: 'key'; scopes: readonly KeyScope[] };

/** What it was used last is kept to the minute: a display asks every second. */
const USED_EVERY_MS = 60_000;

const common = { credential_id: z.string(), name: z.string(), created_at: z.number().int(), created_by: z.string(), expires_at: z.number().int().nullable(), revoked_at: z.number().int().nullable(), last_used_at: z.number().int().nullable() };
const CredentialRow = z
  .discriminatedUnion('kind', [
    z.object({ ...common, kind: z.literal('display'), grants: jsonColumn(z.array(GroupId)) }),
    z.object({ ...common, kind: z.literal('key'), grants: jsonColumn(z.array(KeyScope)) }),
  ])
  .transform((row): Credential => {
    const shared: Common = { credentialId: row.credential_id, name: row.name, createdAt: row.created_at, createdBy: row.created_by, expiresAt: row.expires_at, revokedAt: row.revoked_at, lastUsedAt: row.last_used_at };
    return row.kind === 'display' ? { ...shared, kind: row.kind, groupIds: row.grants } : { ...shared, kind: row.kind, scopes: row.grants };
  });

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Who does something to a credential. */
export interface CredentialWriter {
  by: AgentId;
  address: string;
  at: number;
}

/** The same; null: on the command line. */
export type CredentialEnder = Omit<CredentialWriter, 'by'> & { by: AgentId | null };

/** Makes one, with its line in the audit log. @returns it and its token, which is kept nowhere */
export async function createCredential(db: Database, name: string, grants: Grants, expiresAt: number | null, { by, address, at }: CredentialWriter): Promise<{ credential: Credential; token: string }> {
  const credentialId = randomUUID().slice(0, 13);
  // 256 bits: nobody guesses it, and a plain hash of it is as good as a slow one.
  const token = `${grants.kind === 'display' ? DISPLAY_PREFIX : KEY_PREFIX}${randomBytes(32).toString('base64url')}`;
  const given = grants.kind === 'display' ? grants.groupIds : grants.scopes;
  await db.transaction().execute(async (tx) => {
    await tx.insertInto('credentials').values({ credential_id: credentialId, kind: grants.kind, name, token_hash: hashOf(token), grants: JSON.stringify(given), created_at: at, created_by: by, expires_at: expiresAt, revoked_at: null, last_used_at: null }).execute();
    await addAudit(tx, { at, actor: by, address, action: `${grants.kind}s.create`, subject: credentialId, details: { grants: given, expiresAt }, note: name });
  });
  const shared: Common = { credentialId, name, createdAt: at, createdBy: by, expiresAt, revokedAt: null, lastUsedAt: null };
  return { token, credential: grants.kind === 'display' ? { ...shared, kind: 'display', groupIds: [...grants.groupIds] } : { ...shared, kind: 'key', scopes: [...grants.scopes] } };
}

/** Ends one; twice is once. @returns whether there is one of this kind */
export function revokeCredential(db: Database, kind: Credential['kind'], credentialId: string, { by, address, at }: CredentialWriter): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('credentials').select('revoked_at').where('credential_id', '=', credentialId).where('kind', '=', kind).executeTakeFirst();
    if (row === undefined) return false;
    if (row.revoked_at === null) await end(tx, { kind, credentialId }, { by, address, at }, {});
    return true;
  });
}

/**
 * Ends what a person made and may give no more, each with its line in the audit log. Within a transaction: of what took
 * their right from them, so that it does not come to life again with that.
 * @param maker as they are now; null: they are gone, or let in no more
 */
export async function endCredentialsOf(tx: Writer, agentId: AgentId, maker: Holder | null, writer: CredentialEnder): Promise<void> {
  const living = readRows(tx, 'credentials', CredentialRow, await select(tx).where('created_by', '=', agentId).where('revoked_at', 'is', null).execute());
  for (const credential of living) if (!isGivenBy(credential, maker)) await end(tx, credential, writer, { endedWith: agentId });
}

/** Whether a person may give this, as they are now; null: nobody they are. */
export const isGivenBy = (credential: Credential, maker: Holder | null): boolean => maker !== null && mayGive(maker, credential.kind === 'key' ? credential.scopes : []);

async function end(tx: Writer, { kind, credentialId }: Pick<Credential, 'kind' | 'credentialId'>, { by, address, at }: CredentialEnder, details: Record<string, unknown>): Promise<void> {
  await tx.updateTable('credentials').set({ revoked_at: at }).where('credential_id', '=', credentialId).execute();
  await addAudit(tx, { at, actor: by, address, action: `${kind}s.revoke`, subject: credentialId, details });
}

/** All of a kind, the newest first. */
export async function credentialsOf(db: Reader, kind: Credential['kind']): Promise<Credential[]> {
  return readRows(db, 'credentials', CredentialRow, await select(db).where('kind', '=', kind).orderBy('created_at', 'desc').orderBy('credential_id').execute());
}

/** Whose token this is, whether it is good yet or not; null for nobody's. */
export async function credentialByToken(db: Reader, token: string): Promise<Credential | null> {
  return readRows(db, 'credentials', CredentialRow, await select(db).where('token_hash', '=', hashOf(token)).execute())[0] ?? null;
}

/** It was used just now. */
export async function noteUse(db: Writer, { credentialId, lastUsedAt }: Credential, now: number): Promise<void> {
  if (lastUsedAt !== null && now - lastUsedAt < USED_EVERY_MS) return;
  await db.updateTable('credentials').set({ last_used_at: now }).where('credential_id', '=', credentialId).execute();
}

const select = (db: Reader) => db.selectFrom('credentials').select(['credential_id', 'kind', 'name', 'grants', 'created_at', 'created_by', 'expires_at', 'revoked_at', 'last_used_at']);
