export { CustomerCache, type CacheEvent, type CacheHealth, type CacheOptions, type Customers, type FetchChanges } from './cache.ts';
export { ScopedCaches, type ScopedCachesOptions } from './scoped-caches.ts';
export type { CustomerPage } from './search.ts';
