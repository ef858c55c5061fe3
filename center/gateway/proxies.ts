import { BlockList, isIP } from 'node:net';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { hostOf } from '../../contract/origin.ts';

/** An address or a range of addresses (CIDR): `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`. */
export function isAddressRange(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
/** IPv4 as IPv4, where a socket of both families names it `::ffff:192.0.2.1`. */
const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * The proxies whose word on whom they speak for counts (X-Forwarded-For, -Proto, -Host). Anybody can write these headers;
 * from anybody else they are noise.
 */
export class Proxies {
  private readonly list = new BlockList();

  /** @param ranges addresses and CIDRs, as `isAddressRange` has them */
  constructor(ranges: readonly string[] = []) {
    for (const range of ranges) {
      const [address = '', prefix] = range.split('/');
      if (prefix === undefined) this.list.addAddress(address, familyOf(address));
      else this.list.addSubnet(address, Number(prefix), familyOf(address));
    }
  }

  trusts(address: string | undefined): boolean {
    const plain = unmapped(address ?? '');
    return isIP(plain) !== 0 && this.list.check(plain, familyOf(plain));
  }

  /** Whether it came to us, or to the proxy that hands it on, over TLS. */
  isSecure({ headers, socket }: IncomingMessage): boolean {
    return 'encrypted' in socket || (this.trusts(socket.remoteAddress) && headers['x-forwarded-proto'] === 'https');
  }

  /** Whose request this is: the nearest address on its way that no proxy of ours has. */
  addressOf({ headers, socket }: IncomingMessage): string {
    const peer = unmapped(socket.remoteAddress ?? '');
    if (!this.trusts(peer)) return peer;
    const way = String(headers['x-forwarded-for'] ?? '').split(',').map((text) => unmapped(text.trim())).toReversed();
    let nearest = peer;
    for (const address of way) {
      // What is no address was written by whoever comes before.
      if (isIP(address) === 0) break;
      nearest = address;
      if (!this.trusts(address)) break;
    }
    return nearest;
  }
}

/**
 * Requests and upgrades that a trusted proxy hands on bear the Host it was asked for, for whoever reads it, from the first
 * listener on. To be called after those that look at the Host at the very door, for it comes before them.
 */
export function takeHostsFrom(proxies: Proxies, server: HttpServer): void {
  const emit = server.emit.bind(server) as (event: string | symbol, ...args: unknown[]) => boolean;
  server.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event === 'request' || event === 'upgrade') {
      const { headers, socket } = args[0] as IncomingMessage;
      const told = headers['x-forwarded-host'];
      // The last is what the proxy itself was asked for: some write it behind what the browser says of itself.
      const host = typeof told === 'string' ? hostOf({ host: told.split(',').at(-1)?.trim() }) : null;
      if (host !== null && proxies.trusts(socket.remoteAddress)) headers.host = host;
    }
    return emit(event, ...args);
  };
}
