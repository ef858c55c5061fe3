import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerCache } from '../../../agent/customers/index.ts';
import { createAgentSession, memorySettings, silentLogger, type AgentSession, type Logger } from '../../../agent/index.ts';
import { bridgeCalls, type BridgeCallName } from '../../../contract/bridge/index.ts';
import { IPC_CALL } from '../../../contract/bridge/ipc.ts';
import { ctiCommands } from '../../../contract/cti/index.ts';
import { fail, ok, resultOf, type Result } from '../../../contract/errors.ts';
import { BridgeIpc, type CallEvent } from '../../../electron/main/bridge-ipc.ts';
import { contactOf, givePhone, openOffice, type Office } from '../../server/agent/support/office.ts';
import { hastyClock } from '../../server/agent/support/hasty-clock.ts';
import { until } from '../../support/until.ts';
import { fromSchema } from './support/from-schema.ts';
import { hostileValue } from './support/hostile.ts';
import { fuzz } from './support/run.ts';

const names = Object.keys(bridgeCalls) as BridgeCallName[];
const isCall = (name: unknown): name is BridgeCallName => names.some((one) => one === name);
const known = { contactId: ['contact-1', 'contact-2'], agentId: ['agent1', 'agent5'], number: ['1002', '010-0000-0001', '112'], customerId: ['cu-1'], server: [null, 'http://127.0.0.1:1'] };

const requests = Object.fromEntries(names.map((name) => [name, fc.record({ name: fc.constant(name), request: fromSchema(bridgeCalls[name].request, { known, dirtOneIn: 15 }) })]));

/** Calls as a page with somebody else's script in it might make them. */
const anyCall = (without: readonly BridgeCallName[] = []): fc.Arbitrary<{ name: unknown; request: unknown }> => {
  const ours = fc.oneof(...names.filter((name) => !without.includes(name)).flatMap((name) => requests[name] ?? []));
  return fc.oneof({ weight: 10, arbitrary: ours }, { weight: 1, arbitrary: fc.record({ name: hostileValue(), request: hostileValue() }) });
};

const hasSignOut = (request: unknown): boolean => typeof request === 'object' && request !== null && 'choice' in request && typeof request.choice === 'object' && request.choice !== null && 'kind' in request.choice && request.choice.kind === 'signOut';

const isResult = (name: unknown, answer: unknown): boolean => resultOf(isCall(name) ? bridgeCalls[name].response : bridgeCalls['session.signOut'].response).safeParse(answer).success;

describe('fuzz: what a window asks of its host', () => {
  let office: Office;
  let session: AgentSession;
  let faults: unknown[];
  let clock: ReturnType<typeof hastyClock>;

  beforeEach(async ({ onTestFinished }) => {
    office = await openOffice();
    faults = [];
    clock = hastyClock();
    const note = (fields: unknown): void => void faults.push(fields);
    const log: Logger = { ...silentLogger, error: note, child: () => log };
    const cache = new CustomerCache({ file: null, key: null, log });
    session = createAgentSession({ host: 'web', server: () => office.origin, allowOtherServers: false, cache, settings: memorySettings(), clock, log });
    onTestFinished(async () => {
      await session.stop();
      cache.close();
    });
  });

  it('is refused before sign-in, but for what signing in takes, and always by a Result', async () => {
    const { caller } = session.attach(() => {});
    await fuzz(
      'bridge, signed out',
      400,
      fc.asyncProperty(anyCall(['session.signIn']), async ({ name, request }) => {
        const answer = await session.handleBridgeCall(name, request, caller);
        expect([name, isResult(name, answer)]).toEqual([name, true]);
        const isClosed = isCall(name) && bridgeCalls[name].access !== 'open';
        expect(isClosed ? answer : fail('session.not-signed-in', '')).toMatchObject({ ok: false, error: { code: 'session.not-signed-in' } });
      }),
    );
    expect(faults).toEqual([]);
  });

  it('is answered by a Result in a call, and nothing is left that hangs', async () => {
    const { me } = await office.signIn('agent1');
    await givePhone(office, me.agentId);
    // As the core answers: what a command promises, or that there is no such thing.
    office.center.answer = () => {
      const name = office.center.commands.at(-1)?.name;
      const isNothing = Object.entries(ctiCommands).some(([command, { response }]) => command === name && response.safeParse(null).success);
      return isNothing ? ok(null) : fail('not-found', 'none');
    };
    office.center.contacts = [contactOf('leg-a', 'talking')];
    const { caller } = session.attach(() => {});
    const signedIn = await session.handleBridgeCall('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }, caller);
    expect([signedIn, faults]).toMatchObject([{ ok: true }, []]);
    await until('the phone is registered', () => session.view.health.phone.state === 'registered');
    // What waits in vain for a dialog waits less long.
    clock.haste = 50;
    await fuzz(
      'bridge, in a call',
      250,
      fc.asyncProperty(anyCall(['session.signIn', 'session.signOut']), async ({ name, request }) => {
        const signsOut = name === 'agent.setState' && hasSignOut(request);
        const answer = signsOut ? fail('agent.on-call', '') : await session.handleBridgeCall(name, request, caller);
        expect([name, answer, isResult(name, answer)]).toEqual([name, answer, true]);
      }),
    );
    expect(session.view.phase).toBe('signedIn');
    expect(faults).toEqual([]);
  });

  it('is heard from the desk’s own frame alone, whatever a page or a process says it is', async () => {
    let heard: ((event: CallEvent, ...args: unknown[]) => Promise<unknown>) | null = null;
    const bridge = new BridgeIpc({ handle: (channel, listener) => void (heard = channel === IPC_CALL ? listener : null), removeHandler: () => {} }, session);
    const mainFrame = { url: 'app://desk/' };
    bridge.addWindow({ id: 1, mainFrame, send: () => {}, isDestroyed: () => false, once: () => {}, on: () => {} });
    const frame = fc.oneof(fc.constant(mainFrame), fc.constant(null), fc.constantFrom({ url: 'app://desk/' }, { url: 'app://desk.evil/' }, { url: 'https://evil.example/' }, { url: 'about:blank' }));
    await fuzz(
      'bridge, frames',
      300,
      fc.asyncProperty(fc.record({ id: fc.constantFrom(1, 1, 2, -1, Number.NaN), frame, call: anyCall(['session.signIn']), more: fc.array(hostileValue(), { maxLength: 2 }) }), async ({ id, frame: senderFrame, call, more }) => {
        const answer = (await heard?.({ sender: { id }, senderFrame }, call.name, call.request, ...more)) as Result<unknown>;
        expect(isResult(call.name, answer)).toBe(true);
        const isStranger = id !== 1 || senderFrame !== mainFrame;
        expect(!answer.ok && answer.error.message === 'not a window of the desk').toBe(isStranger);
      }),
    );
    bridge.dispose();
  });
});
