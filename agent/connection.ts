import type { MediaReport } from '../contract/bridge/media.ts';
import type { Refreshed, SignedIn } from '../contract/cti/sign-in.ts';
import { fail, unreachable, type AppError, type Disposer, type Result } from '../contract/errors.ts';
import type { ContactView } from '../contract/contact.ts';
import type { ContactId } from '../contract/ids.ts';
import { isLive, type ParticipantState } from '../contract/participant-state.ts';
import { CenterApi } from './api/index.ts';
import { audioOf } from './audio-view.ts';
import { AccessReporter } from './access-reporter.ts';
import { AudioWatch } from './audio-watch.ts';
import type { Clock } from './clock.ts';
import { CtiClient, Tokens, type CenterRest, type CtiClientEvent } from './cti/index.ts';
import type { Customers } from './customers/index.ts';
import type { Logger } from './logger.ts';
import { Outage } from './outage.ts';
import { type AskRedial, type Phone, type PhoneEvent, type PhoneOptions } from './phone/index.ts';
import { AgentTopics, type Viewer } from './topics/index.ts';
import { partsOfEvent, partsOfSnapshot, type ViewStore } from './session-view.ts';
import type { Notice } from '../contract/cti/notice.ts';

const FIRST_SNAPSHOT_MS = 10_000;
/** A peer connection that keeps failing is not renewed more often than this. */
const RENEW_EVERY_MS = 5000;
/** A switch that has agreed to a new peer connection, and still sends nothing by then, does not take it. */
const NEW_AUDIO_MS = 3000;

export interface ConnectionOptions {
  server: string;
  signedIn: SignedIn;
  rest: CenterRest;
  cache: Customers;
  view: ViewStore;
  clock: Clock;
  log: Logger;
  createPhone: (options: PhoneOptions) => Phone;
  /** Whether a window shows this desk. */
  hasWindow: () => boolean;
  onNotice: (notice: Notice) => void;
  /** The sign-in with new tokens; the old refresh token is spent. */
  onRenewed: (signedIn: SignedIn) => void;
  /** The sign-in is over: replaced, expired or signed out. Null: by this person's own wish. */
  onEnded: (error: AppError | null) => void;
}

/**
 * Everything alive between one sign-in and its end: tokens, CTI socket and phone, and their news as they enter
 * the view.
 */
export class Connection {
  readonly cti: CtiClient;
  /** Null at a console: there is no telephone. */
  readonly phone: Phone | null;
  readonly api: CenterApi;
  /** What its windows look at, and who works here in any case: without the center, colleagues are called by extension. */
  readonly topics: AgentTopics;
  /** Whom this person opens beyond their calls. */
  readonly accesses: AccessReporter;
  private readonly options: ConnectionOptions;
  private readonly tokens: Tokens;
  private readonly disposers: Disposer[] = [];
  private readonly reports = new Map<string, MediaReport>();
  private readonly renewedAt = new Map<string, number>();
  /** Calls hung up while neither the switch nor the center could be told, and the dialog each had then. */
  private readonly hungUp = new Map<ContactId, string>();
  private readonly outage: Outage;
  private readonly audioWatch: AudioWatch | null;
  private stopped = false;
  private isOver = false;
  private isNew = true;

  constructor(options: ConnectionOptions) {
    this.options = options;
    const { server, signedIn, rest, clock, log } = options;
    this.tokens = new Tokens(rest, clock, signedIn, options.onEnded, (renewed) => this.renewed(renewed));
    this.api = new CenterApi(rest, this.tokens);
    this.accesses = new AccessReporter({ clock, log, send: (report) => this.api.call('customers.reportAccess', report) });
    options.cache.enter(signedIn.me);
    this.cti = new CtiClient({ server, tokens: this.tokens, clock, log, headers: () => rest.headers });
    this.topics = new AgentTopics({ command: (name, request) => this.cti.command(name, request), clock, log });
    if (signedIn.sip !== null) this.topics.subscribe(nobody, { topic: 'people', groupIds: null });
    const { sip } = signedIn;
    this.phone = sip === null ? null : options.createPhone({ credential: sip, clock, log, redial: (request) => this.redial(request) });
    this.outage = new Outage(clock, () => this.phone !== null && this.endCutOffCalls(this.phone));
    this.audioWatch = this.phone === null ? null : this.watchAudio(this.phone);
    this.disposers.push(
      () => this.outage.over(),
      () => this.audioWatch?.stop(),
      () => this.topics.stop(),
      this.cti.onEvent((event) => this.heardCti(event)),
      this.phone?.onEvent((event) => this.heardPhone(event)) ?? (() => {}),
      options.cache.onEvent((event) => {
        if (event.type === 'health') options.view.patchHealth({ cache: event.health });
      }),
    );
    options.view.patchHealth({ cache: options.cache.health });
  }

