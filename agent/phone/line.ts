import { UserAgent, UserAgentState, type Invitation, type Session, type SessionDescriptionHandler } from 'sip.js/lib/api/index.js';
import type { SipCredential } from '../../contract/cti/sign-in.ts';
import { fail, type AppError, type Disposer } from '../../contract/errors.ts';
import type { Clock } from '../clock.ts';
import { redact, type Logger } from '../logger.ts';
import { connectionErrorCode } from '../network.ts';
import { reconnectPolicy, retryDelayMs, type RetryPolicy } from '../retry.ts';
import { Registration, type RegistrationState } from './registration.ts';
import { transportDefaults, WsTransport, type TransportOptions } from './transport.ts';

export interface LineOptions {
  /** Of the one machine it leads to. */
  url: string;
  credential: SipCredential;
  clock: Clock;
  log: Logger;
  ca: string | undefined;
  retry: RetryPolicy | undefined;
  /** The audio of a call. */
  description: (session: Session) => SessionDescriptionHandler;
  onInvite: (invitation: Invitation) => void;
  /** @param recovering the connection replaces a lost one */
  onRegistered: (recovering: boolean) => void;
  onChanged: () => void;
}

/**
 * A phone's connection with one machine of the switch: a socket, a registration over it, and both again whenever they
 * are lost.
 */
export class Line {
  readonly url: string;
  readonly agent: UserAgent;
  private readonly options: LineOptions;
  private readonly registration: Registration;
  private stopped = false;
  private recovering = false;
  private attempt = 0;
  private stopRetry: Disposer = () => {};

  constructor(options: LineOptions) {
    this.options = options;
    this.url = options.url;
    this.agent = this.createAgent();
    this.registration = new Registration(this.agent, options.clock, () => {
      if (this.registered) {
        const { recovering } = this;
        this.recovering = false;
        options.onRegistered(recovering);
      }
      options.onChanged();
    });
  }

  get state(): RegistrationState {
    return this.registration.state;
  }

  get error(): AppError | null {
    return this.registration.error;
  }

  get registered(): boolean {
    return this.state === 'registered';
  }

  get connected(): boolean {
    return this.agent.isConnected();
  }

  start(): void {
    void this.connect();
  }

  registerAgain(): void {
    if (!this.stopped && this.connected && this.state === 'lost') this.registration.register();
  }

  reconnect(): void {
    if (this.stopped) return;
    this.attempt = 0;
    // A disconnect that was there to be noticed leads to `lost` by itself.
    if (this.connected) void this.agent.transport.disconnect();
    else this.lost('reconnecting');
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.stopRetry();
    await this.registration.unregister();
  }

  /** After `stop`, when the audio is gone. */
  async dispose(): Promise<void> {
    await this.agent.stop().catch((error: unknown) => this.options.log.debug({ error: String(error) }, 'user agent stopped with an error'));
    await this.agent.transport.dispose();
  }

  private async connect(): Promise<void> {
    try {
      if (this.agent.state === UserAgentState.Started) await this.agent.reconnect();
      else await this.agent.start();
    } catch (error) {
      this.lost(error);
    }
  }

  private connectedAgain(): void {
    this.attempt = 0;
    this.registration.register();
  }

  private lost(cause: unknown): void {
    if (this.stopped) return;
    this.recovering = true;
    const code = connectionErrorCode(cause) === 'center.untrusted' ? 'center.untrusted' : 'switch.unavailable';
    this.registration.connectionLost(fail(code, redact(String(cause))).error);
    const delayMs = retryDelayMs(this.options.retry ?? reconnectPolicy, this.attempt++);
    this.stopRetry();
    this.stopRetry = this.options.clock.setTimeout(() => void this.connect(), delayMs);
  }

  private createAgent(): UserAgent {
    const { url, credential, log, ca, description } = this.options;
    const uri = UserAgent.makeURI(`sip:${credential.user}@${credential.domain}`);
    if (uri === undefined) throw new Error('the SIP credential names no address');
    const transport: TransportOptions = { ...transportDefaults, url, ca, log };
    return new UserAgent({
      uri,
      authorizationUsername: credential.user,
      authorizationPassword: credential.password,
      contactName: credential.user,
      transportConstructor: class extends WsTransport {
        constructor() {
          super(transport);
        }
      },
      sessionDescriptionHandlerFactory: (session) => description(session),
      gracefulShutdown: false,
      reconnectionAttempts: 0,
      logBuiltinEnabled: false,
      logConnector: (level, _category, _label, content) => {
        if (level === 'error' || level === 'warn') log.debug({ sip: redact(content) }, 'SIP.js');
      },
      userAgentString: 'Sangdam',
      delegate: {
        onInvite: (invitation) => this.options.onInvite(invitation),
        onConnect: () => this.connectedAgain(),
        onDisconnect: (error) => this.lost(error ?? 'closed'),
        // Nobody but the center moves calls: unasked REFERs are refused.
        onRefer: (referral) => void referral.reject(),
      },
    });
  }
}
