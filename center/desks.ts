import type { CtiEvent, NoticeCode } from '../contract/cti/index.ts';
import type { ContactId } from '../contract/ids.ts';
import type { Agent } from './agents/agent.ts';
import type { Roster } from './agents/roster.ts';

/** Word to the desks. */
export class Desks {
  private readonly roster: () => Roster;

  constructor(roster: () => Roster) {
    this.roster = roster;
  }

  tell(agent: Agent, event: CtiEvent): void {
    agent.sink?.send(event);
  }

  tellAll(event: CtiEvent): void {
    for (const agent of this.roster().all) agent.sink?.send(event);
  }

  /** @param detail a name, a number or an outcome that the text mentions */
  notify(agent: Agent, code: NoticeCode, contactId: ContactId | null, detail = ''): void {
    this.tell(agent, { type: 'notice.raised', payload: { code, contactId, detail } });
  }
}
