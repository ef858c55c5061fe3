import { isIP, BlockList } from 'node:net';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { hostOf } from '../../contract/origin.ts';
import type { GatewayLogger } from './logger.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export const isLoopback = (address: string): boolean => loopback.check(unmapped(address), isIP(unmapped(address)) === 6 ? 'ipv6' : 'ipv4');

/** IPv4 as IPv4, where a socket of both families names it `::ffff:192.0.2.1`. */
const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * Whether a Host header names this server: a loopback name or address, the address the request came in by, or a name
 * an operator gave. A page whose name was pointed at us meanwhile (DNS rebinding) calls us by that name, and is not
 * answered. The port is not looked at: it is the name that makes the origin another's.
 * @param localAddress of the socket, as Node has it
 * @param names lower case, without port
 */
export function isOurHost(header: string | undefined, localAddress: string | undefined, names: readonly string[]): boolean {
  const host = hostOf({ host: header });
  // A URL writes an address in its one form; it reads `0x7f.1` as what it is.
  if (host === null || !URL.canParse(`http://${host}`)) return false;
  const name = new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
  if (names.includes(name) || name === 'localhost' || name.endsWith('.localhost')) return true;
  return isIP(name) !== 0 && (isLoopback(name) || (localAddress !== undefined && name === unmapped(localAddress)));
}

const MISDIRECTED = 'This server does not answer to that name. Its operator can name the addresses people reach it by.\n';

/**
 * Lets nothing through that was meant for another host, requests and upgrades alike, whoever takes them, and however
 * late they begin to listen. Wrong ones are answered 421 (RFC 9110, 15.5.20) before any work is done for them.
 * @param names asked for with each request
 */
export function answerOnlyTo(server: HttpServer, names: () => readonly string[], logger: GatewayLogger): void {
  const emit = server.emit.bind(server) as (event: string | symbol, ...args: unknown[]) => boolean;
  const refused = ({ headers, socket }: IncomingMessage): boolean => {
    if (isOurHost(headers.host, socket.localAddress, names())) return false;
    logger.info({ host: (headers.host ?? '').slice(0, 100) }, 'a request for another host was refused');
    return true;
  };
  server.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    const [request, answer] = args as [IncomingMessage, ServerResponse & Duplex];
    if (event === 'request' && refused(request)) {
      answer.writeHead(421, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', connection: 'close' });
      answer.end(MISDIRECTED);
      return true;
    }
    if (event === 'upgrade' && refused(request)) {
      refuseUpgrade(answer, '421 Misdirected Request', MISDIRECTED);
      return true;
    }
    return emit(event, ...args);
  };
}

/** Answers an upgrade with an error, and lets go of the socket whatever its peer does. */
export function refuseUpgrade(socket: Duplex, status: string, text: string = ''): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`, () => socket.destroy());
}
