import type { IceServers } from '../../contract/cti/index.ts';
import type { AgentId } from '../../contract/ids.ts';
import { isLoopbackHost } from '../../contract/server-address.ts';

/** Where desks' phones register. */
export interface SipAddress {
  /** They register at each. None: on the path `/sip` of the address by which the client reached us. */
  urls: readonly string[];
  domain: string;
  /** STUN and TURN servers for this person, with credentials that are good for a while from now. */
  iceServers: (agentId: AgentId) => IceServers;
}

/**
 * Phones dial through the first that works: agents do not all have the same one there, and each always has the same.
 * Addresses of our own loopback mean nothing to whoever is elsewhere: they get none, and come to us.
 */
export function sipUrlsFor({ urls: all }: SipAddress, agentId: AgentId, isLocal: boolean): readonly string[] {
  const urls = all.filter((url) => isLocal || !isLoopbackHost(new URL(url).hostname));
  const turn = Buffer.from(agentId).reduce((sum, byte) => sum + byte, 0) % urls.length;
  return [...urls.slice(turn), ...urls.slice(0, turn)];
}
