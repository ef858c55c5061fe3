import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { SignJWT, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { AgentId } from '../../contract/ids.ts';
import { fail, ok, type Result } from '../../contract/errors.ts';
import { readIfThere, writeSecret } from '../store/key-file.ts';
import { keyFor, seal, unseal } from '../accounts/keys.ts';

const ACCESS_LIFE_MS = 15 * 60_000;
const ISSUER = 'sangdam';
const ALGORITHM = 'HS256';
const KEY_BYTES = 32;

/** What an access token says: who, and of which sign-in. Role and groups are asked for at each use, not carried. */
export interface AccessClaims {
  agentId: AgentId;
  familyId: string;
  generation: number;
}

const Payload = z.object({ sub: AgentId, fam: z.string(), gen: z.number().int() });

export interface AccessTokens {
  issue(claims: AccessClaims): Promise<{ accessToken: string; accessExpiresAt: number }>;
  /** `auth.expired` for a token that was good once, `auth.invalid` for any other. */
  verify(token: string): Promise<Result<AccessClaims>>;
}

export function createAccessTokens(key: Uint8Array, clock: { now(): number }): AccessTokens {
  return {
    async issue({ agentId, familyId, generation }) {
      const now = clock.now();
      const accessExpiresAt = now + ACCESS_LIFE_MS;
      const accessToken = await new SignJWT({ fam: familyId, gen: generation })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(ISSUER)
        .setSubject(agentId)
        .setIssuedAt(Math.floor(now / 1000))
        .setExpirationTime(Math.floor(accessExpiresAt / 1000))
        .sign(key);
      return { accessToken, accessExpiresAt };
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: [ALGORITHM], issuer: ISSUER, currentDate: new Date(clock.now()) });
        const parsed = Payload.safeParse(payload);
        if (!parsed.success) return fail('auth.invalid', 'the token does not say who');
        return ok({ agentId: parsed.data.sub, familyId: parsed.data.fam, generation: parsed.data.gen });
      } catch (error) {
        return error instanceof errors.JWTExpired ? fail('auth.expired', 'the access token has expired') : fail('auth.invalid', 'not a token of this center');
      }
    },
  };
}

/**
 * The key that signs access tokens, of this data folder alone; made where there is none. Its file is sealed with the
 * store's key: where that is kept elsewhere, a copied folder signs nobody in.
 */
export async function loadSigningKey(folder: string, storeKey: Uint8Array): Promise<Uint8Array> {
  const file = join(folder, 'signing.key');
  const sealing = keyFor(storeKey, 'sealed file');
  for (;;) {
    const kept = await readIfThere(file);
    const key = kept === null ? null : unseal(sealing, kept);
    if (key !== null) return key;
    // One that was tampered with, cut short or sealed with another key is worthless: all must sign in again. One that
    // a former program left unsealed goes on.
    const next = kept?.length === KEY_BYTES ? kept : randomBytes(KEY_BYTES);
    await writeSecret(file, seal(sealing, next), { keep: kept === null });
  }
}
