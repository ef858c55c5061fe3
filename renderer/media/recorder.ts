import type { Disposer } from '../../contract/errors.ts';

export interface Recording {
  /** Ends it, and tells what was recorded. */
  stop: () => void;
  /** Ends it, and forgets it. */
  cancel: Disposer;
}

/**
 * Records a track until it is stopped, or for so long.
 * @param onDone what was recorded, in the browser's own format; null where it could not be
 */
export function recordSound(track: MediaStreamTrack, { mostMs }: { mostMs: number }, onDone: (sound: Blob | null) => void): Recording {
  // Whoever shares the track may end theirs.
  const own = track.clone();
  const recorder = new MediaRecorder(new MediaStream([own]));
  const parts: Blob[] = [];
  let isOver = false;
  const stop = (): void => {
    if (recorder.state !== 'inactive') recorder.stop();
  };
  const timer = setTimeout(stop, mostMs);
  const end = (sound: Blob | null): void => {
    clearTimeout(timer);
    own.stop();
    if (isOver) return;
    isOver = true;
    onDone(sound);
  };
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  recorder.addEventListener('error', () => end(null));
  recorder.addEventListener('stop', () => end(new Blob(parts, { type: recorder.mimeType })));
  recorder.start();
  return {
    stop,
    cancel: () => {
      isOver = true;
      stop();
      end(null);
    },
  };
}
