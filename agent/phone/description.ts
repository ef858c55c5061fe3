import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js/lib/api/index.js';
import type { MediaOperation } from '../../contract/bridge/media.ts';
import { ok, type Result } from '../../contract/errors.ts';
import type { SipCredential } from '../../contract/cti/sign-in.ts';
import type { MediaRequests } from './media.ts';

const DIGIT_MS = 160;
const DIGIT_GAP_MS = 70;

/** A description could not be made or applied; SIP.js answers 480/488 or ends the dialog by itself. */
export class MediaError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a call's audio keeps from the call it goes on for. */
export interface Inheritance {
  muted: boolean;
  generation: number;
}

/**
 * SIP.js's offers and answers (RFC 3264), carried out by a peer connection in another process. `generation` names
 * the peer connection: `renew` leaves the old one and makes the next offer with a new one.
 */
export class RemoteDescription implements SessionDescriptionHandler {
  /** What the next local description says: sendonly while true. */
  hold = false;
  muted = false;
  generation = 0;
  private readonly session: string;
  private readonly media: MediaRequests;
  private readonly iceServers: SipCredential['iceServers'];
  private remoteOffer: string | null = null;
  /** What we last said of ourselves. */
  private lastLocal: string | null = null;
  /** No window has the audio: the next offer says hold, by what we said before. */
  private parked = false;
  private offered = false;
  /** Both sides have agreed once: there is a call that a change which fails must not end. */
  private agreed = false;
  /** The last answer to an offer of ours is in force. */
  isAnswerApplied = true;
  /** The window that made our last description, and so has the peer connection; null before there is one. */
  private describedBy: number | null = null;
  private closed = false;
  private restarting = false;

  constructor(session: string, media: MediaRequests, iceServers: SipCredential['iceServers'], inherited: Inheritance = { muted: false, generation: 0 }) {
    this.session = session;
    this.media = media;
    this.iceServers = iceServers;
    this.muted = inherited.muted;
    this.generation = inherited.generation;
  }

  async getDescription(): Promise<BodyAndContentType> {
    if (this.parked && this.remoteOffer === null && this.lastLocal !== null) {
      this.lastLocal = heldDescription(this.lastLocal);
      this.offered = true;
      return { body: this.lastLocal, contentType: 'application/sdp' };
    }
    const { hold, iceServers, remoteOffer, restarting } = this;
    this.restarting = false;
    const sdp = await this.must(remoteOffer === null ? { type: 'createOffer', iceServers, hold, restartIce: restarting } : { type: 'createAnswer', iceServers, hold, remoteOffer });
    this.offered = remoteOffer === null;
    this.agreed ||= remoteOffer !== null;
    this.remoteOffer = null;
    this.describedBy = this.media.windows;
    if (this.muted) await this.setMuted(true);
    if (sdp === null) throw new MediaError('media.failed', 'the window answered without a description');
    this.lastLocal = sdp;
    return { body: sdp, contentType: 'application/sdp' };
  }

  async setDescription(sdp: string): Promise<void> {
    if (!this.offered) {
      this.remoteOffer = sdp;
      return;
    }
    this.offered = false;
    this.isAnswerApplied = true;
    // The answer to a parked offer is for nobody: there is no peer connection, nor is the one of a window that is gone.
    if (this.parked || this.isOrphaned) return;
    const applied = await this.ask({ type: 'applyAnswer', sdp });
    this.agreed ||= applied.ok;
    // The window may have gone just then: the one after it makes a new offer. And for what it throws SIP.js ends the call,
    // where only a change of it has failed: an Asterisk whose ICE has come to nothing answers a restart without any.
    if (applied.ok || this.isOrphaned) return;
    if (!this.agreed) throw new MediaError(applied.error.code, applied.error.message);
    this.isAnswerApplied = false;
  }

  hasDescription(contentType: string): boolean {
    return contentType.toLowerCase().startsWith('application/sdp');
  }

  async rollbackDescription(): Promise<void> {
    this.offered = false;
    this.remoteOffer = null;
    await this.ask({ type: 'rollback' });
  }

  /** SIP.js's own entry; the phone uses `sendDigits`, which tells how it went. */
  sendDtmf(tones: string): boolean {
    void this.sendDigits(tones);
    return true;
  }

  sendDigits(digits: string): Promise<Result<string | null>> {
    return this.ask({ type: 'sendDigits', digits, durationMs: DIGIT_MS, gapMs: DIGIT_GAP_MS });
  }

  /** While its audio is on its way from one window to the next, the next peer connection begins so. */
  async setMuted(muted: boolean): Promise<Result<string | null>> {
    if (this.isOrphaned) {
      this.muted = muted;
      return ok(null);
    }
    const { generation } = this;
    const result = await this.ask({ type: 'setMuted', muted });
    if (result.ok) this.muted = muted;
    // Asked of a window that is gone, or of a peer connection that has another in its place by now.
    else if (this.isOrphaned || this.generation !== generation) return this.setMuted(muted);
    return result;
  }

  /** The window that has the peer connection has the audio no more. */
  get isOrphaned(): boolean {
    return this.describedBy !== null && this.describedBy !== this.media.windows;
  }

  /** The window with the peer connection is back. What was put on hold meanwhile begins anew: `renew` ends that. */
  keep(): void {
    if (this.describedBy !== null && !this.parked) this.describedBy = this.media.windows;
  }

  /** The next offer says hold without asking a window: there is none. `renew` ends it. */
  park(): void {
    this.parked = true;
  }

  /** The next offer restarts ICE (RFC 8445 §9) on the peer connection there is: the path may be another. */
  restart(): void {
    this.restarting = true;
  }

  /** The next offer comes from a new peer connection; a window that still has the old one closes it. */
  renew(): void {
    void this.ask({ type: 'close' });
    this.generation++;
    this.parked = false;
    this.restarting = false;
    this.offered = false;
    this.remoteOffer = null;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.describedBy !== null || this.remoteOffer !== null) void this.ask({ type: 'close' });
  }

  private ask(operation: MediaOperation): Promise<Result<string | null>> {
    return this.media.ask(this.session, this.generation, operation);
  }

  private async must(operation: MediaOperation): Promise<string | null> {
    const result = await this.ask(operation);
    if (!result.ok) throw new MediaError(result.error.code, result.error.message);
    return result.value;
  }
}

/** The same description on hold (RFC 3264 §8.4: sendonly), one version later (RFC 3264 §8). */
export const heldDescription = (sdp: string): string =>
  sdp.replace(/^(o=\S+ \S+ )(\d+)/m, (_, head: string, version: string) => head + (BigInt(version) + 1n)).replace(/^a=sendrecv$/gm, 'a=sendonly');
