import { done, fail, type Result } from '../../contract/errors.ts';
import type { ChannelRecording } from './port.ts';

/** Mean of 16-bit samples below which nobody speaks: as Asterisk's (dsp.conf, `silencethreshold`). */
export const SILENT_BELOW = 256;
const HOUR_MS = 3600_000;

/** Mean distance of samples from silence. */
export function levelOf(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += Math.abs(sample);
  return samples.length === 0 ? 0 : sum / samples.length;
}

export const isStopKey = (stopKey: ChannelRecording['stopKey'], digit: string): boolean => stopKey === 'any' || stopKey === digit;

const isSeconds = (ms: number): boolean => Number.isInteger(ms / 1000) && ms >= 1000 && ms <= HOUR_MS;

/** `input.invalid` for times that are none. */
export function checkRecording({ longestMs, silenceMs }: ChannelRecording): Result<null> {
  return isSeconds(longestMs) && (silenceMs === null || isSeconds(silenceMs)) ? done() : fail('input.invalid', 'a recording’s times are whole seconds, of an hour at most');
}
