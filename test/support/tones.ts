/*
 * The frequencies by which the tests tell who is heard. Each lies at least 20 Hz away from every other one and its
 * harmonics, from the DTMF rows and columns, from the call-progress tones (440, 480, 620, 1000 Hz) and from every
 * note of the hold music with its overtones, so that one tone is never taken for another.
 */

/** A voice is one pure tone, in hertz. */
export const voices = {
  agent1: 545,
  agent2: 835,
  agent3: 1250,
  customer1: 1120,
  customer2: 1400,
  deskPhone: 1850,
  supervisor: 2115,
} as const;

export type Voice = keyof typeof voices;

/** Two notes that sound through the whole of `music.wav`: its pedal, an open fifth (G3 and D4), in hertz. */
export const musicPedal = [196, 294] as const;

/** Korean ringback (ITU-T E.180 Supplement 2), in hertz. */
export const ringback = [440, 480] as const;

/** Two notes of the desk's own ring (C5 and G5), in hertz. */
export const ring = [523, 784] as const;
