import { Invitation, Inviter, Registerer, RegistererState, SessionState, UserAgent, type Session, type URI } from 'sip.js';
import { until } from './listening.ts';
import { PhoneMedia, type PacketCounts } from './media.ts';

export { until } from './listening.ts';

/*
 * A telephone for tests: SIP.js over a real WebSocket, and real DTLS-SRTP audio. It says one tone all the time
 * and tells which tones it hears, so that a test proves who is connected with whom:
 *
 *   const alice = createSipPhone({ url, user: 'c1', password: 'customer', toneHz: 440 });
 *   await alice.register();
 *   const call = await alice.call('15880000');
 *   await call.answered();
 *   await call.hears(620);                  // the other party's tone, within 5 s
 *   await call.hears([620, 880], [440]);    // both of these, and not that one
 *   await call.hangUp();
 *   await alice.close();
 *
 * Every wait is for a condition and fails with what it waited for.
 */

export interface SipPhoneOptions {
  /** `ws://host:port/sip` */
  url: string;
  user: string;
  password: string;
  /** What the phone says; choose multiples of 20 Hz between 300 and 3400, well apart from each other. */
  toneHz: number;
  displayName?: string;
  /** The one G.711 law it speaks; µ-law unless told. */
  codec?: 'pcmu' | 'pcma';
  /** Host of the phone's own SIP URI and of those it dials. */
  domain?: string;
}

/** Cause of an ended call as its own side saw it. */
export interface CallEnd {
  /** SIP status of a refused call; null when it ended by BYE or was never refused. */
  status: number | null;
  reason: string | null;
}

export class PhoneCall {
  readonly session: Session;
  /** sipfrag status codes of NOTIFYs after a REFER, in order. */
  readonly transferStatuses: number[] = [];
  /** Final status of the REFER itself. */
  referStatus: number | null = null;
  /** Status codes of the provisional answers to our INVITE, in order. */
  readonly progress: number[] = [];
  end: CallEnd = { status: null, reason: null };
  private readonly phone: SipPhone;

  constructor(phone: SipPhone, session: Session) {
    this.phone = phone;
    this.session = session;
    session.delegate = {
      onBye: (bye) => {
        this.end.reason = bye.request.getHeader('Reason') ?? null;
        void bye.accept();
      },
      onCancel: (cancel) => {
        this.end.reason = cancel.request.getHeader('Reason') ?? null;
      },
    };
  }

  get media(): PhoneMedia | null {
    const handler = this.session.sessionDescriptionHandler;
    return handler instanceof PhoneMedia ? handler : null;
  }

  get isUp(): boolean {
    return this.session.state === SessionState.Established;
  }

  get hasEnded(): boolean {
    return this.session.state === SessionState.Terminated;
  }

  get rang(): boolean {
    return this.progress.includes(180);
  }

  get counts(): PacketCounts {
    return this.media?.counts ?? { received: 0, lost: 0, sent: 0 };
  }

  /** Keys received as telephone-events. */
  get digits(): string {
    return this.media?.digits.join('') ?? '';
  }

  /** Value of a header of the INVITE that came (incoming calls). */
  header(name: string): string | null {
    return this.session instanceof Invitation ? (this.session.request.getHeader(name) ?? null) : null;
  }

  get callerNumber(): string {
    return this.session.remoteIdentity.uri.user ?? '';
  }

  get callerName(): string {
    return this.session.remoteIdentity.displayName;
  }

  ringing(): Promise<void> {
    return until(`${this.phone.user} hears that it rings`, () => this.rang);
  }

  /** Established, and its audio connected. */
  answered(timeoutMs?: number): Promise<void> {
    return until(`${this.phone.user} is answered`, () => this.isUp && this.media?.connected === true, timeoutMs);
  }

  async ended(timeoutMs?: number): Promise<CallEnd> {
    await until(`${this.phone.user}'s call ends`, () => this.hasEnded, timeoutMs);
    return this.end;
  }

  /** Answers an incoming call, and waits until its audio is connected. */
  async answer(): Promise<this> {
    if (!(this.session instanceof Invitation)) throw new Error('not an incoming call');
    await this.session.accept();
    await this.answered();
    return this;
  }

  /** Lets an incoming call hear before it is answered (183 with a session description), and waits until it does. */
  async speakEarly(): Promise<void> {
    if (!(this.session instanceof Invitation)) throw new Error('not an incoming call');
    await this.session.progress({ statusCode: 183 });
    await until(`${this.phone.user} is heard before it answers`, () => this.media?.connected === true);
  }

