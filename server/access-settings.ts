import { z } from 'zod';
import { isAddressRange } from '../center/gateway/proxies.ts';
import { fail, ok, type Result } from '../contract/errors.ts';
import { isLoopbackHost, isSecureOrigin, serverOrigin } from '../contract/server-address.ts';
import type { SwitchSettings } from './switch-settings.ts';

/** By which ways people reach this server, and what keeps others from reading along. */
export interface AccessSettings {
  /** PEM files of a certificate with its chain, and of its key; null: plain HTTP. */
  tls: TlsFiles | null;
  /** Addresses and CIDRs of the proxies whose X-Forwarded headers count. */
  trustedProxies: readonly string[];
  /** The address people reach us by, as an origin: `https://center.example.com`; null: the one we listen on. */
  publicUrl: string | null;
  /** Passwords may go in the clear: an operator has said so. */
  allowPlainHttp: boolean;
}

export interface TlsFiles {
  certFile: string;
  keyFile: string;
}

export const plainOnLoopback: AccessSettings = { tls: null, trustedProxies: [], publicUrl: null, allowPlainHttp: false };

export const accessEnvironment = {
  SANGDAM_TLS_CERT: z.string().min(1).optional(),
  SANGDAM_TLS_KEY: z.string().min(1).optional(),
  SANGDAM_TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((range) => range.trim()).filter((range) => range !== ''))
    .pipe(z.array(z.string().refine(isAddressRange, 'wanted: addresses or CIDRs, comma-separated, as 10.0.0.7,fd00::/8')))
    .default([]),
  SANGDAM_PUBLIC_URL: z
    .string()
    .transform((text) => (text.includes('://') ? serverOrigin(text) : null))
    .refine((origin) => origin !== null, 'wanted: an address without a path, as https://center.example.com')
    .optional(),
  SANGDAM_ALLOW_PLAIN_HTTP: z.enum(['0', '1']).transform((flag) => flag === '1').default(false),
};

const Parsed = z.object(accessEnvironment);

/** The part of the settings that is about TLS and proxies; `input.invalid` names the variable that is wrong or missing. */
export function accessSettings(environment: z.infer<typeof Parsed>): Result<AccessSettings> {
  const { SANGDAM_TLS_CERT: certFile, SANGDAM_TLS_KEY: keyFile, SANGDAM_TRUSTED_PROXIES: trustedProxies, SANGDAM_PUBLIC_URL: publicUrl = null, SANGDAM_ALLOW_PLAIN_HTTP: allowPlainHttp } = environment;
  if (certFile !== undefined && keyFile === undefined) return fail('input.invalid', 'SANGDAM_TLS_KEY: needed with SANGDAM_TLS_CERT, the PEM file of its key');
  if (keyFile !== undefined && certFile === undefined) return fail('input.invalid', 'SANGDAM_TLS_CERT: needed with SANGDAM_TLS_KEY, the PEM file of the certificate and its chain');
  const tls = certFile === undefined || keyFile === undefined ? null : { certFile, keyFile };
  return ok({ tls, trustedProxies, publicUrl, allowPlainHttp });
}

/** Why this server may not be reached so, in words for the operator: passwords would go in the clear. Null where they do not. */
export function accessObjection(host: string, { tls, publicUrl, allowPlainHttp }: AccessSettings): string | null {
  if (allowPlainHttp) return null;
  if (publicUrl?.startsWith('http:') === true && !isLoopbackHost(new URL(publicUrl).hostname)) return 'SANGDAM_PUBLIC_URL: an http:// address sends passwords in the clear; use https://, or say SANGDAM_ALLOW_PLAIN_HTTP=1';
  if (tls !== null || isLoopbackHost(host)) return null;
  return `SANGDAM_HOST: ${host} is reached from other machines, and without TLS passwords go in the clear. Set SANGDAM_TLS_CERT and SANGDAM_TLS_KEY, or listen on 127.0.0.1 behind a proxy with TLS (SANGDAM_TRUSTED_PROXIES, SANGDAM_PUBLIC_URL), or say SANGDAM_ALLOW_PLAIN_HTTP=1 where nobody can read along`;
}

/** Whether desks may be told to register at this address of SIP over WebSocket. */
export const mayTellSipUrl = (url: string, { allowPlainHttp }: AccessSettings): boolean => allowPlainHttp || isSecureOrigin(url.replace(/^ws/, 'http'));

/**
 * Why phones may not register so, in words for the operator; null where they may. A single Asterisk whose address is
 * only guessed from ARI's is reached through the center instead.
 * @param named by SANGDAM_SIP_URL
 */
export function sipObjection(chosen: SwitchSettings, named: boolean, access: AccessSettings): string | null {
  if (chosen.kind === 'embedded' || (chosen.nodes.length === 1 && !named)) return null;
  const plain = chosen.nodes.find(({ sipUrl }) => !mayTellSipUrl(sipUrl, access));
  return plain === undefined ? null : `SANGDAM_SIP_URL: phones at ${plain.sipUrl} would speak in the clear beyond this machine; name wss:// addresses, or say SANGDAM_ALLOW_PLAIN_HTTP=1 where nobody can read along`;
}
