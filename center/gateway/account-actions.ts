import type { TemporaryPassword } from '../../contract/account.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { AccountDoor } from '../accounts/endpoints.ts';
import { temporaryPassword, TEMPORARY_LIFE_MS } from '../accounts/password-policy.ts';
import type { Tickets } from '../accounts/tickets.ts';
import type { Clock, ContactCenter } from '../ports.ts';
import { disableAccount, enableAccount, setPassword } from '../store/accounts.ts';
import { removeFactors } from '../store/factors.ts';
import type { Database } from '../store/index.ts';
import { hashPassword } from '../store/passwords.ts';
import { endFamilies } from '../store/sessions.ts';
import type { Trail } from './audit-trail.ts';
import type { CtiSocket } from './cti-socket.ts';
import type { Origin } from './origin.ts';

type From = Pick<Origin, 'address'>;

export interface AccountParts {
  center: Pick<ContactCenter, 'endSignIn'>;
  db: Database;
  clock: Pick<Clock, 'now'>;
  cti: Pick<CtiSocket, 'endFamily' | 'endFamilyAfterCall'>;
  tickets: Tickets;
  trail: Trail;
}

/** What is done to an account by who may: each is written down with who did it to whom. */
export class AccountActions implements AccountDoor {
  private readonly parts: AccountParts;

  constructor(parts: AccountParts) {
    this.parts = parts;
  }

  /**
   * Ends every sign-in of a person at once: tokens, sockets, and the agent in the core. With a call at hand the customer
   * is not cut off: audio and what that call takes go on until it is over; nothing else does.
   */
  async signOut(actor: AgentId, agentId: AgentId, from: From): Promise<void> {
    await this.endSignIns(agentId);
    await this.parts.trail.write(actor, 'auth.signed-out-everywhere', agentId, from, {});
  }

  /** Ends the desk of a person, as above; their consoles go on. */
  async endDesk(actor: AgentId, agentId: AgentId, from: From): Promise<void> {
    await this.end(agentId, { kind: 'desk' });
    await this.parts.trail.write(actor, 'auth.desk-ended', agentId, from, {});
  }

  async disable(actor: AgentId, agentId: AgentId, from: From): Promise<void> {
    const { db, clock, trail } = this.parts;
    await disableAccount(db, agentId, { by: actor, address: from.address, at: clock.now() });
    await this.endSignIns(agentId);
    await trail.write(actor, 'auth.account-disabled', agentId, from, {});
  }

  async enable(actor: AgentId, agentId: AgentId, from: From): Promise<void> {
    await enableAccount(this.parts.db, agentId);
    await this.parts.trail.write(actor, 'auth.account-enabled', agentId, from, {});
  }

  /** A password to tell the person, good for choosing their own; whoever is signed in with the old one is out. */
  async temporaryPassword(actor: AgentId, agentId: AgentId, from: From): Promise<TemporaryPassword> {
    const { db, clock, trail } = this.parts;
    const password = temporaryPassword();
    const expiresAt = clock.now() + TEMPORARY_LIFE_MS;
    await setPassword(db, agentId, { passwordHash: await hashPassword(password), changedAt: clock.now(), mustChange: true, expiresAt });
    await this.endSignIns(agentId);
    await trail.write(actor, 'auth.password-reset', agentId, from, {});
    return { password, expiresAt };
  }

  async removeFactors(actor: AgentId, agentId: AgentId, from: From): Promise<void> {
    await removeFactors(this.parts.db, agentId);
    await this.parts.trail.write(actor, 'auth.factors-removed', agentId, from, {});
  }

  /** The person has chosen a password without the old one: whatever went on with that is over. */
  async passwordChosen(agentId: AgentId): Promise<void> {
    await this.endSignIns(agentId);
  }

  /** Ends the sign-ins of a person besides this one. */
  async endOthers(agentId: AgentId, familyId: string): Promise<void> {
    const { db, clock, cti } = this.parts;
    for (const other of await endFamilies(db, agentId, clock.now(), { except: familyId })) cti.endFamily(other);
  }

  private async endSignIns(agentId: AgentId): Promise<void> {
    this.parts.tickets.forget(agentId);
    await this.end(agentId, {});
  }

  private async end(agentId: AgentId, which: { kind?: 'desk' }): Promise<void> {
    const { db, clock, center, cti } = this.parts;
    const ended = await endFamilies(db, agentId, clock.now(), which);
    const how = center.endSignIn(agentId);
    for (const familyId of ended) {
      if (how === 'after-call') cti.endFamilyAfterCall(familyId);
      else cti.endFamily(familyId);
    }
  }
}
