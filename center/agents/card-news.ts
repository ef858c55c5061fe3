import type { AgentCard } from '../../contract/directory.ts';
import type { Clock } from '../ports.ts';
import type { Agent } from './agent.ts';

/** Between two tellings of everybody. Nobody sees it; at 14 calls a second it is one event for what were seven. */
const EVERY_MS = 100;

interface CardNewsParts {
  clock: Clock;
  /** Whether they are still set up. */
  isKnown: (agent: Agent) => boolean;
  onOwnCard: (agent: Agent) => void;
  onCards: (cards: AgentCard[]) => void;
}

/**
 * Whose cards have changed, told in batches: at the end of the turn where nothing was told for a while, else when that
 * while is over. Agents hear of their own card at the end of the turn in any case.
 */
export class CardNews {
  private readonly parts: CardNewsParts;
  private changed = new Set<Agent>();
  private own = new Set<Agent>();
  private toldAt = -Infinity;

  constructor(parts: CardNewsParts) {
    this.parts = parts;
  }

  show(agent: Agent): void {
    const { clock } = this.parts;
    const isFirst = this.changed.size === 0;
    this.changed.add(agent);
    const waitMs = this.toldAt + EVERY_MS - clock.monotonic();
    if (waitMs > 0) this.showOwn(agent);
    if (!isFirst) return;
    if (waitMs <= 0) queueMicrotask(() => this.tell());
    else clock.setTimeout(() => this.tell(), waitMs);
  }

  private showOwn(agent: Agent): void {
    if (this.own.size === 0) queueMicrotask(() => this.tellOwn());
    this.own.add(agent);
  }

  private tellOwn(): void {
    const { own } = this;
    this.own = new Set();
    for (const agent of own) if (this.parts.isKnown(agent)) this.parts.onOwnCard(agent);
  }

  private tell(): void {
    // The desk of somebody who was removed may be heard of after that.
    const cards = [...this.changed].filter((agent) => this.parts.isKnown(agent)).map(({ card }) => card);
    this.changed = new Set();
    this.toldAt = this.parts.clock.monotonic();
    if (cards.length > 0) this.parts.onCards(cards);
  }
}
