import type { Disposer } from '../../contract/errors.ts';
import type { Speaker } from './speaker.ts';

export type LoopbackPhase = 'recording' | 'playing' | 'done' | 'failed';

/** Long enough for a sentence. */
const RECORDING_MS = 3000;

/**
 * Records a sentence from a track and plays it on a speaker: what the other side would hear. Played afterwards and
 * not at once, so that loudspeakers do not howl.
 * @param onPhase told as it goes on; the last is `done` or `failed`, unless disposed before
 * @returns ends it
 */
export function loopback(track: MediaStreamTrack, speaker: Speaker, onPhase: (phase: LoopbackPhase) => void): Disposer {
  let stop: Disposer = () => {};
  let stopped = false;
  const tell = (phase: LoopbackPhase): void => {
    if (!stopped) onPhase(phase);
  };
  try {
    const recorder = new MediaRecorder(new MediaStream([track]));
    const parts: Blob[] = [];
    const timer = setTimeout(() => recorder.stop(), RECORDING_MS);
    stop = () => {
      clearTimeout(timer);
      if (recorder.state !== 'inactive') recorder.stop();
    };
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
    recorder.addEventListener('error', () => tell('failed'));
    recorder.addEventListener('stop', () => {
      clearTimeout(timer);
      if (stopped) return;
      const url = URL.createObjectURL(new Blob(parts, { type: recorder.mimeType }));
      const stopPlaying = speaker.playFile(url, { loop: false }, () => {
        URL.revokeObjectURL(url);
        tell('done');
      });
      stop = () => {
        stopPlaying();
        URL.revokeObjectURL(url);
      };
      tell('playing');
    });
    recorder.start();
    tell('recording');
  } catch {
    tell('failed');
  }
  return () => {
    stopped = true;
    stop();
  };
}
