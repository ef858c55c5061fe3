import type { CtiEvent, NoticeCode } from '../contract/cti/index.ts';
import type { Me } from '../contract/directory.ts';
import type { ContactId } from '../contract/ids.ts';
import type { Agent } from './agents/agent.ts';
import type { Roster } from './agents/roster.ts';
import type { Consoles, Watcher } from './people/consoles.ts';

/** Word to the desks, and to the consoles. */
export class Desks {
  private readonly roster: () => Roster;
  private readonly consoles: Consoles;

  constructor(roster: () => Roster, consoles: Consoles) {
    this.roster = roster;
    this.consoles = consoles;
  }

  /** Every desk and console that is connected. */
  get watchers(): Watcher[] {
    const desks = this.roster().all.flatMap(({ me, sink }) => (sink === null ? [] : [{ me, sink }]));
    return [...desks, ...this.consoles.watchers];
  }

  tell(agent: Agent, event: CtiEvent): void {
    agent.sink?.send(event);
  }

  tellAll(event: CtiEvent): void {
    for (const agent of this.roster().all) agent.sink?.send(event);
    for (const { sink } of this.consoles.watchers) sink.send(event);
  }

  /** Tells those of whom this is true. */
  tellWho(may: (me: Me) => boolean, event: CtiEvent): void {
    for (const { me, sink } of this.watchers) if (may(me)) sink.send(event);
  }

  /** @param detail a name, a number or an outcome that the text mentions */
  notify(agent: Agent, code: NoticeCode, contactId: ContactId | null, detail = ''): void {
    this.tell(agent, { type: 'notice.raised', payload: { code, contactId, detail } });
  }
}
