import type { BridgeFacade, Settings } from '../../contract/bridge/index.ts';
import type { Disposer } from '../../contract/errors.ts';
import { Calls } from './calls.ts';
import type { DeviceAccess } from './devices.ts';
import { Microphone } from './microphone.ts';
import { Ringer } from './ringer.ts';
import { silence } from './silence.ts';
import { Speaker, type Player } from './speaker.ts';

export type AudioWarning = 'microphoneReplaced' | 'microphoneGone' | 'microphoneBusy' | 'speakerReplaced' | 'ringerReplaced' | 'playbackBlocked';

export interface AudioOptions {
  bridge: Pick<BridgeFacade, 'media' | 'on'>;
  access: DeviceAccess | null;
  permissions: Pick<Permissions, 'query'> | null;
  gestures: EventTarget;
  createPlayer: () => Player;
  connect: (configuration: RTCConfiguration) => RTCPeerConnection;
  onWarning: (warning: AudioWarning) => void;
  onReleased: () => void;
}

/** Everything this window says and plays, ready to `start`. */
export interface WindowAudio {
  readonly access: DeviceAccess | null;
  readonly microphone: Microphone;
  readonly speaker: Speaker;
  readonly ringer: Ringer;
  readonly ringerSpeaker: Speaker;
  readonly calls: Calls;
  /** Follows the host, devices and permissions until disposed; then nothing is open any more. */
  start(): Disposer;
  configure(settings: Settings): void;
}

/** Puts the window's audio together. */
export function createWindowAudio(options: AudioOptions): WindowAudio {
  const { bridge, access, permissions, gestures, createPlayer, connect, onWarning, onReleased } = options;
  const microphone = new Microphone({ access, permissions });
  const speaker = new Speaker({ access, createPlayer, gestures });
  const ringerSpeaker = new Speaker({ access, createPlayer, gestures });
  const ringer = new Ringer(ringerSpeaker);
  // Who has answered need not hear it ring while the call is put through.
  const calls = new Calls({ bridge, microphone, speaker, connect, silence, onAnswering: () => ringer.stop(), onReleased });
  return {
    access,
    microphone,
    speaker,
    ringer,
    ringerSpeaker,
    calls,
    start() {
      const disposers = [
        calls.start(),
        microphone.follow(),
        speaker.follow(),
        ringerSpeaker.follow(),
        microphone.onEvent((event) => {
          if (event.type === 'warning') onWarning(event.warning);
        }),
        speaker.onWarning(onWarning),
        ringerSpeaker.onWarning((warning) => onWarning(warning === 'speakerReplaced' ? 'ringerReplaced' : warning)),
      ];
      return () => {
        for (const dispose of disposers) dispose();
        ringer.stop();
      };
    },
    configure({ microphoneId, speakerId, ringerId, ringVolume }) {
      microphone.choose(microphoneId);
      speaker.choose(speakerId);
      ringerSpeaker.choose(ringerId);
      ringer.volume = ringVolume;
    },
  };
}
