import { createHmac } from 'node:crypto';
import type { Agent } from './agents/agent.ts';
import type { AgentId } from '../contract/ids.ts';
import { agentsIn, type PhoneRecord } from './configuration/records.ts';
import type { Office } from './office.ts';
import type { CenterLogger } from './logger.ts';
import type { SwitchPort } from './switch/port.ts';

interface PhoneAccountsParts {
  office: Office;
  switchPort: SwitchPort;
  logger: CenterLogger;
  /** 32 bytes of this installation alone. */
  secret: Uint8Array;
}

/**
 * Accounts of phones on the switch. A desk's password is derived from the sign-in it belongs to: nothing secret is
 * stored, and a center that was restarted gives a desk that is still signed in the very same.
 */
export class PhoneAccounts {
  private readonly parts: PhoneAccountsParts;
  /** The last change of each phone's account: the next one waits for it. */
  private readonly changes = new Map<string, Promise<void>>();

  constructor(parts: PhoneAccountsParts) {
    this.parts = parts;
  }

  passwordOf({ agentId, generation }: Agent): string {
    return createHmac('sha256', this.parts.secret).update(`phone ${agentId} ${generation}`).digest('base64url');
  }

  /** Replaces the account: the phone of an older sign-in is no longer let in. */
  giveTo(agent: Agent): Promise<void> {
    return this.inTurn(agent, () => this.give(agent));
  }

  takeFrom(agent: Agent): Promise<void> {
    const { agentId, record: { extension } } = agent;
    agent.registered = false;
    return this.inTurn(agent, () => this.take(agentId, extension));
  }

  /** The phones that are nobody's desk: all of them, or these. */
  async giveToPhones(phones: readonly PhoneRecord[] = this.parts.office.configuration.phones): Promise<void> {
    for (const { user, password, displayName, number } of phones) {
      const given = await this.parts.switchPort.putEndpoint({ user, password, displayName, callerNumber: number });
      if (!given.ok) this.parts.logger.error({ endpoint: user, code: given.error.code, why: given.error.message }, 'a phone got no account');
    }
  }

  /** Phones that there are no more. */
  async takeFromPhones(users: readonly string[]): Promise<void> {
    for (const user of users) await this.parts.switchPort.removeEndpoint(user);
  }

  /** Phones that are neither of the office nor an agent's are let in no longer, whoever gave them to the switch. */
  async removeStrangers(): Promise<void> {
    const { phones } = this.parts.office.configuration;
    await this.parts.switchPort.keepEndpoints(new Set([...phones.map(({ user }) => user), ...agentsIn(this.parts.office.configuration).map(({ extension }) => extension)]));
  }

  /** One after the other: an account taken from an older sign-in must be gone before the newer one's is made. */
  private inTurn({ record: { extension } }: Agent, change: () => Promise<void>): Promise<void> {
    const next = (this.changes.get(extension) ?? Promise.resolve()).then(change, change);
    this.changes.set(extension, next);
    return next;
  }

  private async give(agent: Agent): Promise<void> {
    const { extension, name } = agent.record;
    const given = await this.parts.switchPort.putEndpoint({ user: extension, password: this.passwordOf(agent), displayName: name, callerNumber: extension });
    if (!given.ok) this.parts.logger.error({ agentId: agent.agentId, code: given.error.code, why: given.error.message }, 'an agent got no phone account');
    agent.registered = this.parts.switchPort.isRegistered(extension);
  }

  private async take(agentId: AgentId, extension: string): Promise<void> {
    const taken = await this.parts.switchPort.removeEndpoint(extension);
    if (!taken.ok) this.parts.logger.warn({ agentId, code: taken.error.code }, 'a phone account could not be removed');
  }
}
