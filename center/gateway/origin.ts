import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { isSameSecret } from '../accounts/keys.ts';
import type { RelyingParty } from '../accounts/passkeys.ts';
import { hostOf } from '../../contract/origin.ts';
import { isLoopbackHost } from '../../contract/server-address.ts';

/** Where a request of the sign-in comes from. */
export interface Origin {
  /** Network address of the person's browser or desktop. */
  address: string;
  /** One browser or connection at that address. */
  source: string;
  /** Whether whoever asked has hung up. */
  isGone: () => boolean;
  /** The switch's address as this client can reach it: the public one, or the way it reached us; null where the Host header is none. */
  sipUrl: string | null;
  /** At this very machine: addresses of its loopback mean something to them. */
  isLocal: boolean;
  /** The page that asks, for passkeys. */
  party: RelyingParty | null;
}

export interface Reach {
  /** Shared with the web shell of this process alone. */
  shellSecret: string | null;
  /** The address people reach us by, as an origin; null: the one by which each has reached us. */
  publicUrl: string | null;
}

/** Header by which our own web shell says whose browser asks: the secret, the browser's address, and which connection it is. */
export const BROWSER_HEADER = 'sangdam-browser';

/**
 * The web shell's sessions ask from inside this process, all from one address. It tells the browser's by a header, which
 * counts only with the secret that the two were given at the start; anybody else is where their connection comes from.
 */
export function originOf(request: FastifyRequest, { shellSecret, publicUrl }: Reach): Origin {
  const browser = browserOf(request.headers, shellSecret);
  const host = hostOf(request.headers);
  const reached = host === null ? null : `${request.protocol === 'https' ? 'https' : 'http'}://${host}`;
  // The shell's phones are in this process; its browsers are where the public address leads.
  const sipBase = browser === null ? (publicUrl ?? reached) : reached;
  const page = publicUrl ?? reached;
  return {
    ...(browser ?? { address: request.ip, source: `${request.socket.remoteAddress ?? ''}:${request.socket.remotePort ?? ''}` }),
    isGone: () => request.raw.socket.destroyed,
    sipUrl: sipBase === null ? null : `${sipBase.replace(/^http/, 'ws')}/sip`,
    isLocal: browser !== null || (sipBase !== null && isLoopbackHost(nameIn(sipBase))),
    party: page === null ? null : { id: nameIn(page), origin: page },
  };
}

const nameIn = (origin: string): string => origin.replace(/^\w+:\/\//, '').replace(/:\d+$/, '');

/** Whose browser the web shell asks for; null where it is not the shell that asks. */
export function browserOf(headers: IncomingHttpHeaders, shellSecret: string | null): Pick<Origin, 'address' | 'source'> | null {
  const header = headers[BROWSER_HEADER];
  if (typeof header !== 'string' || shellSecret === null) return null;
  const [secret = '', address = '', source = ''] = header.split(' ', 3);
  return address !== '' && isSameSecret(secret, shellSecret) ? { address, source } : null;
}
