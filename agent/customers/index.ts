export { CustomerCache, type CacheEvent, type CacheHealth, type CacheOptions, type FetchChanges } from './cache.ts';
export type { HistoryPage, HistoryQuery } from './reader.ts';
export type { CustomerPage } from './search.ts';
