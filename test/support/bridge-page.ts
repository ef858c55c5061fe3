import { io, type Socket } from 'socket.io-client';
import type { BridgeCallName, BridgeRequest } from '../../contract/bridge/calls.ts';
import { BRIDGE_CALL_PATH, BRIDGE_PATH } from '../../contract/cti/sign-in.ts';
import { AppError, resultOf } from '../../contract/errors.ts';
import { z } from 'zod';

const Answer = resultOf(z.unknown());

/** A browser as far as the bridge goes: it has a cookie or none, posts calls, and opens sockets. */
export class BridgeBrowser {
  readonly origin: string;
  /** As a Cookie header; empty where it has none. */
  cookie = '';
  /** Count of the contract that its pages are of; null: of before it was counted. */
  contract: number | null = null;
  /** The last Set-Cookie whole. */
  given: string | null = null;
  private readonly sockets: Socket[] = [];

  constructor(origin: string) {
    this.origin = origin;
  }

  /** `POST /bridge/call`, as a page does it while it has no socket. */
  async post(name: string, request: unknown, headers: Record<string, string> = {}): Promise<{ status: number; answer: z.infer<typeof Answer> }> {
    const response = await fetch(`${this.origin}${BRIDGE_CALL_PATH}`, {
      method: 'POST',
      headers: { origin: this.origin, 'content-type': 'application/json', ...(this.cookie !== '' && { cookie: this.cookie }), ...headers },
      body: JSON.stringify({ name, request, ...(this.contract !== null && { contract: this.contract }) }),
    });
    this.given = response.headers.getSetCookie()[0] ?? null;
    if (this.given !== null) this.cookie = this.given.includes('Max-Age=0') ? '' : (this.given.split(';', 1)[0] ?? '');
    return { status: response.status, answer: Answer.parse(await response.json()) };
  }

  /** @throws with the code of the refusal */
  async signIn(account: string, password = 'sangdam-demo'): Promise<this> {
    const { answer } = await this.post('session.signIn', { server: null, account, password });
    if (!answer.ok) throw new Error(answer.error.code);
    return this;
  }

  /** Opens a window: a socket with this browser's cookie. @throws when it is refused */
  async open(headers: Record<string, string> = {}): Promise<BridgePage> {
    const socket = io(this.origin, {
      path: BRIDGE_PATH,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: this.contract === null ? {} : { contract: this.contract },
      extraHeaders: { origin: this.origin, ...(this.cookie !== '' && { cookie: this.cookie }), ...headers },
    });
    this.sockets.push(socket);
    const page = new BridgePage(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
      socket.once('disconnect', (reason) => reject(new Error(reason)));
    });
    return page;
  }

  close(): void {
    for (const socket of this.sockets) socket.close();
  }
}

/** A window with its socket, and everything it was told. */
export class BridgePage {
  readonly events: { name: unknown; payload: unknown }[] = [];
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('event', (name: unknown, payload: unknown) => this.events.push({ name, payload }));
  }

  call<Name extends BridgeCallName>(name: Name, request: BridgeRequest<Name>): Promise<unknown> {
    return this.send(name, request);
  }

  send(...message: unknown[]): Promise<unknown> {
    return this.socket.timeout(9000).emitWithAck('call', ...message);
  }
}

/** Its error's code, or null where it is none. */
export const codeOf = (answer: unknown): string | null => {
  const refused = z.object({ ok: z.literal(false), error: AppError }).safeParse(answer);
  return refused.success ? refused.data.error.code : null;
};
