export { CustomerCache, type CacheEvent, type CacheHealth, type CacheOptions, type FetchChanges } from './cache.ts';
export type { CustomerPage, HistoryPage, HistoryQuery } from './reader.ts';
