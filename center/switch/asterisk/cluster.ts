import { done, fail, ok, type Disposer, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import { Listeners } from '../listeners.ts';
import type { SwitchLogger } from '../logger.ts';
import type {
  BridgeId, BridgeInfo, ChannelId, ChannelInfo, ChannelRecording, Destination, EndpointRecord, HangUpCause, OriginateRequest, PlaybackId, RecordingId, SnoopId, SnoopRequest, Sound, SwitchEvent, SwitchPort, TransferId,
} from '../port.ts';
import { Member, type ClusterNode } from './cluster-member.ts';
import type { AsteriskSwitch } from './index.ts';
import { Registrations } from './registrations.ts';

export interface ClusterOptions {
  /** By the names an operator knows them by. */
  nodes: readonly { name: string; node: ClusterNode }[];
  clock: Clock;
  logger: SwitchLogger;
  /** The phone that is rung for this; null where it is none. */
  phoneAt: (destination: Destination) => string | null;
}

/** Where a channel is, and what it is called there. */
interface Place {
  member: Member;
  id: ChannelId;
}

/** A node that is away is looked at this often; is there no Asterisk at its address by then, its calls are over. */
const LOOK_EVERY_MS = 5000;
/** Calls go on without us: for so long a node that does not answer may still have them. */
const GIVEN_UP_AFTER_MS = 60_000;

const channelGone = fail('switch.channel-gone', 'no such channel');
const bridgeGone = fail('switch.bridge-gone', 'no such bridge');
const unavailable = fail('switch.unavailable', 'no Asterisk can be reached');

/**
 * Several Asterisks behind the Switch port. A contact stays on the node it arrived on: its channels and bridges are
 * made beside those it has. Phones are known and register at every node. What happens to one node concerns its calls
 * alone:
 *
 *   up ──link lost──▶ away ──back, the same process──▶ up      its calls went on
 *                      ├────back, another process────▶ up      its calls are lost
 *                      └──nobody listens there, or 60 s──▶ given up: its calls are lost ──back──▶ up
 *
 * The switch is available while any node is. With a node that comes back that is said anew: phones it has refused
 * meanwhile register again.
 */
export class AsteriskCluster implements AsteriskSwitch {
  readonly rejoin = 'redial';
  readonly keepsCalls = true;
  private readonly options: ClusterOptions;
  private readonly members: readonly Member[];
  private readonly listeners: Listeners;
  private readonly channels = new Map<ChannelId, Place>();
  /** Null: made, as far as the center knows, and nobody has joined it yet who would say where. */
  private readonly bridges = new Map<BridgeId, Member | null>();
  private readonly playbacks = new Map<PlaybackId, Member>();
  private readonly recordings = new Map<RecordingId, Member>();
  private readonly snoops = new Map<SnoopId, Member>();
  private readonly transfers = new Map<TransferId, { member: Member; channelId: ChannelId }>();
  private readonly registrations: Registrations<Member>;
  private stopped = false;

  constructor(options: ClusterOptions) {
    this.options = options;
    this.listeners = new Listeners((error, doing) => options.logger.warn({ err: error, doing }, 'the switch had trouble'));
    this.members = options.nodes.map(({ name, node }, position) => new Member(name, node, position));
    this.registrations = new Registrations({
      members: this.members,
      clock: options.clock,
      onChanged: (user, registered) => this.listeners.tell({ type: 'endpoint.changed', user, registered }),
      onCaughtUp: () => this.listeners.tell({ type: 'switch.changed', available: this.available }),
    });
    for (const member of this.members) member.node.onEvent((event) => this.heard(member, member.told(event)));
  }

  get available(): boolean {
    return this.members.some(({ node }) => node.available);
  }

  /** Which nodes are in trouble, and by which setting each is put right; null when none is. */
  get trouble(): string | null {
    return this.told(({ trouble }) => trouble);
  }

  get warning(): string | null {
    return this.told(({ warning }) => warning);
  }

  get firstAvailable(): number {
    return Math.max(0, this.members.findIndex(({ node }) => node.available));
  }

  /** Answers once each node was reached and what it has is known, or once it could not be. */
  async start(): Promise<void> {
    await Promise.all(this.members.map(({ node }) => node.start()));
  }

  stop(): Promise<void> {
    return this.end((node) => node.stop());
  }

  detach(): Promise<void> {
    return this.end((node) => node.detach());
  }

  onEvent(listener: (event: SwitchEvent) => void): Disposer {
    return this.listeners.add(listener);
  }

  putEndpoint(endpoint: EndpointRecord): Promise<Result<null>> {
    return this.registrations.put(endpoint);
  }

  removeEndpoint(user: string): Promise<Result<null>> {
    return this.registrations.remove(user);
  }

  async keepEndpoints(users: ReadonlySet<string>): Promise<void> {
    await Promise.all(this.members.map(({ node }) => node.keepEndpoints(users)));
  }

  isRegistered(user: string, beside?: ChannelId): boolean {
    return beside === undefined ? this.registrations.isRegistered(user) : (this.channels.get(beside)?.member.node.isRegistered(user) ?? false);
  }

  originate(request: OriginateRequest): Promise<Result<null>> {
    const { channelId, destination, beside } = request;
    if (this.channels.has(channelId)) return settled(fail('input.invalid', 'the channel exists already'));
    const member = beside === undefined ? this.idlest(this.options.phoneAt(destination)) : this.channels.get(beside)?.member;
    if (member === undefined) return settled(beside === undefined ? unavailable : channelGone);
    this.channels.set(channelId, { member, id: channelId });
    return keptIf(member.node.originate(request), () => this.channels.delete(channelId));
  }

  ring(channelId: ChannelId): Promise<Result<null>> {
    const at = this.channels.get(channelId);
    return at === undefined ? settled(channelGone) : at.member.node.ring(at.id);
  }

  answer(channelId: ChannelId): Promise<Result<null>> {
    const at = this.channels.get(channelId);
    return at === undefined ? settled(channelGone) : at.member.node.answer(at.id);
  }

  hangUp(channelId: ChannelId, cause: HangUpCause): Promise<Result<null>> {
    const at = this.channels.get(channelId);
    return at === undefined ? settled(channelGone) : at.member.node.hangUp(at.id, cause);
  }

  createBridge(bridgeId: BridgeId, beside?: ChannelId): Promise<Result<null>> {
    if (this.bridges.has(bridgeId)) return settled(fail('input.invalid', 'the bridge exists already'));
    if (beside === undefined && this.available) this.bridges.set(bridgeId, null);
    if (beside === undefined) return settled(this.available ? done() : unavailable);
    const at = this.channels.get(beside);
    return at === undefined ? settled(channelGone) : this.make(bridgeId, at.member);
  }

  joinBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    return this.enter(bridgeId, channelId, 'joinBridge');
  }

  waitInBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    return this.enter(bridgeId, channelId, 'waitInBridge');
  }

  leaveBridge(channelId: ChannelId): Promise<Result<null>> {
    const at = this.channels.get(channelId);
    return at === undefined ? settled(channelGone) : at.member.node.leaveBridge(at.id);
  }

  destroyBridge(bridgeId: BridgeId): Promise<Result<null>> {
    const member = this.bridges.get(bridgeId);
    this.bridges.delete(bridgeId);
    if (member === null) return settled(done());
    return member?.node.destroyBridge(bridgeId) ?? settled(bridgeGone);
  }

  play(playbackId: PlaybackId, channelId: ChannelId, sound: Sound, repeat: boolean): Promise<Result<null>> {
    const at = this.channels.get(channelId);
    if (at === undefined) return settled(channelGone);
    this.playbacks.set(playbackId, at.member);
    return keptIf(at.member.node.play(playbackId, at.id, sound, repeat), () => this.playbacks.delete(playbackId));
  }

  beep(channelId: ChannelId): Promise<Result<null>> {
    const at = this.channels.get(channelId);
    return at === undefined ? settled(channelGone) : at.member.node.beep(at.id);
  }

  stopPlayback(playbackId: PlaybackId): Promise<Result<null>> {
    // One that is over already is stopped just as well.
    return this.playbacks.get(playbackId)?.node.stopPlayback(playbackId) ?? settled(done());
  }

  hearEarly(channelId: ChannelId, targetId: ChannelId): Promise<Result<null>> {
    const hearer = this.channels.get(channelId);
    const target = this.channels.get(targetId);
    if (hearer === undefined || target === undefined) return settled(channelGone);
    if (hearer.member !== target.member) return settled(fail('switch.failed', 'who hears is on another Asterisk than who is heard'));
    return hearer.member.node.hearEarly(hearer.id, target.id);
  }

  startMusic(channelId: ChannelId): Promise<Result<null>> {
    const at = this.channels.get(channelId);
    return at === undefined ? settled(channelGone) : at.member.node.startMusic(at.id);
  }

  stopMusic(channelId: ChannelId): Promise<Result<null>> {
    const at = this.channels.get(channelId);
    return at === undefined ? settled(channelGone) : at.member.node.stopMusic(at.id);
  }

  setMuted(channelId: ChannelId, muted: boolean): Promise<Result<null>> {
    const at = this.channels.get(channelId);
    return at === undefined ? settled(channelGone) : at.member.node.setMuted(at.id, muted);
  }

  sendDigits(channelId: ChannelId, digits: string): Promise<Result<null>> {
    const at = this.channels.get(channelId);
    return at === undefined ? settled(channelGone) : at.member.node.sendDigits(at.id, digits);
  }

  startRecording(recordingId: RecordingId, bridgeId: BridgeId, file: string): Promise<Result<null>> {
    const member = this.bridges.get(bridgeId);
    if (member === undefined) return settled(bridgeGone);
    if (member === null) return settled(fail('switch.failed', 'nobody is in the bridge yet'));
    if (this.recordings.has(recordingId)) return settled(fail('input.invalid', 'the recording exists already'));
    this.recordings.set(recordingId, member);
    return keptIf(member.node.startRecording(recordingId, bridgeId, file), () => this.recordings.delete(recordingId));
  }

  recordChannel(request: ChannelRecording): Promise<Result<null>> {
    const at = this.channels.get(request.channelId);
    if (at === undefined) return settled(channelGone);
    if (this.recordings.has(request.recordingId)) return settled(fail('input.invalid', 'the recording exists already'));
    this.recordings.set(request.recordingId, at.member);
    return keptIf(at.member.node.recordChannel({ ...request, channelId: at.id }), () => this.recordings.delete(request.recordingId));
  }

  stopChannelRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.recordings.get(recordingId)?.node.stopChannelRecording(recordingId) ?? settled(done());
  }

  pauseRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.recordings.get(recordingId)?.node.pauseRecording(recordingId) ?? settled(noRecording);
  }

  resumeRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.recordings.get(recordingId)?.node.resumeRecording(recordingId) ?? settled(noRecording);
  }

  stopRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.recordings.get(recordingId)?.node.stopRecording(recordingId) ?? settled(noRecording);
  }

  snoop(request: SnoopRequest): Promise<Result<null>> {
    const listener = this.channels.get(request.channelId);
    const target = this.channels.get(request.targetId);
    if (listener === undefined || target === undefined) return settled(channelGone);
    const { member } = target;
    if (listener.member !== member) return settled(fail('switch.failed', 'who listens is on another Asterisk than who is listened to'));
    this.snoops.set(request.snoopId, member);
    return keptIf(member.node.snoop({ ...request, channelId: listener.id, targetId: target.id }), () => this.snoops.delete(request.snoopId));
  }

  setWhispering(snoopId: SnoopId, whispering: boolean): Promise<Result<null>> {
    return this.snoops.get(snoopId)?.node.setWhispering(snoopId, whispering) ?? settled(fail('not-found', 'no such snoop'));
  }

  stopSnoop(snoopId: SnoopId): Promise<Result<null>> {
    // One that is over already is stopped just as well.
    return this.snoops.get(snoopId)?.node.stopSnoop(snoopId) ?? settled(done());
  }

  transferProgress(transferId: TransferId, progress: Parameters<SwitchPort['transferProgress']>[1]): Promise<Result<null>> {
    return this.transfers.get(transferId)?.member.node.transferProgress(transferId, progress) ?? settled(fail('not-found', 'no such transfer'));
  }

  /** A node that is away has what it was last known to have: it may have it still. */
  async listChannels(): Promise<Result<ChannelInfo[]>> {
    const lists = await Promise.all(this.members.map(async ({ node, infoOf }) => {
      const listed = node.available ? await node.listChannels() : unavailable;
      return (listed.ok ? listed.value : node.known().channels).map(infoOf);
    }));
    return this.available ? ok(lists.flat()) : unavailable;
  }

  async listBridges(): Promise<Result<BridgeInfo[]>> {
    const lists = await Promise.all(this.members.map(async ({ node, bridgeOf }) => {
      const listed = node.available ? await node.listBridges() : unavailable;
      return (listed.ok ? listed.value : node.known().bridges).map(bridgeOf);
    }));
    const empty = [...this.bridges].flatMap(([bridgeId, member]) => (member === null ? [{ bridgeId, channels: [] }] : []));
    return this.available ? ok([...lists.flat(), ...empty]) : unavailable;
  }

  /** What there is to say of nodes, each by its name. */
  private told(saying: (node: ClusterNode) => string | null): string | null {
    const told = this.members.flatMap(({ name, node }) => {
      const said = saying(node);
      return said === null ? [] : [`${name}: ${said}`];
    });
    return told.length === 0 ? null : told.join('; ');
  }

  private make(bridgeId: BridgeId, member: Member): Promise<Result<null>> {
    this.bridges.set(bridgeId, member);
    return keptIf(member.node.createBridge(bridgeId), () => this.bridges.delete(bridgeId));
  }

  private enter(bridgeId: BridgeId, channelId: ChannelId, how: 'joinBridge' | 'waitInBridge'): Promise<Result<null>> {
    const at = this.channels.get(channelId);
    if (at === undefined) return settled(channelGone);
    const { member: { node }, id } = at;
    const holder = this.bridges.get(bridgeId);
    if (holder === null) return this.make(bridgeId, at.member).then((made) => (made.ok ? node[how](bridgeId, id) : made));
    if (holder !== undefined && holder !== at.member) return settled(fail('switch.failed', 'the bridge is on another Asterisk than the channel'));
    return node[how](bridgeId, id);
  }

  /** The node with the fewest channels, of those that are up; for a phone, of those where it is registered if there are any. */
  private idlest(user: string | null): Member | undefined {
    const up = this.members.filter(({ node }) => node.available);
    const registered = user === null ? [] : up.filter(({ node }) => node.isRegistered(user));
    const load = new Map(up.map((member) => [member, 0]));
    for (const { member } of this.channels.values()) load.set(member, (load.get(member) ?? 0) + 1);
    return (registered.length > 0 ? registered : up).toSorted((a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0))[0];
  }

  private heard(member: Member, event: SwitchEvent): void {
    switch (event.type) {
      case 'switch.changed':
        if (this.stopped) return;
        if (event.available) this.back(member);
        else this.away(member);
        return;
      case 'endpoint.changed':
        this.registrations.changed(event.user, event.registered);
        return;
      case 'channel.arrived':
        this.channels.set(event.channel.channelId, { member, id: member.idOf(event.channel.channelId) });
        break;
      case 'channel.ended':
        this.channels.delete(event.channelId);
        for (const [transferId, { channelId }] of this.transfers) if (channelId === event.channelId) this.transfers.delete(transferId);
        break;
      case 'channel.transferRequested':
        this.transfers.set(event.transferId, { member, channelId: event.channelId });
        break;
      case 'playback.finished':
        this.playbacks.delete(event.playbackId);
        break;
      case 'snoop.ended':
        this.snoops.delete(event.snoopId);
        break;
      case 'recording.finished':
      case 'channel.recorded':
        this.recordings.delete(event.recordingId);
        break;
      default:
    }
    this.listeners.tell(event);
  }

  private async end(how: (node: ClusterNode) => Promise<void>): Promise<void> {
    this.stopped = true;
    for (const member of this.members) member.stopLooking();
    await Promise.all(this.members.map(({ node }) => how(node)));
    this.listeners.tell({ type: 'switch.changed', available: false });
    this.listeners.clear();
  }

  private back(member: Member): void {
    member.stopLooking();
    this.forgetBridgesOf(member);
    const { channels, bridges } = member.node.known();
    for (const { channelId } of channels) this.channels.set(member.named(channelId), { member, id: channelId });
    for (const { bridgeId } of bridges) this.bridges.set(bridgeId, member);
    this.registrations.refresh();
    this.listeners.tell({ type: 'switch.changed', available: true });
  }

  private away(member: Member): void {
    member.lostAt = this.options.clock.monotonic();
    this.look(member);
    this.registrations.lost(member);
    if (!this.available) this.listeners.tell({ type: 'switch.changed', available: false });
  }

  /** A socket that is lost is no call that is lost: who gives a node up has waited, and knows why. */
  private look(member: Member): void {
    member.stopLooking();
    member.stopLooking = this.options.clock.setTimeout(() => {
      if (member.node.refused || this.options.clock.monotonic() - member.lostAt >= GIVEN_UP_AFTER_MS) this.giveUp(member);
      else this.look(member);
    }, LOOK_EVERY_MS);
  }

  private giveUp(member: Member): void {
    const { channels } = member.node.known();
    this.options.logger.warn({ asterisk: member.name, channels: channels.length }, 'an Asterisk is given up, and its calls with it');
    this.forgetBridgesOf(member);
    member.node.abandon();
    // Those nobody was told of yet.
    for (const [channelId, at] of this.channels) if (at.member === member) this.channels.delete(channelId);
  }

  private forgetBridgesOf(member: Member): void {
    for (const [bridgeId, at] of this.bridges) if (at === member) this.bridges.delete(bridgeId);
  }
}

const noRecording = fail('not-found', 'no such recording');
const settled = (result: Result<null>): Promise<Result<null>> => Promise.resolve(result);

/** What was noted at the call is forgotten where it came to nothing. */
async function keptIf(call: Promise<Result<null>>, forget: () => void): Promise<Result<null>> {
  const result = await call;
  if (!result.ok) forget();
  return result;
}
