import type { MicrophoneState } from '../../contract/cti/microphone.ts';
import type { Disposer } from '../../contract/errors.ts';
import { onDevicesChanged, onMicrophonePermission, stateOfFailure, type DeviceAccess } from './devices.ts';
import { Emitter } from '../../contract/emitter.ts';

export type MicrophoneEvent =
  | { type: 'state'; state: MicrophoneState }
  /** What is captured now: a new track after a change of device, null while nothing is. */
  | { type: 'track'; track: MediaStreamTrack | null }
  /** The chosen microphone is away: another one speaks, or none. Or a call needs it, and another program has it. */
  | { type: 'warning'; warning: 'microphoneReplaced' | 'microphoneGone' | 'microphoneBusy' };

interface Opened {
  track: MediaStreamTrack;
  /** The choice it was opened for, null the system's default. */
  chosen: string | null;
  /** The chosen one could not be had; this is the default. */
  replaced: boolean;
  forget: Disposer;
}

/** Another program that has the microphone tells nobody when it lets go of it. */
const BUSY_RETRY_MS = 3000;
/** Somebody waits for the agent's voice. */
const BUSY_RETRY_IN_CALL_MS = 1000;

export interface MicrophoneOptions {
  /** Null where the page's address is not secure and the browser therefore has no devices for it. */
  access: DeviceAccess | null;
  permissions?: Pick<Permissions, 'query'> | null;
}

/**
 * The microphone of this window: open while somebody uses it, closed otherwise, so that the system's light tells
 * the truth. Follows the chosen device, unplugging, plugging in and the browser's permission.
 */
export class Microphone {
  state: MicrophoneState = 'unknown';
  /** There is one, and another program has it: it is tried again until it can be had. */
  busy = false;
  private readonly options: MicrophoneOptions;
  private readonly events = new Emitter<MicrophoneEvent>();
  private chosen: string | null = null;
  private users = 0;
  /** Of these only to see whether it can be used. */
  private checks = 0;
  private opened: Opened | null = null;
  private outdated = false;
  private unplugged = false;
  private warned = false;
  private toldBusy = false;
  private following = false;
  private retry: ReturnType<typeof setTimeout> | null = null;
  /** One step after the other: each brings what is open in line with what is wished. */
  private work: Promise<void> = Promise.resolve();

  constructor(options: MicrophoneOptions) {
    this.options = options;
  }

  /** The captured track; who sends it clones it. */
  get track(): MediaStreamTrack | null {
    return this.opened?.track ?? null;
  }

  get listeners(): number {
    return this.events.size;
  }

  onEvent(listener: (event: MicrophoneEvent) => void): Disposer {
    return this.events.on(listener);
  }

  /** Follows devices and permission until disposed. */
  follow(): Disposer {
    const { access, permissions = null } = this.options;
    const disposers = [onDevicesChanged(access, () => void this.devicesChanged()), onMicrophonePermission(permissions, (state) => this.permissionChanged(state))];
    this.following = true;
    return () => {
      this.following = false;
      this.stopRetrying();
      for (const dispose of disposers) dispose();
    };
  }

  /** @param deviceId null: the system's default */
  choose(deviceId: string | null): void {
    if (this.chosen === deviceId) return;
    this.chosen = deviceId;
    this.warned = false;
    void this.settle();
  }

  /** Opens the microphone, or shares the open one, until disposed. Whether there is one tells `track`. */
  async use(): Promise<Disposer> {
    this.users++;
    await this.settle();
    let used = true;
    return () => {
      if (!used) return;
      used = false;
      this.users--;
      void this.settle();
    };
  }

  /** Opens and closes it, to know whether it can be used. The browser may ask the person. */
  async check(): Promise<MicrophoneState> {
    this.checks++;
    const release = await this.use();
    this.checks--;
    release();
    await this.work;
    return this.state;
  }

  private settle(): Promise<void> {
    this.work = this.work.then(() => this.bringInLine());
    return this.work;
  }

