import type { MediaOperation, MediaReport } from '../../contract/bridge/media.ts';
import { unreachable, type Disposer } from '../../contract/errors.ts';
import type { Microphone } from './microphone.ts';
import type { Silence } from './silence.ts';

/** RFC 8838 candidates may come forever; the far end waits for our description. */
const GATHERING_CAP_MS = 1500;

/** What every far end of ours speaks; Opus where it has it too. The others would only lengthen the offer. */
const CODECS = ['audio/opus', 'audio/pcmu', 'audio/pcma', 'audio/telephone-event'];

/** Why an operation was refused, as the bridge's answer says it. */
export class MediaRefused extends Error {
  readonly code: 'media.failed' | 'media.denied';

  constructor(code: 'media.failed' | 'media.denied', message: string) {
    super(message);
    this.code = code;
  }
}

type IceServers = Extract<MediaOperation, { type: 'createOffer' }>['iceServers'];

export interface PeerOptions {
  iceServers: IceServers;
  microphone: Microphone;
  /** Whether the call may go on without a microphone: it lives already. */
  mayBeMute: boolean;
  connect: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** Sent while there is no microphone. */
  silence: () => Silence;
  onState: (state: MediaReport['state']) => void;
  /** The far end's voice. @returns stops playing it */
  play: (stream: MediaStream) => Disposer;
}

/**
 * One peer connection with one audio line, and our voice on it. Operations run one after the other; `close` ends
 * everything at once.
 */
export class Peer {
  private readonly options: PeerOptions;
  private readonly connection: RTCPeerConnection;
  private readonly disposers: Disposer[] = [];
  private readonly microphoneUse: Promise<Disposer>;
  private transceiver: RTCRtpTransceiver | null = null;
  /** Our own copy of the microphone's track, so that mute and hold concern this call alone, and what it copies. */
  private voice: MediaStreamTrack | null = null;
  private source: MediaStreamTrack | null = null;
  private stopSilence: Disposer = () => {};
  private muted = false;
  private held = false;
  private heldBefore = false;
  private closed = false;
  private work: Promise<unknown>;

