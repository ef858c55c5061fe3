import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { useSessionStore } from '../../../app/stores/session.store.ts';
import { useWindowAudio } from '../../../app/use-window-audio.ts';
import type { Disposer } from '../../../../contract/errors.ts';
import { recordSound, type Recording } from '../../../media/recorder.ts';

/** Nobody listens to more before they are put through. */
const MOST_MS = 5 * 60_000;
const TICK_MS = 250;

export interface MicrophoneRecording {
  /** Since when it records, epoch milliseconds; null: it does not. */
  since: Ref<number | null>;
  /** How long it has recorded. */
  lastsMs: Ref<number>;
  start: () => Promise<void>;
  stop: () => void;
  cancel: () => void;
}

/**
 * Records from the desk's microphone. Not during a call, and not on into one: what is said to a customer is no announcement.
 * @param onDone what was recorded; null where there is no microphone or it gave nothing
 */
export function useRecording(onDone: (sound: Blob | null) => void): MicrophoneRecording {
  const { microphone } = useWindowAudio();
  const session = useSessionStore();
  const since = ref<number | null>(null);
  const lastsMs = ref(0);
  let recording: Recording | null = null;
  let release: Disposer = () => {};
  let begun = 0;

  function end(): void {
    begun += 1;
    release();
    release = () => {};
    recording = null;
    since.value = null;
    lastsMs.value = 0;
  }

  async function start(): Promise<void> {
    cancel();
    const mine = begun;
    const letGo = await microphone.use();
    const { track } = microphone;
    if (begun !== mine || track === null || session.contacts.length > 0) {
      letGo();
      if (begun === mine && track === null) onDone(null);
      return;
    }
    const timer = setInterval(() => void (lastsMs.value = Date.now() - (since.value ?? Date.now())), TICK_MS);
    release = () => {
      clearInterval(timer);
      letGo();
    };
    recording = recordSound(track, { mostMs: MOST_MS }, (sound) => {
      end();
      onDone(sound);
    });
    since.value = Date.now();
  }

  function cancel(): void {
    recording?.cancel();
    end();
  }
  watch(
    () => session.contacts.length,
    (calls) => {
      if (calls > 0 && since.value !== null) cancel();
    },
  );
  onScopeDispose(cancel);
  return { since, lastsMs, start, stop: () => recording?.stop(), cancel };
}
