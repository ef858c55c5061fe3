/** The tones a phone makes by itself, synthesized: Korean ringback (440 + 480 Hz, 1 s in 3), and a ring of its own. */

interface Cadence {
  frequenciesHz: readonly number[];
  onS: number;
  everyS: number;
  level: number;
}

const RINGBACK: Cadence = { frequenciesHz: [440, 480], onS: 1, everyS: 3, level: 0.05 };
const RING: Cadence = { frequenciesHz: [1318, 1047], onS: 0.8, everyS: 2.4, level: 0.06 };

/** How far ahead the tone is laid out: longer than any phone rings. */
const LENGTH_S = 120;

/** Starts the tone the caller hears while it rings at the other end. @returns a disposer */
export const playRingback = (): (() => void) => play(RINGBACK);
/** Starts the ring of an incoming call. @returns a disposer */
export const playRing = (): (() => void) => play(RING);

function play({ frequenciesHz, onS, everyS, level }: Cadence): () => void {
  const context = new AudioContext();
  const gain = new GainNode(context, { gain: 0 });
  gain.connect(context.destination);
  for (let at = context.currentTime; at < LENGTH_S; at += everyS) {
    gain.gain.setTargetAtTime(level, at, 0.01);
    gain.gain.setTargetAtTime(0, at + onS, 0.01);
  }
  for (const frequency of frequenciesHz) {
    const oscillator = new OscillatorNode(context, { frequency });
    oscillator.connect(gain);
    oscillator.start();
  }
  return () => void context.close().catch(() => {});
}
