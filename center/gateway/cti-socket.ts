import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import { CTI_PATH, type TopicMessage } from '../../contract/cti/index.ts';
import { boundBacklog, type Backlog } from '../../contract/backlog.ts';
import { contractIn, ContractVersion, understood } from '../../contract/contract-version.ts';
import { fail, type AppError, type Disposer, type Result } from '../../contract/errors.ts';
import type { Clock, ContactCenter } from '../ports.ts';
import { isAllowedOrigin } from '../../contract/origin.ts';
import { AnswersByPerson } from './answers-by-person.ts';
import type { Authenticate, Caller } from './authentication.ts';
import { Desk, type DeskOptions } from './desk.ts';
import type { Limiter } from './limits.ts';
import type { GatewayLogger } from './logger.ts';
import { networkOf } from '../bounds/network.ts';
import { WaitingRoom } from './waiting-room.ts';

/** A dead peer is noticed within the sum, on both sides. Socket.IO's own defaults take 45 s. */
const PING_INTERVAL_MS = 4000;
const PING_TIMEOUT_MS = 3500;
const MAX_MESSAGE_BYTES = 64 * 1024;
const HANDSHAKE_TIMEOUT_MS = 5000;
/** Characters that may wait for a desk before it is sent no more of what it looks at; a fraction of what it is cut off for. */
const SLOW_READER = 1024 * 1024;

export interface CtiSocketOptions {
  center: Pick<ContactCenter, 'connect' | 'connectConsole' | 'me'>;
  authenticate: Authenticate;
  clock: Pick<Clock, 'monotonic'>;
  /** @param address whence the desk came */
  audit: (...entry: [...Parameters<DeskOptions['audit']>, address: string]) => Promise<void>;
  refusals: Limiter;
  commands: Limiter;
  dialling: Limiter;
  allowedOrigins: readonly string[];
  /** Network address of whoever is at the other end. */
  addressOf: (request: IncomingMessage) => string;
  /** Count of the oldest desks that are still understood; by default those of this version's contract. */
  oldestDesk?: number;
  /** The core has signed out the agent of this sign-in: its tokens must end. */
  onSignedOut: (familyId: string) => void;
  logger: GatewayLogger;
}

export interface CtiSocket {
  /** Ends the sockets of a sign-in that is over. */
  endFamily(familyId: string): void;
  /** The same, as soon as the call at hand is over; until then it serves that call alone. */
  endFamilyAfterCall(familyId: string): void;
  readonly connections: number;
  close(): void;
}

const Handshake = z.object({ token: z.string().max(4096), contract: ContractVersion });

/** What Socket.IO hands to the client's `connect_error`: its `data` is our error. */
class Refused extends Error {
  readonly data: AppError;

  constructor(error: AppError) {
    super(error.code);
    this.data = error;
  }
}

