import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { ok, type AppError, type Result } from '../../../../contract/errors.ts';
import { isFinished, type Job } from '../../../../contract/job.ts';
import type { MediaId, MediaObject } from '../../../../contract/media.ts';
import { UPLOAD_PIECE_BYTES } from '../../../../contract/media-bounds.ts';
import { useBridge } from '../../../app/bridge.ts';
import { errorKey } from '../../../app/errors.ts';
import { useApi } from '../../../app/use-api.ts';
import { soundToUpload, type SoundObjection } from '../../../media/sound-file.ts';
import { useJobs } from '../../../shared/jobs/use-jobs.ts';

/** Made fit for a telephone, and not used by anything yet. */
export interface PreparedSound {
  mediaId: MediaId;
  durationMs: number;
}

export type UploadState = { step: 'idle' } | { step: 'reading' } | { step: 'sending'; sent: number; total: number } | { step: 'preparing'; job: Job | null } | { step: 'failed'; text: string };

export interface Upload {
  state: Ref<UploadState>;
  /** Brings a file, and has it prepared. One at a time: the former is given up. */
  bring: (file: Blob) => Promise<void>;
  /** Gives up whatever goes on; nothing is kept of it. */
  cancel: () => void;
  fail: (why: SoundObjection | 'not-recorded') => void;
}

const TRIES = 4;
const PAUSE_MS = 500;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A sound on its way: read, sent in pieces, prepared by a job. */
export function useUpload(onReady: (sound: PreparedSound) => void): Upload {
  const { t } = useI18n();
  const api = useApi();
  const bridge = useBridge();
  const { jobs, follow, cancel: cancelJob } = useJobs([]);
  const state = ref<UploadState>({ step: 'idle' });
  /** Of the present one; whatever belongs to another is over. */
  let run = 0;
  let uploadId: string | null = null;
  let jobId: string | null = null;

  const failed = (text: string): void => void (state.value = { step: 'failed', text });
  const refused = (error: AppError): void => failed(t(error.code === 'store.unavailable' ? 'announcements.storeAway' : errorKey(error.code)));
  const fail = (why: SoundObjection | 'not-recorded'): void => failed(t(`announcements.objection.${why.replaceAll('-', '_')}`));

  async function bring(file: Blob): Promise<void> {
    cancel();
    const mine = run;
    state.value = { step: 'reading' };
    const read = await soundToUpload(file);
    if (run !== mine) return;
    if ('objection' in read) return fail(read.objection);
    const sent = await send(new Uint8Array(await read.sound.arrayBuffer()), () => run === mine);
    if (run !== mine) return;
    if (sent === null || !sent.ok) return sent === null ? undefined : refused(sent.error);
    state.value = { step: 'preparing', job: null };
    const job = await api('media.prepare', { mediaId: sent.value.mediaId });
    if (run !== mine) return;
    if (!job.ok) return refused(job.error);
    jobId = job.value.jobId;
    follow(job.value);
  }

  /** @returns null where it was given up */
  async function send(bytes: Uint8Array, isMine: () => boolean): Promise<Result<MediaObject> | null> {
    state.value = { step: 'sending', sent: 0, total: bytes.length };
    const begun = await bridge.uploads.begin({ bytes: bytes.length });
    if (!begun.ok || !isMine()) return begun.ok ? null : begun;
    uploadId = begun.value.uploadId;
    for (let at = 0; at < bytes.length; at += UPLOAD_PIECE_BYTES) {
      const piece = await sendPiece(uploadId, at, bytes.subarray(at, at + UPLOAD_PIECE_BYTES));
      if (!isMine()) return null;
      if (!piece.ok) return piece;
      state.value = { step: 'sending', sent: Math.min(bytes.length, at + UPLOAD_PIECE_BYTES), total: bytes.length };
    }
    // The host has parsed it.
    return bridge.uploads.end({ uploadId }) as Promise<Result<MediaObject>>;
  }

  /** One that came twice is taken once: what was lost on the way is sent again. */
  async function sendPiece(id: string, at: number, piece: Uint8Array): Promise<Result<null>> {
    const data = btoa(Array.from(piece, (byte) => String.fromCharCode(byte)).join(''));
    for (let attempt = 1; ; attempt++) {
      const answer = await bridge.uploads.piece({ uploadId: id, at, data });
      const mayPass = !answer.ok && ['rate-limited', 'center.unreachable', 'center.timeout'].includes(answer.error.code);
      if (!mayPass || attempt === TRIES) return answer.ok ? ok(null) : answer;
      await pause(answer.error.retryAfterMs ?? PAUSE_MS);
    }
  }

  watch(jobs, () => {
    const job = jobs.value.find((one) => one.jobId === jobId);
    if (job === undefined) return;
    if (!isFinished(job)) return void (state.value = { step: 'preparing', job });
    jobId = null;
    state.value = { step: 'idle' };
    const { result } = job;
    if (result?.of === 'sound') onReady({ mediaId: result.mediaId, durationMs: result.durationMs });
    else if (result?.of === 'unreadable') fail(result.why === 'damaged' ? 'unreadable' : result.why);
    else if (job.state === 'failed') failed(t('announcements.notPrepared'));
  });

  function cancel(): void {
    run += 1;
    if (uploadId !== null && state.value.step === 'sending') void bridge.uploads.cancel({ uploadId });
    const job = jobs.value.find((one) => one.jobId === jobId);
    if (job !== undefined && !isFinished(job)) void cancelJob(job);
    uploadId = null;
    jobId = null;
    state.value = { step: 'idle' };
  }
  onScopeDispose(cancel);
  return { state, bring, cancel, fail };
}
