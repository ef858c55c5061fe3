import type { Disposer } from '../contract/errors.ts';
import type { Agent } from './agents/agent.ts';
import type { Calls } from './calls/calls.ts';
import { legOfAgent, liveLegs } from './calls/contact.ts';
import { channelEnded } from './calls/departures.ts';

const LOOK_EVERY_MS = 10_000;
/** A leg younger than this may not be on the switch's list yet. */
const YOUNG_MS = 5000;
/** After-call work that is over for longer than this was forgotten. */
const OVERDUE_MS = 5000;

/**
 * Compares what the center believes with the channels that live on the switch, and puts right what differs: legs
 * without a channel end, agents without a leg go back to rest, channels without a contact are hung up.
 */
export class Watchdog {
  private readonly calls: Calls;
  private stopTimer: Disposer = () => {};
  /** Channels that were nobody's at the last look: they get one look of grace. */
  private strays = new Set<string>();

  constructor(calls: Calls) {
    this.calls = calls;
  }

  start(): void {
    this.stopTimer = this.calls.parts.clock.setTimeout(() => void this.look().finally(() => this.start()), LOOK_EVERY_MS);
  }

  stop(): void {
    this.stopTimer();
  }

  async look(): Promise<void> {
    const { switchPort, clock, logger } = this.calls.parts;
    if (!switchPort.available) return;
    const listed = await switchPort.listChannels();
    if (!listed.ok) return;
    const live = new Set(listed.value.map(({ channelId }) => channelId));
    const now = clock.now();
    for (const contact of this.calls.all) {
      for (const leg of liveLegs(contact)) {
        if (live.has(leg.channelId) || now - leg.since < YOUNG_MS) continue;
        logger.warn({ contactId: contact.contactId, agentId: leg.participant?.agentId ?? null }, 'a leg without a channel was ended');
        channelEnded(this.calls, contact, leg, 'networkLost');
      }
    }
    for (const agent of this.calls.parts.roster.all) this.check(agent, now);
    await this.sweep(live);
  }

  private check(agent: Agent, now: number): void {
    const { state } = agent;
    if (state.name !== 'RESERVED' && state.name !== 'TALKING' && state.name !== 'AFTER_CALL') return;
    const contact = this.calls.contact(state.contactId);
    const isOverdue = state.name === 'AFTER_CALL' && state.deadline !== null && now - state.deadline > OVERDUE_MS;
    if (contact !== undefined && legOfAgent(contact, agent.agentId) !== undefined && !isOverdue) return;
    if (now - agent.since < YOUNG_MS) return;
    const { journal, desks, logger } = this.calls.parts;
    logger.warn({ agentId: agent.agentId, state: state.name }, 'an agent stuck in a state was repaired');
    journal.write('agent.repaired', { was: state.name }, { agentId: agent.agentId });
    agent.apply({ type: isOverdue ? 'wrapUpExpired' : 'repaired' });
    desks.notify(agent, 'stateRepaired', null);
  }

  private async sweep(live: ReadonlySet<string>): Promise<void> {
    const strays = [...live].filter((channelId) => this.calls.onChannel(channelId) === undefined);
    for (const channelId of strays) if (this.strays.has(channelId)) await this.calls.parts.switchPort.hangUp(channelId, 'normal');
    this.strays = new Set(strays);
  }
}
