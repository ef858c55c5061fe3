import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { CustomerCache } from '../../../../agent/customers/index.ts';
import { createAgentSession, keepsNothing, memorySettings, silentLogger, systemClock, type AgentSession, type BridgeEvent, type Clock, type SignInKeeper } from '../../../../agent/index.ts';
import type { GatewayOptions } from '../../../../center/gateway/index.ts';
import type { BridgeCallName, BridgeRequest, BridgeResponse } from '../../../../contract/bridge/calls.ts';
import type { ContactView } from '../../../../contract/contact.ts';
import type { Result } from '../../../../contract/errors.ts';
import { ContactId, LegId, type AgentId } from '../../../../contract/ids.ts';
import { allowedActions, type ParticipantState } from '../../../../contract/participant-state.ts';
import { makeEmbedded } from '../../../switch/make-embedded.ts';
import { must, Stage } from '../../../switch/stage.ts';
import { stage as gatewayStage } from '../../../unit/gateway/stage.ts';
import { AudioWindow } from './audio-window.ts';

/** Each session fetches them all: a few are as good as a thousand. */
export const CUSTOMERS = 20;

/**
 * The real gateway and store, the real embedded switch, and in the middle a core that only remembers.
 * @param sipThrough the address at which phones are told to find the switch, where that is not its own
 */
export async function openOffice(options: Partial<GatewayOptions> = {}, sipThrough: (url: string) => Promise<string> = (url) => Promise.resolve(url)) {
  const telephone = await Stage.open(makeEmbedded);
  onTestFinished(() => telephone.close());
  const gateway = await gatewayStage({ sip: { urls: [await sipThrough(telephone.sipUrl)], domain: '127.0.0.1', iceServers: () => [] }, ...options }, CUSTOMERS);
  const sockets = new Set<Socket>();
  gateway.gateway.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  /** Cuts all connections to the center, as a restarted proxy would. */
  const cutSockets = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return { telephone, cutSockets, ...gateway };
}

export type Office = Awaited<ReturnType<typeof openOffice>>;

/** A session of agent1 with one window that owns the audio. */
export function openSession(office: Pick<Office, 'origin'>, host: 'desktop' | 'web' = 'desktop', signIns: SignInKeeper = keepsNothing, clock: Clock = systemClock) {
  const cache = new CustomerCache({ file: null, key: null, log: silentLogger });
  const session = createAgentSession({ host, server: () => office.origin, allowOtherServers: host === 'desktop', cache, settings: memorySettings(), signIns, clock, log: silentLogger });
  const audio = new AudioWindow(1300);
  const window = openWindow(session, audio);
  onTestFinished(async () => {
    await session.stop();
    audio.close();
    cache.close();
  });
  return { session, cache, audio, ...window };
}

/** A window of a session: everything it is told, and its calls. */
export function openWindow(session: AgentSession, audio: AudioWindow | null = null) {
  const events: BridgeEvent[] = [];
  const { caller, detach } = session.attach((event) => {
    events.push(event);
    if (event.name === 'media.requested') audio?.take(event.payload, (answer) => void session.handleBridgeCall('media.answer', answer, caller));
  });
  // The schema of the call's answer is the test's concern where it matters.
  const call = <Name extends BridgeCallName>(name: Name, request: BridgeRequest<Name>) =>
    session.handleBridgeCall(name, request, caller) as Promise<Result<BridgeResponse<Name>>>;
  return { events, caller, call, detach };
}

/** The phone account that the gateway gives agent1 is made known to the switch, as the core does. */
export async function givePhone(office: Office, agentId: AgentId): Promise<void> {
  must(await office.telephone.port.putEndpoint({ user: agentId, password: 'sip-secret', displayName: '상담원', callerNumber: '1001' }));
}

export function contactOf(dialogKey: string, state: ParticipantState): ContactView {
  return {
    contactId: ContactId.parse('contact-1'),
    kind: 'inbound',
    startedAt: 1,
    groupId: null,
    dialled: '15880000',
    number: '+821000000001',
    customerId: null,
    customerName: '',
    flowPath: [],
    queuedAt: null,
    waitedMs: null,
    consultation: null,
    legs: [],
    supervisors: [],
    me: { legId: LegId.parse('leg-1'), dialogKey, state, since: 1, allowed: [...allowedActions(state)], offer: null, answeredAt: null, wrapUpDeadline: null, dispositionRequired: false },
    dispositionId: null,
    memo: '',
    outcome: null,
  };
}
