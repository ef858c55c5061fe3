/*
 * Makes resources/announcements and resources/sounds. The results are in the repository; run this only to change them:
 *
 *   node scripts/make-sounds.ts
 *
 * The announcements are spoken by espeak-ng (Korean) and brought to telephone quality by sox: mono, 8 kHz, 16 bits.
 * Music and ring are computed here, from notes written here: nothing is anyone else's.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

const announcements: Readonly<Record<string, string>> = {
  greeting: '안녕하십니까. 상담 센터입니다.',
  menu: '주문은 1번, 기술 지원은 2번을 눌러 주십시오.',
  'wrong-key': '잘못 누르셨습니다.',
  'please-wait': '상담원을 연결해 드리겠습니다. 잠시만 기다려 주십시오.',
  closed: '지금은 상담 시간이 아닙니다. 이용해 주셔서 감사합니다.',
  'no-agents': '지금은 상담 가능한 상담원이 없습니다. 잠시 후 다시 걸어 주십시오.',
  'queue-full': '지금은 통화량이 많아 연결해 드릴 수 없습니다. 잠시 후 다시 걸어 주십시오.',
  'unknown-number': '지금 거신 번호는 없는 번호입니다. 다시 확인해 주십시오.',
  busy: '지금은 통화 중입니다. 잠시 후 다시 걸어 주십시오.',
  unavailable: '지금은 전화를 받을 수 없습니다.',
};

/** Speaks one announcement and normalises it: telephone band, −1.5 dB peak, a breath of silence at the end. */
async function speak(name: string, text: string, workFolder: string): Promise<void> {
  const raw = join(workFolder, `${name}.wav`);
  await run('espeak-ng', ['-v', 'ko', '-s', '170', '-p', '45', '-g', '2', '-w', raw, text]);
  const trimmed = ['silence', '1', '0.01', '0.5%', 'reverse', 'silence', '1', '0.01', '0.5%', 'reverse'];
  const shape = [...trimmed, 'highpass', '180', 'rate', '8k', 'norm', '-1.5', 'pad', '0.05', '0.15'];
  await run('sox', ['-R', raw, '-D', '-c', '1', '-b', '16', join(root, 'resources/announcements', `${name}.wav`), ...shape]);
}

/** Semitones from A4 (440 Hz), equal temperament. */
const hertz = (semitones: number): number => 440 * 2 ** (semitones / 12);

interface Note {
  /** Semitones from A4. */
  pitch: number;
  startS: number;
  lengthS: number;
  level: number;
}

/** A note that rises softly and dies away, with a little second and third harmonic. The track is a ring: tails wrap. */
function pluck(track: Float64Array, rate: number, note: Note): void {
  const frequency = hertz(note.pitch);
  const samples = Math.round(note.lengthS * rate);
  const start = Math.round(note.startS * rate);
  for (let i = 0; i < samples; i++) {
    const t = i / rate;
    const envelope = Math.min(1, t / 0.03) * Math.exp((-2.2 * t) / note.lengthS) * Math.min(1, (note.lengthS - t) / 0.08);
    const turn = 2 * Math.PI * frequency * t;
    const wave = Math.sin(turn) + 0.22 * Math.sin(2 * turn) + 0.06 * Math.sin(3 * turn);
    const at = (start + i) % track.length;
    track[at] = (track[at] ?? 0) + note.level * envelope * wave;
  }
}

const MUSIC_RATE_HZ = 8000;
const BEAT_S = 0.5;
const BARS = 12;
/** G3 and D4: they sound from the first sample to the last, and the tests know the music by them. */
const PEDAL_HZ = [196, 294];

