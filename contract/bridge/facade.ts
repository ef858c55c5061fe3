import type { Disposer, Result } from '../errors.ts';
import { bridgeCalls, type BridgeCallName, type BridgeRequest, type BridgeResponse } from './calls.ts';
import type { BridgeEventName, BridgePayload } from './events.ts';

type Namespace = BridgeCallName extends `${infer Space}.${string}` ? Space : never;
type Method<Space extends string> = BridgeCallName extends infer Name ? (Name extends `${Space}.${infer Fn}` ? Fn : never) : never;

/** `bridge.phone.answer({ contactId })` and so on: one named function per bridge call, nothing generic. */
export type BridgeFacade = {
  readonly [Space in Namespace]: {
    readonly [Fn in Method<Space>]: `${Space}.${Fn}` extends infer Name extends BridgeCallName
      ? (request: BridgeRequest<Name>) => Promise<Result<BridgeResponse<Name>>>
      : never;
  };
} & {
  /** Subscribes to an event of the host. Who subscribes unsubscribes: call the disposer. */
  readonly on: <Name extends BridgeEventName>(event: Name, listener: (payload: BridgePayload<Name>) => void) => Disposer;
};

/** Builds the facade over any transport; both hosts' windows use it. */
export function bridgeFacade(
  call: (name: BridgeCallName, request: unknown) => Promise<Result<unknown>>,
  on: BridgeFacade['on'],
): BridgeFacade {
  const facade: Record<string, unknown> = { on };
  for (const name of Object.keys(bridgeCalls) as BridgeCallName[]) {
    const [space = '', fn = ''] = name.split('.');
    const methods = (facade[space] ??= {}) as Record<string, unknown>;
    methods[fn] = (request: unknown) => call(name, request);
  }
  return facade as BridgeFacade;
}
