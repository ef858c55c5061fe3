import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { MicrophoneState } from '../../../contract/cti/microphone.ts';
import type { Disposer } from '../../../contract/errors.ts';
import { useWindowAudio } from '../../app/use-window-audio.ts';
import { listDevices, meter, onDevicesChanged, type AudioDevices } from '../../media/index.ts';

/** The devices that can be chosen, kept up to date while the component lives. */
export function useDevices(): ShallowRef<AudioDevices> {
  const { access, microphone } = useWindowAudio();
  const devices = shallowRef<AudioDevices>({ microphones: [], speakers: [] });
  const refresh = async (): Promise<void> => void (devices.value = await listDevices(access));
  onScopeDispose(onDevicesChanged(access, () => void refresh()));
  // Names are told only once the microphone is allowed.
  onScopeDispose(microphone.onEvent(({ type }) => void (type !== 'warning' && refresh())));
  void refresh();
  return devices;
}

/** A level that speech reaches and a quiet room does not. */
const VOICE = 0.35;

export interface MicrophoneLevel {
  state: Ref<MicrophoneState>;
  /** 0 … 1 */
  level: Ref<number>;
  /** Whether a voice has arrived since the present device was opened. */
  heard: Ref<boolean>;
  track: ShallowRef<MediaStreamTrack | null>;
  retry: () => void;
}

/** Keeps the microphone open, and measures it, while the component lives. */
export function useMicrophoneLevel(): MicrophoneLevel {
  const { microphone } = useWindowAudio();
  const state = ref(microphone.state);
  const level = ref(0);
  const heard = ref(false);
  const track = shallowRef<MediaStreamTrack | null>(null);
  let stopMeter: Disposer = () => {};
  let stopped = false;

  function show(next: MediaStreamTrack | null): void {
    stopMeter();
    stopMeter = () => {};
    level.value = 0;
    heard.value = false;
    track.value = next;
    if (next === null) return;
    stopMeter = meter(next, (measured) => {
      level.value = measured;
      if (measured > VOICE) heard.value = true;
    });
  }

  const stopListening = microphone.onEvent((event) => {
    if (event.type === 'state') state.value = event.state;
    if (event.type === 'track') show(event.track);
  });
  const use = microphone.use().then((release) => {
    if (!stopped && track.value === null) show(microphone.track);
    return release;
  });
  onScopeDispose(() => {
    stopped = true;
    stopListening();
    stopMeter();
    void use.then((release) => release());
  });
  return { state, level, heard, track, retry: () => void microphone.check() };
}
