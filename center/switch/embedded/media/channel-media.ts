import { done, fail, ok, type Result } from '../../../../contract/errors.ts';
import { Leg } from './leg.ts';
import { isHold, parseDescription, wantsToHear, writeAnswer, writeOffer, type RemoteDescription } from './sdp.ts';
import { MediaTransport } from './transport.ts';

interface Parts {
  address: string;
  monotonic: () => number;
  onError: (error: unknown, doing: string) => void;
}

/**
 * One channel's media through its offers and answers (RFC 3264). The leg, and with it what is heard, stays the
 * same over holds, ICE restarts and even a far end that comes back with a new peer connection.
 */
export class ChannelMedia {
  readonly leg: Leg;
  /** The far end has put us on hold. */
  held = false;
  private readonly parts: Parts;
  private readonly sessionId = Math.floor(Math.random() * 2 ** 31);
  private version = 0;
  private transport: MediaTransport | null = null;
  private closed = false;

  constructor(parts: Parts) {
    this.parts = parts;
    this.leg = new Leg(parts.monotonic);
  }

  get connected(): boolean {
    return this.transport?.state === 'connected';
  }

  /** How far the connection has come, for the log. */
  get progress(): string {
    return this.transport?.progress ?? 'no description';
  }

  /** Answers the first or a later offer of the far end. `input.invalid` where it cannot be accepted (488). */
  async answerTo(offer: string): Promise<Result<string>> {
    const parsed = parseDescription(offer);
    if (!parsed.ok) return parsed;
    const remote = parsed.value;
    const transport = await this.transportFor(remote);
    if (transport === null) return fail('switch.channel-gone', 'the channel ended meanwhile');
    await transport.connect(remote.transport, (error) => this.parts.onError(error, 'connecting media'));
    this.apply(transport, remote);
    return ok(writeAnswer(transport.local, remote, MediaTransport.setupAgainst(remote.transport), this.identity()));
  }

  /** An offer of ours: for a call we originate, or an INVITE that came without one. */
  async offer(): Promise<Result<string>> {
    const transport = (this.transport ??= await MediaTransport.open(this.parts.address));
    if (this.closed) {
      await transport.close();
      return fail('switch.channel-gone', 'the channel ended meanwhile');
    }
    return ok(writeOffer(transport.local, 'actpass', this.identity()));
  }

  /** The far end's answer to our offer. */
  async accept(answer: string): Promise<Result<null>> {
    const parsed = parseDescription(answer);
    if (!parsed.ok) return parsed;
    const { transport } = this;
    if (transport === null) return fail('switch.channel-gone', 'no offer was made');
    if (!transport.isSameAssociation(parsed.value.transport)) return fail('input.invalid', 'the answer belongs to another association');
    await transport.connect(parsed.value.transport, (error) => this.parts.onError(error, 'connecting media'));
    this.apply(transport, parsed.value);
    return done();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.leg.detach();
    this.transport?.close().catch((error: unknown) => this.parts.onError(error, 'closing media'));
  }

  /** The transport in use, or a new one where the far end's certificate changed: a new peer connection. */
  private async transportFor(remote: RemoteDescription): Promise<MediaTransport | null> {
    const former = this.transport;
    if (former === null || !former.isSameAssociation(remote.transport)) {
      const opened = await MediaTransport.open(this.parts.address);
      former?.close().catch((error: unknown) => this.parts.onError(error, 'closing former media'));
      if (this.closed) {
        await opened.close();
        return null;
      }
      this.transport = opened;
    }
    return this.transport;
  }

  private apply(transport: MediaTransport, remote: RemoteDescription): void {
    this.leg.attach(transport, remote.format);
    this.held = isHold(remote.direction);
    // What a holder's open microphone says is not for the party it put on hold.
    this.leg.setDirection(wantsToHear(remote.direction), remote.direction === 'sendrecv');
  }

  private identity(): { sessionId: number; version: number; ssrc: number } {
    this.version++;
    return { sessionId: this.sessionId, version: this.version, ssrc: this.leg.ssrc };
  }
}
