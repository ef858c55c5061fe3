import type { DeviceAccess } from '../../../../renderer/media/devices.ts';
import type { Player } from '../../../../renderer/media/speaker.ts';

const named = (name: string): Error => Object.assign(new Error(name), { name });

/** A target that counts who listens. */
class CountingTarget extends EventTarget {
  listening = 0;

  override addEventListener(...given: Parameters<EventTarget['addEventListener']>): void {
    this.listening++;
    super.addEventListener(...given);
  }

  override removeEventListener(...given: Parameters<EventTarget['removeEventListener']>): void {
    this.listening--;
    super.removeEventListener(...given);
  }
}

/** A track as far as the audio code looks at it. */
export class FakeTrack extends EventTarget {
  readonly kind = 'audio';
  enabled = true;
  readyState: 'live' | 'ended' = 'live';
  readonly deviceId: string;

  constructor(deviceId: string) {
    super();
    this.deviceId = deviceId;
  }

  clone(): FakeTrack {
    return new FakeTrack(this.deviceId);
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** As when the device is unplugged. */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

/** A machine with these microphones; `failure` is the error's name with which all of them fail. */
export class FakeDevices extends CountingTarget implements DeviceAccess {
  failure: string | null = null;
  readonly tracks: FakeTrack[] = [];
  private devices: { kind: MediaDeviceKind; deviceId: string; label: string }[] = [];

  constructor(...microphones: string[]) {
    super();
    this.set('audioinput', microphones);
  }

  /** What is captured now. */
  get open(): FakeTrack[] {
    return this.tracks.filter(({ readyState }) => readyState === 'live');
  }

  plug(...microphones: string[]): void {
    this.set('audioinput', microphones);
    this.dispatchEvent(new Event('devicechange'));
  }

  plugSpeakers(...speakers: string[]): void {
    this.set('audiooutput', speakers);
    this.dispatchEvent(new Event('devicechange'));
  }

  getUserMedia = (constraints?: MediaStreamConstraints): Promise<MediaStream> => {
    const wanted = typeof constraints?.audio === 'object' ? constraints.audio.deviceId : undefined;
    const exact = typeof wanted === 'object' && 'exact' in wanted ? String(wanted.exact) : null;
    if (this.failure !== null) return Promise.reject(named(this.failure));
    const found = exact === null ? this.devices[0] : this.devices.find(({ deviceId }) => deviceId === exact);
    if (found === undefined) return Promise.reject(named(exact === null ? 'NotFoundError' : 'OverconstrainedError'));
    const track = new FakeTrack(found.deviceId);
    this.tracks.push(track);
    return Promise.resolve({ getAudioTracks: () => [track] } as unknown as MediaStream);
  };

  enumerateDevices = (): Promise<MediaDeviceInfo[]> => Promise.resolve(this.devices as MediaDeviceInfo[]);

  private set(kind: MediaDeviceKind, ids: string[]): void {
    this.devices = ids.map((deviceId) => ({ kind, deviceId, label: deviceId }));
  }
}

/** Plays nothing, remembers everything. */
export class FakePlayer extends EventTarget implements Player {
  srcObject: MediaProvider | null = null;
  src = '';
  loop = false;
  volume = 1;
  currentTime = 0;
  playing = false;
  sink: string | null = null;
  private readonly blocked: () => boolean;

  /** @param blocked whether the browser wants a click first */
  constructor(blocked: () => boolean = () => false) {
    super();
    this.blocked = blocked;
  }

  play = (): Promise<void> => {
    if (this.blocked()) return Promise.reject(named('NotAllowedError'));
    this.playing = true;
    return Promise.resolve();
  };

  pause = (): void => void (this.playing = false);

  setSinkId = (id: string): Promise<void> => {
    this.sink = id;
    return Promise.resolve();
  };
}

class FakeDtmf {
  canInsertDTMF = true;
  toneBuffer = '';
  readonly inserted: string[] = [];

  insertDTMF(tones: string): void {
    this.inserted.push(tones);
    this.toneBuffer = tones;
  }
}

class FakeSender {
  track: FakeTrack | null = null;
  readonly dtmf = new FakeDtmf();

  replaceTrack(track: FakeTrack | null): Promise<void> {
    this.track = track;
    return Promise.resolve();
  }
}

class FakeTransceiver {
  direction: RTCRtpTransceiverDirection = 'recvonly';
  currentDirection: RTCRtpTransceiverDirection | null = null;
  codecs: string[] = [];
  readonly receiver = { track: new FakeTrack('remote') };
  readonly sender = new FakeSender();

  setCodecPreferences(codecs: { mimeType: string }[]): void {
    this.codecs = codecs.map(({ mimeType }) => mimeType);
  }
}

/** The states of a peer connection (RFC 9429 §3.2), without any network. */
export class FakePeer extends CountingTarget {
  readonly configuration: RTCConfiguration;
  signalingState: RTCSignalingState = 'stable';
  iceGatheringState: RTCIceGatheringState = 'complete';
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: { type: string; sdp: string } | null = null;
  remoteDescription: { type: string; sdp: string } | null = null;
  readonly transceivers: FakeTransceiver[] = [];

  constructor(configuration: RTCConfiguration) {
    super();
    this.configuration = configuration;
  }

  addTransceiver(_kind: string, { direction }: { direction: RTCRtpTransceiverDirection }): FakeTransceiver {
    const transceiver = new FakeTransceiver();
    transceiver.direction = direction;
    this.transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers = (): FakeTransceiver[] => this.transceivers;

  setLocalDescription(description?: { type: string }): Promise<void> {
    if (description?.type === 'rollback') {
      this.signalingState = 'stable';
      return Promise.resolve();
    }
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.signalingState = type === 'answer' ? 'stable' : 'have-local-offer';
    this.localDescription = { type, sdp: `${type} ${this.transceivers[0]?.direction}` };
    return Promise.resolve();
  }

  setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    if (description.sdp === 'nonsense') return Promise.reject(new Error('no description'));
    if (description.type === 'answer' && this.signalingState !== 'have-local-offer') return Promise.reject(new Error('no offer to answer'));
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    if (description.type === 'rollback') return Promise.resolve();
    this.remoteDescription = description;
    if (this.transceivers.length === 0) this.transceivers.push(new FakeTransceiver());
    return Promise.resolve();
  }

  close(): void {
    this.connectionState = 'closed';
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  /** The far end's audio is announced. */
  hear(): void {
    this.dispatchEvent(Object.assign(new Event('track'), { track: this.transceivers[0]?.receiver.track }));
  }
}
