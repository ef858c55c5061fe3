import type { Result } from '../../contract/errors.ts';
import type { ContactId } from '../../contract/ids.ts';
import type { CenterLogger } from '../logger.ts';
import type { BridgeId, ChannelId, SnoopId, SwitchPort } from '../switch/port.ts';
import type { Place } from './contact.ts';
import type { Hearing, Layout, Listening } from './layout.ts';

type Room = 'main' | 'side';
/** `lobby`: in the main room already, with music until somebody comes to talk. */
type Sounding = Place | 'lobby' | Listening | Hearing;
const isRoom = (place: Sounding | undefined): place is Room => place === 'main' || place === 'side';
const isListening = (place: Sounding | undefined): place is Listening => typeof place === 'object' && 'to' in place;
const isHearing = (place: Sounding | undefined): place is Hearing => typeof place === 'object' && 'early' in place;
const isTone = (place: Sounding | undefined): place is 'ringback' | 'busy' | 'congestion' => place === 'ringback' || place === 'busy' || place === 'congestion';

function isSame(a: Sounding | undefined, b: Sounding): boolean {
  if (isListening(a) && isListening(b)) return a.to === b.to && a.whispering === b.whispering;
  return isHearing(a) && isHearing(b) ? a.early === b.early : a === b;
}


/**
 * Makes the switch sound as a contact's layout says. Each change is worked off after the one before; of several
 * that came meanwhile only the last counts. A channel or bridge that is gone is an outcome: its end is told by an
 * event of its own.
 */
export class Arrangement {
  private readonly contactId: ContactId;
  private readonly switchPort: SwitchPort;
  private readonly logger: CenterLogger;
  private readonly anchor: () => ChannelId | undefined;
  private readonly now = new Map<ChannelId, Sounding>();
  private readonly bridges = new Set<Room>();
  /** By which snoop a channel listens. */
  private readonly snoops = new Map<ChannelId, SnoopId>();
  private wanted: Layout = new Map();
  private working: Promise<void> | null = null;
  private prepared = false;
  private over = false;
  private nextEar = 1;
  private dirty = false;
  /** A channel that shall listen cannot. */
  onDeaf: (channelId: ChannelId) => void = () => {};

  /** @param anchor a channel of the contact: its bridges are made beside it */
  constructor(contactId: ContactId, switchPort: SwitchPort, logger: CenterLogger, anchor: () => ChannelId | undefined) {
    this.contactId = contactId;
    this.switchPort = switchPort;
    this.logger = logger;
    this.anchor = anchor;
  }

  bridgeId(room: Room): BridgeId {
    return `${this.contactId}-${room}`;
  }

  /** @param over nobody will join any more: the bridges go once the last channel has */
  apply(layout: Layout, over: boolean): void {
    this.wanted = layout;
    this.over = over;
    this.begin();
  }

  /** Makes the bridge while it still rings, with the caller waiting in it, so that an answer need not wait for either. */
  prepare(): void {
    this.prepared = true;
    this.begin();
  }

  /** What these channels hear already, as found on a switch that kept their calls. */
  adopt(layout: ReadonlyMap<ChannelId, Place>, rooms: readonly Room[]): void {
    for (const [channelId, place] of layout) this.now.set(channelId, place);
    for (const room of rooms) this.bridges.add(room);
  }

  /** Whether this snoop is the one by which the channel listens now, and shall go on to. */
  hearsBy(channelId: ChannelId, snoopId: SnoopId): boolean {
    const wanted = this.wanted.get(channelId);
    return this.snoops.get(channelId) === snoopId && wanted !== undefined && isSame(this.now.get(channelId), wanted);
  }

  /** What is said to it in one turn of the event loop is one change. */
  private begin(): void {
    this.dirty = true;
    this.working ??= Promise.resolve().then(() => this.work());
  }

  private async work(): Promise<void> {
    while (this.dirty) {
      this.dirty = false;
      const { wanted } = this;
      if (this.prepared && !this.over) await this.open('main');
      for (const channelId of this.now.keys()) {
        if (wanted.has(channelId)) continue;
        this.now.delete(channelId);
        this.snoops.delete(channelId);
      }
      const changes = this.sounding(wanted).filter(([channelId, place]) => !isSame(this.now.get(channelId), place));
      // First out of the rooms, then in: nobody hears for a moment whom they must not hear.
      const leaving = changes.filter(([, place]) => !isRoom(place));
      const joining = changes.filter(([, place]) => isRoom(place));
      if (joining.length > 0) this.prepared = false;
      if (leaving.length > 0) await Promise.all(leaving.map(([channelId, place]) => this.move(channelId, place)));
      for (const [, room] of joining) if (isRoom(room)) await this.open(room);
      await Promise.all(joining.map(([channelId, place]) => this.move(channelId, place)));
      if (this.over && wanted.size === 0) await this.clear();
    }
    this.working = null;
  }

