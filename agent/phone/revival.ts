import type { MediaReport, MediaRequest } from '../../contract/bridge/media.ts';
import type { Rejoin } from '../../contract/cti/sign-in.ts';
import type { Disposer } from '../../contract/errors.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Dialog } from './dialog.ts';
import type { MediaRequests } from './media.ts';
import type { AskRedial, Redials } from './redials.ts';

const PARK_AFTER_MS = 2000;

interface RevivalParts {
  /** What the switch takes. */
  rejoin: Rejoin;
  /** Undefined where there is nobody to ask. */
  ask: AskRedial | undefined;
  clock: Clock;
  log: Logger;
  media: MediaRequests;
  dialogs: ReadonlyMap<string, Dialog>;
  redials: Redials;
  /** Whether its line to the switch is there. */
  isConnected: (dialog: Dialog) => boolean;
  /** Whether this phone can be dialled where the call is. */
  isRegisteredFor: (dialog: Dialog) => boolean;
  /** Whether it can be dialled at all. */
  isRegistered: () => boolean;
  /** The switch has agreed to a new peer connection of this dialog. */
  renewed: (dialog: Dialog) => void;
}

/**
 * Windows come and go, calls stay: a call whose audio was in a window that is gone gets some in the next, by re-INVITE
 * or by being dialled again, as the switch takes it. While there is no window, the other side hears music.
 */
export class Revival {
  private readonly parts: RevivalParts;
  /** Legs of which this phone has no dialog: those of the process before. */
  private readonly left = new Set<string>();
  /** By re-INVITE, and for which window. */
  private readonly renewing = new Map<Dialog, number>();
  private stopped = false;
  private stopParking: Disposer = () => {};

  constructor(parts: RevivalParts) {
    this.parts = parts;
  }

  stop(): void {
    this.stopped = true;
    this.stopParking();
  }

  /** Gives the audio to a window; live calls get new peer connections there, but for those it has `open` still. */
  claim(send: (request: MediaRequest) => void, open: readonly MediaReport[]): Disposer {
    const { media, dialogs, redials } = this.parts;
    this.stopParking();
    const release = media.claim(send);
    for (const dialog of dialogs.values()) dialog.keepAudio(open);
    // What was begun for the window before is of no use to this one.
    for (const key of dialogs.keys()) if (redials.isOpen(key)) this.bringBackOne(key, dialogs.get(key));
    this.bringBack();
    return () => {
      release();
      this.parkSoon();
    };
  }

  /** Gives those calls their audio back that are without, as far as switch and center can be reached. */
  bringBack(): void {
    const { dialogs, redials, isRegistered } = this.parts;
    for (const [key, dialog] of dialogs) if (dialog.isOrphaned && !redials.isOpen(key)) this.bringBackOne(key, dialog);
    // Only a registered phone can be dialled.
    if (this.hasWindow && isRegistered()) for (const key of this.left) void this.takeUpNow(key);
  }

  /** A leg that lives and was left behind by the phone before, whose process was ended by force. */
  takeUp(key: string): void {
    if (this.parts.dialogs.has(key)) return;
    this.left.add(key);
    this.bringBack();
  }

  /** A call gets new audio in the way its switch takes; where a re-INVITE fails, by being dialled again. */
  async renew(dialog: Dialog): Promise<void> {
    const { rejoin, ask, media, redials, isConnected, renewed } = this.parts;
    const window = media.windows;
    if (!this.hasWindow || !isConnected(dialog) || dialog.state.name !== 'established') return;
    if ((rejoin === 'redial' && ask !== undefined) || redials.isOpen(dialog.key)) {
      await this.redial(dialog);
      return;
    }
    if (this.renewing.get(dialog) === window) return;
    this.renewing.set(dialog, window);
    const result = await dialog.renewMedia();
    if (this.renewing.get(dialog) === window) this.renewing.delete(dialog);
    if (result.ok) renewed(dialog);
    // A window that came meanwhile has begun anew.
    else if (window === media.windows) await this.redial(dialog);
  }

  /** Asks the center to dial this phone again. While it cannot be asked, the other side hears music. */
  async redial(dialog: Dialog): Promise<void> {
    const { ask, redials, log, isRegisteredFor, isConnected } = this.parts;
    const { key, state } = dialog;
    if (ask === undefined || !this.hasWindow || !isRegisteredFor(dialog) || state.name !== 'established') return;
    const asked = await redials.ask(key, state.hold === 'held', ask);
    if (asked.ok) return;
    log.warn({ dialogKey: key, code: asked.error.code }, 'the center does not dial this phone again');
    if (asked.error.code === 'center.unreachable' && isConnected(dialog)) await dialog.park();
  }

  private get hasWindow(): boolean {
    return !this.stopped && this.parts.media.hasWindow;
  }

  private bringBackOne(key: string, dialog: Dialog | undefined): void {
    if (dialog === undefined || dialog.ended) return;
    this.parts.log.debug({ dialogKey: key }, 'a call is without its audio');
    void this.renew(dialog);
  }

  private async takeUpNow(key: string): Promise<void> {
    const { ask, redials, dialogs, log } = this.parts;
    this.left.delete(key);
    if (ask === undefined || dialogs.has(key)) return;
    const asked = await redials.ask(key, false, ask);
    if (asked.ok) return;
    log.warn({ dialogKey: key, code: asked.error.code }, 'a call of the process before is not taken up');
    if (asked.error.code === 'center.unreachable') this.left.add(key);
  }

  /** A window that reloads is back within a second; where none comes, customers hear music rather than nothing. */
  private parkSoon(): void {
    const { dialogs, clock, isConnected } = this.parts;
    this.stopParking();
    if (this.stopped || dialogs.size === 0) return;
    this.stopParking = clock.setTimeout(() => {
      for (const dialog of dialogs.values()) if (isConnected(dialog)) void dialog.park();
    }, PARK_AFTER_MS);
  }
}
