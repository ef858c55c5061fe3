import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Emitter } from '../../contract/emitter.ts';
import type { Me } from '../../contract/directory.ts';
import { fail, type Disposer, type Result } from '../../contract/errors.ts';
import type { Logger } from '../logger.ts';
import { CustomerCache, type CacheEvent, type CacheHealth, type Customers } from './cache.ts';

/** A copy that nobody has used for so long goes: it knows nothing of who was erased since. */
const UNUSED_MS = 7 * 86_400_000;

export interface ScopedCachesOptions {
  folder: string;
  /** 32 bytes; null: in memory. */
  key: Buffer | null;
  log: Logger;
}

/**
 * The customer caches of a host that serves many people: one for all who may see the same, which is the same groups.
 * What the center keeps from somebody is in none that they read.
 */
export class ScopedCaches {
  private readonly options: ScopedCachesOptions;
  private readonly opened = new Map<string, CustomerCache>();

  constructor(options: ScopedCachesOptions) {
    this.options = options;
    this.removeUnused(Date.now());
  }

  /** For one session: nothing until somebody has signed in to it, and what they may see from then on. */
  forSession(): Customers {
    return new SessionCustomers((me) => this.of(me));
  }

  close(): void {
    for (const cache of this.opened.values()) cache.close();
    this.opened.clear();
  }

  private of({ role, groupIds }: Me): CustomerCache {
    const scope = createHash('sha256').update(JSON.stringify(role === 'admin' ? 'all' : groupIds.toSorted())).digest('hex').slice(0, 16);
    const known = this.opened.get(scope);
    if (known !== undefined) return known;
    const { folder, key, log } = this.options;
    const cache = new CustomerCache({ file: join(folder, `customers-${scope}.db`), key, log });
    this.opened.set(scope, cache);
    return cache;
  }

  private removeUnused(now: number): void {
    const { folder, log } = this.options;
    try {
      for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        const file = join(folder, name);
        // The one that everybody shared, and those that are out of use.
        if (name.startsWith('customers.db') || (/^customers-[\da-f]{16}\.db/.test(name) && now - statSync(file).mtimeMs > UNUSED_MS)) rmSync(file, { force: true });
      }
    } catch (error) {
      log.warn({ error: String(error) }, 'unused customer caches could not be removed');
    }
  }
}

const nobody = (): Result<never> => fail('session.not-signed-in', 'nobody is signed in');

class SessionCustomers implements Customers {
  private readonly choose: (me: Me) => CustomerCache;
  private readonly events = new Emitter<CacheEvent>();
  private cache: CustomerCache | null = null;
  private stopListening: Disposer = () => {};

  constructor(choose: (me: Me) => CustomerCache) {
    this.choose = choose;
  }

  get health(): CacheHealth {
    return this.cache?.health ?? { state: 'ready', storage: 'memory', remaining: 0 };
  }

  enter(me: Me): void {
    this.leave();
    this.cache = this.choose(me);
    this.stopListening = this.cache.onEvent((event) => this.events.emit(event));
  }

  leave(): void {
    this.stopListening();
    this.cache = null;
  }

  onEvent(listener: (event: CacheEvent) => void): Disposer {
    return this.events.on(listener);
  }

  lookup: Customers['lookup'] = (e164) => this.cache?.lookup(e164) ?? nobody();
  findByNumber: Customers['findByNumber'] = (e164, lines) => this.cache?.findByNumber(e164, lines) ?? nobody();
  get: Customers['get'] = (customerId, lines) => this.cache?.get(customerId, lines) ?? nobody();
  search: Customers['search'] = (text, limit, offset) => this.cache?.search(text, limit, offset) ?? nobody();
  sync: Customers['sync'] = (fetch) => this.cache?.sync(fetch) ?? Promise.resolve(nobody());
}
