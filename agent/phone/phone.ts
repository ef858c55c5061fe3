import { Inviter, UserAgent, type Invitation } from 'sip.js/lib/api/index.js';
import type { URI } from 'sip.js/lib/grammar/index.js';
import type { MediaAnswer, MediaReport, MediaRequest } from '../../contract/bridge/media.ts';
import type { IceServers, SipCredential } from '../../contract/cti/sign-in.ts';
import { fail, type AppError, type Disposer, type Result } from '../../contract/errors.ts';
import type { Clock } from '../clock.ts';
import { Emitter } from '../../contract/emitter.ts';
import type { Logger } from '../logger.ts';
import type { RetryPolicy } from '../retry.ts';
import { RemoteDescription } from './description.ts';
import { Dialog, type DialogView, type RejectAs } from './dialog.ts';
import { Line } from './line.ts';
import { MediaRequests } from './media.ts';
import { REJOIN_HEADER, Redials, type AskRedial } from './redials.ts';
import type { RegistrationState } from './registration.ts';
import { Revival } from './revival.ts';

/** The header that ties a SIP dialog to the center's leg. */
const LEG_HEADER = 'X-Sangdam-Leg';

export type PhoneEvent =
  | { type: 'registration.changed'; state: RegistrationState; error: AppError | null }
  /** Told at each change, the last time with state `ended`. */
  | { type: 'dialog.changed'; dialog: DialogView }
  /** Whether this leg's phone is being dialled again has changed. */
  | { type: 'redial.changed'; key: string }
  /** The switch has agreed to a new peer connection; whether audio comes of it is the window's to tell. */
  | { type: 'media.renewed'; session: string; generation: number };

export interface PhoneOptions {
  credential: SipCredential;
  clock: Clock;
  log: Logger;
  /** PEM certificates to trust beside the system's. */
  ca?: string;
  retry?: RetryPolicy;
  /** Where there is nobody to ask, a call gets its audio back by re-INVITE or not at all. */
  redial?: AskRedial;
}

/**
 * A telephone: registers, rings, dials. Its audio lives in a window, asked through `media`. Of a switch of several
 * machines it is registered at each, by a line of its own that comes and goes by itself: calls come in over any, and
 * the phone is registered while one line is.
 */
export class Phone {
  readonly media: MediaRequests;
  private readonly options: PhoneOptions;
  private readonly events = new Emitter<PhoneEvent>();
  private readonly dialogs = new Map<string, Dialog>();
  private readonly redials: Redials;
  private readonly revival: Revival;
  private readonly lines: readonly Line[];
  private iceServers: IceServers;
  private told: { state: RegistrationState; error: AppError | null } = { state: 'lost', error: null };
  private stopped = false;

  constructor(options: PhoneOptions) {
    this.options = options;
    this.iceServers = options.credential.iceServers;
    this.media = new MediaRequests(options.clock);
    this.redials = new Redials({ clock: options.clock, log: options.log, dialogs: this.dialogs, changed: (dialog) => this.tell(dialog), redialChanged: (key) => this.events.emit({ type: 'redial.changed', key }) });
    this.revival = this.createRevival();
    const { url, others = [] } = options.credential;
    this.lines = [url, ...others].map((each) => this.lineTo(each));
  }

  get registered(): boolean {
    return this.registration.state === 'registered';
  }

  onEvent(listener: (event: PhoneEvent) => void): Disposer {
    return this.events.on(listener);
  }

  /** For peer connections that are made from now on. */
  useIceServers(iceServers: IceServers): void {
    this.iceServers = iceServers;
  }

  /** Connects and registers, and keeps at it until `stop`. The outcome is told by events. */
  start(): void {
    for (const line of this.lines) line.start();
  }

  /** The switch knows this phone now, which it may have refused before: as after a restart of the center. */
  registerAgain(): void {
    for (const line of this.lines) line.registerAgain();
  }

  /** Drops the connections to the switch, makes others, registers anew and tells live calls of it. */
  reconnect(): void {
    for (const line of this.lines) line.reconnect();
  }

