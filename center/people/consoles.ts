import type { Me } from '../../contract/directory.ts';
import type { Disposer } from '../../contract/errors.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { Office } from '../office.ts';
import type { DeskSink } from '../ports.ts';
import { meOf } from './person.ts';

/** Whoever is told of the center, and who they are there. */
export interface Watcher {
  me: Me;
  sink: DeskSink;
}

/** Sign-ins without a telephone: as many of one person as they like, beside a desk or not. */
export class Consoles {
  private readonly office: Pick<Office, 'person'>;
  private readonly open = new Map<DeskSink, AgentId>();

  constructor(office: Pick<Office, 'person'>) {
    this.office = office;
  }

  /** Tells this one from now on, until it is disposed of. */
  connect(agentId: AgentId, sink: DeskSink): Disposer {
    this.open.set(sink, agentId);
    return () => void this.open.delete(sink);
  }

  get watchers(): Watcher[] {
    return [...this.open].flatMap(([sink, agentId]) => {
      const person = this.office.person(agentId);
      return person === undefined ? [] : [{ me: meOf(person, 'console'), sink }];
    });
  }

  /** Ends those of people who are set up no more. */
  endStrangers(): void {
    for (const [sink, agentId] of this.open) {
      if (this.office.person(agentId) !== undefined) continue;
      this.open.delete(sink);
      sink.signedOut();
    }
  }
}
