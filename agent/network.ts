import http from 'node:http';
import https from 'node:https';
import type { ErrorCode } from '../contract/errors.ts';

/**
 * Node's own agent for a WebSocket's handshake. `ws` uses none unless told, and would go past the proxy that the
 * host has set for the process. Looked up at each use: setting a proxy puts another agent in its place.
 */
export const webSocketAgent = (url: string): http.Agent => (/^(wss|https):/.test(url) ? https.globalAgent : http.globalAgent);

/** Codes of OpenSSL and Node for a certificate that is not to be trusted. */
const UNTRUSTED = /^(ERR_TLS_CERT_ALTNAME_INVALID|ERR_TLS_CERT_SIGNATURE_ALGORITHM_UNSUPPORTED|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/;

/** Why a connection to the center did not come about: no answer in time, a certificate not to be trusted, or nobody there. */
export function connectionErrorCode(error: unknown): Extract<ErrorCode, 'center.timeout' | 'center.untrusted' | 'center.unreachable'> {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'TimeoutError') return 'center.timeout';
    if ('code' in cause && typeof cause.code === 'string' && UNTRUSTED.test(cause.code)) return 'center.untrusted';
  }
  return 'center.unreachable';
}
