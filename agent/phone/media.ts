import type { MediaAnswer, MediaOperation, MediaRequest } from '../../contract/bridge/media.ts';
import { fail, ok, type Result } from '../../contract/errors.ts';
import type { Clock } from '../clock.ts';
import type { Disposer } from '../../contract/errors.ts';

/** Descriptions wait for ICE, which is capped at 1.5 s, and for a window that is just reloading. */
const DESCRIPTION_DEADLINE_MS = 6000;
const DEADLINE_MS = 3000;

interface Pending {
  request: MediaRequest;
  sent: boolean;
  settle: (result: Result<string | null>) => void;
}

/**
 * Questions to the window that owns the audio, and their answers. Each question carries {session, generation,
 * request}; an answer that nobody waits for any more is dropped. While no window has the audio, questions wait for
 * one until their deadline.
 */
export class MediaRequests {
  private readonly clock: Clock;
  private readonly pending = new Map<string, Pending>();
  /** Counts the windows that have had the audio. */
  windows = 0;
  private window: ((request: MediaRequest) => void) | null = null;
  private requests = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get hasWindow(): boolean {
    return this.window !== null;
  }

  /** Gives the audio to a window. Waiting questions go to it, those an earlier window has not answered too. */
  claim(send: (request: MediaRequest) => void): Disposer {
    this.window = send;
    this.windows++;
    for (const one of this.pending.values()) this.send(one);
    return () => {
      if (this.window === send) this.window = null;
    };
  }

  /**
   * @returns the description (null for operations without one), or `media.no-window`, `media.timeout`,
   *   `media.failed`, `media.denied`
   */
  ask(session: string, generation: number, operation: MediaOperation): Promise<Result<string | null>> {
    const request: MediaRequest = { session, generation, request: this.requests++, operation };
    const id = keyOf(request);
    return new Promise((resolve) => {
      const isDescription = operation.type === 'createOffer' || operation.type === 'createAnswer';
      const stopTimer = this.clock.setTimeout(
        () => settle(fail(one.sent ? 'media.timeout' : 'media.no-window', `${operation.type} was not answered`)),
        isDescription ? DESCRIPTION_DEADLINE_MS : DEADLINE_MS,
      );
      const settle = (result: Result<string | null>): void => {
        stopTimer();
        this.pending.delete(id);
        resolve(result);
      };
      const one: Pending = { request, sent: false, settle };
      this.pending.set(id, one);
      this.send(one);
    });
  }

  /** Takes a window's answer; a late or unknown one does nothing. */
  answer(answer: MediaAnswer): void {
    const { result } = answer;
    this.pending.get(keyOf(answer))?.settle(result.ok ? ok(result.sdp) : fail(result.code, result.message));
  }

  /** Ends every wait: the session is over. */
  stop(): void {
    this.window = null;
    for (const one of this.pending.values()) one.settle(fail('media.no-window', 'the session ended'));
  }

  private send(one: Pending): void {
    if (this.window === null) return;
    one.sent = true;
    this.window(one.request);
  }
}

const keyOf = (key: { session: string; generation: number; request: number }): string => `${key.session} ${key.generation} ${key.request}`;
