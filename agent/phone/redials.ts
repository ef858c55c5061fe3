import { randomUUID } from 'node:crypto';
import type { Invitation, Session } from 'sip.js/lib/api/index.js';
import type { Disposer, Result } from '../../contract/errors.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Inheritance } from './description.ts';
import { Dialog } from './dialog.ts';

/** By this header a call says that the phone has asked for it, and bears the ticket that proves it. */
export const REJOIN_HEADER = 'X-Sangdam-Rejoin';
/** The center gives up before. */
const DEADLINE_MS = 15_000;
/** The center hangs up the former dialog when it has the new one; it may have died just then. */
const FORMER_DEADLINE_MS = 3000;

/** Asks the center to dial this phone again for the leg `key`. `held`: the phone will hold the new call. */
export type AskRedial = (request: { key: string; ticket: string; held: boolean }) => Promise<Result<null>>;

interface Redial {
  ticket: string;
  held: boolean;
  /** The agent hung up meanwhile: what comes of it is hung up as well. */
  abandoned: boolean;
  stopTimer: Disposer;
  settled: Promise<void>;
  settle: () => void;
}

interface RedialParts {
  clock: Clock;
  log: Logger;
  /** The phone's dialogs by leg: a call that was dialled again takes the former one's place here. */
  dialogs: Map<string, Dialog>;
  /** A dialog's view has changed. */
  changed: (dialog: Dialog) => void;
  /** Whether a leg is being dialled again has changed. */
  redialChanged: (key: string) => void;
}

/**
 * Calls that this phone is dialled again for, as its switch takes no new audio by re-INVITE. The phone makes a ticket
 * and gives it to the center; an INVITE that bears it is answered unasked. A ticket is a random secret for one leg,
 * good once and for seconds: nobody else can make this phone answer.
 */
export class Redials {
  private readonly parts: RedialParts;
  private readonly open = new Map<string, Redial>();
  /** Answered by itself, and not up yet. */
  private readonly joining = new Map<Dialog, { redial: Redial; ticket: string }>();
  private readonly former = new Set<Dialog>();
  private readonly inherited = new WeakMap<Session, Inheritance>();

  constructor(parts: RedialParts) {
    this.parts = parts;
  }

  /** Dialogs that are not the leg's own: not yet, or no longer. */
  get others(): Dialog[] {
    return [...this.joining.keys(), ...this.former];
  }

  isOpen(key: string): boolean {
    return this.open.has(key);
  }

  /** Resolves when the leg has the dialog it will go on with. */
  settled(key: string): Promise<void> {
    return this.open.get(key)?.settled ?? Promise.resolve();
  }

  /** What a call's audio goes on with from the one before. */
  inheritanceOf(session: Session): Inheritance | undefined {
    return this.inherited.get(session);
  }

  /** Asks for the leg to be dialled. A page that was reloaded again asks again: the ticket before is void. */
  async ask(key: string, held: boolean, redial: AskRedial): Promise<Result<null>> {
    const ticket = randomUUID();
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.open.get(key);
    before?.stopTimer();
    const asked: Redial = {
      ticket, held,
      abandoned: before?.abandoned ?? false,
      settled: before?.settled ?? promise,
      settle: before?.settle ?? resolve,
      stopTimer: this.parts.clock.setTimeout(() => this.over(key, ticket), DEADLINE_MS),
    };
    this.open.set(key, asked);
    this.parts.redialChanged(key);
    const result = await redial({ key, ticket, held });
    // Not answered, it may have been carried out.
    if (!result.ok && result.error.code !== 'center.timeout') this.over(key, ticket);
    return result;
  }

  /** The agent hung up. */
  abandon(key: string): void {
    const redial = this.open.get(key);
    if (redial !== undefined) redial.abandoned = true;
  }

  /** An INVITE that says it was asked for. @returns whether it was; then it is answered by itself */
  invited(key: string, ticket: string, invitation: Invitation): boolean {
    const redial = this.open.get(key);
    if (redial === undefined || redial.ticket !== ticket || [...this.joining.values()].some((one) => one.ticket === ticket)) return false;
    const { clock, log, dialogs } = this.parts;
    this.inherited.set(invitation, dialogs.get(key)?.inheritance ?? { muted: false, generation: 1 });
    const dialog: Dialog = new Dialog({ key, session: invitation, clock, log, changed: () => this.moved(dialog) });
    this.joining.set(dialog, { redial, ticket });
    log.info({ dialogKey: key }, 'a call this phone asked for is answered');
    void dialog.answer();
    return true;
  }

  private moved(dialog: Dialog): void {
    const { dialogs, changed } = this.parts;
    const { key } = dialog;
    const joining = this.joining.get(dialog);
    if (joining === undefined) {
      if (dialog.ended && dialogs.get(key) === dialog) dialogs.delete(key);
      changed(dialog);
      return;
    }
    if (dialog.state.name !== 'established' && !dialog.ended) return;
    this.joining.delete(dialog);
    if (!dialog.ended) this.takePlace(dialog, joining.redial);
    this.over(key, joining.ticket);
    changed(dialog);
  }

  private takePlace(dialog: Dialog, { abandoned, held }: Redial): void {
    const { dialogs, clock } = this.parts;
    const former = dialogs.get(dialog.key);
    dialogs.set(dialog.key, dialog);
    if (former !== undefined) {
      this.former.add(former);
      clock.setTimeout(() => {
        this.former.delete(former);
        if (!former.ended) void former.hangUp();
      }, FORMER_DEADLINE_MS);
    }
    if (abandoned) void dialog.hangUp();
    else if (held) void dialog.setHold(true);
  }

  private over(key: string, ticket: string): void {
    const redial = this.open.get(key);
    if (redial?.ticket !== ticket) return;
    redial.stopTimer();
    this.open.delete(key);
    redial.settle();
    this.parts.redialChanged(key);
  }
}
