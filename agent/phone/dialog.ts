import { Invitation, Inviter, SessionState, type Session, type SessionInviteOptions, type UserAgent } from 'sip.js/lib/api/index.js';
import type { URI } from 'sip.js/lib/grammar/index.js';
import type { MediaReport } from '../../contract/bridge/media.ts';
import { done, fail, type Result } from '../../contract/errors.ts';
import { pause, type Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { RemoteDescription, type Inheritance } from './description.ts';
import { moveDialog, type DialogEvent, type DialogState } from './dialog-state.ts';

/** RFC 3261 §14.1: the owner of the Call-ID waits 2.1–4 s after 491, the other side 0–2 s. */
const glareDelayMs = (owner: boolean): number => (owner ? 2100 + Math.random() * 1900 : Math.random() * 2000);
/** RFC 3261 §14.2: 500 while the other side is not done with the exchange before; that takes it milliseconds. */
const STILL_BUSY_MS = 200;
const GLARE_RETRIES = 3;
const ACK_WAIT_MS = 1000;
const REINVITE_DEADLINE_MS = 12_000;
const GOODBYE_WAIT_MS = 1000;

export type RejectAs = 'busy' | 'declined';
const REJECT_STATUS: Record<RejectAs, number> = { busy: 486, declined: 603 };

/** What the session shows of a dialog. */
export interface DialogView {
  /** The `X-Sangdam-Leg` that the center and the phone both know the leg by. */
  key: string;
  /** SIP.js's id: the media requests' `session`. */
  session: string;
  direction: 'incoming' | 'outgoing';
  state: DialogState;
  muted: boolean;
  /** SIP status that ended an unanswered call; null otherwise. */
  status: number | null;
  /** Number of the peer connection in use; more than 0 where the call had another before. */
  generation: number;
}

interface DialogParts {
  key: string;
  session: Session;
  clock: Clock;
  log: Logger;
  changed: () => void;
}

/** What a re-INVITE is to change. */
interface Change {
  isDone?: () => boolean;
  prepare: (audio: RemoteDescription) => void;
  undo?: (audio: RemoteDescription) => void;
  agreed?: () => void;
}

const audioHolds = (state: DialogState): boolean => state.name === 'established' && state.hold === 'held';

/** One SIP dialog and its audio. Every method answers a Result; what became of the dialog is told by `changed`. */
export class Dialog {
  readonly key: string;
  state: DialogState;
  private status: number | null = null;
  private readonly session: Session;
  private readonly clock: Clock;
  private readonly log: Logger;
  private readonly changed: () => void;
  /** One re-INVITE at a time (RFC 3261 §14.1), the first one after the ACK; each waits for the one before. */
  private renegotiating: Promise<unknown>;

  constructor({ key, session, clock, log, changed }: DialogParts) {
    this.key = key;
    this.session = session;
    this.clock = clock;
    this.log = log;
    this.changed = changed;
    this.state = session instanceof Invitation ? { name: 'ringing' } : { name: 'dialling' };
    this.renegotiating = session instanceof Invitation ? this.acknowledged() : Promise.resolve();
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established && this.state.name !== 'leaving') this.move({ type: 'accepted' });
      if (state === SessionState.Terminated) this.move({ type: 'terminated' });
    });
  }

  get view(): DialogView {
    const { key, session, state, status, generation } = this;
    return { key, session: session.id, direction: session instanceof Invitation ? 'incoming' : 'outgoing', state, muted: this.audio?.muted ?? false, status, generation };
  }

  /** Of the line that the call is on. */
  get agent(): UserAgent {
    return this.session.userAgent;
  }

  /** For the dialog that goes on in its place. */
  get inheritance(): Inheritance {
    return { muted: this.audio?.muted ?? false, generation: this.generation + 1 };
  }

  /** Number of the peer connection in use. */
  get generation(): number {
    return this.audio?.generation ?? 0;
  }

  /** Its audio was in a window that is gone. */
  get isOrphaned(): boolean {
    return this.audio?.isOrphaned ?? false;
  }

  get ended(): boolean {
    return this.state.name === 'ended';
  }

  /** Sends INVITE. */
  async invite(): Promise<Result<null>> {
    if (!(this.session instanceof Inviter)) return noCall('an incoming call is answered, not dialled');
    try {
      await this.session.invite({ requestDelegate: { onReject: ({ message }) => void (this.status = message.statusCode ?? null) } });
      return done();
    } catch (error) {
      this.move({ type: 'terminated' });
      return fail('media.failed', String(error));
    }
  }

  async answer(): Promise<Result<null>> {
    const { session } = this;
    if (this.state.name === 'answering' || this.state.name === 'established') return done();
    if (!(session instanceof Invitation) || this.state.name !== 'ringing') return noCall('nothing rings here');
    this.move({ type: 'answered' });
    try {
      await session.accept();
      return done();
    } catch (error) {
      // Without audio there is no call: the far end is told, and the center offers it to somebody else.
      this.log.warn({ dialogKey: this.key, error: String(error) }, 'call could not be answered');
      await this.end('declined');
      return fail('media.failed', String(error));
    }
  }

  reject(as: RejectAs): Promise<Result<null>> {
    return this.state.name === 'ringing' ? this.end(as) : Promise.resolve(noCall('nothing rings here'));
  }

  /** BYE, CANCEL or 603, as the dialog's state asks for. */
  hangUp(): Promise<Result<null>> {
    return this.ended ? Promise.resolve(noCall('the call is over')) : this.end('declined');
  }

  /** The socket is down: audio stops at once; `hangUp` follows when it is back. */
  leave(): void {
    this.move({ type: 'hungUpOffline' });
    this.audio?.close();
  }

  /** The far end is gone, and nobody is left to be told: audio and call end here. */
  abandon(): void {
    void this.end('declined');
  }

  async setHold(hold: boolean): Promise<Result<null>> {
    if (this.state.name !== 'established') return noCall('not talking');
    return this.renegotiate({
      // Known only when what was asked before is done.
      isDone: () => audioHolds(this.state) === hold,
      prepare: (audio) => void (audio.hold = hold),
      undo: (audio) => void (audio.hold = !hold),
      agreed: () => this.move({ type: hold ? 'held' : 'resumed' }),
    });
  }

  async setMuted(muted: boolean): Promise<Result<null>> {
    const { audio } = this;
    if (audio === null || this.state.name !== 'established') return noCall('not talking');
    const result = await audio.setMuted(muted);
    this.changed();
    return result.ok ? done() : result;
  }

  /** RFC 4733 in the audio; SIP INFO where the window cannot. */
  async sendDigits(digits: string): Promise<Result<null>> {
    const { audio } = this;
    if (audio === null || this.state.name !== 'established') return noCall('not talking');
    const result = await audio.sendDigits(digits.toUpperCase());
    if (result.ok) return done();
    try {
      for (const digit of digits.toUpperCase()) {
        const body = { contentDisposition: 'render', contentType: 'application/dtmf-relay', content: `Signal=${digit}\r\nDuration=160\r\n` };
        await this.session.info({ requestOptions: { body } });
      }
      return done();
    } catch (error) {
      return fail('media.failed', String(error));
    }
  }

  /** REFER (RFC 3515): blind to an address, or attended to another dialog by Replaces (RFC 3891, 5589). */
  async refer(to: URI | Dialog): Promise<Result<null>> {
    if (this.state.name !== 'established') return noCall('not talking');
    if (to instanceof Dialog && to.state.name !== 'established') return noCall('the second call is not answered yet');
    return new Promise((resolve) => {
      const stopWaiting = this.clock.setTimeout(() => resolve(fail('center.timeout', 'REFER was not answered')), REINVITE_DEADLINE_MS);
      const settle = (result: Result<null>): void => {
        stopWaiting();
        resolve(result);
      };
      const requestDelegate = {
        onAccept: () => settle(done()),
        onReject: ({ message }: { message: { statusCode?: number | undefined } }) => settle(fail('target.unavailable', `REFER answered ${message.statusCode ?? 0}`)),
      };
      this.session
        .refer(to instanceof Dialog ? to.session : to, { onNotify: (notification) => void notification.accept(), requestDelegate })
        .catch((error: unknown) => settle(fail('phone.not-registered', String(error))));
    });
  }

  /** The window that takes the audio now is the one that has had it, with these peer connections. */
  keepAudio(open: readonly MediaReport[]): void {
    const { audio, session } = this;
    if (open.some((one) => one.session === session.id && one.generation === audio?.generation && one.state !== 'failed' && one.state !== 'closed')) audio?.keep();
  }

  /** A re-INVITE on a new peer connection: after a new window took the audio, or a new network path. */
  renewMedia(): Promise<Result<null>> {
    if (this.state.name !== 'established') return Promise.resolve(done());
    return this.renegotiate({ prepare: (audio) => audio.renew() });
  }

  /** A re-INVITE on the peer connection there is, with ICE restarted: after a new network path. */
  restartIce(): Promise<Result<null>> {
    if (this.state.name !== 'established') return Promise.resolve(done());
    return this.renegotiate({ prepare: (audio) => audio.restart() });
  }

  /** No window has the audio any more: the other side is put on hold, so that it hears music until `renewMedia`. */
  park(): Promise<Result<null>> {
    if (this.state.name !== 'established' || this.state.hold === 'held') return Promise.resolve(done());
    return this.renegotiate({ prepare: (audio) => audio.park() });
  }

  /** Resolves with the ACK of our answer, or after a while without. */
  private acknowledged(): Promise<void> {
    return new Promise((resolve) => {
      this.session.delegate = { onAck: () => resolve() };
      this.session.stateChange.addListener((state) => {
        if (state === SessionState.Established) this.clock.setTimeout(resolve, ACK_WAIT_MS);
        if (state === SessionState.Terminated) resolve();
      });
    });
  }

  private get audio(): RemoteDescription | null {
    const handler = this.session.sessionDescriptionHandler;
    return handler instanceof RemoteDescription ? handler : null;
  }

  /**
   * Over for the person at once, whatever the far end has still to say: a BYE may have to wait up to 32 s for an ACK
   * that was lost (RFC 3261 §15). Resolves when the goodbye is out, or after a second without.
   */
  private async end(as: RejectAs): Promise<Result<null>> {
    const goodbye = this.sayGoodbye(as);
    this.audio?.close();
    this.move({ type: 'terminated' });
    await new Promise<void>((resolve) => {
      const stopWaiting = this.clock.setTimeout(resolve, GOODBYE_WAIT_MS);
      void goodbye.then(() => {
        stopWaiting();
        resolve();
      });
    });
    return done();
  }

  private async sayGoodbye(as: RejectAs): Promise<void> {
    const { session } = this;
    try {
      if (session.state === SessionState.Established) await session.bye();
      else if (session instanceof Inviter) await session.cancel();
      else if (session instanceof Invitation) await session.reject({ statusCode: REJECT_STATUS[as] });
    } catch (error) {
      this.log.warn({ dialogKey: this.key, error: String(error) }, 'the call could not be ended in good order');
    }
  }

  private renegotiate({ isDone, prepare, undo, agreed }: Change): Promise<Result<null>> {
    const run = async (): Promise<Result<null>> => {
      const { audio } = this;
      if (audio === null || this.state.name !== 'established') return noCall('not talking');
      if (isDone?.() === true) return done();
      prepare(audio);
      const result = await this.reinvite(GLARE_RETRIES);
      if (result.ok) agreed?.();
      else undo?.(audio);
      return result;
    };
    const next = this.renegotiating.then(run);
    this.renegotiating = next;
    return next;
  }

  private async reinvite(retries: number): Promise<Result<null>> {
    const status = await this.reinviteOnce();
    if (status >= 200 && status < 300) return this.audio?.isAnswerApplied === false ? fail('media.failed', 'the answer to a re-INVITE could not be applied') : done();
    if ((status === 491 || status === 500) && retries > 0) {
      await pause(this.clock, status === 491 ? glareDelayMs(this.session instanceof Inviter) : STILL_BUSY_MS);
      return this.reinvite(retries - 1);
    }
    // RFC 3261 §12.2.1.2: the other side no longer knows this dialog.
    if (status === 481) {
      await this.end('declined');
      return noCall('the other side has hung up');
    }
    return fail('media.failed', `re-INVITE answered ${status}`);
  }

  /** @returns the final status; 0 for none */
  private reinviteOnce(): Promise<number> {
    return new Promise((resolve) => {
      const stopWaiting = this.clock.setTimeout(() => resolve(0), REINVITE_DEADLINE_MS);
      const settle = (status: number): void => {
        stopWaiting();
        resolve(status);
      };
      const options: SessionInviteOptions = {
        requestDelegate: {
          onAccept: ({ message }) => settle(message.statusCode ?? 200),
          onReject: ({ message }) => settle(message.statusCode ?? 0),
        },
      };
      this.session.invite(options).catch((error: unknown) => {
        this.log.warn({ dialogKey: this.key, error: String(error) }, 're-INVITE could not be sent');
        settle(0);
      });
    });
  }

  private move(event: DialogEvent): void {
    const next = moveDialog(this.state, event);
    if (!next.ok) {
      this.log.debug({ dialogKey: this.key, why: next.error.message }, 'dialog event without effect');
      return;
    }
    if (next.value.name === this.state.name && next.value.name === 'ended') return;
    this.state = next.value;
    this.changed();
  }
}

const noCall = (why: string): Result<never> => fail('phone.no-call', why);
