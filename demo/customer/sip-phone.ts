import { Invitation, Inviter, Registerer, RegistererState, SessionState, UserAgent, UserAgentState, Web, type Session, type URI } from 'sip.js';
import { endReasonOf, endReasonOfError, type CallState, type EndReason, type LineState, type PhoneState } from './phone-state.ts';

export interface SipPhoneOptions {
  /** WebSocket address of the switch. */
  server: string;
  domain: string;
}

export interface PhoneAccount {
  user: string;
  password: string;
}

const RECONNECT_MS = [500, 1000, 2000, 4000, 8000];
/** All candidates are on this host; waiting longer finds nothing (SIP.js would wait 5 s). */
const ICE_GATHERING_MS = 500;
const DTMF_MS = 120;
const DTMF_GAP_MS = 80;

/** One line, one call: a customer's phone over SIP.js. Plays what it hears on `audio`. */
export class SipPhone {
  readonly audio: HTMLAudioElement = document.createElement('audio');
  private readonly options: SipPhoneOptions;
  private readonly listeners = new Set<(state: PhoneState) => void>();
  private state: PhoneState = { line: { kind: 'off' }, call: { kind: 'idle', why: null } };
  private agent: UserAgent | null = null;
  private registerer: Registerer | null = null;
  private session: Session | null = null;
  private attempt = 0;
  /** Keys leave in the order they were pressed in. */
  private pressing: Promise<void> = Promise.resolve();
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SipPhoneOptions) {
    this.options = options;
    this.audio.autoplay = true;
  }

  /** Tells the state now and at each change. @returns a disposer */
  onState(listener: (state: PhoneState) => void): () => void {
    this.listeners.add(listener);
    listener(this.state);
    return () => this.listeners.delete(listener);
  }

  /** Connects and registers; a former line is given up. The outcome is in the state's `line`. */
  async register(account: PhoneAccount): Promise<void> {
    await this.unregister();
    this.setLine({ kind: 'registering', user: account.user });
    const uri = UserAgent.makeURI(`sip:${account.user}@${this.options.domain}`);
    if (uri === undefined) {
      this.setLine({ kind: 'failed', user: account.user, problem: 'refused' });
      return;
    }
    const agent = this.makeAgent(account, uri);
    this.agent = agent;
    try {
      await agent.start();
    } catch {
      this.connectionLost(agent, account.user);
    }
  }

  async unregister(): Promise<void> {
    clearTimeout(this.retry);
    const { agent } = this;
    this.agent = null;
    this.registerer = null;
    if (agent !== null && agent.state === UserAgentState.Started) await agent.stop().catch(() => {});
    this.setLine({ kind: 'off' });
    // How the last call ended is of no interest to whoever turns the phone on again.
    if (this.state.call.kind === 'idle') this.setCall({ kind: 'idle', why: null });
  }

  /** Calls a number. @returns when the call is on its way or has failed; the outcome is in the state's `call` */
  async call(dialled: string): Promise<void> {
    const number = dialled.replace(/[^\d+*#]/g, '');
    const target = UserAgent.makeURI(`sip:${number}@${this.options.domain}`);
    if (this.agent === null || this.session !== null || number === '' || target === undefined) return;
    const inviter = new Inviter(this.agent, target, { earlyMedia: false });
    this.follow(inviter, number);
    this.setCall({ kind: 'dialling', number, ringing: false });
    try {
      await inviter.invite({
        requestDelegate: {
          onProgress: (response) => {
            if (response.message.statusCode === 180 && this.session === inviter) this.setCall({ kind: 'dialling', number, ringing: true });
          },
          onReject: (response) => this.over(inviter, endReasonOf(response.message.statusCode ?? 500)),
        },
      });
    } catch (error) {
      this.over(inviter, endReasonOfError(error));
    }
  }

  async answer(): Promise<void> {
    const { session } = this;
    if (!(session instanceof Invitation)) return;
    try {
      await session.accept();
    } catch (error) {
      this.over(session, endReasonOfError(error));
      await session.reject({ statusCode: 480 }).catch(() => {});
    }
  }

  /** Ends the call, gives up dialling, or declines, whichever applies. */
  async hangUp(): Promise<void> {
    const { session } = this;
    if (session === null) return;
    switch (session.state) {
      case SessionState.Initial:
      case SessionState.Establishing:
        if (session instanceof Inviter) await session.cancel();
        if (session instanceof Invitation) await session.reject({ statusCode: 603 });
        break;
      case SessionState.Established:
        await session.bye();
        break;
      case SessionState.Terminating:
      case SessionState.Terminated:
        break;
    }
    this.over(session, session instanceof Inviter && this.state.call.kind === 'dialling' ? 'cancelled' : 'ended');
  }

  /** Puts the far end on hold by re-INVITE (RFC 3264 §8.4), or resumes. */
  async setHeld(held: boolean): Promise<void> {
    const { session } = this;
    const { call } = this.state;
    if (session === null || (call.kind !== 'talking' && call.kind !== 'held')) return;
    session.sessionDescriptionHandlerOptionsReInvite = { hold: held } as Session['sessionDescriptionHandlerOptionsReInvite'];
    await session.invite({
      requestDelegate: {
        onAccept: () => {
          if (this.session !== session) return;
          for (const sender of peerConnectionOf(session)?.getSenders() ?? []) if (sender.track !== null) sender.track.enabled = !held;
          this.setCall({ ...call, kind: held ? 'held' : 'talking' });
        },
      },
    });
  }

  /** Sends a key as RFC 4733 telephone-event. */
  /** Presses a key. One that comes before the audio flows waits for it; none is lost. */
  sendDigit(digit: string): void {
    const handler = this.session?.sessionDescriptionHandler;
    const connection = handler instanceof Web.SessionDescriptionHandler ? handler.peerConnection : undefined;
    if (connection === undefined) return;
    this.pressing = this.pressing.then(async () => {
      const dtmf = await keysOf(connection);
      // What is still to be sent is replaced by an insertion, so it goes along.
      dtmf?.insertDTMF(dtmf.toneBuffer + digit, DTMF_MS, DTMF_GAP_MS);
    });
  }

  private makeAgent(account: PhoneAccount, uri: URI): UserAgent {
    const agent: UserAgent = new UserAgent({
      uri,
      authorizationUsername: account.user,
      authorizationPassword: account.password,
      transportOptions: { server: this.options.server, keepAliveInterval: 20 },
      sessionDescriptionHandlerFactory: Web.defaultSessionDescriptionHandlerFactory(),
      // SIP.js would ask a public STUN server; everything is reachable directly here.
      sessionDescriptionHandlerFactoryOptions: { iceGatheringTimeout: ICE_GATHERING_MS, peerConnectionConfiguration: { iceServers: [] } },
      logBuiltinEnabled: false,
      delegate: {
        onConnect: () => void this.registerOn(agent, account.user),
        onDisconnect: (error) => {
          if (error !== undefined) this.connectionLost(agent, account.user);
        },
        onInvite: (invitation) => this.invited(invitation),
      },
    });
    return agent;
  }

  private async registerOn(agent: UserAgent, user: string): Promise<void> {
    this.attempt = 0;
    const registerer = new Registerer(agent, { expires: 300 });
    this.registerer = registerer;
    registerer.stateChange.addListener((state) => {
      if (this.registerer === registerer && state === RegistererState.Registered) this.setLine({ kind: 'registered', user });
    });
    const refused = () => {
      if (this.registerer === registerer) this.setLine({ kind: 'failed', user, problem: 'refused' });
    };
    await registerer.register({ requestDelegate: { onReject: refused } }).catch(refused);
  }

  private connectionLost(agent: UserAgent, user: string): void {
    if (this.agent !== agent) return;
    this.registerer = null;
    if (this.session !== null) this.over(this.session, 'networkLost');
    this.setLine({ kind: 'failed', user, problem: 'unreachable' });
    clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      if (this.agent === agent) agent.reconnect().catch(() => this.connectionLost(agent, user));
    }, RECONNECT_MS[Math.min(this.attempt++, RECONNECT_MS.length - 1)]);
  }

  private invited(invitation: Invitation): void {
    if (this.session !== null) {
      void invitation.reject({ statusCode: 486 });
      return;
    }
    const number = invitation.remoteIdentity.uri.user ?? '';
    this.follow(invitation, number);
    this.setCall({ kind: 'ringing', number });
    void invitation.progress({ statusCode: 180 }).catch(() => {});
  }

  private follow(session: Session, number: string): void {
    this.session = session;
    session.stateChange.addListener((state) => {
      if (this.session !== session) return;
      if (state === SessionState.Established) {
        this.audio.srcObject = (session.sessionDescriptionHandler as Web.SessionDescriptionHandler).remoteMediaStream;
        void this.audio.play().catch(() => {});
        this.setCall({ kind: 'talking', number, since: Date.now() });
      }
      // Whoever knows better why it ended (a SIP status, a blocked microphone) says so in this same turn.
      if (state === SessionState.Terminated) setTimeout(() => this.over(session, this.state.call.kind === 'ringing' ? 'cancelled' : 'ended'));
    });
  }

  private over(session: Session, why: EndReason): void {
    if (this.session !== session) return;
    this.session = null;
    this.audio.srcObject = null;
    this.setCall({ kind: 'idle', why });
  }

  private setLine(line: LineState): void {
    this.publish({ ...this.state, line });
  }

  private setCall(call: CallState): void {
    this.publish({ ...this.state, call });
  }

  private publish(state: PhoneState): void {
    this.state = state;
    for (const listener of this.listeners) listener(state);
  }
}

function peerConnectionOf(session: Session): RTCPeerConnection | undefined {
  return (session.sessionDescriptionHandler as Web.SessionDescriptionHandler | undefined)?.peerConnection;
}

const LOOK_EVERY_MS = 20;

/**
 * Resolves with where keys go in, once our first packet has left; null when the connection closed before.
 * `canInsertDTMF` and a connected state come a moment earlier, and a key inserted in between is lost without a word.
 */
async function keysOf(connection: RTCPeerConnection): Promise<RTCDTMFSender | null> {
  while (connection.connectionState !== 'closed' && connection.connectionState !== 'failed') {
    const dtmf = connection.getSenders().find((sender) => sender.dtmf?.canInsertDTMF === true)?.dtmf;
    for (const report of (await connection.getStats()).values()) {
      const { type, packetsSent = 0 }: { type: string; packetsSent?: number } = report;
      if (type === 'outbound-rtp' && packetsSent > 0 && dtmf) return dtmf;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return null;
}
