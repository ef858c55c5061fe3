import { z } from 'zod';
import { MediaId, MediaKind, MediaObject, MediaType } from '../../contract/media.ts';
import { readRows } from './rows.ts';
import type { Reader, Writer } from './tables.ts';

/** An object and what opens it. */
export interface KeptObject {
  object: MediaObject;
  wrappedKey: string;
}

const MediaRow = z
  .object({
    media_id: MediaId,
    kind: MediaKind,
    type: MediaType,
    bytes: MediaObject.shape.bytes,
    sha256: MediaObject.shape.sha256,
    wrapped_key: z.string(),
    created_at: MediaObject.shape.createdAt,
    created_by: z.string().nullable(),
  })
  .transform((row): KeptObject => ({
    object: { mediaId: row.media_id, kind: row.kind, type: row.type, bytes: row.bytes, sha256: row.sha256, createdAt: row.created_at, createdBy: row.created_by },
    wrappedKey: row.wrapped_key,
  }));

export async function insertMedia(db: Writer, { object, wrappedKey }: KeptObject): Promise<void> {
  const { mediaId, kind, type, bytes, sha256, createdAt, createdBy } = object;
  await db.insertInto('media_objects').values({ media_id: mediaId, kind, type, bytes, sha256, wrapped_key: wrappedKey, created_at: Math.round(createdAt), created_by: createdBy }).execute();
}

export async function findMedia(db: Reader, mediaId: MediaId): Promise<KeptObject | null> {
  const rows = await db.selectFrom('media_objects').selectAll().where('media_id', '=', mediaId).execute();
  return readRows(db, 'media_objects', MediaRow, rows)[0] ?? null;
}

/** Whether there is an object of this name, readable or not. */
export const hasMedia = async (db: Reader, name: string): Promise<boolean> => (await db.selectFrom('media_objects').select('media_id').where('media_id', '=', name).executeTakeFirst()) !== undefined;

/** Who uses an object. */
export const usersOfMedia = async (db: Reader, mediaId: MediaId): Promise<string[]> => (await db.selectFrom('media_uses').select('used_by').where('media_id', '=', mediaId).orderBy('used_by').execute()).map(({ used_by }) => used_by);

/** Those of these that are no announcements of ours. */
export async function unknownMedia(db: Reader, mediaIds: readonly MediaId[]): Promise<MediaId[]> {
  if (mediaIds.length === 0) return [];
  const known = new Set((await db.selectFrom('media_objects').select('media_id').where('media_id', 'in', mediaIds).where('kind', '=', 'announcement').execute()).map(({ media_id }) => media_id));
  return mediaIds.filter((mediaId) => !known.has(mediaId));
}

/** From now on `usedBy` uses these objects and no others. @throws as the database does where one is not there */
export async function setMediaUses(tx: Writer, usedBy: string, mediaIds: readonly MediaId[]): Promise<void> {
  await tx.deleteFrom('media_uses').where('used_by', '=', usedBy).execute();
  if (mediaIds.length > 0) await tx.insertInto('media_uses').values([...new Set(mediaIds)].map((media_id) => ({ media_id, used_by: usedBy }))).execute();
}

/** An object that nobody uses is gone with its key: whatever is left of its bytes is nobody's to read. @returns whether it was there, and nobody used it */
export async function forgetMedia(db: Writer, mediaId: MediaId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('media_objects')
    .where('media_id', '=', mediaId)
    .where((is) => is.not(is.exists(is.selectFrom('media_uses').select('media_uses.media_id').whereRef('media_uses.media_id', '=', 'media_objects.media_id'))))
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Objects made before a moment that nobody uses, some of them. */
export async function unusedMedia(db: Reader, before: number, limit: number): Promise<MediaId[]> {
  const rows = await db
    .selectFrom('media_objects')
    .leftJoin('media_uses', 'media_uses.media_id', 'media_objects.media_id')
    .select('media_objects.media_id')
    .where('created_at', '<', Math.round(before))
    .where('media_uses.used_by', 'is', null)
    .orderBy('created_at')
    .limit(limit)
    .execute();
  return rows.flatMap(({ media_id }) => MediaId.safeParse(media_id).data ?? []);
}
