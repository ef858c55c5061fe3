import { z } from 'zod';
import { Label } from './label.ts';
import { GroupCard } from './directory.ts';
import { EpochMs, GroupId } from './ids.ts';
import { KeyScope } from './permissions.ts';
import { GroupStatistics } from './statistics.ts';

/*
 * Tokens that are no person's: of a wallboard that hangs somewhere, and of another system. Each is told once, and kept as
 * a hash. By its beginning anybody knows what it is: a scanner of secrets, and whoever finds it in a file.
 */

export const CredentialId = z.string().regex(/^[\w-]{1,64}$/);

const made = {
  credentialId: CredentialId,
  name: z.string(),
  createdAt: EpochMs,
  /** Who made it, as they are called there. */
  createdBy: z.string(),
  /** Null: it does not expire. */
  expiresAt: EpochMs.nullable(),
  revokedAt: EpochMs.nullable(),
  /** To the minute; null: not yet. */
  lastUsedAt: EpochMs.nullable(),
};

/** A link to a wallboard, for a screen that nobody signs in at. */
export const DisplayLink = z.object({ ...made, groupIds: z.array(GroupId) });
export type DisplayLink = z.infer<typeof DisplayLink>;

export const ApiKey = z.object({ ...made, scopes: z.array(KeyScope) });
export type ApiKey = z.infer<typeof ApiKey>;

export const NewDisplayLink = z.strictObject({ name: Label, groupIds: z.array(GroupId).min(1).max(200), expiresAt: EpochMs.nullable() });
/** A key expires: whoever forgot it is reminded by that. */
export const NewApiKey = z.strictObject({ name: Label, scopes: z.array(KeyScope).min(1).max(KeyScope.options.length), expiresAt: EpochMs });

/** The token itself, told this once. */
export const Token = z.string();

/** What a display shows: figures of its groups, and of nobody by name. */
export const WallView = z.object({
  name: z.string(),
  serverNow: EpochMs,
  timeZone: z.string(),
  groups: z.array(GroupCard),
  statistics: z.array(GroupStatistics),
  /** Of each agent who is ready, which of these groups they are in. */
  ready: z.array(z.array(GroupId)),
});
export type WallView = z.infer<typeof WallView>;
