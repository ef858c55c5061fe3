/// <reference types="vite/client" />
import type { BridgeFacade } from '../contract/bridge/index.ts';

declare global {
  interface Window {
    /** Put there by Electron's preload; absent in the web edition. */
    readonly sangdam?: BridgeFacade;
  }
}
