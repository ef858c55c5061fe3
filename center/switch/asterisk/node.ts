import { done, fail, ok, type Disposer, type Result } from '../../../contract/errors.ts';
import { headerLine, isUriUser } from '../embedded/sip/text.ts';
import type {
  BridgeId, BridgeInfo, ChannelId, ChannelInfo, Destination, EndpointRecord, HangUpCause, OriginateRequest, PlaybackId, RecordingId, Sound, SwitchEvent, TransferId,
} from '../port.ts';
import { AriClient } from './ari/client.ts';
import { AriConnection, type Trouble } from './ari/connection.ts';
import { type AriEvent, callEvents } from './ari/messages.ts';
import { adoptChannels } from './adoption.ts';
import { Bridges } from './bridges.ts';
import { infoOf, isUp, newChannel, type Channel } from './channel.ts';
import { Channels } from './channels.ts';
import { Endpoints } from './endpoints.ts';
import type { AsteriskSwitch, AsteriskSwitchOptions } from './index.ts';
import { Playout } from './playout.ts';
import { Recordings } from './recordings.ts';
import { Transfers, type TransferProgress } from './transfers.ts';
import { shortName, troubleInWords } from './words.ts';

const APP = 'sangdam';
/** Hears who registers. Apart, because it would hear of every call as well: its filter lets registrations through alone. */
const REGISTRATIONS_APP = 'sangdam-registrations';
const DEFAULT_CODECS = 'alaw,ulaw,opus';
const DEFAULT_ORPHAN_GRACE_MS = 30_000;
const MAX_DIGITS = 64;
const STOP_DEADLINE_MS = 1500;
const channelGone = fail('switch.channel-gone', 'no such channel');
const unavailable = fail('switch.unavailable', 'Asterisk cannot be reached');

/** One Asterisk behind the Switch port. */
export class AsteriskNode implements AsteriskSwitch {
  private readonly options: AsteriskSwitchOptions;
  private readonly connection: AriConnection;
  private readonly client: AriClient;
  private readonly channels: Channels;
  private readonly bridges: Bridges;
  private readonly endpoints: Endpoints;
  private readonly playout: Playout;
  private readonly recordings: Recordings;
  private readonly transfers: Transfers;
  private readonly listeners = new Set<(event: SwitchEvent) => void>();
  /** Settles with the first answer of Asterisk, good or bad. */
  private readonly tried = Promise.withResolvers<void>();
  private up = false;
  private stopped = false;
  private subscribed = false;
  private startedAt: string | null = null;
  private currentTrouble = 'the center has not reached Asterisk yet';

  constructor(options: AsteriskSwitchOptions) {
    this.options = options;
    const { clock } = options;
    const emit = (event: SwitchEvent): void => this.emit(event);
    this.connection = new AriConnection({
      account: options.account, apps: [APP, REGISTRATIONS_APP], clock,
      listener: {
        connected: () => void this.synchronise(),
        disconnected: (trouble, detail) => this.lost(trouble, detail),
        event: (event) => this.happened(event),
        slow: (request, tookMs) => options.logger.warn({ request, tookMs }, 'Asterisk was slow to answer'),
        nonsense: (detail) => options.logger.warn({ detail }, 'Asterisk sent something unexpected'),
      },
    });
    this.client = new AriClient(this.connection);
    this.bridges = new Bridges(this.client, clock);
    this.playout = new Playout({ client: this.client, clock, announcementsDir: options.announcementsDir, soundsFolder: options.soundsFolder, emit });
    this.recordings = new Recordings({ client: this.client, clock, emit, onError: (error, doing) => this.report(error, doing) });
    this.transfers = new Transfers({ client: this.client, clock, emit });
    this.endpoints = new Endpoints({
      client: this.client,
      app: APP,
      codecs: options.codecs ?? DEFAULT_CODECS,
      onChanged: (user, registered) => this.endpointChanged(user, registered),
      onTrouble: (user, message) => options.logger.warn({ user, message }, 'a phone could not be set up in Asterisk'),
    });
    this.channels = new Channels({
      client: this.client, clock, emit,
      orphanGraceMs: options.orphanGraceMs ?? DEFAULT_ORPHAN_GRACE_MS,
      isRegistered: (user) => this.endpoints.isRegistered(user),
      beforeHangUp: (channelId) => this.transfers.outcomeTold(channelId),
      onGone: (channel) => {
        this.bridges.channelEnded(channel);
        this.transfers.channelEnded(channel.id);
        this.playout.channelEnded(channel);
      },
    });
  }

