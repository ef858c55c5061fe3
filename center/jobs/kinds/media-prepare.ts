import { z } from 'zod';
import { AgentId } from '../../../contract/ids.ts';
import { LONGEST_ANNOUNCEMENT_MS, MediaId } from '../../../contract/media.ts';
import { decodeSound } from '../../media/sound/decode.ts';
import { forTelephone } from '../../media/sound/telephone.ts';
import { WAV_HEADER_BYTES, wavOf } from '../../switch/wav.ts';
import { jobKind, NoRoom, type Outcome } from '../job.ts';

const SAMPLES_PER_MS = 8;
const MOST_BYTES = LONGEST_ANNOUNCEMENT_MS * SAMPLES_PER_MS * 2 + WAV_HEADER_BYTES;
const unreadable = (why: 'damaged' | 'silent' | 'too-long'): Outcome => ({ result: { of: 'unreadable', why } });
/** Quieter than the noise of any microphone: 60 dB below full scale. */
const SILENT = 10 ** (-60 / 20);

/** Makes of a sound that somebody has brought one that a telephone takes. What it was before stays until nobody uses it for a day. */
export const mediaPrepareJob = jobKind({
  kind: 'media.prepare',
  lane: 'asked',
  payload: z.object({ mediaId: MediaId, by: AgentId }),
  leaseMs: 300_000,
  mostAttempts: 3,
  async run({ media, step, needsRoom }, { mediaId, by }) {
    await step({ done: 0, total: 3 });
    needsRoom();
    const opened = await media.open(mediaId);
    if (!opened.ok) return opened.error.code === 'store.unavailable' ? Promise.reject(new Error(opened.error.message)) : unreadable('damaged');
    const { object, content } = opened.value;
    const file = new Uint8Array(object.bytes);
    let at = 0;
    for await (const piece of content) {
      file.set(piece, at);
      at += piece.length;
    }
    await step({ done: 1, total: 3 });
    const heard = await decodeSound(object.type, file, LONGEST_ANNOUNCEMENT_MS);
    if (heard === 'too-long') return unreadable('too-long');
    if (heard === null || heard.samples.length < heard.rateHz / 1000) return unreadable('damaged');
    if (heard.samples.every((sample) => Math.abs(sample) < SILENT)) return unreadable('silent');
    await step({ done: 2, total: 3 });
    const samples = forTelephone(heard);
    const kept = await media.put({ kind: 'announcement', types: ['audio/wav'], mostBytes: MOST_BYTES + WAV_HEADER_BYTES, createdBy: by }, once(wavOf(samples)));
    if (!kept.ok) throw kept.error.message.startsWith('no room') ? new NoRoom() : new Error(`${kept.error.code}: ${kept.error.message}`);
    return { result: { of: 'sound', mediaId: kept.value.mediaId, durationMs: samples.length / SAMPLES_PER_MS } };
  },
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
