import { z } from 'zod';
import { AgentCard, Disposition, GroupCard, Me } from '../directory.ts';
import { ContactView } from '../contact.ts';
import { ContractVersion } from '../contract-version.ts';
import { DeskSetUp } from '../desk-set-up.ts';
import { DialRights } from '../dial-rights.ts';
import { EpochMs } from '../ids.ts';
import { StoreHealth } from '../store-health.ts';
import { SupervisionView } from '../supervision.ts';

/** The whole truth for one desk. `seq` is the number of the last event it already contains. */
export const CtiSnapshot = z.object({
  seq: z.number().int().nonnegative(),
  /** What the center's side of this contract is of. */
  contract: ContractVersion,
  /** The center's clock now, so that timers on the desk need not trust its own. */
  serverNow: EpochMs,
  /** The center's zone, an IANA name: days and hours of day are its. */
  timeZone: z.string(),
  me: Me,
  /** True while the telephone switch works. */
  switchAvailable: z.boolean(),
  contacts: z.array(ContactView),
  /** The desk's own agent; none at a console. Centers from before there were topics tell everybody's. */
  agents: z.array(AgentCard),
  groups: z.array(GroupCard),
  dispositions: z.array(Disposition),
  /** Centers from before there was such a thing say nothing of it. */
  setUp: DeskSetUp.optional(),
  dialling: DialRights,
  /** For who is in charge; null for agents, who are told when something of theirs is not kept. */
  store: StoreHealth.nullable(),
  /** The call this person supervises; null for none. */
  supervision: SupervisionView.nullable(),
  customersCursor: z.number().int().nonnegative(),
});
export type CtiSnapshot = z.infer<typeof CtiSnapshot>;