  get available(): boolean {
    return this.up;
  }

  get trouble(): string | null {
    return this.up ? null : this.currentTrouble;
  }

  /** Answers once Asterisk was reached and what it has is known, or once it could not be; then it is tried again and again. */
  async start(): Promise<void> {
    this.connection.start();
    await this.tried.promise;
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    const all = [...this.channels.all.values()];
    await Promise.all(all.filter(({ ending }) => ending === null).map((channel) => this.channels.hangUp(channel, 'normal')));
    const deadline = this.options.clock.monotonic() + STOP_DEADLINE_MS;
    while (this.channels.all.size > 0 && this.options.clock.monotonic() < deadline) await new Promise<void>((resolve) => this.options.clock.setTimeout(resolve, 10));
    for (const channel of this.channels.all.values()) this.channels.end(channel, channel.ending ?? 'normal');
    await Promise.all(this.bridges.list().map(({ bridgeId }) => this.destroyBridge(bridgeId)));
    await this.connection.stop();
    this.tried.resolve();
    this.up = false;
    this.emit({ type: 'switch.changed', available: false });
    this.listeners.clear();
  }

  onEvent(listener: (event: SwitchEvent) => void): Disposer {
    const own = (event: SwitchEvent): void => listener(event);
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  async putEndpoint(endpoint: EndpointRecord): Promise<Result<null>> {
    const put = await this.endpoints.put(endpoint, this.connection.isOpen);
    await this.subscribe();
    return put;
  }

  removeEndpoint(user: string): Promise<Result<null>> {
    return this.endpoints.remove(user, this.connection.isOpen);
  }

  isRegistered(user: string): boolean {
    return this.up && this.endpoints.isRegistered(user);
  }

  async originate(request: OriginateRequest): Promise<Result<null>> {
    if (!this.up) return unavailable;
    const { channelId, destination, callerNumber, callerName, headers = {}, ringTimeoutMs } = request;
    if (this.channels.all.has(channelId)) return fail('input.invalid', 'the channel exists already');
    if (!isUriUser(callerNumber)) return fail('input.invalid', 'a caller number no SIP URI can have');
    if (Object.entries(headers).some(([name, value]) => headerLine(name, value) === null)) return fail('input.invalid', 'headers must be X-Sangdam-* on one line');
    const target = this.targetOf(destination);
    const channel = newChannel({ id: channelId, kind: destination.kind === 'endpoint' ? 'to-phone' : 'to-trunk', resource: target?.resource ?? '', callerNumber, callerName, dialled: '', headers, state: 'dialling' });
    channel.announced = true;
    this.channels.add(channel);
    if (target === null || !target.reachable) {
      setImmediate(() => this.channels.end(channel, target === null ? 'unknownNumber' : 'unreachable'));
      return done();
    }
    this.channels.limitRinging(channel, ringTimeoutMs);
    const dialled = await this.client.originate({
      endpoint: target.dial, channelId, app: APP, appArgs: channel.kind,
      callerId: `"${shortName(callerName)}" <${callerNumber}>`,
      // Behind our own, for the case that we are gone by then.
      timeout: Math.ceil(ringTimeoutMs / 1000) + 5,
      variables: {
        'PJSIP_TRANSFER_HANDLING()': 'ari-only',
        'HOLD_INTERCEPT(set)': '',
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [`PJSIP_HEADER(add,${name})`, value])),
      },
    });
    if (!dialled.ok) this.channels.end(channel, channel.ending ?? 'unreachable');
    return dialled.ok || dialled.error.code !== 'switch.unavailable' ? done() : dialled;
  }

  async ring(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    return channel?.state === 'incoming' ? this.client.ring(channelId) : channelGone;
  }

  async answer(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel?.state !== 'incoming' || channel.answering) return channelGone;
    channel.answering = true;
    const answered = await this.client.answer(channelId);
    if (answered.ok) this.channels.answered(channel);
    return answered;
  }

  async hangUp(channelId: ChannelId, cause: HangUpCause): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    return channel === undefined ? channelGone : this.channels.hangUp(channel, cause);
  }

  async createBridge(bridgeId: BridgeId): Promise<Result<null>> {
    return this.up ? this.bridges.create(bridgeId) : unavailable;
  }

  async joinBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (!isUp(channel)) return channelGone;
    if (this.bridges.has(bridgeId)) this.playout.release(channel);
    return this.bridges.join(bridgeId, channel);
  }

  async waitInBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (!isUp(channel)) return channelGone;
    this.playout.silence(channel);
    const [joined] = await Promise.all([this.bridges.join(bridgeId, channel), this.playout.startMusic(channel)]);
    return joined;
  }

  async leaveBridge(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined) return channelGone;
    if (channel.bridgeId !== null) this.playout.release(channel);
    return this.bridges.leave(channel);
  }

  async destroyBridge(bridgeId: BridgeId): Promise<Result<null>> {
    await this.recordings.stopOf(bridgeId);
    const members = await this.bridges.destroy(bridgeId);
    if (!members.ok) return members;
    for (const id of members.value) {
      const channel = this.channels.all.get(id);
      if (channel?.bridgeId === bridgeId) channel.bridgeId = null;
    }
    return done();
  }

  async play(playbackId: PlaybackId, channelId: ChannelId, sound: Sound, repeat: boolean): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    // Before the answer it is early media: a ringback tone of the number's own.
    if (channel === undefined || (channel.state !== 'up' && channel.state !== 'incoming')) return channelGone;
    if (channel.bridgeId !== null) return fail('switch.failed', 'the channel is in a bridge');
    return this.playout.play(playbackId, channel, sound, repeat, () => channel.ending === null && channel.bridgeId === null);
  }

  async stopPlayback(playbackId: PlaybackId): Promise<Result<null>> {
    this.playout.stop(playbackId);
    return done();
  }

  async startMusic(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (!isUp(channel)) return channelGone;
    return channel.bridgeId === null ? this.playout.startMusic(channel) : fail('switch.failed', 'the channel is in a bridge');
  }

  async stopMusic(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    return channel === undefined ? channelGone : this.playout.stopMusic(channel);
  }

  async setMuted(channelId: ChannelId, muted: boolean): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined) return channelGone;
    channel.muted = muted;
    // On hold it is muted anyway, and stays so until it resumes.
    return channel.held ? done() : this.silence(channel, muted);
  }

  async sendDigits(channelId: ChannelId, digits: string): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (!isUp(channel)) return channelGone;
    if (digits.length > MAX_DIGITS || !/^[0-9*#A-D]*$/.test(digits)) return fail('input.invalid', 'not a string of keys');
    return digits === '' ? done() : this.client.sendDtmf(channelId, digits);
  }

  async startRecording(recordingId: RecordingId, bridgeId: BridgeId, file: string): Promise<Result<null>> {
    return this.bridges.has(bridgeId) ? this.recordings.start(recordingId, bridgeId, file) : fail('switch.bridge-gone', 'no such bridge');
  }

  pauseRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.recordings.setPaused(recordingId, true);
  }

  resumeRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.recordings.setPaused(recordingId, false);
  }

  stopRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.recordings.stop(recordingId);
  }

  transferProgress(transferId: TransferId, progress: TransferProgress): Promise<Result<null>> {
    return this.transfers.progress(transferId, progress);
  }

  async listChannels(): Promise<Result<ChannelInfo[]>> {
    if (!this.up) return unavailable;
    const present = await this.client.channels();
    if (!present.ok) return present;
    this.channels.compare(new Set(present.value.map(({ id }) => id)));
    return ok([...this.channels.all.values()].filter(({ ending }) => ending === null).map(infoOf));
  }

  async listBridges(): Promise<Result<BridgeInfo[]>> {
    return this.up ? ok(this.bridges.list()) : unavailable;
  }

  private targetOf(destination: Destination): { dial: string; resource: string; reachable: boolean } | null {
    const line = destination.kind === 'endpoint' ? destination : this.options.trunk(destination.number);
    if (line === null) return null;
    // Whether the phone is there is Asterisk's to say: a registration it has just accepted we may not have heard of yet.
    if (line.kind === 'endpoint') return { dial: `PJSIP/${line.user}`, resource: line.user, reachable: isUriUser(line.user) };
    return { dial: `PJSIP/${line.number}@${line.endpoint}`, resource: line.endpoint, reachable: isUriUser(line.number) };
  }

  private silence(channel: Channel, silent: boolean): Promise<Result<null>> {
    return silent ? this.client.mute(channel.id, 'in') : this.client.unmute(channel.id, 'in');
  }

  private happened(event: AriEvent): void {
    switch (event.type) {
      case 'StasisStart':
        this.channels.entered(event.channel, event.args).catch((error: unknown) => this.report(error, 'taking a channel in'));
        return;
      case 'ChannelStateChange':
        this.channels.stateChanged(event.channel);
        return;
      case 'StasisEnd':
        this.channels.left(event.channel.id);
        return;
      case 'ChannelHangupRequest':
        this.channels.hangingUp(event.channel.id, event.cause);
        return;
      case 'ChannelDestroyed':
        this.channels.destroyed(event.channel.id, event.cause, event.tech_cause ?? 0);
        return;
      case 'ChannelDtmfReceived':
        if (this.channels.get(event.channel.id)?.announced === true) this.emit({ type: 'channel.digit', channelId: event.channel.id, digit: event.digit });
        return;
      case 'ChannelHold':
        // The interception of hold says so, too, of the one who is put on hold, and then knows no class.
        if (event.musicclass !== 'N/A') this.held(event.channel.id, true);
        return;
      case 'ChannelUnhold':
        this.held(event.channel.id, false);
        return;
      case 'ChannelTransfer':
        this.transfers.asked(event.referred_by.source_channel.id, event.refer_to.requested_destination?.destination ?? '', event.refer_to.destination_channel?.id ?? null);
        return;
      case 'PlaybackStarted':
        this.playout.started(event.playback.id);
        return;
      case 'PlaybackFinished':
        this.playout.finished(event.playback.id, event.playback.state === 'done');
        return;
      case 'RecordingFinished':
      case 'RecordingFailed':
        this.recordings.over(event.recording.name);
        return;
      case 'ContactStatusChange':
        this.endpoints.contactChanged(event.endpoint.resource, event.contact_info.uri, event.contact_info.contact_status);
        return;
      case 'ApplicationReplaced':
        this.options.logger.warn({}, 'another center has taken over this Asterisk: two of them must not share one');
    }
  }

  private held(channelId: ChannelId, held: boolean): void {
    const channel = this.channels.get(channelId);
    if (channel === undefined || channel.held === held) return;
    channel.held = held;
    // Who is put on hold must not hear the holder's open microphone.
    if (!channel.muted) void this.silence(channel, held);
    this.emit({ type: held ? 'channel.held' : 'channel.resumed', channelId });
  }

  private endpointChanged(user: string, registered: boolean): void {
    if (registered) this.channels.phoneBack(user);
    else this.channels.phoneLost(user);
    this.emit({ type: 'endpoint.changed', user, registered });
  }

  /** The link is there: learns what Asterisk has and brings both into line, then says that the switch is available. */
  private async synchronise(): Promise<void> {
    try {
      const startedAt = await this.client.startedAt();
      if (!startedAt.ok) return;
      const isNew = this.startedAt !== startedAt.value;
      const restarted = isNew && this.startedAt !== null;
      this.startedAt = startedAt.value;
      // Who is registered comes before the passwords: a changed one ends the registration.
      await this.endpoints.refresh();
      if (isNew) {
        this.subscribed = false;
        await this.endpoints.provisionAll();
      }
      await this.subscribe();
      const [channels, bridges] = await Promise.all([this.client.channels(), this.client.bridges()]);
      if (!channels.ok || !bridges.ok) return;
      await adoptChannels({ client: this.client, channels: this.channels, app: APP }, channels.value, restarted);
      this.bridges.adopt(bridges.value.filter(({ creator }) => creator === 'Stasis'), this.channels.all);
      await this.recordings.refresh();
      if (!this.connection.isOpen || this.stopped) return;
      this.up = true;
      this.options.logger.info({ channels: this.channels.all.size }, 'Asterisk is connected');
      this.emit({ type: 'switch.changed', available: true });
    } catch (error) {
      this.report(error, 'learning what Asterisk has');
    } finally {
      this.tried.resolve();
    }
  }

  private async subscribe(): Promise<void> {
    // Before the first phone there is nothing to subscribe to.
    if (this.subscribed || !this.connection.isOpen) return;
    const { client } = this;
    const filters = [client.filterEvents(APP, callEvents), client.filterEvents(REGISTRATIONS_APP, ['ContactStatusChange'])];
    const results = await Promise.all([...filters, client.subscribe(REGISTRATIONS_APP, 'endpoint:PJSIP')]);
    this.subscribed = results.every((result) => result.ok);
  }

  private lost(trouble: Trouble, detail: string): void {
    this.currentTrouble = troubleInWords(trouble);
    this.options.logger.warn({ trouble, detail, url: this.options.account.url }, this.currentTrouble);
    this.tried.resolve();
    if (!this.up) return;
    this.up = false;
    this.emit({ type: 'switch.changed', available: false });
  }

  private emit(event: SwitchEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.report(error, `telling of ${event.type}`);
      }
    }
  }

  private report(error: unknown, doing: string): void {
    this.options.logger.warn({ err: error, doing }, 'the switch had trouble');
  }
}
