import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { bridgeCalls, isBridgeCallName } from '../contract/bridge/calls.ts';
import { ContractVersion, understood } from '../contract/contract-version.ts';
import { fail, type Result } from '../contract/errors.ts';
import { isFromOwnPage } from '../contract/origin.ts';
import { cookieFor, noCookie, sessionIn } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

/** As much as the center takes: a first set-up has people. */
const MAX_BODY_BYTES = 64 * 1024;
/** Strangers that are being answered at once; a whole office that signs in at nine is fewer. */
const MAX_AT_ONCE = 1000;

const Call = z.strictObject({ name: z.string().max(64), request: z.unknown(), contract: ContractVersion });

/** What a page is told that is not of this version: a page comes from here, and is the right one as soon as it is loaded anew. */
export const otherPage = fail('desk.too-old', 'this page is of another version than the host: load it anew');

/** An older page than is understood, or a newer one, where a center was set back. */
export const isOtherPage = (contract: number, { current, oldest } = understood): boolean => contract < oldest || contract > current;

export interface BridgeCallOptions {
  sessions: Sessions;
  allowedOrigins: readonly string[];
  isSecure: (request: IncomingMessage) => boolean;
  /** Headers by which the center knows whose browser asks. */
  introduce: (request: IncomingMessage) => Readonly<Record<string, string>>;
}

/**
 * `POST /bridge/call`, `{ name, request }`: what a page may ask before it has a socket, which is to say before anybody has
 * signed in: the open calls of `session`. Answers the call's `Result`. A sign-in that is complete brings the cookie by
 * which its browser has a socket.
 */
export function createBridgeCall({ sessions, allowedOrigins, isSecure, introduce }: BridgeCallOptions): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let underWay = 0;

  return async (request, response) => {
    const secure = isSecure(request);
    const send = (status: number, result: Result<unknown>, cookie: string | null = null): void => {
      response.writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(status >= 400 && { connection: 'close' }),
        ...(cookie !== null && { 'set-cookie': cookie }),
      });
      response.end(JSON.stringify(result));
    };
    if (!isFromOwnPage(request.headers, allowedOrigins)) return send(403, fail('forbidden', 'not a page of this desk'));
    if (request.method !== 'POST' || request.headers['content-type']?.split(';', 1)[0] !== 'application/json') return send(415, fail('input.invalid', 'post JSON'));
    const body = await readBody(request);
    const call = body === null ? null : parse(body);
    if (call === null) return send(400, fail('input.invalid', 'not a call'));
    if (isOtherPage(call.contract)) return send(200, otherPage);
    if (!isOpenHere(call.name)) return send(401, fail('session.not-signed-in', 'this is asked by the socket of whoever is signed in'));
    // Whoever is slow to say what they want is counted with the connections, and takes nobody's place here.
    if (underWay >= MAX_AT_ONCE) return send(503, fail('rate-limited', 'too many at once', 1000));
    underWay++;
    try {
      const { result, cookie } = await answer(call, request, secure);
      send(200, result, cookie);
    } finally {
      underWay--;
    }
  };

  async function answer(call: z.infer<typeof Call>, request: IncomingMessage, secure: boolean): Promise<{ result: Result<unknown>; cookie: string | null }> {
    const id = sessionIn(request.headers.cookie, secure);
    const known = sessions.of(id);
    if (known !== null) {
      const { caller, detach } = known.session.attach(() => {}, introduce(request));
      const result = await known.session.handleBridgeCall(call.name, call.request, caller);
      detach();
      sessions.left(known);
      return { result, cookie: null };
    }
    const { value, live } = await sessions.try(async (session) => {
      const { caller, detach } = session.attach(() => {}, introduce(request));
      const result = await session.handleBridgeCall(call.name, call.request, caller);
      detach();
      return result;
    });
    if (live !== null) return { result: value, cookie: cookieFor(live.id, secure) };
    return { result: value, cookie: id === null ? null : noCookie(secure) };
  }
}

const isOpenHere = (name: string): boolean => name.startsWith('session.') && isBridgeCallName(name) && bridgeCalls[name].access === 'open';

function parse(body: string): z.infer<typeof Call> | null {
  try {
    const parsed = Call.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** @returns null when it is too long, or was cut short */
function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) resolve(null);
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('close', () => resolve(null));
  });
}
