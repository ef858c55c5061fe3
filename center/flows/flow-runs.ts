import type { ContactOutcome } from '../../contract/customer.ts';
import type { Result } from '../../contract/errors.ts';
import type { ContactId, GroupId } from '../../contract/ids.ts';
import type { Refusal } from '../acd/acd.ts';
import type { FlowStep } from '../configuration/records.ts';
import type { Clock } from '../ports.ts';
import type { PlaybackId, Sound } from '../switch/port.ts';
import { FlowRun } from './flow-run.ts';

/** What a flow does to the world. */
export interface FlowHost {
  play(playbackId: PlaybackId, contactId: ContactId, sound: Sound): Promise<Result<null>>;
  stopPlayback(playbackId: PlaybackId): void;
  /** A menu's key was pressed. */
  chosen(contactId: ContactId, label: string): void;
  /** The flow is done: the contact waits for an agent. Answers why it cannot. */
  toGroup(contactId: ContactId, groupId: GroupId): Refusal | null;
  refused(contactId: ContactId, groupId: GroupId, refusal: Refusal): void;
  hangUp(contactId: ContactId, outcome: ContactOutcome): void;
  /** A defect: the caller must not be left in silence. */
  failed(contactId: ContactId, error: unknown): void;
}

/** The flows that callers are in now, one a contact. */
export class FlowRuns {
  private readonly host: FlowHost;
  private readonly clock: Clock;
  private readonly prepared = new Map<ContactId, readonly FlowStep[]>();
  private readonly runs = new Map<ContactId, FlowRun>();

  constructor(host: FlowHost, clock: Clock) {
    this.host = host;
    this.clock = clock;
  }

  /** The flow a caller enters as soon as they are answered. */
  prepare(contactId: ContactId, steps: readonly FlowStep[]): void {
    this.prepared.set(contactId, steps);
  }

  /** The caller is there: their flow begins, if one was prepared. */
  begin(contactId: ContactId): void {
    const steps = this.prepared.get(contactId);
    this.prepared.delete(contactId);
    if (steps === undefined) return;
    const run = new FlowRun(contactId, this.host, this.clock);
    this.runs.set(contactId, run);
    run
      .run(steps)
      .catch((error: unknown) => this.host.failed(contactId, error))
      .finally(() => {
        if (this.runs.get(contactId) === run) this.runs.delete(contactId);
      });
  }

  digit(contactId: ContactId, digit: string): void {
    this.runs.get(contactId)?.digit(digit);
  }

  playbackFinished(contactId: ContactId, playbackId: PlaybackId): void {
    this.runs.get(contactId)?.playbackFinished(playbackId);
  }

  /** What plays is heard by nobody any more: the caller's phone was dialled again. The flow goes on as after it. */
  playbackLost(contactId: ContactId): void {
    this.runs.get(contactId)?.playbackLost();
  }

  /** The caller is gone, or somebody else takes over. */
  cancel(contactId: ContactId): void {
    const run = this.runs.get(contactId);
    this.prepared.delete(contactId);
    this.runs.delete(contactId);
    run?.cancel();
  }
}
