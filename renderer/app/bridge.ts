import { inject, type App, type InjectionKey } from 'vue';
import type { BridgeFacade } from '../../contract/bridge/index.ts';
import { displayTokenIn } from './display-token.ts';
import { createWebBridge } from './web-bridge.ts';

const bridgeKey: InjectionKey<BridgeFacade> = Symbol('bridge');

/** Whether the way to the host is open. The preload's always is; the web edition's socket may be lost, and its page of another version than the host. */
export type BridgeState = 'connecting' | 'connected' | 'lost' | 'outdated';

/**
 * The window's bridge: Electron's preload if it is there, else of a wallboard link what it shows, else a socket to the web shell, else (development
 * only, with `?scenario=…`) an invented session.
 * @param onState told of each change of the connection
 */
export async function openBridge(onState: (state: BridgeState) => void): Promise<BridgeFacade> {
  if (import.meta.env.DEV && new URLSearchParams(location.search).has('scenario')) {
    const { createDevBridge } = await import('./dev-bridge.ts');
    onState('connected');
    return createDevBridge(new URLSearchParams(location.search).get('scenario') ?? '');
  }
  if (window.sangdam !== undefined) {
    onState('connected');
    return window.sangdam;
  }
  const token = displayTokenIn(location);
  if (token === null) return createWebBridge(onState);
  // A wall is no desk: what it asks the center with is fetched by walls alone.
  const { createDisplayBridge } = await import('./display-bridge.ts');
  return createDisplayBridge(token, onState);
}

export const provideBridge = (app: App, bridge: BridgeFacade): void => void app.provide(bridgeKey, bridge);

/** The bridge, in a component's or a store's setup. */
export function useBridge(): BridgeFacade {
  const bridge = inject(bridgeKey);
  if (bridge === undefined) throw new Error('no bridge was provided to this app');
  return bridge;
}