  async reject(statusCode = 486): Promise<void> {
    if (!(this.session instanceof Invitation)) throw new Error('not an incoming call');
    await this.session.reject({ statusCode });
  }

  /** BYE, CANCEL or 603, as the call's state asks for. */
  async hangUp(): Promise<void> {
    if (this.isUp) await this.session.bye();
    else if (this.session instanceof Inviter) await this.session.cancel();
    else if (this.session instanceof Invitation && !this.hasEnded) await this.session.reject({ statusCode: 603 });
  }

  hold(): Promise<void> {
    return this.renegotiate('sendonly');
  }

  resume(): Promise<void> {
    return this.renegotiate('sendrecv');
  }

  /** Presses keys: telephone-events in the audio (RFC 4733) or SIP INFO. */
  async press(digits: string, by: 'rtp' | 'info' = 'rtp'): Promise<void> {
    if (by === 'rtp') {
      this.media?.sendDtmf(digits);
      return;
    }
    for (const digit of digits) {
      const body = { contentDisposition: 'render', contentType: 'application/dtmf-relay', content: `Signal=${digit}\r\nDuration=160\r\n` };
      await this.session.info({ requestOptions: { body } });
    }
  }

  /** REFER to a number, or attended to another call of this phone (with Replaces); waits for its answer. */
  async refer(to: string | PhoneCall, extraHeaders: string[] = []): Promise<number> {
    const target = to instanceof PhoneCall ? to.session : this.phone.uriOf(to);
    await this.session.refer(target, {
      requestOptions: { extraHeaders },
      onNotify: (notification) => {
        const [, status] = /^SIP\/2\.0 (\d{3})/.exec(notification.request.body) ?? [];
        if (status !== undefined) this.transferStatuses.push(Number(status));
        void notification.accept();
      },
      requestDelegate: {
        onAccept: (response) => { this.referStatus = response.message.statusCode ?? null; },
        onReject: (response) => { this.referStatus = response.message.statusCode ?? null; },
      },
    });
    await until('the REFER is answered', () => this.referStatus !== null);
    return this.referStatus ?? 0;
  }

  /** Header of an INVITE that wants this call's place (RFC 3891), as the other end names its dialog. */
  get asReplaced(): string {
    const { dialog } = this.session;
    if (dialog === undefined) throw new Error(`${this.phone.user} has no dialog yet`);
    return `Replaces: ${dialog.callId};to-tag=${dialog.remoteTag};from-tag=${dialog.localTag}`;
  }

  hears(tones: number | readonly number[], not: readonly number[] = [], timeoutMs?: number): Promise<void> {
    const ear = this.media?.ear;
    if (ear === undefined) throw new Error(`${this.phone.user} has no audio yet`);
    return ear.hears(typeof tones === 'number' ? [tones] : tones, not, timeoutMs);
  }

  /** Says another tone from now on. */
  says(hz: number): void {
    if (this.media === null) throw new Error(`${this.phone.user} has no audio yet`);
    this.media.toneHz = hz;
  }

  /** Watches a tone that is heard now. @returns ends the watch and tells the longest stretch without it, in milliseconds */
  watch(hz: number): () => number {
    const ear = this.media?.ear;
    if (ear === undefined) throw new Error(`${this.phone.user} has no audio yet`);
    return ear.watch(hz);
  }

  silent(timeoutMs?: number): Promise<void> {
    const ear = this.media?.ear;
    if (ear === undefined) throw new Error(`${this.phone.user} has no audio yet`);
    return ear.silent(timeoutMs);
  }

  /** A re-INVITE with our direction changed. Also the way to tell the switch of a new connection. */
  async renegotiate(direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive', withoutSdp = false): Promise<void> {
    const { media } = this;
    if (media === null) throw new Error('no audio yet');
    media.direction = direction;
    let status: number | null = null;
    await this.session.invite({
      withoutSdp,
      requestDelegate: {
        onAccept: (response) => { status = response.message.statusCode ?? null; },
        onReject: (response) => { status = response.message.statusCode ?? null; },
      },
    });
    await until('the re-INVITE is answered', () => status !== null);
    if (status !== 200) throw new Error(`re-INVITE answered ${String(status)}`);
  }
}

export class SipPhone {
  readonly user: string;
  readonly calls: PhoneCall[] = [];
  private readonly options: SipPhoneOptions;
  private readonly agent: UserAgent;
  private registerer: Registerer;
  private readonly waiting: PhoneCall[] = [];
  private dropping: Promise<void> = Promise.resolve();