/** The desks' line to the center: authenticated by access token, one newest socket for each sign-in. */
export function createCtiSocket(http: HttpServer, options: CtiSocketOptions): CtiSocket {
  const { authenticate, refusals, allowedOrigins, logger, addressOf, oldestDesk = understood.oldest } = options;
  const io = new Server(http, {
    path: CTI_PATH,
    transports: ['websocket'],
    serveClient: false,
    // Other parts of the program take upgrades of the same server.
    destroyUpgrade: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: HANDSHAKE_TIMEOUT_MS,
    allowRequest: (request, callback) => callback(null, isAllowedOrigin(request.headers, allowedOrigins)),
  });
  const strangers = new WaitingRoom();
  const backlogs = new WeakMap<Socket['conn'], Backlog>();
  io.engine.on('connection', (line: Socket['conn']) => {
    backlogs.set(line, boundBacklog(line, () => logger.warn({}, 'a desk that does not read was cut off')));
    strangers.enter(line, addressOf(line.request));
  });
  /** The one socket of each sign-in. */
  const desks = new Map<string, { desk: Desk; isDesk: boolean; end: Disposer }>();
  const answers = new AnswersByPerson(options.clock);

  io.use((socket, next) => {
    const settle = async () => {
      const refusal = await admit(socket);
      next(refusal === null ? undefined : new Refused(refusal));
    };
    void settle();
  });

  return {
    endFamily: (familyId) => desks.get(familyId)?.end(),
    endFamilyAfterCall: (familyId) => {
      const open = desks.get(familyId);
      // Without a telephone there is no call at hand.
      if (open?.isDesk === true) open.desk.endAfterCall();
      else open?.end();
    },
    get connections() {
      return desks.size;
    },
    close: () => {
      for (const { end } of desks.values()) end();
      io.disconnectSockets(true);
      // Not `io.close()`: the HTTP server is not ours to close.
      io.engine.close();
    },
  };

  async function admit(socket: Socket): Promise<AppError | null> {
    try {
      return await authenticated(socket);
    } catch (error) {
      logger.error({ err: error }, 'a desk could not be admitted');
      return fail('unexpected', 'the center failed at this').error;
    }
  }

  async function authenticated(socket: Socket): Promise<AppError | null> {
    const handshake = Handshake.safeParse(socket.handshake.auth);
    const caller: Result<Caller> = handshake.success ? await authenticate(handshake.data.token) : fail('auth.invalid', 'the handshake has no token');
    if (!caller.ok) {
      // A token that has run out is no attempt to get in; and a good one is let in, whoever else shares its address.
      const spent = caller.error.code === 'auth.invalid' ? await refusals.take(networkOf(addressOf(socket.request))) : null;
      return (spent ?? caller).error;
    }
    const theirs = contractIn(socket.handshake.auth);
    if (theirs < oldestDesk) {
      logger.warn({ agentId: caller.value.agentId, theirs, oldest: oldestDesk }, 'a desk of an older version was refused');
      return fail('desk.too-old', 'the center understands desks of this version no more').error;
    }
    return connect(socket, caller.value);
  }

  function connect(socket: Socket, { agentId, familyId, generation, me: { kind } }: Caller): AppError | null {
    // Gone while its token was checked: nobody would ever say that it is.
    if (socket.conn.readyState !== 'open') return fail('center.unreachable', 'the socket is gone').error;
    // The same desk came back before its old socket was noticed to be dead.
    desks.get(familyId)?.end();

    const close = () => {
      if (desks.get(familyId)?.desk === desk) desks.delete(familyId);
      desk.close();
      logger.info({ agentId }, 'desk disconnected');
    };
    const end = () => {
      close();
      socket.disconnect(true);
    };
    const isDesk = kind === 'desk';
    const backlog = backlogs.get(socket.conn);
    const desk = new Desk(agentId, {
      ...options,
      me: () => options.center.me(agentId, isDesk ? 'desk' : 'console'),
      whoIs: (other) => options.center.me(other, 'desk'),
      audit: (...entry) => options.audit(...entry, addressOf(socket.request)),
      emit: (envelope) => socket.emit('event', envelope),
      emitTopic: (message) => {
        if ((backlog?.waiting ?? 0) > SLOW_READER) return false;
        socket.conn.write(encodedOnce(message));
        return true;
      },
      onReplaced: end,
      onSignedOut: () => {
        end();
        options.onSignedOut(familyId);
      },
      answers,
    });
    const connected = isDesk ? options.center.connect(agentId, generation, desk) : options.center.connectConsole(agentId, desk);
    if (!connected.ok) return connected.error;
    strangers.leave(socket.conn);
    if (backlog !== undefined) backlog.onTaken = () => backlog.waiting <= SLOW_READER && desk.caughtUp();
    desk.attach(connected.value);
    desks.set(familyId, { desk, isDesk, end });
    socket.conn.once('close', close);
    socket.once('disconnect', close);
    listen(socket, desk);
    logger.info({ agentId }, 'desk connected');
    return null;
  }
}

const encoded = new WeakMap<TopicMessage, string>();

/** The Socket.IO packet of event `topic`, as Engine.IO takes it (Socket.IO protocol 5, type 2): made once for all who look at the same. */
function encodedOnce(message: TopicMessage): string {
  const known = encoded.get(message);
  if (known !== undefined) return known;
  const made = `2${JSON.stringify(['topic', message])}`;
  encoded.set(message, made);
  return made;
}

/** A command is the event `command` with an acknowledgement; anything else is answered that it is unknown. */
function listen(socket: Socket, desk: Desk): void {
  socket.onAny((name: unknown, ...args: unknown[]) => {
    const acknowledge = args.at(-1);
    if (typeof acknowledge !== 'function') return;
    if (name !== 'command' || args.length !== 2) {
      acknowledge(fail('command.unknown', 'send the event `command` with one message'));
      return;
    }
    void desk.receive(args[0]).then((result) => acknowledge(result));
  });
}
