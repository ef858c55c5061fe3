import { fail, type Result } from '../../contract/errors.ts';
import type { MediaId, MediaObject } from '../../contract/media.ts';
import type { Pcm, Sound } from '../switch/port.ts';
import { pcmOfWav, WAV_HEADER_BYTES, wavHeader } from '../switch/wav.ts';
import type { Media } from './media.ts';

/** An hour and the header. */
const MOST_RECORDED_BYTES = 3600 * 16_000 + WAV_HEADER_BYTES;

/** An object that is a WAV file fit for a telephone, as a switch plays it. */
export const soundOf = (media: Pick<Media, 'open'>, mediaId: MediaId): Extract<Sound, { kind: 'object' }> => ({
  kind: 'object',
  id: mediaId,
  open: async () => {
    const opened = await media.open(mediaId);
    return opened.ok ? pcmOfWav(opened.value.content) : opened;
  },
});

/** Keeps what a switch has heard as a WAV file. @returns as `put`; `input.invalid` where nothing was heard */
export async function keepRecording(media: Pick<Media, 'put'>, pcm: Pcm, createdBy: string | null): Promise<Result<MediaObject>> {
  const pieces = pcm[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true) return fail('input.invalid', 'nothing was recorded');
  const content = async function* (): AsyncGenerator<Uint8Array> {
    yield wavHeader(0);
    yield first.value;
    for (;;) {
      const next = await pieces.next();
      if (next.done === true) return;
      yield next.value;
    }
  };
  return media.put({ kind: 'recording', types: ['audio/wav'], mostBytes: MOST_RECORDED_BYTES, createdBy }, content(), (bytes) => wavHeader(bytes - WAV_HEADER_BYTES));
}
