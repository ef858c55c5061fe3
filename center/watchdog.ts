import type { Agent } from './agents/agent.ts';
import type { Calls } from './calls/calls.ts';
import { legOfAgent, liveLegs, type Leg } from './calls/contact.ts';
import { channelEnded } from './calls/departures.ts';

const LOOK_EVERY_MS = 10_000;
/** After-call work that is over for longer than this was forgotten. */
const OVERDUE_MS = 5000;

/**
 * Compares what the center believes with the channels that live on the switch, and puts right what differs: legs
 * without a channel end, agents without a leg go back to rest, channels without a contact are hung up. Each is only
 * suspected at first, for word of it may be on its way; what a second look finds the same is repaired. No clock that
 * a person could set has a part in it.
 */
export class Watchdog {
  private readonly calls: Calls;
  /** Channels and agents that differed at the last look. */
  private suspects: ReadonlySet<string> = new Set();

  constructor(calls: Calls) {
    this.calls = calls;
  }

  start(): void {
    this.calls.parts.clock.setTimeout(() => void this.look().finally(() => this.start()), LOOK_EVERY_MS);
  }

  async look(): Promise<void> {
    const { switchPort, roster, logger } = this.calls.parts;
    if (!switchPort.available) return;
    const listed = await switchPort.listChannels();
    if (!listed.ok) return;
    const live = new Set(listed.value.map(({ channelId }) => channelId));
    const before = this.suspects;
    const found = new Set<string>();
    const isConfirmed = (suspect: string): boolean => {
      found.add(suspect);
      return before.has(suspect);
    };
    for (const contact of this.calls.all) {
      for (const leg of liveLegs(contact)) {
        if (live.has(leg.channelId) || !isConfirmed(leg.channelId)) continue;
        logger.warn({ contactId: contact.contactId, agentId: leg.participant?.agentId ?? null }, 'a leg without a channel was ended');
        channelEnded(this.calls, contact, leg, 'networkLost');
      }
    }
    for (const channelId of this.calls.supervisions.channels) if (!live.has(channelId) && isConfirmed(channelId)) this.calls.supervisions.failed(channelId);
    for (const agent of roster.all) if (this.isStuck(agent) && isConfirmed(`agent ${agent.agentId}`)) this.repair(agent);
    for (const channelId of live) {
      if (!this.isKnown(channelId) && isConfirmed(channelId)) await switchPort.hangUp(channelId, 'normal');
    }
    this.suspects = found;
  }

  private isKnown(channelId: string): boolean {
    const { calls } = this;
    return calls.onChannel(channelId) !== undefined || calls.rejoining(channelId) !== undefined || calls.supervisions.isOnChannel(channelId);
  }

  /** At work in a contact that has no part for them, or longer after it than their group gives. */
  private isStuck(agent: Agent): boolean {
    const { state } = agent;
    if (state.name !== 'RESERVED' && state.name !== 'TALKING' && state.name !== 'AFTER_CALL') return false;
    const contact = this.calls.contact(state.contactId);
    const leg = contact === undefined ? undefined : legOfAgent(contact, agent.agentId);
    return leg === undefined || this.isOverdue(agent, leg);
  }

  private isOverdue({ state }: Agent, { participant }: Leg): boolean {
    const endsAt = state.name === 'AFTER_CALL' ? (participant?.wrapUpEndsAt ?? null) : null;
    return endsAt !== null && this.calls.parts.clock.monotonic() - endsAt > OVERDUE_MS;
  }

  private repair(agent: Agent): void {
    const { journal, desks, logger } = this.calls.parts;
    const was = agent.state.name;
    logger.warn({ agentId: agent.agentId, state: was }, 'an agent stuck in a state was repaired');
    journal.write('agent.repaired', { was }, { agentId: agent.agentId });
    agent.apply({ type: 'repaired' });
    desks.notify(agent, 'stateRepaired', null);
  }
}
