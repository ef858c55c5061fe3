import type { Heard } from './decode.ts';

/** What a telephone takes. */
const RATE_HZ = 8000;
/** Mean of what is spoken, below full scale: as the sounds that come with the program. */
const TARGET_LEVEL = 10 ** (-20 / 20);
const PEAK_LEVEL = 0.97;
/** Quieter blocks are pauses, and say nothing of how loud somebody speaks. */
const PAUSE_LEVEL = 10 ** (-50 / 20);
const BLOCK_SAMPLES = RATE_HZ / 10;
const MOST_GAIN = 30;

/** Zero crossings of the kernel at each side, and steps between two of them. */
const CROSSINGS = 16;
const STEPS = 256;

/** Half of a windowed sinc (Blackman), which keeps what the lower of two rates can hold. */
const kernel = Float64Array.from({ length: CROSSINGS * STEPS + 2 }, (_, i) => {
  const x = i / STEPS;
  if (x >= CROSSINGS) return 0;
  const window = 0.42 + 0.5 * Math.cos((Math.PI * x) / CROSSINGS) + 0.08 * Math.cos((2 * Math.PI * x) / CROSSINGS);
  return x === 0 ? 1 : (Math.sin(Math.PI * x) / (Math.PI * x)) * window;
});

/** The same sound at 8 kHz: what is above 4 kHz is taken out, and does not come back as another tone. */
export function resampled({ samples, rateHz }: Heard): Float32Array {
  if (rateHz === RATE_HZ) return samples;
  const ratio = rateHz / RATE_HZ;
  const narrow = Math.max(1, ratio);
  const reach = CROSSINGS * narrow;
  return Float32Array.from({ length: Math.floor(samples.length / ratio) }, (_, n) => {
    const center = n * ratio;
    let sum = 0;
    const last = Math.min(samples.length - 1, Math.floor(center + reach));
    for (let i = Math.max(0, Math.ceil(center - reach)); i <= last; i++) sum += (samples[i] ?? 0) * (kernel[Math.round((Math.abs(i - center) / narrow) * STEPS)] ?? 0);
    return sum / narrow;
  });
}

/** How much louder it has to be to be as loud as all others, without a peak being cut. */
export function gainFor(samples: Float32Array): number {
  let peak = 0;
  const powers: number[] = [];
  for (let from = 0; from < samples.length; from += BLOCK_SAMPLES) {
    let power = 0;
    const block = samples.subarray(from, from + BLOCK_SAMPLES);
    for (const sample of block) {
      power += sample * sample;
      peak = Math.max(peak, Math.abs(sample));
    }
    if (power / block.length > PAUSE_LEVEL ** 2) powers.push(power / block.length);
  }
  if (powers.length === 0) return 1;
  const level = Math.sqrt(powers.reduce((sum, power) => sum + power, 0) / powers.length);
  return Math.min(TARGET_LEVEL / level, PEAK_LEVEL / peak, MOST_GAIN);
}

/** Sound as a telephone takes it: 8 kHz, 16 bits, of even loudness. */
export function forTelephone(heard: Heard): Int16Array {
  const samples = resampled(heard);
  const gain = gainFor(samples);
  return Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample * gain)) * 32_767));
}
