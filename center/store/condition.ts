import { Emitter } from '../../contract/emitter.ts';
import type { Disposer } from '../../contract/errors.ts';
import type { StoreHealth } from '../../contract/store-health.ts';
import { NotWritten, type Clock } from '../ports.ts';
import type { Room } from './reserve.ts';

/** The reserve is given back while there is still so much room: a transaction takes some pages. */
const LOW_BYTES = 1024 * 1024;
/** Room on the disk is asked after no more often than this: a question takes some microseconds. */
const ASK_EVERY_MS = 50;
/** While something is wrong it is looked at this often whether it is over. */
const LOOK_EVERY_MS = 1000;

type Cause = Extract<StoreHealth, { state: 'failing' }>['cause'];

/** By the beginning of the code, SQLite's or PostgreSQL's (its documentation, appendix A): what hinders every write, whatever it says. */
const CAUSES: readonly (readonly [code: string, cause: Cause])[] = [
  ['SQLITE_FULL', 'full'],
  ['SQLITE_READONLY', 'readOnly'],
  ['SQLITE_PERM', 'readOnly'],
  ['SQLITE_CANTOPEN', 'readOnly'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  ['SQLITE_IOERR', 'other'],
  ['SQLITE_NOMEM', 'other'],
  ['SQLITE_BUSY', 'other'],
  ['SQLITE_LOCKED', 'other'],
  ['DATABASE_AWAY', 'other'],
  ['53100', 'full'],
  ['25006', 'readOnly'],
  ['42501', 'readOnly'],
  ['XX001', 'damaged'],
  ['XX002', 'damaged'],
  // Of resources, of operators, of the system; who waits too long for their turn, or was made to give way.
  ...['53', '57', '58', '55P03', '40001', '40P01'].map((code) => [code, 'other'] as const),
];

/** What keeps the store from writing anything; null where it is this one write that is refused. */
export function causeOf(error: unknown): Cause | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return CAUSES.find(([prefix]) => code.startsWith(prefix))?.[1] ?? null;
}

/** An error of a write, in the core's words. */
export const notWritten = (error: unknown): NotWritten =>
  error instanceof NotWritten ? error : new NotWritten(causeOf(error) === null ? 'refused' : 'unwritable', error instanceof Error ? error.message : String(error), { cause: error });

interface ConditionParts {
  reserve: Room;
  clock: Pick<Clock, 'monotonic' | 'setTimeout'>;
  logger: { info(fields: Record<string, unknown>, message: string): void; error(fields: Record<string, unknown>, message: string): void };
  /** Writes something that changes nothing. */
  probe: () => Promise<void>;
}

/**
 * Whether what people do is being kept. It follows from what becomes of the writes themselves; while something is
 * wrong and nobody writes, it tries.
 */
export class Condition {
  private readonly parts: ConditionParts;
  private readonly changed = new Emitter<StoreHealth>();
  private health: StoreHealth = { state: 'well' };
  private why: string | null = null;
  private askedAt = -Infinity;
  private stopLooking: Disposer | null = null;
  private closed = false;

  constructor(parts: ConditionParts) {
    this.parts = parts;
  }

  get current(): StoreHealth {
    return this.health;
  }

  /** For the operator; null when all is well. */
  get trouble(): string | null {
    return this.why;
  }

  onChange(listener: (health: StoreHealth) => void): Disposer {
    return this.changed.on(listener);
  }

  /** Takes up the reserve. Where there is no room for one, the store is low from the beginning. */
  async begin(): Promise<void> {
    if (!(await this.parts.reserve.take())) this.move({ state: 'low' }, 'the disk is almost full');
  }

  /** A write is about to begin: from an almost full disk's reserve, if need be. */
  beforeWrite(): void {
    const now = this.parts.clock.monotonic();
    if (now - this.askedAt < ASK_EVERY_MS) return;
    this.askedAt = now;
    if (this.parts.reserve.freeBytes < LOW_BYTES) this.runLow();
  }

  written(): void {
    if (this.health.state === 'failing') this.move({ state: 'low' }, 'nothing could be written a moment ago');
  }

  failed(error: unknown): void {
    const cause = causeOf(error);
    if (cause === null) return;
    // Tried again, it may be written now.
    if (this.runLow()) return;
    this.move({ state: 'failing', cause }, error instanceof Error ? error.message : String(error));
  }

  /** The center ends: what has waited may take the last of the room. */
  releaseLast(): void {
    if (this.health.state !== 'well') this.parts.reserve.releaseLast();
  }

  close(): void {
    this.closed = true;
    this.stopLooking?.();
  }

  private runLow(): boolean {
    if (!this.parts.reserve.release()) return false;
    this.move({ state: 'low' }, 'the disk is full: the last is written from a reserve');
    return true;
  }

  private move(health: StoreHealth, why: string | null): void {
    const isNews = JSON.stringify(health) !== JSON.stringify(this.health);
    this.health = health;
    this.why = why;
    if (health.state !== 'well' && !this.closed) this.stopLooking ??= this.parts.clock.setTimeout(() => void this.look(), LOOK_EVERY_MS);
    if (!isNews) return;
    if (health.state === 'well') this.parts.logger.info({}, 'the store has room again');
    else this.parts.logger.error({ ...health, why, freeBytes: this.parts.reserve.freeBytes }, 'the store is in trouble');
    this.changed.emit(health);
  }

  private async look(): Promise<void> {
    this.stopLooking = null;
    if (this.health.state === 'failing') await this.parts.probe().catch(() => {});
    // Only a probe that was written makes it `low`, and only a disk with room to spare `well`.
    if (this.health.state === 'low' && !this.closed && (await this.parts.reserve.take())) this.move({ state: 'well' }, null);
    if (this.health.state !== 'well' && !this.closed) this.stopLooking ??= this.parts.clock.setTimeout(() => void this.look(), LOOK_EVERY_MS);
  }
}
