import { done, fail, ok, type Disposer, type ErrorCode, type Result } from '../../../contract/errors.ts';
import type {
  BridgeId,
  BridgeInfo,
  ChannelId,
  ChannelInfo,
  EndpointRecord,
  HangUpCause,
  OriginateRequest,
  PlaybackId,
  SnoopId,
  SnoopRequest,
  Sound,
  SwitchEvent,
  SwitchPort,
  TransferId,
} from '../../../center/switch/port.ts';
import { checkOriginate } from '../../../center/switch/text.ts';

interface FakeChannel extends ChannelInfo {
  bridge: BridgeId | null;
  music: boolean;
  muted: boolean;
  ear: SnoopRequest | null;
  /** Whom it hears before they answer. */
  early: ChannelId | null;
  playing: { playbackId: PlaybackId; sound: Sound } | null;
  beeps: number;
  request: OriginateRequest | null;
}

const gone = fail('switch.channel-gone', 'no such channel');

/** A switch without audio, at once: for tests of what the core asks of one. Its rules are those of the port. */
export class FakeSwitch implements SwitchPort {
  available = false;
  readonly rejoin = 'redial';
  /** As an engine of its own does. */
  keepsCalls = true;
  readonly channels = new Map<ChannelId, FakeChannel>();
  readonly bridges = new Set<BridgeId>();
  readonly endpoints = new Map<string, EndpointRecord>();
  readonly registered = new Set<string>();
  /** Why channels were hung up by the center, each by its id. */
  readonly hungUp = new Map<ChannelId, HangUpCause>();
  /** What every originate answers, as of a switch that cannot. */
  cannotDial: ErrorCode | null = null;
  /** Every originate it was asked for. */
  readonly asked: OriginateRequest[] = [];
  readonly progress: [TransferId, string][] = [];
  private readonly listeners = new Set<(event: SwitchEvent) => void>();
  protected next = 1;

  start(): Promise<void> {
    this.setAvailable(true);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    for (const channelId of this.channels.keys()) this.phoneEnds(channelId);
    return this.detach();
  }

  detach(): Promise<void> {
    this.available = false;
    this.listeners.clear();
    return Promise.resolve();
  }

