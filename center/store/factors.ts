import { z } from 'zod';
import type { AgentId } from '../../contract/ids.ts';
import { jsonColumn, readRows } from './rows.ts';
import type { Database, Reader, Writer } from './tables.ts';

/*
 * Second factors: codes of an authenticator app (TOTP, RFC 6238), recovery codes for who has lost it, and passkeys
 * (WebAuthn). Secrets come here sealed, codes hashed.
 */

export interface TotpFactor {
  sealedSecret: string;
  /** Null until a code of it was given: it opens nothing before. */
  confirmedAt: number | null;
  /** Step of the last code that was used: none at or before it is good any more. */
  lastStep: number;
}

export async function totpOf(db: Reader, agentId: AgentId): Promise<TotpFactor | null> {
  const row = await db.selectFrom('totp_factors').selectAll().where('agent_id', '=', agentId).executeTakeFirst();
  return row === undefined ? null : { sealedSecret: row.sealed_secret, confirmedAt: row.confirmed_at, lastStep: row.last_step };
}

/** Begins with a secret that nobody has confirmed yet. Answers false where one is confirmed: it is removed first. */
export async function putTotp(db: Writer, agentId: AgentId, sealedSecret: string): Promise<boolean> {
  const values = { sealed_secret: sealedSecret, last_step: 0 };
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto('totp_factors')
    .values({ agent_id: agentId, ...values, confirmed_at: null })
    .onConflict((conflict) => conflict.column('agent_id').doUpdateSet(values).where('totp_factors.confirmed_at', 'is', null))
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

/** Spends a code of this very secret by its step. Answers false when it, or a later one, was used before. */
export async function spendStep(db: Writer, agentId: AgentId, sealedSecret: string, step: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('totp_factors')
    .set({ last_step: step })
    .where('agent_id', '=', agentId)
    .where('sealed_secret', '=', sealedSecret)
    .where('last_step', '<', step)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** From now on this very secret counts. Answers false where another has taken its place, or (`asFirst`) there is a second factor by now. */
export async function confirmTotp(db: Database, agentId: AgentId, sealedSecret: string, now: number, asFirst: boolean): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    if (asFirst && (await countFactors(tx, agentId)) > 0) return false;
    const { numUpdatedRows } = await tx.updateTable('totp_factors').set({ confirmed_at: now }).where('agent_id', '=', agentId).where('sealed_secret', '=', sealedSecret).where('confirmed_at', 'is', null).executeTakeFirst();
    return numUpdatedRows > 0n;
  });
}

/** Second factors by which a person can sign in. */
export async function countFactors(db: Reader, agentId: AgentId): Promise<number> {
  const authenticators = await db.selectFrom('totp_factors').select('agent_id').where('agent_id', '=', agentId).where('confirmed_at', 'is not', null).execute();
  return authenticators.length + (await passkeysOf(db, agentId)).length;
}

/** What became of a factor that was to go: `last` where it is the only one there is, and one has to stay. */
export type Removal = 'gone' | 'last' | 'none';

/** One look and one deed: of two that are taken away at one moment, one would be the last. */
async function removing(db: Database, agentId: AgentId, mustKeepOne: boolean, remove: (tx: Writer) => Promise<boolean>): Promise<Removal> {
  return db.transaction().execute(async (tx) => {
    const before = await countFactors(tx, agentId);
    if (!(await remove(tx))) return 'none';
    if (!mustKeepOne || before === 0 || (await countFactors(tx, agentId)) > 0) return 'gone';
    throw new LastFactor();
  }).catch((error: unknown) => {
    if (error instanceof LastFactor) return 'last';
    throw error;
  });
}

/** Undoes a removal. */
class LastFactor extends Error {}

/** Takes the authenticator away, and with it the codes that stand in for it. */
export async function removeTotp(db: Database, agentId: AgentId, mustKeepOne = false): Promise<Removal> {
  return removing(db, agentId, mustKeepOne, async (tx) => {
    const { numDeletedRows } = await tx.deleteFrom('totp_factors').where('agent_id', '=', agentId).executeTakeFirst();
    await tx.deleteFrom('recovery_codes').where('agent_id', '=', agentId).execute();
    return numDeletedRows > 0n;
  });
}

