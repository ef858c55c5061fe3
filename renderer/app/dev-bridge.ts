import type { BridgeFacade } from '../../contract/bridge/index.ts';
export function createDevBridge(_scenario: string): BridgeFacade {
  throw new Error('not yet');
}
