import type { Rejoin } from '../../contract/cti/sign-in.ts';
import type { Disposer, Result } from '../../contract/errors.ts';

/*
 * The Switch port: what the center asks of a telephone switch, in ARI's vocabulary (channel, bridge,
 * playback, recording, DTMF, hold). Two engines implement it, and the suite in test/switch holds for both.
 * Everything of a contact center lives above this file and never knows the engine.
 *
 * Ids are chosen by the caller, so that creating a bridge can overlap an originate.
 * A command on a channel or bridge that is gone answers `switch.channel-gone` / `switch.bridge-gone`:
 * an outcome, not a crash. Events may arrive twice or late; listeners must bear it.
 */

export type ChannelId = string;
export type BridgeId = string;
export type PlaybackId = string;
export type RecordingId = string;
export type TransferId = string;
export type SnoopId = string;

/** Where a channel leads. An endpoint is a registered phone; a trunk call leaves the center. */
export type Destination = { kind: 'endpoint'; user: string } | { kind: 'trunk'; number: string };

/** Why a channel ended, in the center's words; engines map SIP status and Q.850 causes onto it. */
export type HangUpCause =
  | 'normal'
  | 'busy'
  | 'noAnswer'
  | 'rejected'
  /** By us: whoever calls may not. */
  | 'forbidden'
  | 'cancelled'
  | 'unreachable'
  | 'unknownNumber'
  | 'answeredElsewhere'
  | 'networkLost'
  | 'failed';

export type ChannelState = 'incoming' | 'dialling' | 'ringing' | 'up';

export interface ChannelInfo {
  channelId: ChannelId;
  state: ChannelState;
  /** Registered user at the far end; null over a trunk. */
  endpoint: string | null;
  /** Caller's number as presented: E.164 for customers, extension for phones of the center. */
  callerNumber: string;
  callerName: string;
  /** What the caller dialled, as dialled; empty for channels the center originated. */
  dialled: string;
  /** `X-Sangdam-*` headers of the incoming INVITE, keys in lower case. */
  headers: Readonly<Record<string, string>>;
}

export interface BridgeInfo {
  bridgeId: BridgeId;
  channels: ChannelId[];
}

export interface OriginateRequest {
  channelId: ChannelId;
  destination: Destination;
  callerNumber: string;
  callerName: string;
  /** Rings this long, then ends with `noAnswer`. */
  ringTimeoutMs: number;
  /** Extra `X-Sangdam-*` headers on the INVITE. */
  headers?: Readonly<Record<string, string>>;
  /**
   * A channel it is to be with. A switch of several machines makes it where that one is, since a bridge spans no two
   * of them; others take no notice.
   */
  beside?: ChannelId;
}

/**
 * Tones of the network, as Korea has them (ITU-T E.180 Supplement 2): it rings there, they are busy, the call cannot be
 * carried there; and a beep before a recording.
 */
export type Tone = 'ringback' | 'busy' | 'congestion' | 'beep';

/** Sound as both engines know it: mono 8 kHz 16-bit samples, little-endian, without a header, in pieces of any even length. */
export type Pcm = AsyncIterable<Uint8Array>;

/**
 * What a channel may hear: an announcement of ours by name (`resources/announcements/NAME.wav`), a tone, or an object that
 * the center keeps and hands over as it is played. `open` answers why there is none; what breaks later throws.
 */
export type Sound = { kind: 'announcement'; name: string } | { kind: 'tone'; tone: Tone } | { kind: 'object'; id: string; open: () => Promise<Result<Pcm>> };

/** One channel outside of a bridge, recorded: a message, a greeting that somebody speaks. */
export interface ChannelRecording {
  recordingId: RecordingId;
  channelId: ChannelId;
  /** It hears one before; none of it is recorded. */
  beep: boolean;
  /** Whole seconds, and exact to a second. */
  longestMs: number;
  /** Ends after so much silence, in whole seconds, which is not kept; null: it goes on. */
  silenceMs: number | null;
  /** Ends by this key, or any. It is told as `channel.digit`, too. */
  stopKey: '#' | '*' | 'any' | null;
  /** Takes what is heard, while it is or afterwards. Asked for once, when there is something. */
  into: (pcm: Pcm) => Promise<Result<unknown>>;
}

