import type { AriAnswer, AriConnection } from './connection.ts';

/**
 * Spreads requests over several WebSockets to one Asterisk, which works off those of one socket one after the other:
 * an originate takes it a millisecond in which an answered call would wait to be put through. Requests of one key (a
 * channel, a bridge) keep their order; those of different keys may overtake each other.
 */
export class AriLanes {
  private readonly main: AriConnection;
  private readonly others: readonly AriConnection[];

  /** @param main carries the events, and every request while the others are not there */
  constructor(main: AriConnection, others: readonly AriConnection[]) {
    this.main = main;
    this.others = others;
  }

  start(): void {
    this.main.start();
    for (const lane of this.others) lane.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.main, ...this.others].map((lane) => lane.stop()));
  }

  /** @see AriConnection.request */
  request(key: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', uri: string, body?: object): Promise<AriAnswer> {
    const lane = this.others[hashOf(key) % this.others.length];
    return (lane !== undefined && lane.isOpen ? lane : this.main).request(method, uri, body);
  }

  fetch(uri: string): Promise<Response> {
    return this.main.fetch(uri);
  }
}

/** Ids are random, or count upwards at their end: their last characters tell them apart. */
function hashOf(key: string): number {
  let hash = 0;
  for (let i = Math.max(0, key.length - 6); i < key.length; i++) hash = (hash * 31 + key.charCodeAt(i)) >>> 0;
  return hash;
}