  /** Who signed in, as the center said then. */
  get signedInAs(): SignedIn['me'] {
    return this.options.signedIn.me;
  }

  /** Connects. Resolves with the first snapshot, or with why there was none. */
  start(): Promise<Result<null>> {
    return new Promise((resolve) => {
      const stopWaiting = this.options.clock.setTimeout(() => settle(fail('center.timeout', 'the center sent no snapshot')), FIRST_SNAPSHOT_MS);
      const stopListening = this.cti.onEvent((event) => {
        if (event.type === 'snapshot') settle({ ok: true, value: null });
        if (event.type === 'ended') settle({ ok: false, error: event.error });
        if (event.type === 'state' && isOfOtherVersion(event.error)) settle({ ok: false, error: event.error });
      });
      const settle = (result: Result<null>): void => {
        stopWaiting();
        stopListening();
        resolve(result);
      };
      this.cti.start();
      if (this.phone === null) return;
      this.phone.start();
      this.options.view.patchHealth({ phone: { state: 'registering', error: null } });
    });
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    for (const dispose of this.disposers) dispose();
    this.accesses.stop();
    this.options.cache.leave();
    this.tokens.stop();
    this.cti.stop();
    await this.phone?.stop();
  }

  /** The sign-in is over but for its calls: the center is asked and told nothing more. Resolves when they are over. */
  untilCallsEnd(error: AppError): Promise<void> {
    this.isOver = true;
    this.tokens.stop();
    this.cti.stop();
    this.options.view.patchHealth({ cti: { state: 'lost', error } });
    const { phone } = this;
    if (phone === null) return Promise.resolve();
    return new Promise((resolve) => {
      const stopListening = phone.onEvent(() => {
        if (phone.views().some(({ state }) => state.name !== 'leaving')) return;
        stopListening();
        resolve();
      });
    });
  }

  /** The sign-in is over but for its calls: what those take is served, and nothing else. */
  get isEnding(): boolean {
    return this.isOver;
  }

  /** What the host says to the center from now on of whoever is at this desk. */
  introduce(headers: Readonly<Record<string, string>>): void {
    this.options.rest.introduce(headers);
  }

  /** New sockets at once, without waiting until the old ones are noticed to be dead. */
  reconnect(): void {
    this.cti.reconnect();
    this.phone?.reconnect();
  }

  /** Signs out at the center; refused while on a call. */
  async signOut(): Promise<Result<null>> {
    // Afterwards the token is good for nothing.
    await this.accesses.flush();
    return this.tokens.use((token) => this.options.rest.signOut(token));
  }

  /** Brings the customer cache up to date. */
  async syncCustomers(): Promise<void> {
    if (this.isOver) return;
    const result = await this.options.cache.sync((position) => this.api.call('customers.changes', position));
    if (!result.ok) this.options.log.warn({ code: result.error.code }, 'customers could not be synchronised');
  }

  /** A hang-up that reached nobody; it is sent as soon as the center is back, if the call still lives then. */
  rememberHangUp({ contactId, me }: ContactView): void {
    this.hungUp.set(contactId, me.dialogKey);
  }

  /**
   * The window's report on a call's audio. A failed one gets a new peer connection; one that no call uses any more,
   * because the window was cut off when it ended, is closed.
   */
  mediaReported(report: MediaReport): void {
    const { phone } = this;
    if (phone === null) return;
    if (!phone.uses(report.session, report.generation)) {
      if (report.state !== 'closed') void phone.media.ask(report.session, report.generation, { type: 'close' });
      return;
    }
    this.reports.set(report.session, report);
    this.showAudio();
    const now = this.options.clock.monotonic();
    if (report.state !== 'failed' || now - (this.renewedAt.get(report.session) ?? -Infinity) < RENEW_EVERY_MS) return;
    this.renewedAt.set(report.session, now);
    void phone.renewSession(report.session, report.generation);
  }