  constructor(options: PeerOptions) {
    this.options = options;
    const connection = options.connect({ iceServers: options.iceServers.map(serverOf), bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
    this.connection = connection;
    this.listen();
    this.microphoneUse = options.microphone.use();
    this.work = this.microphoneUse;
  }

  /** Nothing was ever agreed with the far end. */
  get unused(): boolean {
    return this.connection.remoteDescription === null && this.connection.localDescription === null;
  }

  /** @returns the local description for operations that make one, null for the others. @throws MediaRefused */
  perform(operation: Exclude<MediaOperation, { type: 'close' }>): Promise<string | null> {
    const result = this.work.then(() => this.run(operation)).catch((error: unknown) => {
      throw error instanceof MediaRefused ? error : new MediaRefused('media.failed', String(error));
    });
    this.work = result.catch(() => {});
    return result;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const dispose of this.disposers) dispose();
    this.voice?.stop();
    this.stopSilence();
    this.connection.close();
    void this.microphoneUse.then((release) => release());
  }

  private async run(operation: Exclude<MediaOperation, { type: 'close' }>): Promise<string | null> {
    if (this.closed) throw new MediaRefused('media.failed', 'the peer connection is closed');
    switch (operation.type) {
      case 'createOffer':
        this.mustHaveVoice();
        return this.offer(operation);
      case 'createAnswer':
        this.mustHaveVoice();
        return this.answer(operation.remoteOffer, operation.hold);
      case 'applyAnswer':
        await this.connection.setRemoteDescription({ type: 'answer', sdp: operation.sdp });
        return null;
      case 'rollback':
        await this.rollback();
        this.setHeld(this.heldBefore);
        return null;
      case 'setMuted':
        this.muted = operation.muted;
        this.shape();
        return null;
      case 'sendDigits':
        this.sendDigits(operation.digits, operation.durationMs, operation.gapMs);
        return null;
      default:
        return unreachable(operation);
    }
  }

  private async offer({ hold, restartIce }: Extract<MediaOperation, { type: 'createOffer' }>): Promise<string> {
    // An offer asked for again, or one whose answer never came.
    await this.rollback();
    this.transceiver ??= this.connection.addTransceiver('audio', { direction: 'sendrecv' });
    await this.prepare(this.transceiver, hold);
    if (restartIce) this.connection.restartIce();
    return this.describe();
  }

  private async answer(remoteOffer: string, hold: boolean): Promise<string> {
    await this.rollback();
    await this.connection.setRemoteDescription({ type: 'offer', sdp: remoteOffer });
    try {
      const transceiver = this.connection.getTransceivers().find(({ receiver, currentDirection }) => receiver.track.kind === 'audio' && currentDirection !== 'stopped');
      if (transceiver === undefined) throw new MediaRefused('media.failed', 'the offer has no audio');
      this.transceiver = transceiver;
      await this.prepare(transceiver, hold);
      return await this.describe();
    } catch (error) {
      await this.rollback().catch(() => {});
      throw error;
    }
  }

  /** RFC 3264 §8.4: sendonly holds. The browser narrows an answer to what the offer allows. */
  private async prepare(transceiver: RTCRtpTransceiver, hold: boolean): Promise<void> {
    transceiver.direction = hold ? 'sendonly' : 'sendrecv';
    transceiver.setCodecPreferences(codecs());
    this.heldBefore = this.held;
    this.setHeld(hold);
    await this.speak(this.options.microphone.track);
  }

  private async describe(): Promise<string> {
    await this.connection.setLocalDescription();
    await this.gathered();
    const sdp = this.connection.localDescription?.sdp;
    if (sdp === undefined || this.closed) throw new MediaRefused('media.failed', 'the peer connection is closed');
    return sdp;
  }

  private async rollback(): Promise<void> {
    const { signalingState } = this.connection;
    if (signalingState === 'have-local-offer') await this.connection.setLocalDescription({ type: 'rollback' });
    if (signalingState === 'have-remote-offer') await this.connection.setRemoteDescription({ type: 'rollback' });
    // A line that existed for the undone description only.
    if (this.transceiver !== null && !this.connection.getTransceivers().includes(this.transceiver)) this.transceiver = null;
  }

  private mustHaveVoice(): void {
    const { microphone, mayBeMute } = this.options;
    // Another program lets go of it sooner or later: until then silence is sent, and nobody has missed a call.
    if (microphone.track !== null || microphone.busy || mayBeMute || this.connection.remoteDescription !== null) return;
    throw microphone.state === 'denied' ? new MediaRefused('media.denied', 'the microphone is not allowed') : new MediaRefused('media.failed', 'there is no microphone');
  }

  /** Sends a copy of this track from now on; silence, where there is none. */
  private async speak(source: MediaStreamTrack | null): Promise<void> {
    if (this.transceiver === null || this.closed) return;
    if (source === this.source && this.voice !== null && this.transceiver.sender.track === this.voice) return;
    this.source = source;
    const before = this.voice;
    const { stopSilence } = this;
    const silence = source === null ? this.options.silence() : null;
    this.stopSilence = silence?.stop ?? (() => {});
    const voice = source?.clone() ?? silence?.track ?? null;
    this.voice = voice;
    this.shape();
    before?.stop();
    stopSilence();
    await this.transceiver.sender.replaceTrack(voice);
  }

  private setHeld(held: boolean): void {
    this.held = held;
    this.shape();
  }

  /** A held party must not hear us either, whatever its switch does with our packets. */
  private shape(): void {
    if (this.voice !== null) this.voice.enabled = !this.muted && !this.held;
  }

  private sendDigits(digits: string, durationMs: number, gapMs: number): void {
    const dtmf = this.transceiver?.sender.dtmf ?? null;
    if (dtmf === null || !dtmf.canInsertDTMF) throw new MediaRefused('media.failed', 'no telephone-event in this call');
    // insertDTMF replaces what is still to be sent.
    dtmf.insertDTMF(dtmf.toneBuffer + digits, durationMs, gapMs);
  }

  private listen(): void {
    const { connection, options } = this;
    const { onState } = options;
    const stateChanged = (): void => {
      if (connection.connectionState !== 'new') onState(connection.connectionState);
    };
    let remote: MediaStreamTrack | null = null;
    const tracked = ({ track }: RTCTrackEvent): void => {
      if (track.kind !== 'audio' || track === remote) return;
      remote = track;
      this.disposers.push(options.play(new MediaStream([track])));
    };
    connection.addEventListener('connectionstatechange', stateChanged);
    connection.addEventListener('track', tracked);
    this.disposers.push(
      () => connection.removeEventListener('connectionstatechange', stateChanged),
      () => connection.removeEventListener('track', tracked),
      options.microphone.onEvent((event) => {
        if (event.type === 'track') void this.speak(event.track).catch(() => {});
      }),
    );
  }

  private gathered(): Promise<void> {
    const { connection } = this;
    if (connection.iceGatheringState === 'complete') return Promise.resolve();
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(cap);
        connection.removeEventListener('icegatheringstatechange', changed);
        resolve();
      };
      const changed = (): void => {
        if (connection.iceGatheringState === 'complete') settle();
      };
      const cap = setTimeout(settle, GATHERING_CAP_MS);
      connection.addEventListener('icegatheringstatechange', changed);
      this.disposers.push(settle);
    });
  }
}

function codecs(): RTCRtpCodec[] {
  const known = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
  return CODECS.flatMap((wanted) => known.filter(({ mimeType }) => mimeType.toLowerCase() === wanted));
}

const serverOf = ({ urls, username, credential }: IceServers[number]): RTCIceServer => ({ urls, ...(username !== undefined && { username }), ...(credential !== undefined && { credential }) });
