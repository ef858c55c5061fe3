import type { Disposer } from '../../contract/errors.ts';
import type { ChannelInfo, HangUpCause } from '../switch/port.ts';
import type { Calls } from './calls.ts';

/** A flood of calls is one line a second, of the log and of the journal, and not one for each. */
const TELL_EVERY_MS = 1000;

/** Why a call that came in was turned away before it became a contact. */
export type CallRefusal =
  /** From outside to a number that is none of ours: nobody calls on through us. */
  | 'notOurs'
  /** From outside, under a number of ours: a call of our own that a carrier brought back, or somebody who says so. */
  | 'loop'
  /** More calls at once than the center, the number or the caller is allowed. */
  | 'full'
  /** A phone of ours with calls on both of its lines. */
  | 'lines';

const CAUSES: Readonly<Record<CallRefusal, HangUpCause>> = { notOurs: 'unknownNumber', loop: 'rejected', full: 'busy', lines: 'busy' };

/** Calls that were turned away: answered, counted, told; nothing is made for them. */
export class Refusals {
  private readonly calls: Calls;
  private counts = new Map<CallRefusal, number>();
  private stopTelling: Disposer | null = null;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  refuse({ channelId }: ChannelInfo, why: CallRefusal): void {
    this.calls.hangUpChannel(channelId, CAUSES[why]);
    this.counts.set(why, (this.counts.get(why) ?? 0) + 1);
    this.stopTelling ??= this.calls.parts.clock.setTimeout(() => this.tell(), TELL_EVERY_MS);
  }

  /** What has not been told yet, now. */
  tell(): void {
    this.stopTelling?.();
    this.stopTelling = null;
    const { counts } = this;
    this.counts = new Map();
    for (const [why, count] of counts) {
      this.calls.parts.journal.write('calls.refused', { why, count }, {});
      this.calls.parts.logger.warn({ why, count }, 'calls were refused');
    }
  }
}
