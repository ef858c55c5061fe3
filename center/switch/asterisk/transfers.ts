import { randomUUID } from 'node:crypto';
import { done, fail, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { ChannelId, SwitchEvent, TransferId } from '../port.ts';
import type { AriClient } from './ari/client.ts';

/** What Asterisk tells the phone by NOTIFY, and whether it is the last word. */
const PROGRESS = {
  trying: { state: null, final: false },
  ringing: { state: 'channel_progress', final: false },
  succeeded: { state: 'channel_answered', final: true },
  busy: { state: 'channel_declined', final: true },
  refused: { state: 'channel_declined', final: true },
  failed: { state: 'channel_unavailable', final: true },
} as const;

const OUTCOME_DEADLINE_MS = 300;

export type TransferProgress = keyof typeof PROGRESS;

interface Parts {
  client: Pick<AriClient, 'transferProgress' | 'sipSettled'>;
  clock: Clock;
  emit: (event: SwitchEvent) => void;
}

/** Transfers that phones asked for by REFER, until their outcome is told. Asterisk leaves them to us (`ari-only`). */
export class Transfers {
  private readonly parts: Parts;
  private readonly transfers = new Map<TransferId, { channelId: ChannelId; accepted: Promise<void>; told: PromiseWithResolvers<void> }>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  asked(channelId: ChannelId, to: string, replaces: ChannelId | null): void {
    const transferId = randomUUID();
    // Asterisk tells of a REFER before it has made what an outcome is noted in, and ends at once over one that is told in
    // between (res_pjsip_refer.c, `refer_incoming_ari_request`).
    const accepted = this.parts.client.sipSettled(channelId);
    this.transfers.set(transferId, { channelId, accepted, told: Promise.withResolvers() });
    this.parts.emit({ type: 'channel.transferRequested', transferId, channelId, to, replaces });
  }

  async progress(transferId: TransferId, progress: TransferProgress): Promise<Result<null>> {
    const transfer = this.transfers.get(transferId);
    if (transfer === undefined) return fail('not-found', 'no such transfer');
    const { state, final } = PROGRESS[progress];
    // Asterisk said 100 Trying when it accepted the REFER.
    if (state === null) return done();
    await transfer.accepted;
    const told = await this.parts.client.transferProgress(transfer.channelId, state);
    if (final) {
      // Not before: whoever hangs up the phone meanwhile has to find what it waits to hear.
      this.transfers.delete(transferId);
      transfer.told.resolve();
    }
    return told;
  }

  /**
   * Waits until a phone that asked for a transfer has been told its outcome: whoever hands a call over is hung up at
   * once, and a phone that is gone cannot be told any more. Not for long, since an outcome may take a ring.
   */
  async outcomeTold(channelId: ChannelId): Promise<void> {
    const own = [...this.transfers.values()].filter((transfer) => transfer.channelId === channelId);
    if (own.length === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.parts.clock.setTimeout(resolve, OUTCOME_DEADLINE_MS);
    await Promise.race([promise, ...own.map(({ told }) => told.promise)]);
    cancel();
  }

  /** The phone that asked is gone, and nobody is left to be told. */
  channelEnded(channelId: ChannelId): void {
    for (const [transferId, transfer] of this.transfers) if (transfer.channelId === channelId) this.transfers.delete(transferId);
  }
}
