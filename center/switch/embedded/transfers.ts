import { randomUUID } from 'node:crypto';
import type { IncomingReferRequest } from 'sip.js/lib/core/index.js';
import { done, fail, type Result } from '../../../contract/errors.ts';
import type { SwitchEvent, TransferId } from '../port.ts';
import type { Channel } from './channel.ts';
import { referTarget } from './sip/text.ts';

/** What the phone is told by NOTIFY: a status line, and whether it is the last (RFC 3515 §2.4.5). */
const PROGRESS = {
  trying: { status: '100 Trying', final: false },
  ringing: { status: '180 Ringing', final: false },
  succeeded: { status: '200 OK', final: true },
  busy: { status: '486 Busy Here', final: true },
  refused: { status: '603 Decline', final: true },
  failed: { status: '503 Service Unavailable', final: true },
} as const;

export type TransferProgress = keyof typeof PROGRESS;

interface Transfer {
  channel: Channel;
  /** CSeq of the REFER: the id of its implicit subscription. */
  cseq: number;
}

interface Parts {
  /** The channel whose dialog a Replaces value names. */
  channelNamed: (replaces: string) => Channel | null;
  emit: (event: SwitchEvent) => void;
}

/** Transfers that phones asked for by REFER, until their outcome is told. */
export class Transfers {
  private readonly parts: Parts;
  private readonly transfers = new Map<TransferId, Transfer>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Accepts a REFER within a call and tells the center; 400 without a target, 481 where Replaces names no call. */
  asked(channel: Channel, request: IncomingReferRequest): void {
    const target = referTarget(request.message);
    if (target === null) {
      request.reject({ statusCode: 400 });
      return;
    }
    const replaced = target.replaces === null ? null : this.parts.channelNamed(target.replaces);
    if (target.replaces !== null && replaced === null) {
      request.reject({ statusCode: 481 });
      return;
    }
    request.accept({ statusCode: 202 });
    const transferId = randomUUID();
    const { channelId } = channel.identity;
    this.transfers.set(transferId, { channel, cseq: request.message.cseq });
    this.parts.emit({ type: 'channel.transferRequested', transferId, channelId, to: target.to, replaces: replaced?.identity.channelId ?? null });
  }

  progress(transferId: TransferId, progress: TransferProgress): Result<null> {
    const transfer = this.transfers.get(transferId);
    if (transfer === undefined) return fail('not-found', 'no such transfer');
    const { status, final } = PROGRESS[progress];
    if (final) this.transfers.delete(transferId);
    transfer.channel.notifyTransfer(transfer.cseq, status, final);
    return done();
  }

  /** The phone that asked is gone, and nobody is left to be told. */
  channelEnded(channel: Channel): void {
    for (const [transferId, transfer] of this.transfers) if (transfer.channel === channel) this.transfers.delete(transferId);
  }
}