  /** Hangs up, unregisters and closes the connections. */
  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.revival.stop();
    await Promise.all([...this.dialogs.values(), ...this.redials.others].filter((dialog) => this.isConnected(dialog)).map((dialog) => dialog.hangUp()));
    await Promise.all(this.lines.map((line) => line.stop()));
    this.media.stop();
    await Promise.all(this.lines.map((line) => line.dispose()));
  }

  /** The live dialogs, one a leg. */
  views(): DialogView[] {
    return [...this.dialogs.values()].map((dialog) => dialog.view);
  }

  /** Whether the leg's phone is being dialled again. */
  isRedialled(key: string): boolean {
    return this.redials.isOpen(key);
  }

  /** Dials a number as typed, already checked by `parseDialString`. `key` names the leg to the center. */
  async dial(number: string, key: string): Promise<Result<null>> {
    const line = this.lineToDial();
    if (line === undefined) return fail('phone.not-registered', 'the phone is not registered');
    const target = this.uriOf(number);
    if (target === null) return fail('number.invalid', 'not dialable');
    // Our switches never fork: what is heard before the answer comes from whoever answers.
    const inviter = new Inviter(line.agent, target, { extraHeaders: [`${LEG_HEADER}: ${key}`], earlyMedia: true });
    return this.keep(key, inviter).invite();
  }

  answer = (key: string): Promise<Result<null>> => this.on(key, (dialog) => dialog.answer());
  reject = (key: string, as: RejectAs): Promise<Result<null>> => this.on(key, (dialog) => dialog.reject(as));
  hold = (key: string): Promise<Result<null>> => this.online(key, (dialog) => dialog.setHold(true));
  resume = (key: string): Promise<Result<null>> => this.online(key, (dialog) => dialog.setHold(false));
  setMuted = (key: string, muted: boolean): Promise<Result<null>> => this.settled(key, (dialog) => dialog.setMuted(muted));
  sendDigits = (key: string, digits: string): Promise<Result<null>> => this.settled(key, (dialog) => dialog.sendDigits(digits));

  /**
   * Ends a call. While its socket is down the audio stops at once, `phone.not-registered` is answered so that the
   * caller ends the leg through the center, and the BYE follows when the socket is back: SIP.js alone loses it.
   */
  hangUp(key: string): Promise<Result<null>> {
    this.redials.abandon(key);
    return this.on(key, async (dialog) => {
      if (this.isConnected(dialog)) return dialog.hangUp();
      dialog.leave();
      return fail('phone.not-registered', 'the connection to the switch is lost; hung up as soon as it is back');
    });
  }

  /** Ends calls that the center knows to be over, where the switch cannot say so itself. @param live keys of those that are not */
  endLost(live: ReadonlySet<string>): void {
    for (const dialog of this.dialogs.values()) {
      const { name } = dialog.state;
      if ((name === 'established' || name === 'leaving') && !live.has(dialog.key) && !this.isConnected(dialog)) dialog.abandon();
    }
  }

  /** Blind transfer without the center. */
  refer(key: string, number: string): Promise<Result<null>> {
    const target = this.uriOf(number);
    if (target === null) return Promise.resolve(fail('number.invalid', 'not dialable'));
    return this.online(key, (dialog) => dialog.refer(target));
  }

  /** Attended transfer without the center: the other party of `key` replaces us in `toKey`. */
  referTo(key: string, toKey: string): Promise<Result<null>> {
    return this.online(key, (dialog) => {
      const to = this.dialogs.get(toKey);
      return to === undefined ? Promise.resolve(fail('phone.no-call', 'no such second call')) : dialog.refer(to);
    });
  }

  /** Gives the audio to a window; live calls get new peer connections there, but for those it has `open` still. */
  claimMedia(send: (request: MediaRequest) => void, open: readonly MediaReport[] = []): Disposer {
    return this.revival.claim(send, open);
  }

  /** Gives those calls their audio back that are without, as far as switch and center can be reached. */
  bringBack(): void {
    this.revival.bringBack();
  }

  /** A leg that lives and was left behind by the phone before, whose process was ended by force. */
  takeUp(key: string): void {
    this.revival.takeUp(key);
  }

  /** New audio for one dialog, unless it got some since `generation`. */
  async renewSession(session: string, generation: number): Promise<void> {
    const dialog = this.dialogWith(session, generation);
    if (dialog !== undefined) await this.revival.renew(dialog);
  }

  /** Another path for one dialog's audio, unless it got new audio since `generation`. */
  async restartIceOf(session: string, generation: number): Promise<void> {
    const dialog = this.dialogWith(session, generation);
    if (dialog !== undefined && this.isConnected(dialog)) await dialog.restartIce();
  }

  /** A call that a re-INVITE brought no audio is dialled again, unless it got some since `generation`. */
  async redialSession(session: string, generation: number): Promise<void> {
    const dialog = this.dialogWith(session, generation);
    if (dialog !== undefined) await this.revival.redial(dialog);
  }

  /** Whether a live dialog has its audio on this peer connection. */
  uses(session: string, generation: number): boolean {
    return this.dialogWith(session, generation) !== undefined;
  }

  answerMedia(answer: MediaAnswer): void {
    this.media.answer(answer);
  }

  /** Of the line that is furthest; an error is told when there is none left to hope for. */
  private get registration(): { state: RegistrationState; error: AppError | null } {
    for (const state of ['registered', 'registering'] as const) if (this.lines.some((line) => line.state === state)) return { state, error: null };
    return { state: 'lost', error: this.lines.find(({ error }) => error !== null)?.error ?? null };
  }

  /** Whether a BYE of this call sent now would leave this machine. */
  private isConnected(dialog: Dialog): boolean {
    return dialog.agent.isConnected();
  }

  /** Whether the machine of the switch that this call is on can dial this phone. */
  private isRegisteredFor(dialog: Dialog): boolean {
    return this.lines.some(({ agent, registered }) => agent === dialog.agent && registered);
  }

  private dialogWith(session: string, generation: number): Dialog | undefined {
    return [...this.dialogs.values(), ...this.redials.others].find((dialog) => dialog.view.session === session && dialog.generation === generation);
  }

  private on(key: string, act: (dialog: Dialog) => Promise<Result<null>>): Promise<Result<null>> {
    const dialog = this.dialogs.get(key);
    return dialog === undefined ? Promise.resolve(fail('phone.no-call', 'no dialog of this leg')) : act(dialog);
  }

  /** On the dialog that the leg goes on with. */
  private async settled(key: string, act: (dialog: Dialog) => Promise<Result<null>>): Promise<Result<null>> {
    await this.redials.settled(key);
    return this.on(key, act);
  }

  private online(key: string, act: (dialog: Dialog) => Promise<Result<null>>): Promise<Result<null>> {
    const ifConnected = (dialog: Dialog): Promise<Result<null>> => (this.isConnected(dialog) ? act(dialog) : Promise.resolve(fail('phone.not-registered', 'the connection to the switch is lost')));
    const now = this.dialogs.get(key);
    return now === undefined || this.isConnected(now) ? this.settled(key, ifConnected) : ifConnected(now);
  }

  private keep(key: string, session: Inviter | Invitation): Dialog {
    const { clock, log } = this.options;
    const dialog = new Dialog({
      key,
      session,
      clock,
      log,
      changed: () => {
        if (dialog.ended && this.dialogs.get(key) === dialog) this.dialogs.delete(key);
        this.tell(dialog);
      },
    });
    this.dialogs.set(key, dialog);
    this.tell(dialog);
    return dialog;
  }

  private tell(dialog: Dialog): void {
    // Answered for a window that was gone by then.
    if (dialog.isOrphaned && dialog.state.name === 'established') this.revival.bringBack();
    this.events.emit({ type: 'dialog.changed', dialog: dialog.view });
  }

  private invited(invitation: Invitation): void {
    const key = invitation.request.getHeader(LEG_HEADER);
    const ticket = invitation.request.getHeader(REJOIN_HEADER);
    if (key !== undefined && ticket !== undefined && this.redials.invited(key, ticket, invitation)) return;
    if (key === undefined || !/^[\w.:-]{1,128}$/.test(key) || ticket !== undefined || this.dialogs.has(key)) {
      // Only the center calls this phone, and it always says which leg it means.
      this.options.log.warn({}, 'INVITE without a leg refused');
      void invitation.reject({ statusCode: 403 }).catch(() => {});
      return;
    }
    this.keep(key, invitation);
  }

  /**
   * A second call goes where the first is: only there can the two be put together. One that rings, or whose end is still
   * on its way, is not the first.
   */
  private lineToDial(): Line | undefined {
    const registered = this.lines.filter((line) => line.registered);
    const talking = [...this.dialogs.values()].filter(({ state }) => state.name === 'established');
    return registered.find(({ agent }) => talking.some((dialog) => dialog.agent === agent)) ?? registered[0];
  }

  /** The switch knows a line: after a lost connection its calls are told of it, or ended. */
  private recoverDialogs({ agent }: Line, recovering: boolean): void {
    for (const dialog of recovering ? this.dialogs.values() : []) {
      if (dialog.agent !== agent) continue;
      if (dialog.state.name === 'leaving') void dialog.hangUp();
      else if (dialog.isOrphaned) continue;
      // The peer connection lives; where the switch takes no other, it has to do, on whatever path it finds now.
      else if (this.options.credential.rejoin === 'redial') void dialog.restartIce();
      else void dialog.renewMedia();
    }
    this.bringBack();
  }

  private createRevival(): Revival {
    const { options, media, dialogs, redials } = this;
    const { credential, redial, clock, log } = options;
    return new Revival({
      rejoin: credential.rejoin, ask: redial, clock, log, media, dialogs, redials,
      isConnected: (dialog) => this.isConnected(dialog),
      isRegisteredFor: (dialog) => this.isRegisteredFor(dialog),
      isRegistered: () => this.registered,
      renewed: (dialog) => this.events.emit({ type: 'media.renewed', session: dialog.view.session, generation: dialog.generation }),
    });
  }

  private lineChanged(line: Line): void {
    if (this.lines.length > 1) this.options.log.info({ server: line.url, state: line.state }, 'a line of the phone changed');
    const { state, error } = this.registration;
    if (state === this.told.state && error === this.told.error) return;
    this.told = { state, error };
    this.events.emit({ type: 'registration.changed', state, error });
  }

  private uriOf(number: string): URI | null {
    const user = number.replace(/[\s().-]/g, '');
    if (!/^\+?[\dA-Za-z*#]{1,40}$/.test(user)) return null;
    return UserAgent.makeURI(`sip:${encodeURIComponent(user).replace('%2B', '+')}@${this.options.credential.domain}`) ?? null;
  }

  private lineTo(url: string): Line {
    const { credential, clock, log, ca, retry } = this.options;
    const line: Line = new Line({
      url, credential, clock, log, ca, retry,
      description: (session) => new RemoteDescription(session.id, this.media, this.iceServers, this.redials.inheritanceOf(session)),
      onInvite: (invitation) => this.invited(invitation),
      onRegistered: (recovering) => this.recoverDialogs(line, recovering),
      onChanged: () => this.lineChanged(line),
    });
    return line;
  }
}
