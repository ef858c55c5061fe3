/*
 * What a page of a test says and hears. `installEars` runs inside the page before its own scripts (Playwright's
 * addInitScript), so it may use nothing from outside its own body.
 *
 * Says: getUserMedia answers one pure tone, the party's voice. Hears: what is really played, that is every
 * audio element that is neither paused nor muted, be it of a stream or of a file, and all that reaches an
 * AudioContext's destination. Tones are found by the Goertzel algorithm over the last third of a second.
 */

export type Microphone = 'works' | 'denied' | 'missing';

export interface EarsSetup {
  voiceHz: number;
  microphone: Microphone;
}

export interface Listening {
  presentHz: number[];
  absentHz: number[];
  /** How long all of it must hold without interruption. */
  steadyMs: number;
  timeoutMs: number;
}

export interface Heard {
  ok: boolean;
  /** Level by frequency at the end, full scale 1, for the message of a failed test. */
  levels: Record<string, number>;
  /** How many things were being played. */
  sources: number;
  tookMs: number;
}

export interface Ears {
  listen(listening: Listening): Promise<Heard>;
  /** Waits for the first 20 ms of a tone. @returns when that was, epoch milliseconds; null when it never came */
  firstHeard(hz: number, timeoutMs: number): Promise<number | null>;
  /** Titles of the desktop notifications so far. */
  notifications: string[];
  /** Whether another program has the microphone, from the next time on that it is asked for. */
  busy: boolean;
  /** Takes the microphone away: every live track ends, as when it is unplugged. */
  unplug(): void;
}

declare global {
  interface Window {
    ears: Ears;
  }
}

