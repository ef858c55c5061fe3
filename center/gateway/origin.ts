import type { FastifyRequest } from 'fastify';
import { isSameSecret } from '../accounts/keys.ts';
import type { RelyingParty } from '../accounts/passkeys.ts';
import { hostOf } from '../../contract/origin.ts';

/** Where a request of the sign-in comes from. */
export interface Origin {
  /** Network address of the person's browser or desktop. */
  address: string;
  /** One browser or connection at that address. */
  source: string;
  /** The switch's address as this client can reach it, the way it reached us; null where the Host header is none. */
  sipUrl: string | null;
  /** The page that asks, for passkeys. */
  party: RelyingParty | null;
}

/** Header by which our own web shell says whose browser asks: the secret, the browser's address, and which connection it is. */
export const BROWSER_HEADER = 'sangdam-browser';

/**
 * The web shell's sessions ask from inside this process, all from one address. It tells the browser's by a header, which
 * counts only with the secret that the two were given at the start; anybody else is where their connection comes from.
 */
export function originOf(request: FastifyRequest, shellSecret: string | null): Origin {
  const host = hostOf(request.headers);
  const isSecure = request.protocol === 'https';
  const name = host?.replace(/:\d+$/, '') ?? null;
  return {
    ...(browserOf(request.headers[BROWSER_HEADER], shellSecret) ?? { address: request.ip, source: `${request.socket.remoteAddress ?? ''}:${request.socket.remotePort ?? ''}` }),
    sipUrl: host === null ? null : `${isSecure ? 'wss' : 'ws'}://${host}/sip`,
    party: host === null || name === null ? null : { id: name, origin: `${isSecure ? 'https' : 'http'}://${host}` },
  };
}

function browserOf(header: string | string[] | undefined, shellSecret: string | null): Pick<Origin, 'address' | 'source'> | null {
  if (typeof header !== 'string' || shellSecret === null) return null;
  const [secret = '', address = '', source = ''] = header.split(' ', 3);
  return address !== '' && isSameSecret(secret, shellSecret) ? { address, source } : null;
}