  constructor(options: SipPhoneOptions) {
    this.options = options;
    this.user = options.user;
    this.agent = new UserAgent({
      uri: this.uriOf(options.user),
      authorizationUsername: options.user,
      authorizationPassword: options.password,
      displayName: options.displayName ?? '',
      transportOptions: { server: options.url, connectionTimeout: 5 },
      sessionDescriptionHandlerFactory: () => new PhoneMedia(options.toneHz, options.codec ?? 'pcmu'),
      logBuiltinEnabled: false,
      gracefulShutdown: false,
      delegate: { onInvite: (invitation) => this.invited(invitation) },
    });
    this.registerer = new Registerer(this.agent, { expires: 600 });
  }

  get isRegistered(): boolean {
    return this.registerer.state === RegistererState.Registered;
  }

  /** Connects where needed and registers. @throws with the SIP status when refused */
  async register(): Promise<void> {
    await this.connect();
    let status: number | null = null;
    await this.registerer.register({
      requestDelegate: {
        onAccept: (response) => { status = response.message.statusCode ?? null; },
        onReject: (response) => { status = response.message.statusCode ?? null; },
      },
    });
    await until(`${this.user}'s REGISTER is answered`, () => status !== null);
    if (status !== 200) throw new Error(`REGISTER answered ${String(status)}`);
  }

  async unregister(): Promise<void> {
    await this.registerer.unregister();
    await until(`${this.user} is unregistered`, () => this.registerer.state === RegistererState.Unregistered);
  }

  /** Connects without registering: for calls by digest alone. */
  async connect(): Promise<void> {
    if (!this.agent.isConnected()) await this.agent.start();
  }

  /** Dials; returns as soon as the INVITE is out, `withoutSdp` without an offer in it. */
  async call(number: string, extraHeaders: string[] = [], withoutSdp = false): Promise<PhoneCall> {
    await this.connect();
    const inviter = new Inviter(this.agent, this.uriOf(number), { extraHeaders, earlyMedia: true });
    const call = new PhoneCall(this, inviter);
    this.calls.push(call);
    await inviter.invite({
      withoutSdp,
      requestDelegate: {
        onProgress: (response) => { call.progress.push(response.message.statusCode ?? 0); },
        onReject: (response) => { call.end.status = response.message.statusCode ?? null; },
      },
    });
    return call;
  }

  /** The next call that comes in and was not yet taken by this method; already ringing. */
  async incoming(timeoutMs?: number): Promise<PhoneCall> {
    await until(`${this.user} is called`, () => this.waiting.length > 0, timeoutMs);
    const call = this.waiting.shift();
    if (call === undefined) throw new Error('unreachable');
    return call;
  }

  /** The latest call's ear. */
  hears(tones: number | readonly number[], not: readonly number[] = [], timeoutMs?: number): Promise<void> {
    return this.latest().hears(tones, not, timeoutMs);
  }

  silent(timeoutMs?: number): Promise<void> {
    return this.latest().silent(timeoutMs);
  }

  uriOf(number: string): URI {
    const uri = UserAgent.makeURI(`sip:${number}@${this.options.domain ?? '127.0.0.1'}`);
    if (uri === undefined) throw new Error('not dialable');
    return uri;
  }

  /** Closes the WebSocket without a word of SIP; calls and their audio stay. The far end may take its time to agree. */
  async dropConnection(): Promise<void> {
    this.dropping = this.agent.transport.disconnect();
    await until(`${this.user} is disconnected`, () => !this.agent.isConnected());
  }

  /** Comes back after `dropConnection` on a new socket, and registers anew. */
  async reconnect(): Promise<void> {
    await this.dropping;
    await this.agent.reconnect();
    this.registerer = new Registerer(this.agent, { expires: 600 });
    await this.register();
  }

  /** Hangs up everything and goes. */
  async close(): Promise<void> {
    for (const call of this.calls) {
      if (!call.hasEnded && this.agent.isConnected()) await call.hangUp().catch(() => {});
      call.media?.close();
    }
    await this.agent.stop().catch(() => {});
  }

  private latest(): PhoneCall {
    const call = this.calls.findLast(({ hasEnded }) => !hasEnded);
    if (call === undefined) throw new Error(`${this.user} has no call`);
    return call;
  }

  private invited(invitation: Invitation): void {
    const call = new PhoneCall(this, invitation);
    this.calls.push(call);
    this.waiting.push(call);
  }
}

export const createSipPhone = (options: SipPhoneOptions): SipPhone => new SipPhone(options);
