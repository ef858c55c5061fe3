import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';

const APP = 'bench-watch';
/** The customers' side, of whichever way: their channels' names begin so. */
const CUSTOMER = 'PJSIP/sangdam-trunk-';

const Entered = z.object({
  type: z.literal('ChannelEnteredBridge'),
  bridge: z.object({ id: z.string(), channels: z.array(z.string()) }),
  channel: z.object({ name: z.string(), caller: z.object({ number: z.string() }) }),
});

/**
 * Sees, from beside, when customer and agent are in one bridge of Asterisk and can hear each other: the same yardstick
 * for every way, whether or not the customer was answered before. Epoch milliseconds by customer's number.
 */
export class Watch {
  readonly connected = new Map<string, number>();
  private readonly customers = new Map<string, string>();
  private readonly socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.heard(data, performance.timeOrigin + performance.now()));
  }

  /** @throws when Asterisk does not take the filter: without it, it would tell of everything */
  static async open(ariUrl: string, password: string): Promise<Watch> {
    const authorization = `Basic ${Buffer.from(`sangdam:${password}`).toString('base64')}`;
    const socket = new WebSocket(`${ariUrl.replace(/^http/, 'ws')}/events?app=${APP}&subscribeAll=true`, { headers: { authorization }, perMessageDeflate: false });
    await once(socket, 'open');
    const filtered = await fetch(`${ariUrl}/applications/${APP}/eventFilter`, {
      method: 'PUT', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify({ allowed: [{ type: 'ChannelEnteredBridge' }] }),
    });
    if (!filtered.ok) throw new Error(`the filter of ${APP}: ARI ${filtered.status}`);
    return new Watch(socket);
  }

  close(): void {
    this.socket.close();
  }

  private heard(data: Buffer, at: number): void {
    const event = Entered.safeParse(JSON.parse(data.toString()));
    if (!event.success) return;
    const { bridge, channel } = event.data;
    if (channel.name.startsWith(CUSTOMER)) this.customers.set(bridge.id, channel.caller.number.replace(/^\+82/, '0'));
    const number = this.customers.get(bridge.id);
    if (number !== undefined && bridge.channels.length >= 2 && !this.connected.has(number)) this.connected.set(number, at);
  }
}
