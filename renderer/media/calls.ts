import type { BridgeFacade } from '../../contract/bridge/index.ts';
import type { MediaAnswer, MediaOperation, MediaReport, MediaRequest } from '../../contract/bridge/media.ts';
import { unreachable, type Disposer } from '../../contract/errors.ts';
import type { Microphone } from './microphone.ts';
import { MediaRefused, Peer } from './peer.ts';
import type { Silence } from './silence.ts';
import type { Speaker } from './speaker.ts';

export interface CallsOptions {
  bridge: Pick<BridgeFacade, 'media' | 'on'>;
  microphone: Microphone;
  speaker: Speaker;
  connect: (configuration: RTCConfiguration) => RTCPeerConnection;
  silence: () => Silence;
  /** The person has answered, and audio is about to begin. */
  onAnswering: () => void;
  /** Another window has the audio now. */
  onReleased: () => void;
}

interface Entry {
  session: string;
  generation: number;
  peer: Peer;
  state: MediaReport['state'] | null;
}

/**
 * Carries out what the phone asks of this window: a peer connection for each {session, generation}. Every request
 * is answered; a request for a newer generation closes the older ones of its session.
 */
export class Calls {
  private readonly options: CallsOptions;
  private readonly entries = new Map<string, Entry>();

  constructor(options: CallsOptions) {
    this.options = options;
  }

  get open(): number {
    return this.entries.size;
  }

  /** Listens to the host until disposed; then everything is closed. */
  start(): Disposer {
    const { bridge, onReleased } = this.options;
    const disposers = [
      bridge.on('media.requested', (request) => void this.requested(request)),
      bridge.on('media.released', () => {
        this.closeAll();
        onReleased();
      }),
    ];
    return () => {
      for (const dispose of disposers) dispose();
      this.closeAll();
    };
  }

  /**
   * Takes the audio: the phone's requests come here, and its live calls get new peer connections. What is open
   * from before goes on, and is reported, so that the phone closes what it no longer knows.
   */
  async claim(): Promise<void> {
    const open = [...this.entries.values()].flatMap(({ session, generation, state }) => (state === null ? [] : [{ session, generation, state }]));
    await this.options.bridge.media.claim(open.length === 0 ? null : { open });
    for (const { session, generation, state } of this.entries.values()) if (state !== null) this.report(session, generation, state);
  }

  closeAll(): void {
    for (const { peer } of this.entries.values()) peer.close();
    this.entries.clear();
  }

  private async requested(request: MediaRequest): Promise<void> {
    const { session, generation, request: number, operation } = request;
    let result: MediaAnswer['result'];
    try {
      result = { ok: true, sdp: await this.perform(session, generation, operation) };
    } catch (error) {
      const code = error instanceof MediaRefused ? error.code : 'media.failed';
      // A peer connection that never came about is of no use to anybody.
      if (operation.type === 'createOffer' || operation.type === 'createAnswer') this.dropUnused(session, generation);
      result = { ok: false, code, message: error instanceof Error ? error.message : String(error) };
    }
    await this.options.bridge.media.answer({ session, generation, request: number, result });
  }

  private perform(session: string, generation: number, operation: MediaOperation): Promise<string | null> {
    const known = this.entries.get(keyOf(session, generation));
    switch (operation.type) {
      case 'close':
        this.close(session, generation);
        return Promise.resolve(null);
      case 'createOffer':
      case 'createAnswer': {
        if (known === undefined && operation.type === 'createAnswer') this.options.onAnswering();
        const entry = known ?? this.enter(session, generation, operation.iceServers);
        return entry.peer.perform(operation);
      }
      case 'rollback':
        return known?.peer.perform(operation) ?? Promise.resolve(null);
      case 'applyAnswer':
      case 'setMuted':
      case 'sendDigits':
        return known?.peer.perform(operation) ?? Promise.reject(new MediaRefused('media.failed', 'no such peer connection here'));
      default:
        return unreachable(operation);
    }
  }

  private enter(session: string, generation: number, iceServers: Extract<MediaOperation, { type: 'createOffer' }>['iceServers']): Entry {
    for (const older of this.entries.values()) if (older.session === session && older.generation < generation) this.close(session, older.generation);
    const { microphone, speaker, connect, silence } = this.options;
    const peer = new Peer({
      iceServers,
      microphone,
      connect,
      silence,
      mayBeMute: generation > 0,
      play: (stream) => speaker.playStream(stream),
      onState: (state) => {
        entry.state = state;
        this.report(session, generation, state);
      },
    });
    const entry: Entry = { session, generation, peer, state: null };
    this.entries.set(keyOf(session, generation), entry);
    return entry;
  }

  private report(session: string, generation: number, state: MediaReport['state']): void {
    void this.options.bridge.media.report({ session, generation, state });
  }

  private dropUnused(session: string, generation: number): void {
    if (this.entries.get(keyOf(session, generation))?.peer.unused === true) this.close(session, generation);
  }

  private close(session: string, generation: number): void {
    this.entries.get(keyOf(session, generation))?.peer.close();
    this.entries.delete(keyOf(session, generation));
  }
}

const keyOf = (session: string, generation: number): string => `${session} ${generation}`;
