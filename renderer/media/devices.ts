import type { MicrophoneState } from '../../contract/cti/microphone.ts';
import type { Disposer } from '../../contract/errors.ts';

/** What the audio needs of `navigator.mediaDevices`. */
export type DeviceAccess = Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'>;

export interface AudioDevice {
  id: string;
  /** As the system names it; empty until the microphone is allowed. */
  label: string;
}

export interface AudioDevices {
  microphones: AudioDevice[];
  speakers: AudioDevice[];
}

/** Chromium lists the system's choice a second time under these ids; "system default" stands for them. */
const ALIASES = ['', 'default', 'communications'];

/** The devices of this machine that can be chosen by name, none where the page may not see them. */
export async function listDevices(access: DeviceAccess | null): Promise<AudioDevices> {
  const all = access === null ? [] : await access.enumerateDevices().catch(() => []);
  const ofKind = (wanted: MediaDeviceKind): AudioDevice[] =>
    all.filter(({ kind, deviceId }) => kind === wanted && !ALIASES.includes(deviceId)).map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphones: ofKind('audioinput'), speakers: ofKind('audiooutput') };
}

export function onDevicesChanged(access: DeviceAccess | null, listener: () => void): Disposer {
  access?.addEventListener('devicechange', listener);
  return () => access?.removeEventListener('devicechange', listener);
}

/**
 * Follows what the person lets this page do with the microphone. Browsers that do not tell (the name is not known
 * to all of them) are never heard of.
 */
export function onMicrophonePermission(permissions: Pick<Permissions, 'query'> | null, listener: (state: PermissionState) => void): Disposer {
  const stopped = new AbortController();
  void follow();
  return () => stopped.abort();

  async function follow(): Promise<void> {
    try {
      const status = await permissions?.query({ name: 'microphone' });
      status?.addEventListener('change', () => listener(status.state), { signal: stopped.signal });
    } catch {
      // This browser does not know the name.
    }
  }
}

/** What a failed getUserMedia says of the microphone. What is there but cannot be opened is as good as missing. */
export function stateOfFailure(error: unknown): Exclude<MicrophoneState, 'ok' | 'unknown'> {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : 'missing';
}
