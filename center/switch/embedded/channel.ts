import {
  URI,
  type Body,
  type IncomingInfoRequest,
  type IncomingInviteRequest,
  type IncomingReferRequest,
  type IncomingRequestMessage,
  type OutgoingInviteRequest,
  type Session,
} from 'sip.js/lib/core/index.js';
import { done, fail, type Disposer, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { ChannelInfo, HangUpCause } from '../port.ts';
import { transition, type State, type Step } from './channel-state.ts';
import type { ChannelMedia } from './media/channel-media.ts';
import { digitOfInfo } from './media/dtmf.ts';
import { causeOfStatus, reasonOf, statusOf } from '../causes.ts';
import type { SipConnection } from './sip/connection.ts';
import type { DialogOwner, SipServer } from './sip/server.ts';
import { bodyOf } from './sip/text.ts';
import { displayName } from '../text.ts';

const sdpBody = (content: string): Body => ({ contentDisposition: 'session', contentType: 'application/sdp', content });
const gone = fail('switch.channel-gone', 'the channel has ended');

/** An answered call whose media is not up by then is one that nobody hears anything in. */
const MEDIA_DUE_MS = 3000;

/** What a channel tells its engine. */
export interface ChannelListener {
  ringing(): void;
  /** It is heard before it answers. */
  progressed(): void;
  answered(): void;
  ended(cause: HangUpCause): void;
  digit(digit: string): void;
  held(): void;
  resumed(): void;
  referred(request: IncomingReferRequest): void;
  /** Answered a while ago, and without media. @param progress how far ICE and DTLS have come */
  mute(progress: string): void;
}

export interface ChannelParts {
  server: SipServer;
  clock: Clock;
  media: ChannelMedia;
  listener: ChannelListener;
  orphanGraceMs: number;
  onError: (error: unknown, doing: string) => void;
}

type Identity = Omit<ChannelInfo, 'state'> & { user: string };

/** One call's signalling at our end, from INVITE to BYE, and its media. */
export class Channel implements DialogOwner {
  readonly media: ChannelMedia;
  readonly identity: Identity;
  muted = false;
  private state: State;
  private readonly parts: ChannelParts;
  private connection: SipConnection;
  private session: Session | null = null;
  private incoming: IncomingInviteRequest | null = null;
  private outgoing: OutgoingInviteRequest | null = null;
  /** A phone has answered our INVITE: whoever else does, behind a fork, is too late. */
  private taken = false;
  /** The description by which it is heard before it answers. */
  private early: string | null = null;
  /** Our session description, made once for all answers to the INVITE (RFC 3261 §13.2.1). */
  private description: Promise<Result<string>> | null = null;
  private answering = false;
  /** Hung up before the ACK came: the BYE has to wait for it (RFC 3261 §15). */
  private byeReason: string | null = null;
  private awaitingAck = false;
  private awaitingAnswer = false;
  private cancelRingTimer: Disposer = () => {};
  private cancelGrace: Disposer = () => {};
  private cancelMediaDue: Disposer = () => {};
  private unclaim: Disposer = () => {};

  private constructor(state: State, identity: Identity, connection: SipConnection, parts: ChannelParts) {
    this.state = state;
    this.identity = identity;
    this.connection = connection;
    this.parts = parts;
    this.media = parts.media;
    this.media.leg.onDigit = (digit) => parts.listener.digit(digit);
  }

  /** A call that came in on `connection` and is not yet answered. */
  static arrived(request: IncomingInviteRequest, identity: Identity, connection: SipConnection, parts: ChannelParts): Channel {
    const channel = new Channel('incoming', identity, connection, parts);
    channel.incoming = request;
    request.trying();
    request.delegate = {
      onCancel: () => {
        channel.withSip(() => request.reject({ statusCode: 487 }));
        channel.end('cancelled');
      },
    };
    return channel;
  }

  /** A call to a registered phone, to be set going by `dial`. */
  static dialling(identity: Identity, connection: SipConnection, parts: ChannelParts): Channel {
    return new Channel('dialling', identity, connection, parts);
  }

  /** Sends the INVITE, unless the channel was hung up first. Everything after is told to the listener. */
  async dial(contact: URI, extraHeaders: string[], ringTimeoutMs: number): Promise<void> {
    try {
      const offer = await this.media.offer();
      if (this.state !== 'dialling' || !offer.ok) return;
      if (!this.connection.isOpen) {
        this.end('unreachable');
        return;
      }
      this.cancelRingTimer = this.parts.clock.setTimeout(() => this.hangUp('noAnswer'), ringTimeoutMs);
      this.sendInvite(contact, extraHeaders, offer.value);
    } catch (error) {
      this.failed(error, 'dialling');
    }
  }

  get info(): ChannelInfo {
    const { user: _user, ...info } = this.identity;
    return { ...info, state: this.state === 'ended' ? 'up' : this.state };
  }

  get isUp(): boolean {
    return this.state === 'up';
  }

  /** Dialled, not answered, and heard all the same. */
  get isHeardEarly(): boolean {
    return this.early !== null && (this.state === 'dialling' || this.state === 'ringing');
  }

  get hasEnded(): boolean {
    return this.state === 'ended';
  }

  ring(): Result<null> {
    if (this.state !== 'incoming' || this.incoming === null) return gone;
    const request = this.incoming;
    this.withSip(() => request.progress({ statusCode: 180 }));
    return done();
  }

  /**
   * Lets an incoming call hear before it is answered: 183 Session Progress (RFC 3960 §3.2). Who sent no offer cannot be
   * answered yet, hears nothing, and is none the worse for it.
   */
  async openEarly(): Promise<Result<null>> {
    const request = this.incoming;
    if (this.state !== 'incoming' || request === null) return gone;
    if (this.description !== null || bodyOf(request.message) === null) return done();
    const description = await this.describe(request);
    if (this.incoming === null) return this.isUp ? done() : gone;
    if (!description.ok) return fail('switch.failed', 'the offer cannot be accepted');
    if (!this.answering) this.withSip(() => request.progress({ statusCode: 183, body: sdpBody(description.value) }));
    return done();
  }

  async answer(): Promise<Result<null>> {
    const request = this.incoming;
    if (this.state !== 'incoming' || request === null || this.answering) return gone;
    this.answering = true;
    const offer = bodyOf(request.message);
    const description = await this.describe(request);
    if (this.incoming === null) return gone;
    if (!description.ok) {
      this.withSip(() => request.reject({ statusCode: 488 }));
      this.end('failed');
      return fail('switch.failed', 'the offer cannot be accepted');
    }
    this.withSip(() => {
      const { session } = request.accept({ statusCode: 200, body: sdpBody(description.value) });
      this.awaitingAck = true;
      this.awaitingAnswer = offer === null;
      this.establish(session);
    });
    return done();
  }

  /** Ends the call from our side, whatever its state; the phone is told in the way its state allows. */
  hangUp(cause: HangUpCause): void {
    if (this.state === 'ended') return;
    const { incoming, outgoing, session } = this;
    if (this.state === 'incoming') this.withSip(() => incoming?.reject({ statusCode: statusOf(cause), extraHeaders: [`Reason: ${reasonOf(cause)}`] }));
    else if (session === null) this.withSip(() => outgoing?.cancel(reasonOf(cause)));
    else if (this.awaitingAck) this.byeReason = reasonOf(cause);
    else this.bye(session, reasonOf(cause));
    this.end(cause);
  }

  /** RFC 4733 where the far end takes it; the caller then ticks the leg. Else SIP INFO. */
  sendDigits(digits: string): 'ticking' | 'sent' {
    if (this.media.leg.queueDigits(digits)) return 'ticking';
    for (const digit of digits) {
      const body: Body = { contentDisposition: 'render', contentType: 'application/dtmf-relay', content: `Signal=${digit}\r\nDuration=120\r\n` };
      this.withSip(() => this.session?.info(undefined, { body }));
    }
    return 'sent';
  }

  /** NOTIFY with a message/sipfrag to the phone that sent a REFER (RFC 3515 §2.4.5). */
  notifyTransfer(cseq: number, status: string, final: boolean): void {
    const { session } = this;
    if (session === null) return;
    const extraHeaders = [
      `Event: refer;id=${cseq}`,
      `Subscription-State: ${final ? 'terminated;reason=noresource' : 'active;expires=180'}`,
      `Contact: ${this.parts.server.contact}`,
    ];
    const body: Body = { contentDisposition: 'render', contentType: 'message/sipfrag;version=2.0', content: `SIP/2.0 ${status}\r\n` };
    this.withSip(() => session.notify(undefined, { extraHeaders, body }));
  }

  /** A request in our dialog came over `connection`: the phone has moved there, if it is our phone. */
  accepts(connection: SipConnection): boolean {
    if (connection === this.connection) return true;
    if (!connection.users.has(this.identity.user)) return false;
    this.connection = connection;
    this.cancelGrace();
    return true;
  }

  /** The same phone registered on another connection: what we send goes there, should ours be gone. */
  registeredOn(connection: SipConnection): void {
    if (!this.connection.isOpen) this.connection = connection;
  }

  /** The connection is gone. A call that is up gets time to come back on another. */
  connectionClosed(connection: SipConnection): void {
    if (connection !== this.connection || this.state === 'ended') return;
    if (this.state !== 'up') {
      this.end(this.state === 'incoming' ? 'networkLost' : 'unreachable');
      return;
    }
    this.cancelGrace = this.parts.clock.setTimeout(() => {
      const { leg } = this.media;
      if (!this.connection.isOpen || !leg.heardWithin(this.parts.orphanGraceMs / 2)) this.hangUp('networkLost');
    }, this.parts.orphanGraceMs);
  }

  private describe(request: IncomingInviteRequest): Promise<Result<string>> {
    const offer = bodyOf(request.message);
    return (this.description ??= offer === null ? this.media.offer() : this.media.answerTo(offer));
  }

  private sendInvite(contact: URI, extraHeaders: string[], offer: string): void {
    const { server } = this.parts;
    const { callerNumber, callerName, user } = this.identity;
    const { host } = server.core.configuration.contact.uri;
    const from = new URI('sip', callerNumber, host);
    const to = new URI('sip', user, host);
    this.withSip(() => {
      const message = server.core.makeOutgoingRequestMessage(
        'INVITE', contact, from, to,
        { fromDisplayName: displayName(callerName) },
        [`Contact: ${server.contact}`, 'Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER', ...extraHeaders],
        sdpBody(offer),
      );
      this.outgoing = server.core.invite(message, {
        onProgress: (response) => this.progressed(response.message.statusCode ?? 180, bodyOf(response.message)),
        // RFC 3261 §13.2.1 wants the description of a 183 again with the 200; not every phone knows.
        onAccept: (response) => this.outgoingAccepted(response.session, bodyOf(response.message) ?? this.early, () => response.ack()),
        onReject: (response) => this.end(causeOfStatus(response.message.statusCode ?? 500)),
        onRedirect: () => this.end('rejected'),
      });
    });
  }

  /** 183 with a description is audio before the answer, and no word of ringing (RFC 3960 §2). */
  private progressed(status: number, answer: string | null): void {
    if (status !== 183 || answer === null) this.step('ring', () => this.parts.listener.ringing());
    if (answer === null || this.early !== null || this.session !== null) return;
    this.early = answer;
    this.media
      .accept(answer)
      .then((accepted) => {
        if (!accepted.ok) this.early = null;
        else if (this.isHeardEarly) this.parts.listener.progressed();
      })
      .catch((error: unknown) => this.failed(error, 'applying an early answer'));
  }

  private outgoingAccepted(session: Session, answer: string | null, ack: () => void): void {
    this.withSip(() => ack());
    if (this.state === 'ended' || this.taken) {
      // Hung up while the 200 was on its way, or not the first (RFC 3261 §13.2.2.4): a call set up must be ended by BYE.
      this.bye(session, reasonOf('cancelled'));
      return;
    }
    this.taken = true;
    this.applyAnswer(session, answer ?? '').catch((error: unknown) => this.failed(error, 'applying an answer'));
  }

  private async applyAnswer(session: Session, answer: string): Promise<void> {
    const accepted = await this.media.accept(answer);
    if (this.hasEnded) this.bye(session, reasonOf('cancelled'));
    else if (accepted.ok) this.establish(session);
    else {
      this.bye(session, reasonOf('failed'));
      this.end('failed');
    }
  }

  private establish(session: Session): void {
    this.session = session;
    this.incoming = null;
    this.unclaim = this.parts.server.claim(session.id, this);
    session.delegate = {
      onAck: (request) => this.acknowledged(request.message),
      onAckTimeout: () => {
        this.awaitingAck = false;
        this.bye(session, reasonOf('networkLost'));
        this.end('networkLost');
      },
      onBye: (request) => {
        request.accept();
        this.end('normal');
      },
      onInfo: (request) => this.informed(request),
      onInvite: (request) => void this.reinvited(request).catch((error: unknown) => this.failed(error, 'answering a re-INVITE')),
      onRefer: (request) => this.parts.listener.referred(request),
      onMessage: (request) => request.reject({ statusCode: 405 }),
      onNotify: (request) => request.reject({ statusCode: 481 }),
    };
    this.step('answer', () => this.parts.listener.answered());
    if (this.media.held) this.parts.listener.held();
  }

  /**
   * Done at once wherever the ACK brings no answer to an offer of ours: SIP.js refuses a re-INVITE (500) while this is
   * under way, and a phone may send one together with the ACK.
   */
  private acknowledged(message: IncomingRequestMessage): Promise<void> | undefined {
    this.awaitingAck = false;
    if (this.byeReason !== null && this.session !== null) {
      this.bye(this.session, this.byeReason);
      return undefined;
    }
    if (!this.awaitingAnswer) return undefined;
    this.awaitingAnswer = false;
    return this.media.accept(bodyOf(message) ?? '').then((accepted) => {
      if (!accepted.ok) this.hangUp('failed');
    });
  }

  private async reinvited(request: IncomingInviteRequest): Promise<void> {
    const offer = bodyOf(request.message);
    const before = this.media.held;
    const description = offer === null ? await this.media.offer() : await this.media.answerTo(offer);
    if (this.state === 'ended') return;
    if (!description.ok) {
      this.withSip(() => request.reject({ statusCode: 488 }));
      return;
    }
    this.awaitingAnswer = offer === null;
    const extraHeaders = [`Contact: ${this.parts.server.contact}`];
    this.withSip(() => request.accept({ statusCode: 200, extraHeaders, body: sdpBody(description.value) }));
    if (this.media.held && !before) this.parts.listener.held();
    if (!this.media.held && before) this.parts.listener.resumed();
  }

  private informed(request: IncomingInfoRequest): void {
    const digit = digitOfInfo(request.message.getHeader('content-type') ?? '', request.message.body);
    if (digit === null) {
      request.reject({ statusCode: 415, extraHeaders: ['Accept: application/dtmf-relay, application/dtmf'] });
      return;
    }
    request.accept();
    this.parts.listener.digit(digit);
  }

  private bye(session: Session, reason: string): void {
    this.withSip(() => session.bye(undefined, { extraHeaders: [`Reason: ${reason}`] }));
  }

  private failed(error: unknown, doing: string): void {
    this.parts.onError(error, doing);
    this.hangUp('failed');
  }

  /** SIP.js throws where a transaction or dialog has gone on meanwhile: then there is nothing left to say. */
  private withSip(act: () => unknown): void {
    try {
      this.parts.server.run(this.connection, act);
    } catch (error) {
      this.parts.onError(error, 'sending SIP');
    }
  }

  private step(step: Step, tell: () => void): void {
    const next = transition(this.state, step);
    if (next === null) return;
    this.state = next;
    if (step === 'answer') {
      this.cancelRingTimer();
      this.cancelMediaDue = this.parts.clock.setTimeout(() => {
        if (!this.media.connected) this.parts.listener.mute(this.media.progress);
      }, MEDIA_DUE_MS);
    }
    tell();
  }

  private end(cause: HangUpCause): void {
    this.step('end', () => {
      this.incoming = null;
      this.cancelRingTimer();
      this.cancelGrace();
      this.cancelMediaDue();
      this.unclaim();
      this.media.close();
      this.parts.listener.ended(cause);
    });
  }
}
