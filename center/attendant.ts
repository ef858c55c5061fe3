import type { Agent } from './agents/agent.ts';
import type { Roster } from './agents/roster.ts';
import type { Desks } from './desks.ts';
import type { Office } from './office.ts';
import type { Clock } from './ports.ts';

export interface AttendantParts {
  office: Pick<Office, 'configuration'>;
  roster: Roster;
  desks: Desks;
  /** Stops with the center. */
  clock: Clock;
}

/** What the center sees to while it runs because something of a kind is set up. */
export interface Attendant {
  /** An agent's state is another now. */
  transitioned: (agent: Agent) => void;
  /** What is set up is another now. */
  setUpChanged: () => void;
}
