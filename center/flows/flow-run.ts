import { randomUUID } from 'node:crypto';
import { unreachable, type Disposer } from '../../contract/errors.ts';
import type { ContactId } from '../../contract/ids.ts';
import type { Refusal } from '../acd/acd.ts';
import type { FlowStep } from '../configuration/records.ts';
import type { Clock } from '../ports.ts';
import type { PlaybackId } from '../switch/port.ts';
import type { FlowHost } from './flow-runs.ts';

const REFUSED: Readonly<Record<Refusal, string>> = { closed: 'closed', noAgents: 'no-agents', queueFull: 'queue-full' };

/** What a wait ended with. */
type Heard = { type: 'digit'; digit: string } | { type: 'finished' } | { type: 'silence' } | { type: 'cancelled' };

/** Whether the flow goes on with the step after; `over`: the caller has left it. */
type Outcome = 'next' | 'over';

type Menu = Extract<FlowStep, { type: 'menu' }>;

/** One caller's way through a flow. */
export class FlowRun {
  private readonly contactId: ContactId;
  private readonly host: FlowHost;
  private readonly clock: Clock;
  private cancelled = false;
  /** Keys pressed before the menu they are meant for. */
  private typed: string[] = [];
  private playing: PlaybackId | null = null;
  private settle: ((heard: Heard) => void) | null = null;
  private stopWaiting: Disposer = () => {};

  constructor(contactId: ContactId, host: FlowHost, clock: Clock) {
    this.contactId = contactId;
    this.host = host;
    this.clock = clock;
  }

  /** Runs the steps in order; a flow that comes to its end without a group hangs up. */
  async run(steps: readonly FlowStep[]): Promise<void> {
    if ((await this.steps(steps)) === 'next') this.host.hangUp(this.contactId, 'abandonedInFlow');
  }

  digit(digit: string): void {
    if (this.settle === null) this.typed.push(digit);
    else this.heard({ type: 'digit', digit });
  }

  playbackFinished(playbackId: PlaybackId): void {
    if (playbackId !== this.playing) return;
    this.playing = null;
    this.heard({ type: 'finished' });
  }

  playbackLost(): void {
    if (this.playing !== null) this.playbackFinished(this.playing);
  }

  cancel(): void {
    this.cancelled = true;
    this.stopPlaying();
    this.heard({ type: 'cancelled' });
  }

  private async steps(steps: readonly FlowStep[]): Promise<Outcome> {
    for (const step of steps) if ((await this.step(step)) === 'over') return 'over';
    return this.cancelled ? 'over' : 'next';
  }

  private async step(step: FlowStep): Promise<Outcome> {
    if (this.cancelled) return 'over';
    switch (step.type) {
      case 'announce':
        await this.announce(step.announcement, 'bargeIn');
        return this.cancelled ? 'over' : 'next';
      case 'menu':
        return this.menu(step);
      case 'group': {
        const refusal = this.host.toGroup(this.contactId, step.groupId);
        if (refusal === null) return 'over';
        this.host.refused(this.contactId, step.groupId, refusal);
        await this.announce(REFUSED[refusal], 'whole');
        if (!this.cancelled) this.host.hangUp(this.contactId, refusal);
        return 'over';
      }
      case 'hangUp':
        this.host.hangUp(this.contactId, 'abandonedInFlow');
        return 'over';
      default:
        return unreachable(step);
    }
  }

  /** `bargeIn`: a key ends it and is meant for the menu that follows; `whole`: keys mean nothing. */
  private async announce(name: string, mode: 'bargeIn' | 'whole'): Promise<void> {
    if (mode === 'bargeIn' && this.typed.length > 0) return;
    if (!(await this.play(name))) return;
    for (;;) {
      const heard: Heard = mode === 'bargeIn' && this.typed.length > 0 ? { type: 'finished' } : await this.wait(null);
      if (heard.type === 'digit' && mode === 'whole') continue;
      if (heard.type === 'digit') this.typed.push(heard.digit);
      this.stopPlaying();
      return;
    }
  }

  /** A key ends the announcement (barge-in); a wrong one or silence is told, and asked again. */
  private async menu({ announcement, options, timeoutMs, tries, otherwise, wrongKeyAnnouncement }: Menu): Promise<Outcome> {
    for (let attempt = 1; attempt <= tries; attempt++) {
      const key = await this.ask(announcement, timeoutMs);
      if (this.cancelled) return 'over';
      const option = options.find(({ digit }) => digit === key);
      if (option !== undefined) {
        this.host.chosen(this.contactId, option.label);
        return this.steps(option.steps);
      }
      this.typed = [];
      if (attempt < tries) await this.announce(wrongKeyAnnouncement, 'bargeIn');
      if (this.cancelled) return 'over';
    }
    return this.steps(otherwise);
  }

  /** @returns the key pressed while it plays or within `timeoutMs` afterwards; null for none */
  private async ask(announcement: string, timeoutMs: number): Promise<string | null> {
    const early = this.typed.shift();
    if (early !== undefined) return early;
    const plays = await this.play(announcement);
    let heard: Heard = plays ? await this.key(null) : { type: 'finished' };
    if (heard.type === 'finished') heard = await this.key(timeoutMs);
    this.stopPlaying();
    return heard.type === 'digit' ? heard.digit : null;
  }

  /** The next key, also one that was pressed a moment ago. */
  private key(timeoutMs: number | null): Promise<Heard> {
    const digit = this.typed.shift();
    return digit === undefined ? this.wait(timeoutMs) : Promise.resolve({ type: 'digit', digit });
  }

  /** @returns whether there will be an end of it to wait for */
  private async play(name: string): Promise<boolean> {
    const playbackId = randomUUID();
    this.playing = playbackId;
    const result = await this.host.play(playbackId, this.contactId, { kind: 'announcement', name });
    if (result.ok) return !this.cancelled && this.playing === playbackId;
    // A caller who is gone is told by an event of its own; an announcement that cannot be played is passed over.
    this.playing = null;
    return false;
  }

  private stopPlaying(): void {
    if (this.playing !== null) this.host.stopPlayback(this.playing);
    this.playing = null;
  }

  private wait(timeoutMs: number | null): Promise<Heard> {
    if (this.cancelled) return Promise.resolve({ type: 'cancelled' });
    return new Promise((resolve) => {
      this.settle = resolve;
      this.stopWaiting = timeoutMs === null ? () => {} : this.clock.setTimeout(() => this.heard({ type: 'silence' }), timeoutMs);
    });
  }

  private heard(heard: Heard): void {
    const { settle } = this;
    this.settle = null;
    this.stopWaiting();
    settle?.(heard);
  }
}
