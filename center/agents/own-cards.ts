import type { Agent } from './agent.ts';

/** Whose own card has changed: told at the end of the turn, as it is then, and once. What concerns oneself never waits. */
export class OwnCards {
  private readonly tell: (agent: Agent) => void;
  private changed = new Set<Agent>();

  constructor(tell: (agent: Agent) => void) {
    this.tell = tell;
  }

  show(agent: Agent): void {
    if (this.changed.size === 0) queueMicrotask(() => this.tellAll());
    this.changed.add(agent);
  }

  private tellAll(): void {
    const { changed } = this;
    this.changed = new Set();
    for (const agent of changed) this.tell(agent);
  }
}
