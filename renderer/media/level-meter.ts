import type { Disposer } from '../../contract/errors.ts';

const EVERY_MS = 50;
/** Below this is a quiet room, in dBFS. */
const FLOOR_DB = -60;
const CEILING_DB = -6;

/** RMS of samples (full scale 1) on the scale of a meter: 0 a quiet room, 1 as loud as speech should be. */
export function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length);
  const decibels = 10 * Math.log10(Math.max(power, 1e-10));
  return Math.min(1, Math.max(0, (decibels - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
}

/** Measures a track, twenty times a second, until disposed. */
export function meter(track: MediaStreamTrack, onLevel: (level: number) => void): Disposer {
  const context = new AudioContext();
  const source = new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) });
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    if (context.state === 'suspended') void context.resume().catch(() => {});
    analyser.getFloatTimeDomainData(samples);
    onLevel(levelOf(samples));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
    void context.close().catch(() => {});
  };
}