/** Replaces all recovery codes of a person. */
export async function putRecoveryCodes(db: Database, agentId: AgentId, hashes: readonly string[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('recovery_codes').where('agent_id', '=', agentId).execute();
    if (hashes.length > 0) await tx.insertInto('recovery_codes').values(hashes.map((code_hash) => ({ agent_id: agentId, code_hash, used_at: null }))).execute();
  });
}

/** Spends a recovery code. Answers false when it is none, or was used. */
export async function spendRecoveryCode(db: Writer, agentId: AgentId, hash: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('recovery_codes')
    .set({ used_at: now })
    .where('agent_id', '=', agentId)
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function recoveryCodesLeft(db: Reader, agentId: AgentId): Promise<number> {
  return (await db.selectFrom('recovery_codes').select('code_hash').where('agent_id', '=', agentId).where('used_at', 'is', null).execute()).length;
}

export interface PasskeyRecord {
  /** Base64url, as WebAuthn gives it. */
  credentialId: string;
  /** Host for which it was made: it works nowhere else. */
  rpId: string;
  /** COSE, base64url. */
  publicKey: string;
  counter: number;
  transports: string[];
  label: string;
  createdAt: number;
  lastUsedAt: number | null;
}

const PasskeyRow = z
  .object({
    credential_id: z.string(),
    rp_id: z.string(),
    public_key: z.string(),
    counter: z.number().int(),
    transports: jsonColumn(z.array(z.string())),
    label: z.string(),
    created_at: z.number().int(),
    last_used_at: z.number().int().nullable(),
  })
  .transform(
    (row): PasskeyRecord => ({
      credentialId: row.credential_id,
      rpId: row.rp_id,
      publicKey: row.public_key,
      counter: row.counter,
      transports: row.transports,
      label: row.label,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
    }),
  );

export async function passkeysOf(db: Reader, agentId: AgentId): Promise<PasskeyRecord[]> {
  const rows = await db
    .selectFrom('passkeys')
    .select(['credential_id', 'rp_id', 'public_key', 'counter', 'transports', 'label', 'created_at', 'last_used_at'])
    .where('agent_id', '=', agentId)
    .orderBy('created_at')
    .execute();
  return readRows(db, 'passkeys', PasskeyRow, rows);
}

/** Adds a passkey. Answers false when it is known already, whoever's it is. */
export async function addPasskey(db: Writer, agentId: AgentId, key: PasskeyRecord): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto('passkeys')
    .values({
      credential_id: key.credentialId,
      agent_id: agentId,
      rp_id: key.rpId,
      public_key: key.publicKey,
      counter: key.counter,
      transports: JSON.stringify(key.transports),
      label: key.label,
      created_at: key.createdAt,
      last_used_at: key.lastUsedAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

export async function passkeyUsed(db: Writer, credentialId: string, counter: number, now: number): Promise<void> {
  await db.updateTable('passkeys').set({ counter, last_used_at: now }).where('credential_id', '=', credentialId).execute();
}

/** Removes one passkey of a person. */
export async function removePasskey(db: Database, agentId: AgentId, credentialId: string, mustKeepOne = false): Promise<Removal> {
  return removing(db, agentId, mustKeepOne, async (tx) => {
    const { numDeletedRows } = await tx.deleteFrom('passkeys').where('agent_id', '=', agentId).where('credential_id', '=', credentialId).executeTakeFirst();
    return numDeletedRows > 0n;
  });
}

/** Takes every second factor away: for who has lost them all. */
export async function removeFactors(db: Database, agentId: AgentId): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const table of ['totp_factors', 'recovery_codes', 'passkeys'] as const) await tx.deleteFrom(table).where('agent_id', '=', agentId).execute();
  });
}
