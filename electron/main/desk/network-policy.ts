import type { Proxy } from '../../../contract/bridge/index.ts';

/**
 * The proxy in a PAC answer ("PROXY a:3128; DIRECT"), the first that Node can speak to, as a URL.
 * @returns null for a direct connection, and for SOCKS, which Node cannot
 */
export function proxyOfPac(answer: string): string | null {
  for (const part of answer.split(';')) {
    const [, kind = '', address = ''] = /^\s*(PROXY|HTTPS?|DIRECT)(?:\s+([\w.-]+:\d{1,5}|\[[\da-f:]+\]:\d{1,5}))?\s*$/i.exec(part) ?? [];
    if (kind.toUpperCase() === 'DIRECT') return null;
    if (kind !== '' && address !== '') return `${kind.toUpperCase() === 'HTTPS' ? 'https' : 'http'}://${address}`;
  }
  return null;
}

/** Node's proxy settings for a proxy. This machine's own addresses are never sent to one. */
export const proxyEnvironment = (url: string | null): { http_proxy?: string; https_proxy?: string; no_proxy: string } => ({
  no_proxy: 'localhost,127.0.0.1,::1',
  ...(url === null ? {} : { http_proxy: url, https_proxy: url }),
});

/** The proxy in force. @param resolve what the system says of the server's address, as a PAC answer */
export async function proxyInForce(proxy: Proxy, resolve: () => Promise<string>): Promise<string | null> {
  switch (proxy.mode) {
    case 'none':
      return null;
    case 'manual':
      return proxy.url;
    case 'system':
      return proxyOfPac(await resolve());
    default:
      return proxy satisfies never;
  }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z\d+/=\s]+-----END CERTIFICATE-----/g;

/** The certificates in a PEM file; empty where it holds none, such as a file with a private key alone. */
export const certificatesIn = (pem: string): string[] => pem.match(CERTIFICATE) ?? [];
