import type { ClusterNode } from '../../../../center/switch/asterisk/cluster-member.ts';
import type { BridgeInfo, ChannelId, ChannelInfo, EndpointRecord, OriginateRequest } from '../../../../center/switch/port.ts';
import { fail, type Result } from '../../../../contract/errors.ts';
import { FakeSwitch } from '../fake-switch.ts';

const unavailable = fail('switch.unavailable', 'away');

/** One of several switches without audio: it can go, come back, and come back as another. */
export class FakeNode extends FakeSwitch implements ClusterNode {
  refused = false;
  trouble: string | null = null;
  warning: string | null = null;
  /** Users whose account was put here, each time. */
  readonly puts: string[] = [];

  /** As Asterisk does it: the first call of this second is called the same at every node. */
  protected override newId(): string {
    return `1760000000.${this.next++}`;
  }

  override isRegistered = (user: string): boolean => this.available && this.registered.has(user);

  override async putEndpoint(endpoint: EndpointRecord): Promise<Result<null>> {
    this.puts.push(endpoint.user);
    return super.putEndpoint(endpoint);
  }

  override originate(request: OriginateRequest): Promise<Result<null>> {
    return this.available ? super.originate(request) : Promise.resolve(unavailable);
  }

  override createBridge(bridgeId: string): Promise<Result<null>> {
    return this.available ? super.createBridge(bridgeId) : Promise.resolve(unavailable);
  }

  known(): { channels: ChannelInfo[]; bridges: BridgeInfo[] } {
    return { channels: [...this.channels.values()], bridges: [...this.bridges].map((bridgeId) => ({ bridgeId, channels: [] })) };
  }

  abandon(): void {
    this.loseAll();
  }

  /** The link is lost; nothing is known of the Asterisk. */
  goAway(): void {
    this.trouble = 'cannot be reached';
    this.setAvailable(false);
  }

  /** Its process is gone. */
  crash(): void {
    this.refused = true;
    this.goAway();
  }

  comeBack({ asAnother = false }: { asAnother?: boolean } = {}): void {
    this.refused = false;
    this.trouble = null;
    if (asAnother) {
      this.registered.clear();
      this.loseAll();
    }
    this.setAvailable(true);
  }

  /** Ids of the channels here. */
  get ids(): ChannelId[] {
    return [...this.channels.keys()];
  }

  private loseAll(): void {
    const channelIds = this.ids;
    if (channelIds.length > 0) this.emit({ type: 'channels.lost', channelIds });
    for (const channelId of channelIds) this.phoneEnds(channelId, 'networkLost');
    this.bridges.clear();
  }
}
