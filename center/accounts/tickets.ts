import { randomBytes } from 'node:crypto';
import type { AgentId } from '../../contract/ids.ts';
import type { Clock } from '../ports.ts';

/** Between one step of a sign-in and the next. */
export interface Step {
  /** What the ticket is good for: giving the second factor; setting one up, and going on when its recovery codes are kept; choosing a new password. */
  kind: 'factor' | 'enrol' | 'kept' | 'password';
  agentId: AgentId;
  /** Of the password that was given: it ends with it. */
  passwordHash: string;
  client: 'desktop' | 'web';
  /** The device's mark, as it came with the password. */
  device: string | null;
  /** Without a telephone, though the person has one. */
  console: boolean;
}

interface Kept extends Step {
  /** On the monotonic clock. */
  until: number;
  /** So many wrong answers end it. */
  tries: number;
  /** Of a passkey that was asked for: good for one answer. */
  challenge: string | null;
}

/** As long as a person needs to find their phone, or to think of a password. */
const LIFE_MS = 5 * 60_000;
const TRIES = 5;
/** More than ever are under way; the oldest are forgotten. */
const MAX_KEPT = 2000;
/** Of one person, whose right password may be given without end: they push nobody else's out. */
const MAX_OF_ONE = 20;

/** Tickets of sign-ins under way: good once, for one step, for minutes. Only whoever gave the right password gets one. */
export class Tickets {
  private readonly clock: Pick<Clock, 'monotonic'>;
  private readonly kept = new Map<string, Kept>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.clock = clock;
  }

  issue(step: Step): string {
    const ticket = randomBytes(32).toString('base64url');
    this.kept.set(ticket, { ...step, until: this.clock.monotonic() + LIFE_MS, tries: TRIES, challenge: null });
    const own = [...this.kept].filter(([, { agentId }]) => agentId === step.agentId);
    for (const [oldest] of own.slice(0, -MAX_OF_ONE)) this.kept.delete(oldest);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MAX_KEPT) break;
      this.kept.delete(oldest);
    }
    return ticket;
  }

  /** Whose ticket it is; null when it is none, is spent, or is for another step. */
  look(ticket: string, kind: Step['kind']): Step | null {
    return this.find(ticket, kind);
  }

  /** The ticket has done what it was for. Answers whether it was still good: of two at one moment, one. */
  spend(ticket: string, kind: Step['kind']): boolean {
    const isGood = this.find(ticket, kind) !== null;
    this.kept.delete(ticket);
    return isGood;
  }

  /** A wrong answer: the last one takes the ticket with it. */
  wrong(ticket: string): void {
    const kept = this.kept.get(ticket);
    if (kept !== undefined && --kept.tries <= 0) this.kept.delete(ticket);
  }

  setChallenge(ticket: string, challenge: string): void {
    const kept = this.kept.get(ticket);
    if (kept !== undefined) kept.challenge = challenge;
  }

  takeChallenge(ticket: string): string | null {
    const kept = this.kept.get(ticket);
    const challenge = kept?.challenge ?? null;
    if (kept !== undefined) kept.challenge = null;
    return challenge;
  }

  /** Whatever is under way for a person ends: their password is another, or they are disabled. */
  forget(agentId: AgentId): void {
    for (const [ticket, kept] of this.kept) if (kept.agentId === agentId) this.kept.delete(ticket);
  }

  private find(ticket: string, kind: Step['kind']): Kept | null {
    const kept = this.kept.get(ticket);
    if (kept === undefined || kept.kind !== kind) return null;
    if (kept.until > this.clock.monotonic()) return kept;
    this.kept.delete(ticket);
    return null;
  }
}
