import { z } from 'zod';
import { isLoopbackHost } from '../contract/server-address.ts';
import type { SwitchSettings } from './switch-settings.ts';

const Flag = z.enum(['0', '1']).transform((flag) => flag === '1');

export const demoEnvironment = {
  SANGDAM_DEMO: Flag.default(false),
  SANGDAM_DEMO_BEYOND_LOOPBACK: Flag.default(false),
};

/** What decides whether the demo, whose passwords anybody may read, harms nobody. */
export interface DemoSurroundings {
  demo: boolean;
  /** An operator wants the demo on an Asterisk, or with one, that others reach. */
  demoBeyondLoopback?: boolean;
  host: string;
  switch?: SwitchSettings;
}

/**
 * Why the demo may not start here, in words for the operator; null where it may. Whoever knows its passwords could call
 * out at the operator's cost where there is a trunk, and reach the phones of an Asterisk that is open to others.
 */
export function demoObjection({ demo, demoBeyondLoopback = false, host, switch: chosen = { kind: 'embedded' } }: DemoSurroundings): string | null {
  if (!demo || chosen.kind === 'embedded') return null;
  if (chosen.trunk !== null) {
    return 'SANGDAM_DEMO: the demo, whose passwords anybody knows, does not start with a line to the outside (SANGDAM_ASTERISK_TRUNK): leave out one of them. Set SANGDAM_DEMO=0 for real work, with SANGDAM_DATA naming a folder that the demo has not filled';
  }
  if (demoBeyondLoopback) return null;
  const outside = [host, ...chosen.nodes.map(({ ariUrl }) => new URL(ariUrl).hostname)].find((each) => !isLoopbackHost(each));
  if (outside === undefined) return null;
  return `SANGDAM_DEMO: the demo on Asterisk stays on this machine, and ${outside} (SANGDAM_HOST, SANGDAM_ARI_URL) is reached from others: use 127.0.0.1, or set SANGDAM_DEMO=0, or SANGDAM_DEMO_BEYOND_LOOPBACK=1 where nobody else is in the network`;
}