  private async bringInLine(): Promise<void> {
    const before = this.opened;
    if (this.users === 0) {
      if (before !== null) this.show(null);
      return;
    }
    if (before !== null && before.track.readyState === 'live' && before.chosen === this.chosen && !this.outdated) return;
    this.outdated = false;
    const opened = await this.open();
    this.show(opened);
    if (opened !== null) this.setState('ok');
    if (this.isInCall && this.busy) this.warnOfBusy();
    else this.warn(opened);
  }

  /** The chosen device, or else the default one. */
  private async open(): Promise<Opened | null> {
    const { chosen } = this;
    let failure: unknown = new DOMException('no devices at this address', 'NotAllowedError');
    for (const deviceId of chosen === null ? [null] : [chosen, null]) {
      try {
        const stream = await this.options.access?.getUserMedia({ audio: constraintsOf(deviceId) });
        const track = stream?.getAudioTracks()[0];
        if (track === undefined) continue;
        this.busy = false;
        this.toldBusy = false;
        return this.watch({ track, chosen, replaced: deviceId !== chosen });
      } catch (error) {
        failure = error;
      }
    }
    this.setState(stateOfFailure(failure));
    this.busy = isBusy(failure);
    if (this.busy) this.tryAgain();
    return null;
  }

  private get isInCall(): boolean {
    return this.users > this.checks;
  }

  /** There is one, which another program has: it is asked for until it can be had. */
  private tryAgain(): void {
    this.stopRetrying();
    if (this.following) this.retry = setTimeout(() => void this.check(), this.isInCall ? BUSY_RETRY_IN_CALL_MS : BUSY_RETRY_MS);
  }

  private stopRetrying(): void {
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = null;
  }

  private watch(found: Omit<Opened, 'forget'>): Opened {
    const ended = (): void => {
      if (this.opened?.track !== found.track) return;
      this.unplugged = true;
      void (this.users > 0 ? this.settle() : this.check());
    };
    found.track.addEventListener('ended', ended);
    return { ...found, forget: () => found.track.removeEventListener('ended', ended) };
  }

  private show(opened: Opened | null): void {
    const before = this.opened;
    this.opened = opened;
    this.events.emit({ type: 'track', track: opened?.track ?? null });
    before?.forget();
    before?.track.stop();
  }

  /** Once for each time that it goes away. */
  private warn(opened: Opened | null): void {
    const lost = this.unplugged;
    this.unplugged = false;
    if (opened !== null && !opened.replaced && !lost) this.warned = false;
    else if (opened === null && lost) this.events.emit({ type: 'warning', warning: 'microphoneGone' });
    else if (opened !== null && (lost || !this.warned)) {
      this.warned = opened.replaced;
      this.events.emit({ type: 'warning', warning: 'microphoneReplaced' });
    }
  }

  /** Once for each time that a call goes without it. */
  private warnOfBusy(): void {
    if (!this.toldBusy) this.events.emit({ type: 'warning', warning: 'microphoneBusy' });
    this.toldBusy = true;
  }

  private async devicesChanged(): Promise<void> {
    const devices = (await this.options.access?.enumerateDevices().catch(() => null)) ?? null;
    if (devices === null) return;
    const inputs = devices.filter(({ kind }) => kind === 'audioinput');
    if (inputs.length === 0 && this.opened === null && this.state === 'ok') this.setState('missing');
    else if (inputs.length > 0 && this.state === 'missing') await this.check();
    else if (this.opened?.replaced === true && inputs.some(({ deviceId }) => deviceId === this.chosen)) {
      this.outdated = true;
      await this.settle();
    }
  }

  private permissionChanged(permission: PermissionState): void {
    if (permission === 'granted') void this.check();
    if (permission === 'denied') this.setState('denied');
  }

  private setState(state: MicrophoneState): void {
    if (this.state === state) return;
    this.state = state;
    this.events.emit({ type: 'state', state });
  }
}

/** The device is there and cannot be started (W3C Media Capture, `getUserMedia`; Firefox says it by the second name). */
const isBusy = (failure: unknown): boolean => (failure instanceof Error || failure instanceof DOMException) && (failure.name === 'NotReadableError' || failure.name === 'AbortError');

/** Speech in a noisy room, one channel. */
const constraintsOf = (deviceId: string | null): MediaTrackConstraints => ({
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1,
  ...(deviceId !== null && { deviceId: { exact: deviceId } }),
});
