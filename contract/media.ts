import { z } from 'zod';
import { DurationMs, EpochMs } from './ids.ts';
import { LONGEST_ANNOUNCEMENT_MS } from './media-bounds.ts';

export { LONGEST_ANNOUNCEMENT_MS, MOST_UPLOAD_BYTES } from './media-bounds.ts';

/*
 * Bytes that the center keeps as they are: a media object has an id, and what is in it never changes. Whoever wants other
 * bytes makes another object.
 */

export const MediaId = z.uuid().brand<'MediaId'>();
export type MediaId = z.infer<typeof MediaId>;

/** What an object is for: sound as it was uploaded, an announcement fit for a telephone, what a channel said. */
export const MediaKind = z.enum(['upload', 'announcement', 'recording']);
export type MediaKind = z.infer<typeof MediaKind>;

/** What its bytes are, by their own beginning and not by what somebody called them. */
export const MediaType = z.enum(['audio/wav', 'audio/mpeg', 'audio/ogg', 'audio/flac', 'audio/mp4']);
export type MediaType = z.infer<typeof MediaType>;

export const MediaObject = z.strictObject({
  mediaId: MediaId,
  kind: MediaKind,
  type: MediaType,
  bytes: z.number().int().positive(),
  /** SHA-256 of the bytes, in hexadecimal. */
  sha256: z.string().regex(/^[\da-f]{64}$/),
  createdAt: EpochMs,
  /** Who brought it; null: the center. */
  createdBy: z.string().nullable(),
});
export type MediaObject = z.infer<typeof MediaObject>;

/** An address that says by itself who may read an object is good for so long. */
export const SIGNED_FOR_MS = 60_000;

export const SoundLength = DurationMs.max(LONGEST_ANNOUNCEMENT_MS);
