import { bridgeFacade, defaultSettings, Settings, type BridgeCallName, type BridgeEventName, type BridgeFacade, type SessionView } from '../../contract/bridge/index.ts';
import { API_BASE, endpoints, errorOf, Problem } from '../../contract/api/index.ts';
import type { WallView } from '../../contract/credentials.ts';
import { done, fail, ok, type AppError, type Result } from '../../contract/errors.ts';
import { AgentId } from '../../contract/ids.ts';
import type { BridgeState } from './bridge.ts';
import { LocalTopics } from './local-topics.ts';

/** Figures on a wall are this old at most. */
const EVERY_MS = 1000;
const PATIENCE_MS = 5000;

/**
 * The bridge of a wall that nobody signs in at: what the link shows, asked for once a second; whatever else a window may
 * ask is not a display's. A link that is good no more ends it, with the reason.
 */
export function createDisplayBridge(token: string, onState: (state: BridgeState) => void, fetch: typeof globalThis.fetch = globalThis.fetch.bind(globalThis)): BridgeFacade {
  let settings = defaultSettings;
  let view = wallOf(null);
  const listeners = new Map<BridgeEventName, Set<(payload: never) => void>>();
  const emit = (event: BridgeEventName, payload: unknown): void => {
    for (const listener of new Set(listeners.get(event))) listener(payload as never);
  };
  const topics = new LocalTopics(emit);
  const change = (changes: Partial<SessionView>): void => {
    view = { ...view, ...changes };
    emit('session.changed', changes);
  };
  /** Of agents there are no names: who is ready, and in which groups. */
  const show = ({ ready, statistics }: Pick<WallView, 'ready' | 'statistics'>): void => {
    topics.set('directory', ready.map((groupIds, index) => ({ agentId: AgentId.parse(`ready-${index}`), name: '', extension: '', role: 'agent', groupIds, state: { name: 'READY' }, since: 0, connected: true, reachable: true })));
    topics.set('figures', statistics);
  };

  async function ask(): Promise<Result<WallView>> {
    try {
      const response = await fetch(`${API_BASE}${endpoints['wall.show'].path}`, { headers: { authorization: `Bearer ${token}` }, cache: 'no-store', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(PATIENCE_MS) });
      const said: unknown = await response.json();
      const wall = endpoints['wall.show'].response.safeParse(said);
      if (response.ok && wall.success) return ok(wall.data);
      const problem = Problem.safeParse(said);
      return problem.success ? { ok: false, error: errorOf(problem.data) } : fail('unexpected', 'the center answered with something else');
    } catch {
      return fail('center.unreachable', 'the center does not answer');
    }
  }

  /** @returns whether it is to be asked again */
  async function look(): Promise<boolean> {
    const answer = await ask();
    if (answer.ok) {
      onState('connected');
      change(wallOf(answer.value));
      show(answer.value);
      return true;
    }
    if (!isEnd(answer.error)) {
      onState('lost');
      return true;
    }
    onState('connected');
    change({ ...wallOf(null), phase: 'signedOut', endedBy: answer.error });
    show({ ready: [], statistics: [] });
    return false;
  }

  async function follow(): Promise<void> {
    if (await look()) setTimeout(() => void follow(), EVERY_MS);
  }

  const begun = follow();
  onState('connecting');
  const call = async (name: BridgeCallName, request: unknown): Promise<Result<unknown>> => {
    await begun;
    if (name === 'session.get') return ok(view);
    if (name === 'topics.subscribe' || name === 'topics.unsubscribe') {
      topics[name === 'topics.subscribe' ? 'subscribe' : 'unsubscribe'](request);
      return done();
    }
    if (name !== 'settings.set') return fail('forbidden', 'a display shows, and does nothing else');
    settings = { ...settings, ...Object.fromEntries(Object.entries(Settings.partial().safeParse(request).data ?? {}).filter(([, value]) => value !== undefined)) };
    change({ settings });
    return ok(settings);
  };
  return bridgeFacade(call, (event, listener) => {
    const known = listeners.get(event) ?? new Set();
    listeners.set(event, known.add(listener));
    return () => void known.delete(listener);
  });

  /** The link's wall as a window sees a session: its own person is the link. */
  function wallOf(wall: WallView | null): SessionView {
    return {
      version: { run: 'wall', n: 0 },
      host: 'web',
      phase: 'signedIn',
      endedBy: null,
      me: { agentId: AgentId.parse('display'), account: wall?.name ?? '', name: wall?.name ?? '', role: 'agent', duties: [], kind: 'display', extension: null, groupIds: wall?.groups.map(({ groupId }) => groupId) ?? [] },
      health: { cti: { state: 'connected', error: null }, phone: { state: 'lost', error: null }, microphone: 'unknown', switch: 'available', store: null, cache: { state: 'ready', storage: 'memory', remaining: 0 } },
      clockOffsetMs: wall === null ? 0 : wall.serverNow - Date.now(),
      timeZone: wall?.timeZone ?? null,
      contacts: [],
      audio: [],
      dialledOn: null,
      card: null,
      groups: wall?.groups ?? [],
      dispositions: [],
      setUp: {},
      dialling: null,
      supervision: null,
      settings,
      desktop: null,
    };
  }
}

/** Whether the link is good no more; whatever else it is, it passes. */
const isEnd = ({ code }: AppError): boolean => code === 'auth.revoked' || code === 'auth.expired' || code === 'auth.invalid';