  /** The center dials this phone again for the leg; the secret in it is for the center alone. */
  private redial({ key, ticket, held }: Parameters<AskRedial>[0]): ReturnType<AskRedial> {
    const contact = this.options.view.current.contacts.find(({ me }) => me.dialogKey === key);
    if (contact === undefined) {
      void this.superviseAnew(key);
      return Promise.resolve(fail('contact.not-found', 'the center knows no such leg'));
    }
    return this.cti.command('contact.rejoin', { contactId: contact.contactId, ticket, held });
  }

  /** A supervisor's own leg is in no contact: they are called once more. */
  private async superviseAnew(key: string): Promise<void> {
    const { supervision } = this.options.view.current;
    if (supervision?.dialogKey !== key) return;
    const { agentId, mode } = supervision;
    const stopped = await this.cti.command('supervision.stop', {});
    if (stopped.ok) await this.cti.command('supervision.start', { agentId, mode });
  }

  private redialUnlessHeard(session: string, generation: number): void {
    const report = this.reports.get(session);
    if (!this.stopped && (report?.generation !== generation || report.state !== 'connected')) void this.phone?.redialSession(session, generation);
  }

  private heardCti(event: CtiClientEvent): void {
    const { view, clock } = this.options;
    switch (event.type) {
      case 'snapshot':
        view.patch(partsOfSnapshot(event.snapshot, clock.now()));
        view.patchHealth({ switch: event.snapshot.switchAvailable ? 'available' : 'unavailable', store: event.snapshot.store });
        this.showAudio();
        this.joinSupervision();
        this.phone?.registerAgain();
        void this.afterSnapshot();
        return;
      case 'event':
        view.patch(partsOfEvent(view.current, event.event));
        if (event.event.type.startsWith('contact.')) this.showAudio();
        if (event.event.type === 'supervision.changed') this.joinSupervision();
        if (event.event.type === 'notice.raised') this.options.onNotice(event.event.payload);
        if (event.event.type === 'switch.changed' && event.event.payload.available) this.phone?.registerAgain();
        if (event.event.type === 'customers.changed') void this.syncCustomers();
        if (event.event.type === 'directory.changed') this.endIfLoggedOut();
        if (event.event.type === 'session.ending') this.isOver = true;
        return;
      case 'topic':
        this.topics.heard(event.message);
        return;
      case 'state':
        if (event.state === 'connected') this.topics.connected();
        view.patchHealth({ cti: { state: event.state, error: event.error } });
        return;
      case 'ended':
        this.options.onEnded(event.error);
        return;
      default:
        unreachable(event);
    }
  }

  private heardPhone(event: PhoneEvent): void {
    switch (event.type) {
      case 'registration.changed':
        if (event.state === 'registered') this.outage.over();
        else this.outage.began();
        this.options.view.patchHealth({ phone: { state: event.state, error: event.error } });
        return;
      case 'dialog.changed':
        if (event.dialog.state.name === 'ended') {
          this.reports.delete(event.dialog.session);
          this.renewedAt.delete(event.dialog.session);
        }
        this.audioWatch?.follow(event.dialog);
        this.joinSupervision();
        this.showAudio();
        return;
      case 'redial.changed':
        this.showAudio();
        return;
      case 'media.renewed':
        this.showAudio();
        this.options.clock.setTimeout(() => this.redialUnlessHeard(event.session, event.generation), NEW_AUDIO_MS);
        return;
      default:
        unreachable(event);
    }
  }

  /** Who asked to listen has nothing to answer any more: their phone does, whichever comes first, the call or the word of it. */
  private joinSupervision(): void {
    const key = this.options.view.current.supervision?.dialogKey;
    if (key !== undefined && this.phone?.views().some((dialog) => dialog.key === key && dialog.state.name === 'ringing') === true) void this.phone.answer(key);
  }

  /** What the center may have missed while the socket was away. */
  private renewed({ iceServers, ...tokens }: Refreshed): void {
    const { signedIn, onRenewed } = this.options;
    this.phone?.useIceServers(iceServers);
    onRenewed({ ...signedIn, ...tokens, sip: signedIn.sip === null ? null : { ...signedIn.sip, iceServers } });
  }

