import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as tls from 'node:tls';
import { session } from 'electron';
import type { Logger } from '../../../agent/index.ts';
import type { DesktopProblem, DesktopSettings } from '../../../contract/bridge/index.ts';
import { certificatesIn, proxyEnvironment, proxyInForce } from './network-policy.ts';

/**
 * Puts proxy and certificate authorities in force for everything this process connects to: the center's REST and
 * socket, and the switch. Pages connect to nothing.
 * @param server the center's origin, for which the system is asked; null before there is one
 */
export async function applyNetwork({ proxy, certificateFile }: DesktopSettings, server: string | null, log: Logger): Promise<DesktopProblem[]> {
  const { added, problems } = authorities(certificateFile);
  try {
    // The system's store too, where a company's own authority usually is already.
    tls.setDefaultCACertificates([...new Set([...tls.getCACertificates('bundled'), ...tls.getCACertificates('system'), ...added])]);
    const url = await proxyInForce(proxy, () => (server === null ? Promise.resolve('DIRECT') : session.defaultSession.resolveProxy(server)));
    http.setGlobalProxyFromEnv(proxyEnvironment(url));
    log.info({ proxy: url === null ? 'none' : proxy.mode, authorities: added.length }, 'network settings in force');
  } catch (error) {
    // A broken key store or proxy script of the system must not keep the desk from starting.
    log.error({ error: String(error) }, 'network settings could not be put in force');
  }
  return problems;
}

function authorities(file: string | null): { added: string[]; problems: DesktopProblem[] } {
  if (file === null) return { added: [], problems: [] };
  try {
    const added = certificatesIn(readFileSync(file, 'utf8'));
    if (added.length > 0) return { added, problems: [] };
  } catch {
    // Told like a file without certificates: it cannot be used.
  }
  return { added: [], problems: [{ code: 'certificateUnreadable', file }] };
}