  /** Who waits with music while an offer rings waits in the lobby; nobody who was just talking, and nobody beside a talk. */
  private sounding(wanted: Layout): [ChannelId, Sounding][] {
    const isTalk = [...wanted.values()].some(isRoom);
    return [...wanted].map(([channelId, place]) => {
      const now = this.now.get(channelId);
      const waits = place === 'music' && (now === 'lobby' || (this.prepared && !isTalk && !isRoom(now)));
      return [channelId, waits ? 'lobby' : place];
    });
  }

  private async clear(): Promise<void> {
    const rooms = [...this.bridges];
    this.bridges.clear();
    await Promise.all(rooms.map(async (room) => this.bear(await this.switchPort.destroyBridge(this.bridgeId(room)), 'destroying a bridge')));
  }

  private async move(channelId: ChannelId, to: Sounding): Promise<void> {
    const from = this.now.get(channelId);
    this.now.set(channelId, to);
    if (isListening(to)) {
      await this.listen(channelId, isListening(from) ? from : null, to);
      return;
    }
    // It is over by itself when its listener joins a room.
    this.snoops.delete(channelId);
    if (isHearing(to)) {
      this.bear(await this.switchPort.hearEarly(channelId, to.early), 'hearing what is dialled before it answers');
      return;
    }
    if (isTone(from) && !isTone(to)) this.bear(await this.switchPort.stopPlayback(this.toneId(channelId, from)), 'stopping a tone');
    if (from === 'lobby' && to === 'main') {
      this.bear(await this.switchPort.stopMusic(channelId), 'stopping music');
      return;
    }
    if (isRoom(to)) {
      this.bear(await this.switchPort.joinBridge(this.bridgeId(to), channelId), 'joining a bridge');
      return;
    }
    if (to === 'lobby') {
      this.bear(await this.switchPort.waitInBridge(this.bridgeId('main'), channelId), 'waiting in a bridge');
      return;
    }
    if (isRoom(from) || from === 'lobby') this.bear(await this.switchPort.leaveBridge(channelId), 'leaving a bridge');
    if (from === 'music' && to !== 'music') this.bear(await this.switchPort.stopMusic(channelId), 'stopping music');
    if (to === 'music') this.bear(await this.switchPort.startMusic(channelId), 'starting music');
    if (isTone(to)) this.bear(await this.switchPort.play(this.toneId(channelId, to), channelId, { kind: 'tone', tone: to }, true), 'playing a tone');
  }

  /** Of one agent only whether it whispers can change; otherwise it is a snoop of its own, which ends the former. */
  private async listen(channelId: ChannelId, from: Listening | null, { to, whispering }: Listening): Promise<void> {
    const known = from?.to === to ? this.snoops.get(channelId) : undefined;
    const snoopId = known ?? `${channelId}-ear-${this.nextEar++}`;
    this.snoops.set(channelId, snoopId);
    const heard = await (known === undefined ? this.switchPort.snoop({ snoopId, channelId, targetId: to, whispering }) : this.switchPort.setWhispering(snoopId, whispering));
    this.bear(heard, 'listening in');
    if (!heard.ok && this.snoops.get(channelId) === snoopId) this.onDeaf(channelId);
  }

  private async open(room: Room): Promise<void> {
    if (this.bridges.has(room)) return;
    this.bridges.add(room);
    this.bear(await this.switchPort.createBridge(this.bridgeId(room), this.anchor()), 'creating a bridge');
  }

  private toneId = (channelId: ChannelId, tone: string): string => `${channelId}-${tone}`;

  private bear(result: Result<null>, doing: string): void {
    if (result.ok || result.error.code === 'switch.channel-gone' || result.error.code === 'switch.bridge-gone') return;
    this.logger.warn({ contactId: this.contactId, code: result.error.code, why: result.error.message }, doing);
  }
}
