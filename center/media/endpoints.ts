import type { mediaEndpoints } from '../../contract/api/media.ts';
import { API_BASE } from '../../contract/api/index.ts';
import { fail, ok, type Result } from '../../contract/errors.ts';
import { MOST_UPLOAD_BYTES, type MediaId, type MediaObject, type MediaType } from '../../contract/media.ts';
import { hasScope } from '../../contract/permissions.ts';
import type { ApiCaller, ApiHandlers } from '../api.ts';
import { askJob } from '../jobs/index.ts';
import type { Clock } from '../ports.ts';
import type { Database } from '../store/tables.ts';
import type { Media } from './media.ts';

export interface MediaEndpointParts {
  db: Database;
  clock: Pick<Clock, 'now'>;
  /** Null where the center keeps no bytes. */
  media: Media | null;
  signAddress: (path: string, caller: ApiCaller) => { query: string; expiresAt: number };
}

/** What can be made an announcement of. */
const SOUND_TYPES: readonly MediaType[] = ['audio/wav'];

const nowhere = fail('not-found', 'this center keeps no sounds');

/** Sounds that are brought, prepared, and heard before they are used. */
export function createMediaEndpoints({ db, clock, media, signAddress }: MediaEndpointParts): ApiHandlers<keyof typeof mediaEndpoints> {
  /** What callers said is not for who sets things up; an upload is for who may bring one. */
  async function objectFor(mediaId: MediaId, { me }: ApiCaller): Promise<Result<MediaObject>> {
    const object = (await media?.find(mediaId)) ?? null;
    const may = object?.kind === 'announcement' || (object?.kind === 'upload' && hasScope(me, 'announcements.write'));
    return object !== null && may ? ok(object) : fail('not-found', 'no such object');
  }

  return {
    'media.upload': async (_request, { agentId }, content) => media?.put({ kind: 'upload', types: SOUND_TYPES, mostBytes: MOST_UPLOAD_BYTES, createdBy: agentId }, content) ?? nowhere,

    'media.prepare': async ({ mediaId }, caller) => {
      const object = await objectFor(mediaId, caller);
      if (!object.ok) return object;
      return askJob(db, { kind: 'media.prepare', payload: { mediaId, by: caller.agentId }, key: mediaId, askedBy: caller.agentId, now: clock.now() }, { action: 'media.prepare', subject: mediaId, address: caller.address, details: {} });
    },

    'media.get': ({ mediaId }, caller) => objectFor(mediaId, caller),

    'media.content': async ({ mediaId }, caller) => {
      const object = await objectFor(mediaId, caller);
      if (!object.ok || media === null) return object.ok ? nowhere : object;
      const { type, bytes, sha256 } = object.value;
      return ok({
        type, bytes, tag: sha256,
        open: async (span) => {
          const opened = await media.open(mediaId, span);
          return opened.ok ? ok(opened.value.content) : opened;
        },
      });
    },

    'media.sign': async ({ mediaId }, caller) => {
      const object = await objectFor(mediaId, caller);
      if (!object.ok) return object;
      // A key has its token, and may send it.
      if (caller.me.kind === 'key') return fail('forbidden', 'addresses are signed for people');
      const path = `${API_BASE}/media/${mediaId}/content`;
      const { query, expiresAt } = signAddress(path, caller);
      return ok({ path: `${path}?${query}`, expiresAt });
    },
  };
}