/** Why one ended: by its key, by silence, by its length, by a command (or something else was done with the channel), with its channel, by a fault. */
export type RecordingEnd = 'key' | 'silence' | 'longest' | 'stopped' | 'hungUp' | 'failed';

/** One channel in another's ear: a supervisor's, on an agent's. */
export interface SnoopRequest {
  snoopId: SnoopId;
  /** Who listens: a channel that is up. */
  channelId: ChannelId;
  /** On whom. */
  targetId: ChannelId;
  whispering: boolean;
}

export interface EndpointRecord {
  user: string;
  password: string;
  displayName: string;
  /** The number this endpoint calls as (extension, or E.164 for a demo customer). */
  callerNumber: string;
}

export type SwitchEvent =
  /** A call came in and waits for `answer`, `ring` or `hangUp`. */
  | { type: 'channel.arrived'; channel: ChannelInfo }
  /** An originated channel rings, or a channel was answered (either side). */
  | { type: 'channel.ringing'; channelId: ChannelId }
  /**
   * What an originated channel leads to is heard before it answers (183 with a session description): a ringback tone of
   * its own, or why it cannot be reached. `hearEarly` lets somebody listen.
   */
  | { type: 'channel.progressed'; channelId: ChannelId }
  | { type: 'channel.answered'; channelId: ChannelId }
  | { type: 'channel.ended'; channelId: ChannelId; cause: HangUpCause }
  /**
   * The machine that these were on is gone, and whatever they were in with it: nobody hung up. Told before the end of
   * each, which follows.
   */
  | { type: 'channels.lost'; channelIds: readonly ChannelId[] }
  | { type: 'channel.digit'; channelId: ChannelId; digit: string }
  /** The phone at the far end put us on hold (re-INVITE sendonly/inactive) or resumed. */
  | { type: 'channel.held'; channelId: ChannelId }
  | { type: 'channel.resumed'; channelId: ChannelId }
  /**
   * REFER from the phone (RFC 3515). `replaces` is the channel at our end named by Replaces (RFC 3891):
   * an attended transfer; else a blind one to `to`. Answer with `transferProgress`.
   */
  | { type: 'channel.transferRequested'; transferId: TransferId; channelId: ChannelId; to: string; replaces: ChannelId | null }
  | { type: 'playback.finished'; playbackId: PlaybackId; channelId: ChannelId; completed: boolean }
  | { type: 'recording.finished'; recordingId: RecordingId; file: string; durationMs: number }
  /** A recording of a channel is over, and `into` has taken it; not `kept`: it refused, or there was nothing. */
  | { type: 'channel.recorded'; recordingId: RecordingId; channelId: ChannelId; reason: RecordingEnd; durationMs: number; kept: boolean }
  /** Once for each snoop that began, by whatever it ended. Who listened is still there, outside of any bridge or in the one it joined. */
  | { type: 'snoop.ended'; snoopId: SnoopId; channelId: ChannelId }
  | { type: 'endpoint.changed'; user: string; registered: boolean }
  /** The link to the engine itself. */
  | { type: 'switch.changed'; available: boolean };

export interface SwitchPort {
  readonly available: boolean;
  /** Whether a call takes a second DTLS association by re-INVITE, or its phone has to be dialled anew. */
  readonly rejoin: Rejoin;
  /** Whether calls live in an engine of its own and outlive this process, or are a part of it and end with it. */
  readonly keepsCalls: boolean;
  start(): Promise<void>;
  /**
   * Lets go of the engine, and frees all resources here: its calls go on, and a center that starts later finds them. What
   * was commanded before has been done by then. Without an engine that keeps calls it is `stop`.
   */
  detach(): Promise<void>;
  /** Hangs up everything and frees all resources. */
  stop(): Promise<void>;
  onEvent(listener: (event: SwitchEvent) => void): Disposer;

  /** Creates or replaces a phone's account. */
  putEndpoint(endpoint: EndpointRecord): Promise<Result<null>>;
  /** Removes it and its registrations. */
  removeEndpoint(user: string): Promise<Result<null>>;
  /** Removes every other phone's account: a center before this one, or the demo, may have left some that still let in. */
  keepEndpoints(users: ReadonlySet<string>): Promise<void>;
  /** @param beside where this channel is, and so can be rung for it; anywhere unless given */
  isRegistered(user: string, beside?: ChannelId): boolean;

