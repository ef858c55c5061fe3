import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { IceServers } from '../contract/cti/index.ts';
import { fail, ok, type Result } from '../contract/errors.ts';
import type { AgentId } from '../contract/ids.ts';
import { secretOf } from './secret-setting.ts';

/** STUN and TURN servers of this center, for phones that no direct way leads to. */
export interface IceSettings {
  urls: readonly string[];
  /** Shared with the TURN servers (coturn: `use-auth-secret`, `static-auth-secret`); null: no TURN among the URLs. */
  secret: string | null;
}

export const noIce: IceSettings = { urls: [], secret: null };

/** A working day: calls outlast it, as a TURN server asks for it at the beginning, and each renewal of a sign-in brings a new one. */
const CREDENTIAL_LIFE_S = 8 * 3600;
/** RFC 7064 and 7065. */
const ICE_URL = /^(?:stuns?:[\w.:[\]-]+|turns?:[\w.:[\]-]+(?:\?transport=(?:udp|tcp))?)$/;
const isTurn = (url: string): boolean => url.startsWith('turn');

export const iceEnvironment = {
  SANGDAM_ICE_SERVERS: z
    .string()
    .transform((text) => text.split(',').map((url) => url.trim()).filter((url) => url !== ''))
    .pipe(z.array(z.string().regex(ICE_URL, 'wanted: stun:HOST:PORT, turn:HOST:PORT?transport=udp or turns:HOST:PORT, comma-separated')))
    .default([]),
  SANGDAM_TURN_SECRET: z.string().min(1).optional(),
  SANGDAM_TURN_SECRET_FILE: z.string().min(1).optional(),
};

const Parsed = z.object(iceEnvironment);

/** The part of the settings that is about STUN and TURN; `input.invalid` names the variable that is wrong or missing. */
export function iceSettings({ SANGDAM_ICE_SERVERS: urls, SANGDAM_TURN_SECRET: secret, SANGDAM_TURN_SECRET_FILE: file }: z.infer<typeof Parsed>): Result<IceSettings> {
  const needsSecret = urls.some(isTurn);
  if (!needsSecret && (secret !== undefined || file !== undefined)) return fail('input.invalid', 'SANGDAM_ICE_SERVERS: names no TURN server that the secret could be for');
  if (!needsSecret) return ok({ urls, secret: null });
  const found = secretOf('SANGDAM_TURN_SECRET', secret, file);
  return found.ok ? ok({ urls, secret: found.value }) : found;
}

/**
 * What a desk is told: TURN with a credential of its own that runs out by itself, so that none has to be stored or taken
 * back (draft-uberti-behave-turn-rest-00 §2.2: user `EXPIRY:NAME`, password base64(HMAC-SHA1(secret, user))).
 */
export function iceServersFor({ urls, secret }: IceSettings, agentId: AgentId, nowMs: number): IceServers {
  const username = `${Math.floor(nowMs / 1000) + CREDENTIAL_LIFE_S}:${agentId}`;
  const credential = secret === null ? '' : createHmac('sha1', secret).update(username).digest('base64');
  return urls.map((url) => (isTurn(url) ? { urls: url, username, credential } : { urls: url }));
}
