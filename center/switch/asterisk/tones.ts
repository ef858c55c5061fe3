import type { Tone } from '../port.ts';

/** Korea's tones (ITU-T E.180 Supplement 2) in Asterisk's tone language; the same as the embedded switch's. */
export const TONES: Readonly<Record<Tone, string>> = {
  ringback: '440+480/1000,0/2000',
  busy: '480+620/500,0/500',
  congestion: '480+620/300,0/200',
  // Ends by itself: in a bridge another thread than the one that plays would end it, and may come in vain.
  beep: '!1000/300',
};

/** Milliseconds of one cadence. */
export const CADENCE_MS: Readonly<Record<Tone, number>> = { ringback: 3000, busy: 1000, congestion: 500, beep: 300 };