/** G major pentatonic, semitones from A4: D4 E4 G4 A4 B4 D5 E5 G5. Each row is a bar of eight half-beats, null rests. */
const G = -2;
const MELODY: readonly (readonly (number | null)[])[] = [
  [2, null, 5, null, 7, null, 5, 2],
  [0, null, 2, null, -2, null, null, null],
  [-5, null, -2, null, 0, 2, 0, null],
  [2, null, null, 0, -2, null, null, null],
  [7, null, 5, null, 2, null, 5, null],
  [7, null, 10, null, 7, null, null, 5],
  [2, 0, 2, null, 5, null, 2, null],
  [0, null, null, null, -2, null, null, null],
  [-2, 0, 2, null, 5, null, 7, null],
  [10, null, 7, null, 5, null, 2, null],
  [0, null, 2, 0, -2, null, -5, null],
  [-2, null, null, null, null, null, null, null],
];
/** Two low notes a bar under the melody. */
const BASS: readonly (readonly [number, number])[] = [
  [G - 12, G - 5],
  [G - 10, G - 5],
  [G - 15, G - 5],
  [G - 12, G - 8],
  [G - 12, G - 5],
  [G - 8, G - 5],
  [G - 12, G - 8],
  [G - 10, G - 5],
  [G - 12, G - 5],
  [G - 8, G - 5],
  [G - 10, G - 5],
  [G - 12, G - 12],
];

/** Hold music: 24 seconds that loop without a seam. */
function music(): Int16Array {
  const track = new Float64Array(BARS * 4 * BEAT_S * MUSIC_RATE_HZ);
  MELODY.forEach((bar, barIndex) => {
    bar.forEach((pitch, step) => {
      if (pitch === null) return;
      pluck(track, MUSIC_RATE_HZ, { pitch, startS: (barIndex * 4 + step / 2) * BEAT_S, lengthS: 1.6, level: 0.5 });
    });
  });
  BASS.forEach((pair, barIndex) => {
    pair.forEach((pitch, half) => {
      pluck(track, MUSIC_RATE_HZ, { pitch, startS: (barIndex * 4 + half * 2) * BEAT_S, lengthS: 1.9, level: 0.4 });
    });
  });
  // Whole cycles in the loop (24 s), so that the pedal has no seam either.
  for (let i = 0; i < track.length; i++) {
    for (const frequency of PEDAL_HZ) track[i] = (track[i] ?? 0) + 0.3 * Math.sin((2 * Math.PI * frequency * i) / MUSIC_RATE_HZ);
  }
  return normalised(track, 0.5);
}

const RING_RATE_HZ = 22_050;

/** The desk's ring: two soft rising triads, then silence; 3 seconds, to be looped. */
function ring(): Int16Array {
  const track = new Float64Array(3 * RING_RATE_HZ);
  const triad = [3, 7, 10, 15];
  for (const round of [0, 0.62]) {
    triad.forEach((pitch, i) => pluck(track, RING_RATE_HZ, { pitch, startS: 0.02 + round + i * 0.11, lengthS: 0.85, level: 0.6 }));
  }
  return normalised(track, 0.7);
}

function normalised(track: Float64Array, peak: number): Int16Array {
  const highest = track.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return Int16Array.from(track, (sample) => Math.round((sample / highest) * peak * 32_767));
}

/** The bytes of a mono 16-bit PCM WAV file. */
function wav(samples: Int16Array, rateHz: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples.length * 2, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(rateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.length * 2, 40);
  const body = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, i) => body.writeInt16LE(sample, i * 2));
  return Buffer.concat([header, body]);
}

async function main(): Promise<void> {
  await mkdir(join(root, 'resources/announcements'), { recursive: true });
  await mkdir(join(root, 'resources/sounds'), { recursive: true });
  const workFolder = await mkdtemp(join(tmpdir(), 'sounds-'));
  try {
    for (const [name, text] of Object.entries(announcements)) await speak(name, text, workFolder);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
  await writeFile(join(root, 'resources/announcements/music.wav'), wav(music(), MUSIC_RATE_HZ));
  await writeFile(join(root, 'resources/sounds/ring.wav'), wav(ring(), RING_RATE_HZ));
}

await main();
