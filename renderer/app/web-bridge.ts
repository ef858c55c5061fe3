import { io } from 'socket.io-client';
import { bridgeCalls, bridgeEvents, bridgeFacade, isBridgeEventName, type BridgeCallName, type BridgeFacade, type BridgeEventName } from '../../contract/bridge/index.ts';
import { BRIDGE_PATH } from '../../contract/cti/sign-in.ts';
import { fail, resultOf, type Result } from '../../contract/errors.ts';
import type { BridgeState } from './bridge.ts';

/** Sign-in reaches the center, the switch and the cache one after the other; nothing takes longer. */
const CALL_TIMEOUT_MS = 15_000;

type Listener = (payload: never) => void;

/**
 * The bridge of the web edition: Socket.IO event `call` (name, request, acknowledgement with a Result) to the
 * host, event `event` (name, payload) from it. Both directions are parsed; a payload that is not what its name
 * says is dropped. A call while the connection is lost fails at once and is never sent later: a stale hang-up
 * would end the wrong call.
 */
export function createWebBridge(onState: (state: BridgeState) => void): BridgeFacade {
  const socket = io({ path: BRIDGE_PATH, transports: ['websocket'], reconnectionDelay: 250, reconnectionDelayMax: 3000, retries: 0 });
  const listeners = new Map<BridgeEventName, Set<Listener>>();

  let everConnected = false;

  onState('connecting');
  socket.on('connect', () => {
    everConnected = true;
    onState('connected');
  });
  socket.on('connect_error', () => onState('lost'));
  socket.on('disconnect', (reason) => {
    onState('lost');
    // Socket.IO does not come back by itself when the server closed the socket.
    if (reason === 'io server disconnect') socket.connect();
  });
  socket.on('event', (name: unknown, payload: unknown) => {
    if (typeof name !== 'string' || !isBridgeEventName(name)) return;
    const parsed = bridgeEvents[name].safeParse(payload);
    if (!parsed.success) return;
    for (const listener of new Set(listeners.get(name))) listener(parsed.data as never);
  });

  return bridgeFacade(
    (name, request) => call(name, request),
    (event, listener) => {
      const known = listeners.get(event) ?? new Set<Listener>();
      listeners.set(event, known.add(listener));
      return () => void known.delete(listener);
    },
  );

  async function call(name: BridgeCallName, request: unknown): Promise<Result<unknown>> {
    if (!(await connected())) return fail('center.unreachable', 'the connection to the web shell is lost');
    try {
      const answer: unknown = await socket.timeout(CALL_TIMEOUT_MS).emitWithAck('call', name, request);
      const parsed = resultOf(bridgeCalls[name].response).safeParse(answer);
      return parsed.success ? parsed.data : fail('unexpected', `the answer to ${name} is malformed`);
    } catch {
      return fail('center.timeout', `${name} was not answered within ${CALL_TIMEOUT_MS} ms`);
    }
  }

  /** Waits for the very first connection only; afterwards a lost one answers false at once. */
  function connected(): Promise<boolean> {
    if (socket.connected || everConnected) return Promise.resolve(socket.connected);
    return new Promise((resolve) => socket.once('connect', () => resolve(true)));
  }
}
