import type { Health } from '../../../contract/bridge/index.ts';
import type { AppError } from '../../../contract/errors.ts';
import type { StoreHealth } from '../../../contract/store-health.ts';
import type { Tone } from '../../ui/tone.ts';
import type { BridgeState } from '../bridge.ts';

/** One line of the connections list: `text` is a key below `app.health`. */
export interface HealthRow {
  name: 'phone' | 'cti' | 'microphone' | 'switch' | 'store' | 'cache';
  tone: Extract<Tone, 'ready' | 'away' | 'danger'>;
  text: string;
  error: AppError | null;
}

/**
 * What works and what does not, most needed first. While this window has lost its host (`bridge`), what was last
 * heard of the center is no news: it counts as lost. Without a desk there is no telephone to speak of.
 */
export function healthRows({ cti, phone, microphone, switch: telephone, store, cache }: Health, bridge: BridgeState, hasDesk: boolean): HealthRow[] {
  const center = bridge === 'connected' ? CTI[cti.state] : CTI.lost;
  const storage = cache.storage === 'encrypted' ? 'cacheReady' : 'cacheMemory';
  return [
    ...(hasDesk ? [{ name: 'phone' as const, tone: PHONE[phone.state].tone, text: PHONE[phone.state].text, error: phone.error }] : []),
    { name: 'cti', tone: center.tone, text: center.text, error: cti.error },
    ...(hasDesk ? [{ name: 'microphone' as const, ...MICROPHONE[microphone], error: null }] : []),
    { name: 'switch', tone: telephone === 'available' ? 'ready' : 'danger', text: telephone, error: null },
    // Who is in charge sees to it; an agent learns of it where something of theirs is not kept.
    ...(store === null ? [] : [{ name: 'store' as const, tone: STORE_TONE[store.state], text: storeText(store), error: null }]),
    { name: 'cache', tone: CACHE_TONE[cache.state], text: cache.state === 'ready' ? storage : cache.state === 'syncing' ? 'cacheSyncing' : 'cacheUnavailable', error: null },
  ];
}

type Line = Pick<HealthRow, 'tone' | 'text'>;

const PHONE: Record<Health['phone']['state'], Line> = {
  registered: { tone: 'ready', text: 'registered' },
  registering: { tone: 'away', text: 'registering' },
  lost: { tone: 'danger', text: 'phoneLost' },
};

const CTI: Record<Health['cti']['state'], Line> = {
  connected: { tone: 'ready', text: 'connected' },
  connecting: { tone: 'away', text: 'connecting' },
  lost: { tone: 'danger', text: 'lost' },
};

const MICROPHONE: Record<Health['microphone'], Line> = {
  ok: { tone: 'ready', text: 'micOk' },
  unknown: { tone: 'away', text: 'micUnknown' },
  denied: { tone: 'danger', text: 'micDenied' },
  missing: { tone: 'danger', text: 'micMissing' },
};

const STORE_TONE: Record<StoreHealth['state'], HealthRow['tone']> = { well: 'ready', low: 'away', failing: 'danger' };

const STORE_FAILING: Record<Extract<StoreHealth, { state: 'failing' }>['cause'], string> = { full: 'storeFull', readOnly: 'storeReadOnly', damaged: 'storeDamaged', other: 'storeFailing' };

/** A key below `app.health`. */
const storeText = (store: StoreHealth): string => (store.state === 'failing' ? STORE_FAILING[store.cause] : store.state === 'low' ? 'storeLow' : 'storeWell');

const CACHE_TONE: Record<Health['cache']['state'], HealthRow['tone']> = { ready: 'ready', syncing: 'away', unavailable: 'danger' };

/** The worst tone of the rows: what the one dot in the top bar shows. */
export const worstOf = (rows: readonly HealthRow[]): HealthRow['tone'] =>
  rows.some(({ tone }) => tone === 'danger') ? 'danger' : rows.some(({ tone }) => tone === 'away') ? 'away' : 'ready';