  originate(request: OriginateRequest): Promise<Result<null>>;
  /** 180 Ringing to an incoming channel. */
  ring(channelId: ChannelId): Promise<Result<null>>;
  /** Ends what was played before it. */
  answer(channelId: ChannelId): Promise<Result<null>>;
  /** Ends a channel in any state; the cause chooses the SIP answer of one not yet answered. */
  hangUp(channelId: ChannelId, cause: HangUpCause): Promise<Result<null>>;

  /** @param beside a channel that will join it: as of an originate */
  createBridge(bridgeId: BridgeId, beside?: ChannelId): Promise<Result<null>>;
  /** A channel is in one bridge at most: joining takes it out of its former one, and stops its music. */
  joinBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>>;
  /**
   * Joins a bridge it is alone in, and hears hold music there until `stopMusic`, or another joins it to a bridge: who
   * is to talk with it finds it there already.
   */
  waitInBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>>;
  leaveBridge(channelId: ChannelId): Promise<Result<null>>;
  /** Channels in it stay alive, outside of any bridge. */
  destroyBridge(bridgeId: BridgeId): Promise<Result<null>>;

  /**
   * Plays once (`repeat` false) or until stopped, to one channel outside of a bridge. An incoming one hears it before it
   * is answered: early media (183 Session Progress with a session description, RFC 3960), a ringback tone of the number's own.
   */
  play(playbackId: PlaybackId, channelId: ChannelId, sound: Sound, repeat: boolean): Promise<Result<null>>;
  stopPlayback(playbackId: PlaybackId): Promise<Result<null>>;
  /**
   * Lets a channel outside of a bridge hear what another, which has progressed, plays before its answer; an incoming one
   * as early media. What it heard before is over. Ends when either is gone, joins a bridge, or the one who hears is
   * played something. Whether the other hears anything is left to the engine.
   */
  hearEarly(channelId: ChannelId, targetId: ChannelId): Promise<Result<null>>;
  /** One beep in this channel's ear, in a bridge too: for its length the channel hears nothing else, and nobody else hears it. */
  beep(channelId: ChannelId): Promise<Result<null>>;
  /** Hold music to a channel outside of a bridge, until it joins one or `stopMusic`. */
  startMusic(channelId: ChannelId): Promise<Result<null>>;
  stopMusic(channelId: ChannelId): Promise<Result<null>>;
  /** A muted channel is not heard by its bridge. */
  setMuted(channelId: ChannelId, muted: boolean): Promise<Result<null>>;
  sendDigits(channelId: ChannelId, digits: string): Promise<Result<null>>;

  /** Records what the bridge's members say to a mono 8 kHz 16-bit WAV file. */
  startRecording(recordingId: RecordingId, bridgeId: BridgeId, file: string): Promise<Result<null>>;
  /**
   * Records what one channel says that is up, outside of any bridge, and listens to nobody. What it heard is over. It ends
   * when it joins a bridge, listens in, or is played something or music.
   */
  recordChannel(request: ChannelRecording): Promise<Result<null>>;
  /** One that is over already is stopped just as well; `channel.recorded` follows. */
  stopChannelRecording(recordingId: RecordingId): Promise<Result<null>>;
  pauseRecording(recordingId: RecordingId): Promise<Result<null>>;
  resumeRecording(recordingId: RecordingId): Promise<Result<null>>;
  stopRecording(recordingId: RecordingId): Promise<Result<null>>;

  /**
   * Lets a channel hear what another hears and says, wherever that one goes, unheard by anybody; `whispering`: the
   * target, and nobody else, hears it. It is taken out of its bridge or its former snoop for that, without a gap.
   * It is over when either channel is, when the listener joins a bridge (barges in), and by `stopSnoop`.
   */
  snoop(request: SnoopRequest): Promise<Result<null>>;
  /** `not-found` for one that is over. */
  setWhispering(snoopId: SnoopId, whispering: boolean): Promise<Result<null>>;
  /** One that is over already is stopped just as well. */
  stopSnoop(snoopId: SnoopId): Promise<Result<null>>;

  /** Tells the phone that sent REFER how it went (NOTIFY with a sipfrag, RFC 3515 §2.4.5). */
  transferProgress(transferId: TransferId, progress: 'trying' | 'ringing' | 'succeeded' | 'busy' | 'refused' | 'failed'): Promise<Result<null>>;

  listChannels(): Promise<Result<ChannelInfo[]>>;
  listBridges(): Promise<Result<BridgeInfo[]>>;
}