export function installEars({ voiceHz, microphone }: EarsSetup): void {
  const WINDOW_SAMPLES = 16_384;
  /** For `firstHeard`: 21 ms, which tells tones only roughly but at once. */
  const QUICK_SAMPLES = 1024;
  const QUICK_PRESENT = 0.05;
  const PRESENT = 0.012;
  const ABSENT = 0.004;
  const ABOVE_FLOOR = 5;

  interface Pair {
    slow: AnalyserNode;
    quick: AnalyserNode;
  }

  const elements = new Set<HTMLMediaElement>();
  /** By the track itself: a far end may give the tracks of all its calls the same id. */
  const taps = new Map<MediaStreamTrack, { pair: Pair; node: AudioNode }>();
  const outputs = new Set<{ pair: Pair; context: BaseAudioContext }>();
  const captured = new Map<HTMLMediaElement, MediaStream>();
  const said = new Set<MediaStreamTrack>();
  const connectNode = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode | AudioParam, ...rest: number[]) => AudioNode;
  let listening: AudioContext | undefined;
  let speaking: AudioContext | undefined;

  const analyse = (node: AudioNode): Pair => {
    const pair = { slow: new AnalyserNode(node.context, { fftSize: WINDOW_SAMPLES }), quick: new AnalyserNode(node.context, { fftSize: QUICK_SAMPLES }) };
    connectNode.call(node, pair.slow);
    connectNode.call(node, pair.quick);
    return pair;
  };

  const description = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...description,
    set(this: HTMLMediaElement, stream: MediaProvider | null) {
      elements.add(this);
      description?.set?.call(this, stream);
    },
  });

  const playElement = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function play(this: HTMLMediaElement) {
    elements.add(this);
    return playElement.call(this);
  };

  const notifications: string[] = [];
  window.Notification = class extends Notification {
    constructor(title: string, options?: NotificationOptions) {
      super(title, options);
      notifications.push(title);
    }
  };

  AudioNode.prototype.connect = function connect(this: AudioNode, to: AudioNode | AudioParam, ...rest: number[]) {
    if (to instanceof AudioDestinationNode) {
      outputs.add({ pair: analyse(this), context: this.context });
    }
    return connectNode.call(this, to, ...rest);
  };

  navigator.mediaDevices.getUserMedia = (constraints) => {
    if (microphone === 'denied') return Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
    if (microphone === 'missing') return Promise.reject(new DOMException('Requested device not found', 'NotFoundError'));
    if (window.ears.busy) return Promise.reject(new DOMException('Could not start audio source', 'NotReadableError'));
    speaking ??= new AudioContext();
    const oscillator = new OscillatorNode(speaking, { frequency: voiceHz });
    const gain = new GainNode(speaking, { gain: 0.25 });
    const destination = new MediaStreamAudioDestinationNode(speaking, { channelCount: 1 });
    connectNode.call(oscillator, gain);
    connectNode.call(gain, destination);
    oscillator.start();
    const wanted = constraints?.audio;
    const device = typeof wanted === 'object' ? wanted.deviceId : undefined;
    const deviceId = typeof device === 'string' ? device : typeof device === 'object' && !Array.isArray(device) ? (device.exact ?? device.ideal) : undefined;
    for (const track of destination.stream.getAudioTracks()) {
      said.add(track);
      const settings = track.getSettings.bind(track);
      track.getSettings = () => ({ ...settings(), deviceId: String(deviceId ?? 'default') });
    }
    return Promise.resolve(destination.stream);
  };

  /** The live stream of an element, or what it plays of a file. */
  const streamOf = (element: HTMLMediaElement): MediaStream | null => {
    if (element.srcObject instanceof MediaStream) return element.srcObject;
    if (element.currentSrc === '') return null;
    let stream = captured.get(element);
    if (stream === undefined) {
      // Chromium has it, the DOM's types do not.
      stream = (element as HTMLMediaElement & { captureStream(): MediaStream }).captureStream();
      captured.set(element, stream);
    }
    return stream;
  };

  /** Analysers of all that is audible now. */
  const audible = (): Pair[] => {
    listening ??= new AudioContext();
    const found: Pair[] = [];
    const seen = new Set<MediaStreamTrack>();
    for (const element of elements) {
      if (element.paused || element.muted || element.volume === 0) continue;
      const stream = streamOf(element);
      if (stream === null) continue;
      for (const track of stream.getAudioTracks()) {
        if (track.readyState !== 'live') continue;
        seen.add(track);
        let tap = taps.get(track);
        if (tap === undefined) {
          const node = new MediaStreamAudioSourceNode(listening, { mediaStream: new MediaStream([track]) });
          tap = { node, pair: analyse(node) };
          taps.set(track, tap);
        }
        found.push(tap.pair);
      }
    }
    for (const [track, tap] of taps) {
      if (seen.has(track)) continue;
      tap.node.disconnect();
      taps.delete(track);
    }
    for (const output of outputs) {
      if (output.context.state === 'closed') outputs.delete(output);
      else if (output.context.state === 'running') found.push(output.pair);
    }
    return found;
  };

  /** Amplitude of one frequency (Goertzel, Hann window). */
  const amplitude = (samples: Float32Array, rateHz: number, hz: number): number => {
    const step = (2 * Math.PI * hz) / rateHz;
    const coefficient = 2 * Math.cos(step);
    const shape = (2 * Math.PI) / samples.length;
    let before = 0;
    let last = 0;
    for (let i = 0; i < samples.length; i++) {
      const weighted = (samples[i] ?? 0) * (0.5 - 0.5 * Math.cos(shape * i));
      const next = weighted + coefficient * last - before;
      before = last;
      last = next;
    }
    const power = last * last + before * before - coefficient * last * before;
    return (4 * Math.sqrt(Math.max(0, power))) / samples.length;
  };

  const measure = (analysers: AnalyserNode[], frequencies: number[]): Map<number, { level: number; floor: number }> => {
    const result = new Map(frequencies.map((hz) => [hz, { level: 0, floor: 0 }]));
    const samples = new Float32Array(WINDOW_SAMPLES);
    for (const analyser of analysers) {
      analyser.getFloatTimeDomainData(samples);
      const rate = analyser.context.sampleRate;
      for (const [hz, entry] of result) {
        const level = amplitude(samples, rate, hz);
        if (level <= entry.level) continue;
        entry.level = level;
        entry.floor = Math.max(amplitude(samples, rate, hz - 24), amplitude(samples, rate, hz + 24));
      }
    }
    return result;
  };

  window.ears = {
    notifications,
    busy: false,
    async listen({ presentHz, absentHz, steadyMs, timeoutMs }) {
      const started = performance.now();
      let since: number | null = null;
      let quietSince: number | null = null;
      for (;;) {
        const analysers = audible().map(({ slow }) => slow);
        const levels = measure(analysers, [...presentHz, ...absentHz]);
        const at = performance.now();
        const present = presentHz.every((hz) => {
          const { level, floor } = levels.get(hz) ?? { level: 0, floor: 0 };
          return level > PRESENT && level > floor * ABOVE_FLOOR;
        });
        const absent = absentHz.every((hz) => (levels.get(hz)?.level ?? 0) < ABSENT);
        since = present && absent ? (since ?? at) : null;
        // A new tap starts with an empty window, which proves no silence.
        quietSince = absent ? (quietSince ?? at) : null;
        const steady = since !== null && at - since >= steadyMs && (absentHz.length === 0 || at - (quietSince ?? at) >= 400);
        const tookMs = at - started;
        if (steady || tookMs > timeoutMs) {
          const rounded = Object.fromEntries([...levels].map(([hz, { level }]) => [String(hz), Math.round(level * 1e4) / 1e4]));
          return { ok: steady, levels: rounded, sources: analysers.length, tookMs };
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async firstHeard(hz, timeoutMs) {
      const deadline = performance.now() + timeoutMs;
      const samples = new Float32Array(QUICK_SAMPLES);
      while (performance.now() < deadline) {
        for (const { quick } of audible()) {
          quick.getFloatTimeDomainData(samples);
          if (amplitude(samples, quick.context.sampleRate, hz) > QUICK_PRESENT) return Date.now();
        }
        await new Promise((resolve) => setTimeout(resolve, 4));
      }
      return null;
    },
    unplug() {
      for (const track of said) {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
      said.clear();
    },
  };
}