  onEvent(listener: (event: SwitchEvent) => void): Disposer {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The center is killed: nobody listens any more, and calls go on. */
  loseCenter(): void {
    this.listeners.clear();
  }

  // --- what happens at the phones ---

  setAvailable(available: boolean): void {
    this.available = available;
    this.emit({ type: 'switch.changed', available });
  }

  register(user: string, registered = true): void {
    if (registered) this.registered.add(user);
    else this.registered.delete(user);
    this.emit({ type: 'endpoint.changed', user, registered });
  }

  /** A phone, or with `endpoint` null the trunk, calls. */
  arrive(endpoint: string | null, callerNumber: string, dialled: string, headers: Record<string, string> = {}, callerName = ''): ChannelId {
    const channelId = this.newId();
    const channel: FakeChannel = { channelId, state: 'incoming', endpoint, callerNumber, callerName, dialled, headers, bridge: null, music: false, muted: false, ear: null, early: null, playing: null, beeps: 0, request: null };
    this.channels.set(channelId, channel);
    this.emit({ type: 'channel.arrived', channel });
    return channelId;
  }

  /** The ringing channel at this endpoint or trunk number. */
  ringingAt(user: string): ChannelId | undefined {
    return [...this.channels.values()].find(({ state, request }) => state === 'ringing' && request !== null && (request.destination.kind === 'endpoint' ? request.destination.user : request.destination.number) === user)?.channelId;
  }

  /** What is dialled is heard before it answers. */
  phoneSpeaks(channelId: ChannelId): void {
    this.emit({ type: 'channel.progressed', channelId });
  }

  phoneAnswers(channelId: ChannelId): void {
    const channel = this.channels.get(channelId);
    if (channel?.state !== 'ringing') return;
    channel.state = 'up';
    this.emit({ type: 'channel.answered', channelId });
  }

  /** The phone hangs up, or refuses. */
  phoneEnds(channelId: ChannelId, cause: HangUpCause = 'normal'): void {
    if (!this.channels.delete(channelId)) return;
    for (const { ear } of this.channels.values()) if (ear?.targetId === channelId) this.endSnoop(ear.snoopId);
    this.emit({ type: 'channel.ended', channelId, cause });
  }

  press(channelId: ChannelId, digit: string): void {
    this.emit({ type: 'channel.digit', channelId, digit });
  }

  hold(channelId: ChannelId, held: boolean): void {
    this.emit({ type: held ? 'channel.held' : 'channel.resumed', channelId });
  }

  refer(channelId: ChannelId, to: string, replaces: ChannelId | null = null): TransferId {
    const transferId = `refer-${this.next++}`;
    this.emit({ type: 'channel.transferRequested', transferId, channelId, to, replaces });
    return transferId;
  }

  /** What plays at a channel comes to its end. */
  finishPlayback(channelId: ChannelId): void {
    const channel = this.channels.get(channelId);
    if (!channel?.playing) return;
    const { playbackId } = channel.playing;
    channel.playing = null;
    this.emit({ type: 'playback.finished', playbackId, channelId, completed: true });
  }

  /** Whom a channel hears: the others in its bridge, music, a sound, or nothing. */
  hears(channelId: ChannelId): ChannelId[] | string {
    const channel = this.channels.get(channelId);
    if (channel === undefined) return 'gone';
    if (channel.ear !== null) return `${channel.ear.whispering ? 'whispering' : 'listening'} to ${channel.ear.targetId}`;
    if (channel.bridge !== null && channel.music) return 'music';
    if (channel.bridge !== null) return [...this.channels.values()].filter((other) => other !== channel && other.bridge === channel.bridge && !other.muted).map((other) => other.channelId);
    if (channel.early !== null && this.channels.has(channel.early)) return `early ${channel.early}`;
    if (channel.playing !== null) return nameOfSound(channel.playing.sound);
    return channel.music ? 'music' : 'silence';
  }

  // --- the port ---

  putEndpoint(endpoint: EndpointRecord): Promise<Result<null>> {
    this.endpoints.set(endpoint.user, endpoint);
    return Promise.resolve(done());
  }

  removeEndpoint(user: string): Promise<Result<null>> {
    this.endpoints.delete(user);
    if (this.registered.delete(user)) this.emit({ type: 'endpoint.changed', user, registered: false });
    return Promise.resolve(done());
  }

  async keepEndpoints(users: ReadonlySet<string>): Promise<void> {
    for (const user of this.endpoints.keys()) if (!users.has(user)) await this.removeEndpoint(user);
  }

  isRegistered = (user: string): boolean => this.registered.has(user);

  originate(request: OriginateRequest): Promise<Result<null>> {
    const { channelId, destination, callerNumber, callerName } = request;
    this.asked.push(request);
    // As real ones do.
    const allowed = checkOriginate(request);
    if (!allowed.ok) return Promise.resolve(allowed);
    if (this.cannotDial !== null) return Promise.resolve(fail(this.cannotDial, 'as the test wants it'));
    const endpoint = destination.kind === 'endpoint' ? destination.user : null;
    if (endpoint !== null && !this.registered.has(endpoint)) {
      queueMicrotask(() => this.emit({ type: 'channel.ended', channelId, cause: 'unreachable' }));
      return Promise.resolve(done());
    }
    this.channels.set(channelId, { channelId, state: 'ringing', endpoint, callerNumber, callerName, dialled: '', headers: {}, bridge: null, music: false, muted: false, ear: null, early: null, playing: null, beeps: 0, request });
    queueMicrotask(() => {
      if (this.channels.has(channelId)) this.emit({ type: 'channel.ringing', channelId });
    });
    return Promise.resolve(done());
  }

  ring = (channelId: ChannelId): Promise<Result<null>> => this.on(channelId, () => {});

  answer(channelId: ChannelId): Promise<Result<null>> {
    return this.on(channelId, (channel) => {
      if (channel.state === 'up') return;
      channel.state = 'up';
      this.emit({ type: 'channel.answered', channelId });
    });
  }

  hangUp(channelId: ChannelId, cause: HangUpCause): Promise<Result<null>> {
    return this.on(channelId, () => {
      this.hungUp.set(channelId, cause);
      this.phoneEnds(channelId, cause);
    });
  }

  createBridge(bridgeId: BridgeId): Promise<Result<null>> {
    this.bridges.add(bridgeId);
    return Promise.resolve(done());
  }

  joinBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    if (!this.bridges.has(bridgeId)) return Promise.resolve(fail('switch.bridge-gone', 'no such bridge'));
    return this.on(channelId, (channel) => {
      Object.assign(channel, { bridge: bridgeId, music: false, playing: null, early: null });
      if (channel.ear !== null) this.endSnoop(channel.ear.snoopId);
    });
  }

  waitInBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    if (!this.bridges.has(bridgeId)) return Promise.resolve(fail('switch.bridge-gone', 'no such bridge'));
    return this.on(channelId, (channel) => Object.assign(channel, { bridge: bridgeId, music: true, playing: null }));
  }

  leaveBridge = (channelId: ChannelId): Promise<Result<null>> => this.on(channelId, (channel) => Object.assign(channel, { music: channel.bridge === null && channel.music, bridge: null }));

  destroyBridge(bridgeId: BridgeId): Promise<Result<null>> {
    if (!this.bridges.delete(bridgeId)) return Promise.resolve(fail('switch.bridge-gone', 'no such bridge'));
    for (const channel of this.channels.values()) if (channel.bridge === bridgeId) channel.bridge = null;
    return Promise.resolve(done());
  }

  play(playbackId: PlaybackId, channelId: ChannelId, sound: Sound): Promise<Result<null>> {
    return this.on(channelId, (channel) => Object.assign(channel, { playing: { playbackId, sound }, early: null }));
  }

  beep = (channelId: ChannelId): Promise<Result<null>> => this.on(channelId, (channel) => (channel.beeps += 1));

  stopPlayback(playbackId: PlaybackId): Promise<Result<null>> {
    for (const channel of this.channels.values()) if (channel.playing?.playbackId === playbackId) channel.playing = null;
    return Promise.resolve(done());
  }

  hearEarly(channelId: ChannelId, targetId: ChannelId): Promise<Result<null>> {
    if (this.channels.get(targetId)?.state !== 'ringing') return Promise.resolve(gone);
    return this.on(channelId, (channel) => Object.assign(channel, { playing: null, early: targetId }));
  }

  startMusic = (channelId: ChannelId): Promise<Result<null>> => this.on(channelId, (channel) => (channel.music = true));
  stopMusic = (channelId: ChannelId): Promise<Result<null>> => this.on(channelId, (channel) => (channel.music = false));
  setMuted = (channelId: ChannelId, muted: boolean): Promise<Result<null>> => this.on(channelId, (channel) => (channel.muted = muted));
  sendDigits = (channelId: ChannelId): Promise<Result<null>> => this.on(channelId, () => {});
  recordChannel = (): Promise<Result<null>> => Promise.resolve(done());
  stopChannelRecording = (): Promise<Result<null>> => Promise.resolve(done());
  startRecording = (): Promise<Result<null>> => Promise.resolve(done());
  pauseRecording = (): Promise<Result<null>> => Promise.resolve(done());
  resumeRecording = (): Promise<Result<null>> => Promise.resolve(done());
  stopRecording = (): Promise<Result<null>> => Promise.resolve(done());

  snoop(request: SnoopRequest): Promise<Result<null>> {
    if (!this.channels.has(request.targetId)) return Promise.resolve(gone);
    return this.on(request.channelId, (channel) => {
      if (channel.ear !== null) this.endSnoop(channel.ear.snoopId);
      Object.assign(channel, { bridge: null, music: false, playing: null, ear: request });
    });
  }

  setWhispering(snoopId: SnoopId, whispering: boolean): Promise<Result<null>> {
    const ear = [...this.channels.values()].find((channel) => channel.ear?.snoopId === snoopId)?.ear;
    if (!ear) return Promise.resolve(fail('not-found', 'no such snoop'));
    ear.whispering = whispering;
    return Promise.resolve(done());
  }

  stopSnoop(snoopId: SnoopId): Promise<Result<null>> {
    this.endSnoop(snoopId);
    return Promise.resolve(done());
  }

  /** A snoop is over: by a command, or because the switch lost it. */
  endSnoop(snoopId: SnoopId): void {
    const channel = [...this.channels.values()].find(({ ear }) => ear?.snoopId === snoopId);
    if (channel === undefined) return;
    channel.ear = null;
    this.emit({ type: 'snoop.ended', snoopId, channelId: channel.channelId });
  }

  transferProgress(transferId: TransferId, progress: string): Promise<Result<null>> {
    this.progress.push([transferId, progress]);
    return Promise.resolve(done());
  }

  listChannels = (): Promise<Result<ChannelInfo[]>> => Promise.resolve(ok([...this.channels.values()]));
  listBridges = (): Promise<Result<BridgeInfo[]>> => Promise.resolve(ok([...this.bridges].map((bridgeId) => ({ bridgeId, channels: [] }))));

  private on(channelId: ChannelId, act: (channel: FakeChannel) => unknown): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined) return Promise.resolve(gone);
    act(channel);
    return Promise.resolve(done());
  }

  protected newId(): ChannelId {
    return `in-${this.next++}`;
  }

  protected emit(event: SwitchEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

/** What is heard, by its name. */
export function nameOfSound(sound: Sound): string {
  if (sound.kind === 'tone') return sound.tone;
  return sound.kind === 'announcement' ? sound.name : sound.id;
}
