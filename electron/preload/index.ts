import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import { bridgeFacade, isBridgeEventName, IPC_CALL, IPC_EVENT, type BridgeEventName, type BridgeFacade } from '../../contract/bridge/index.ts';
import { fail, type Result } from '../../contract/errors.ts';

type Listener = (payload: never) => void;

const listeners = new Map<BridgeEventName, Set<Listener>>();

ipcRenderer.on(IPC_EVENT, (_event: IpcRendererEvent, name: unknown, payload: unknown) => {
  if (typeof name !== 'string' || !isBridgeEventName(name)) return;
  // Main has built the payload by the event's own type; the two are built together.
  for (const listener of new Set(listeners.get(name))) listener(payload as never);
});

async function call(name: string, request: unknown): Promise<Result<unknown>> {
  try {
    // Main answers a Result to everything; it is parsed by nobody in between.
    return (await ipcRenderer.invoke(IPC_CALL, name, request)) as Result<unknown>;
  } catch (error) {
    return fail('unexpected', String(error));
  }
}

/** Named functions alone: a page cannot reach any other channel. */
const facade = bridgeFacade(call, (event, listener) => {
  const known = listeners.get(event) ?? new Set<Listener>();
  listeners.set(event, known.add(listener));
  return () => void known.delete(listener);
}) satisfies BridgeFacade;

contextBridge.exposeInMainWorld('sangdam', facade);
