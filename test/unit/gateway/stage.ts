import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { onTestFinished } from 'vitest';
import { createGateway, type GatewayLogger, type GatewayOptions } from '../../../center/gateway/index.ts';
import { CTI_PATH, EventEnvelope, SignedIn } from '../../../contract/cti/index.ts';
import { AppError, type Result } from '../../../contract/errors.ts';
import { AgentId } from '../../../contract/ids.ts';
import { systemClock } from '../../../server/clock.ts';
import { demoStore, temporaryFolder } from '../store/support.ts';
import { FakeCenter } from './fake-center.ts';

const silent: GatewayLogger = { info: () => {}, warn: () => {}, error: () => {} };

export const agent = (name: string): AgentId => AgentId.parse(name);

/**
 * A gateway on a port of its own, over a real store with the demo's office and a core that remembers.
 * @param customers of the demo; by default all
 */
export async function stage(options: Partial<GatewayOptions> = {}, customers?: number) {
  const store = await demoStore(customers);
  const center = new FakeCenter(await store.records.configuration());
  const clock = { now: () => store.clock.now(), monotonic: () => performance.now(), setTimeout: (run: () => void, delayMs: number) => systemClock.setTimeout(run, delayMs) };
  const gateway = await createGateway({
    center,
    store,
    clock,
    logger: silent,
    signingKey: randomBytes(32),
    version: '0.0.0',
    demo: true,
    sip: { urls: [], domain: 'sangdam', iceServers: () => [] },
    webFolder: null,
    ...options,
  });
  const port = await gateway.listen({ host: '127.0.0.1', port: 0 });
  let closed: Promise<void> | null = null;
  const close = () => (closed ??= gateway.close());
  onTestFinished(close);
  const origin = `http://127.0.0.1:${port}`;

  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const json: Result<unknown> = await response.json();
    return { status: response.status, headers: response.headers, result: json };
  };

  /** To an endpoint of the API: its status, headers, and what it says; null for nothing. */
  const send = async (path: string, body: unknown, headers: Record<string, string> = {}, method = 'POST') => {
    const response = await fetch(`${origin}${path}`, { method, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const said: unknown = response.status === 204 ? null : await response.json();
    return { status: response.status, headers: response.headers, body: said };
  };

  const trySignIn = (account: string, password = 'sangdam-demo') => post('/api/auth/sign-in', { account, password, client: 'desktop' });

  const signIn = async (account: string): Promise<SignedIn> => {
    const { result } = await trySignIn(account);
    if (!result.ok) throw new Error(result.error.code);
    return SignedIn.parse(result.value);
  };

  const connect = (token: unknown, extraHeaders: Record<string, string> = {}) => openDesk(origin, token, extraHeaders);

  return { store, center, gateway, close, origin, post, send, trySignIn, signIn, connect };
}

/** A desk's socket with everything it was told. `error` is what refused it, null when it is connected. */
export async function openDesk(origin: string, token: unknown, extraHeaders: Record<string, string>) {
  const socket = io(origin, { path: CTI_PATH, auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders });
  onTestFinished(() => void socket.close());
  const events: EventEnvelope[] = [];
  socket.on('event', (envelope: unknown) => events.push(EventEnvelope.parse(envelope)));
  const gone = new Promise<string>((resolve) => socket.once('disconnect', resolve));
  const error = await new Promise<AppError | null>((resolve) => {
    socket.once('connect', () => resolve(null));
    socket.once('connect_error', (refusal) => {
      const parsed = AppError.safeParse('data' in refusal ? refusal.data : undefined);
      resolve(parsed.success ? parsed.data : { code: 'unexpected', message: refusal.message });
    });
  });
  const command = (type: string, payload: unknown, key: string = randomUUID()) => send(socket, { type, key, payload });
  return { socket, events, gone, error, command, send: (message: unknown) => send(socket, message) };
}

const send = async (socket: Socket, message: unknown): Promise<Result<unknown>> => socket.timeout(20_000).emitWithAck('command', message);

/** A built web edition as far as the gateway looks at it. */
export async function webFolder(): Promise<string> {
  const folder = await temporaryFolder();
  const files: Record<string, string> = {
    'renderer/index.html': '<title>desk</title>',
    'demo/customer/index.html': '<title>customer</title>',
    'assets/index-abc123.js': 'export {}',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}
