import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient, QueryResult } from 'pg';
import type { WriteWatch } from '../write-watch.ts';
import { DatabaseAway, hasEnded } from './trouble.ts';

/** Says of which version the tables are, and is what writers wait for each other at. */
export const TURNS = 'sangdam_store';

/**
 * Writers take turns, as with a file: one transaction after the other, of all processes and all centers of a schema. What is read
 * before it is written is then as it was read, and no transaction has to be done again. It comes before the first look at
 * anything, in the same message as the beginning. Readers wait for nobody.
 */
const BEGIN = `BEGIN; LOCK TABLE ${TURNS} IN EXCLUSIVE MODE`;

const READS = /^\s*(?:select|show|with)\b/i;
const TRANSACTION = /^\s*(begin|commit|rollback|savepoint|release)\b/i;

/** A text of PostgreSQL's cannot hold it; in a file it is a character like any other. */
const NUL = /\0/g;
const sendable = (value: unknown): unknown => (typeof value === 'string' && value.includes('\0') ? value.replace(NUL, '\uFFFD') : value);

/**
 * A pool for Kysely whose writers take turns and are watched.
 * @param prepare readies a new connection before anybody has it; what it throws is thrown to who asked for one
 */
export function takingTurns(pool: Pool, watch: WriteWatch, prepare: (client: PoolClient) => Promise<void>): PostgresPool {
  const known = new WeakMap<PoolClient, Turns>();
  // The server ended a connection that nobody was using: the next to ask gets another.
  pool.on('error', () => {});
  // In the pool's own queue whoever waits is sent away after as long as a connection may take to come about.
  let last: Promise<void> = Promise.resolve();
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const before = last;
      let next: () => void = () => {};
      last = new Promise((resolve) => (next = resolve));
      await before;
      try {
        const client = await pool.connect();
        const turns = known.get(client) ?? new Turns(client, watch);
        turns.onReleased = next;
        if (!known.has(client)) {
          try {
            await prepare(client);
          } catch (error) {
            client.release(true);
            throw error;
          }
          known.set(client, turns);
        }
        return turns;
      } catch (error) {
        next();
        // Whatever it is, nothing that waits to be written is wrong itself.
        const away = new DatabaseAway(error);
        watch.failed(away);
        throw away;
      }
    },
  };
}

class Turns implements PostgresPoolClient {
  onReleased: () => void = () => {};
  private readonly client: PoolClient;
  private readonly watch: WriteWatch;
  private ended = false;
  private inTransaction = false;
  private wrote = false;

  constructor(client: PoolClient, watch: WriteWatch) {
    this.client = client;
    this.watch = watch;
    // Whoever is waiting for an answer hears of it, too.
    client.on('error', () => (this.ended = true));
    client.on('end', () => (this.ended = true));
  }

  release(): void {
    // One that was left in the middle of something is of no use to the next.
    this.client.release(this.ended || this.inTransaction);
    this.inTransaction = false;
    this.onReleased();
  }

  // Kysely's own shape, of which we need no cursor.
  query = (async (text: string, parameters: readonly unknown[] = []) => {
    const [, word] = TRANSACTION.exec(text) ?? [];
    switch (word?.toLowerCase()) {
      case 'begin':
        return this.begin();
      case 'commit':
        return this.commit();
      case 'rollback':
        return this.rollback(text);
      default:
        return READS.test(text) ? this.send(text, parameters) : this.write(text, parameters);
    }
  }) as unknown as PostgresPoolClient['query'];

  private async begin(): Promise<QueryResult> {
    this.watch.beforeWrite();
    this.wrote = false;
    this.inTransaction = true;
    try {
      return await this.send(BEGIN);
    } catch (error) {
      // Whoever was refused their turn has begun nevertheless.
      await this.rollback('rollback').catch(() => {});
      throw error;
    }
  }

  private async commit(): Promise<QueryResult> {
    const result = await this.send('commit');
    this.inTransaction = false;
    if (this.wrote && result.command === 'COMMIT') this.watch.written();
    return result;
  }

  private async rollback(text: string): Promise<QueryResult> {
    const result = await this.send(text);
    if (/^\s*rollback\s*$/i.test(text)) this.inTransaction = false;
    return result;
  }

  private async write(text: string, parameters: readonly unknown[]): Promise<QueryResult> {
    if (this.inTransaction) {
      this.wrote = true;
      return this.send(text, parameters);
    }
    await this.begin();
    this.wrote = true;
    try {
      const result = await this.send(text, parameters);
      await this.commit();
      return result;
    } catch (error) {
      if (!this.ended) await this.rollback('rollback').catch(() => {});
      throw error;
    }
  }

  private async send(text: string, parameters: readonly unknown[] = []): Promise<QueryResult> {
    try {
      const result: QueryResult | QueryResult[] = await (parameters.length === 0 ? this.client.query(text) : this.client.query(text, parameters.map(sendable)));
      return Array.isArray(result) ? (result.at(-1) as QueryResult) : result;
    } catch (error) {
      if (!hasEnded(error)) {
        this.watch.failed(error);
        throw error;
      }
      this.ended = true;
      const away = new DatabaseAway(error);
      this.watch.failed(away);
      throw away;
    }
  }
}
