import type { IncomingMessage } from 'node:http';
import { Proxies, type Gateway, type GatewayOptions } from '../center/gateway/index.ts';
import type { AccessSettings } from './access-settings.ts';
import type { Logger } from './logger.ts';
import { StartError } from './start-error.ts';
import { TlsDoor } from './tls-door.ts';

interface Address {
  host: string;
  port: number;
}

/** By which way people come in: TLS or not, proxies or not. */
export interface ReachOfServer {
  readonly options: Required<Pick<GatewayOptions, 'proxies' | 'publicUrl' | 'allowedHosts' | 'allowedOrigins' | 'tlsTrouble'>>;
  addressOf: (request: IncomingMessage) => string;
  isSecure(request: IncomingMessage): boolean;
  /** How this very process reaches the gateway: in plain over loopback, whatever others use. Known after `listen`. */
  readonly innerOrigin: string;
  /** @throws StartError when it cannot be listened on */
  listen(gateway: Gateway, address: Address): Promise<{ origin: string; port: number }>;
  close(): void;
}

/** @throws StartError when the certificate is none */
export function openReach(host: string, { tls, trustedProxies, publicUrl, allowPlainHttp }: AccessSettings, logger: Logger): ReachOfServer {
  const proxies = new Proxies(trustedProxies);
  let http: Gateway | null = null;
  let innerOrigin = '';
  const door = tls === null ? null : doorOf(tls, () => http?.server, logger);
  if (door === null && allowPlainHttp) logger.warn({ host }, 'plain HTTP is allowed: passwords and everything else may be read on the way (SANGDAM_ALLOW_PLAIN_HTTP)');
  const named = publicUrl === null ? [] : [new URL(publicUrl).hostname];
  return {
    options: {
      proxies,
      publicUrl,
      allowedHosts: () => [...named, host, ...(door?.names ?? [])],
      allowedOrigins: publicUrl === null ? [] : [publicUrl],
      tlsTrouble: () => door?.trouble ?? null,
    },
    addressOf: (request) => proxies.addressOf(request),
    isSecure: (request) => proxies.isSecure(request),
    get innerOrigin() {
      return innerOrigin;
    },
    listen: async (gateway, { host: at, port: wanted }) => {
      http = gateway;
      if (door === null) {
        const port = await listening({ host: at, port: wanted }, (address) => gateway.listen(address));
        innerOrigin = originOf('http', loopbackOf(at), port);
        return { origin: originOf('http', at, port), port };
      }
      innerOrigin = originOf('http', '127.0.0.1', await gateway.listen({ host: '127.0.0.1', port: 0 }));
      const port = await listening({ host: at, port: wanted }, (address) => door.listen(address));
      return { origin: originOf('https', at, port), port };
    },
    close: () => door?.close(),
  };
}

function doorOf(files: NonNullable<AccessSettings['tls']>, http: () => Gateway['server'] | undefined, logger: Logger): TlsDoor {
  try {
    return new TlsDoor({ files, http, logger });
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function listening(address: Address, listen: (address: Address) => Promise<number>): Promise<number> {
  const { host, port } = address;
  try {
    return await listen(address);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EADDRINUSE') throw new StartError(`port ${port} on ${host} is in use: end what listens there, or choose another with SANGDAM_PORT`, { cause: error });
    if (code === 'EACCES') throw new StartError(`port ${port} needs more rights than this process has: choose one above 1023 with SANGDAM_PORT`, { cause: error });
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new StartError(`${host} is not an address of this machine: set SANGDAM_HOST to one that is`, { cause: error });
    throw error;
  }
}

const originOf = (scheme: 'http' | 'https', host: string, port: number): string => `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** An address of all interfaces is none to connect to. */
const loopbackOf = (host: string): string => ({ '0.0.0.0': '127.0.0.1', '::': '::1' })[host] ?? host;