  private async afterSnapshot(): Promise<void> {
    const { contacts, health } = this.options.view.current;
    // A call at the first snapshot is one of a process before us, and of its phone.
    if (this.isNew) for (const { me } of contacts) if (isUp(me.state)) this.phone?.takeUp(me.dialogKey);
    this.isNew = false;
    this.phone?.bringBack();
    if (this.phone !== null && health.microphone !== 'unknown') void this.cti.command('agent.reportDevice', { microphone: health.microphone });
    if (this.phone !== null && !this.options.hasWindow()) void this.cti.command('agent.reportWindow', { open: false });
    for (const [contactId, dialogKey] of this.hungUp) {
      this.hungUp.delete(contactId);
      // The same contact may be offered anew: that is another leg, which nobody hung up.
      const contact = contacts.find((one) => one.contactId === contactId && one.me.dialogKey === dialogKey);
      if (contact !== undefined && isLive(contact.me.state)) await this.cti.command('contact.hangUp', { contactId });
    }
    await this.syncCustomers();
  }

  /** The center takes every desk that connects for one with a window, so that it need not be told of most. */
  reportWindow(open: boolean): void {
    if (this.phone !== null && this.cti.connected) void this.cti.command('agent.reportWindow', { open });
  }

  /** A sign-out that had to wait for the end of a call has come true. */
  private endIfLoggedOut(): void {
    // A console, which does not end with the desk of the same person, has no card.
    if (this.options.view.current.card?.state.name === 'LOGGED_OUT') this.options.onEnded(null);
  }

  /**
   * After a long outage: calls without audio are over here, whatever becomes of their far end. One whose audio still
   * flows lacks its signalling alone, and is left to the two who talk.
   * @returns whether some are left
   */
  private endCutOffCalls(phone: Phone): boolean {
    const live = phone.views().filter(({ state }) => state.name !== 'leaving');
    const cutOff = live.filter(({ session }) => this.reports.get(session)?.state !== 'connected');
    for (const dialog of cutOff) {
      this.options.log.warn({ dialogKey: dialog.key }, 'a call was ended after a long outage');
      void phone.hangUp(dialog.key);
      const contact = this.options.view.current.contacts.find(({ me }) => me.dialogKey === dialog.key);
      if (contact !== undefined) this.endedHere(contact);
    }
    return live.length > cutOff.length;
  }

  /** With the center at hand it decides; without it, the desk shows what is so until the next snapshot. */
  private endedHere(contact: ContactView): void {
    const { view, clock, onNotice } = this.options;
    const { contactId } = contact;
    onNotice({ code: 'networkLost', contactId, detail: '' });
    if (this.cti.connected) {
      void this.cti.command('contact.hangUp', { contactId });
      return;
    }
    this.rememberHangUp(contact);
    const { contacts, card, clockOffsetMs } = view.current;
    const since = clock.now() + clockOffsetMs;
    view.patch({
      contacts: contacts.filter((one) => one !== contact),
      card: card === null ? null : { ...card, state: { name: 'NOT_READY', reason: 'disconnected' }, since },
    });
  }

  private watchAudio(phone: Phone): AudioWatch {
    const { clock, log, onNotice, view } = this.options;
    return new AudioWatch({
      clock, log,
      reportOf: (session, generation) => {
        const report = this.reports.get(session);
        return report?.generation === generation && phone.media.hasWindow ? report : undefined;
      },
      uses: (session, generation) => phone.uses(session, generation),
      mend: (remedy, session, generation) => void (remedy === 'renew' ? phone.renewSession(session, generation) : phone.restartIceOf(session, generation)),
      tell: (key) => onNotice({ code: 'noAudio', contactId: view.current.contacts.find(({ me }) => me.dialogKey === key)?.contactId ?? null, detail: '' }),
    });
  }

  private showAudio(): void {
    const { options: { view }, phone } = this;
    if (phone === null) return;
    if (this.cti.connected) phone.endLost(new Set(view.current.contacts.filter(({ me }) => isLive(me.state)).map(({ me }) => me.dialogKey)));
    const audio = audioOf(view.current.contacts, phone.views(), this.reports, (key) => phone.isRedialled(key));
    if (JSON.stringify(audio) !== JSON.stringify(view.current.audio)) view.patch({ audio });
  }
}

/** The host itself, which shows nothing. */
const nobody: Viewer = { send: () => {} };

/** Whether this part of a contact had been answered, and goes on. */
const isUp = (state: ParticipantState): boolean => isLive(state) && state !== 'ringing' && state !== 'dialling';

/** The desk and the center do not understand each other: waiting a moment changes nothing. */
function isOfOtherVersion(error: AppError | null): error is AppError {
  return error?.code === 'desk.too-old' || error?.code === 'center.too-old';
}
