import type { AgentState } from '../../../../contract/agent-state.ts';
import { defaultDesktopSettings, defaultSettings, SessionView, type DesktopView } from '../../../../contract/bridge/index.ts';
import type { ContactView } from '../../../../contract/contact.ts';
import { allowedActions, type ParticipantState } from '../../../../contract/participant-state.ts';

export const NOW = 1_800_000_000_000;

export const desktopView = (changes: Partial<DesktopView> = {}): DesktopView => ({
  version: '1.0.0',
  platform: 'linux',
  settings: defaultDesktopSettings,
  managed: [],
  server: 'https://center.example.com',
  ask: null,
  problems: [],
  displays: [],
  wallboard: null,
  update: { state: 'none' },
  ...changes,
});

export interface ViewIdea {
  state?: AgentState | null;
  contacts?: unknown[];
  muted?: boolean;
  settings?: Partial<SessionView['settings']>;
  desktop?: DesktopView;
  cti?: 'connected' | 'lost';
}

/** A signed-in view; `state` null: nobody is signed in. */
export function viewOf({ state = { name: 'READY' }, contacts = [], muted = false, settings = {}, desktop = desktopView(), cti = 'connected' }: ViewIdea = {}): SessionView {
  const me = { agentId: 'a1', account: 'agent1', name: 'agent1', role: 'agent', extension: '1001', groupIds: ['g1'] };
  return SessionView.parse({
    version: { run: 'r1', n: 0 },
    host: 'desktop',
    phase: state === null ? 'signedOut' : 'signedIn',
    endedBy: null,
    me: state === null ? null : me,
    health: { cti: { state: cti, error: null }, phone: { state: 'registered', error: null }, microphone: 'ok', switch: 'available', store: null, cache: { state: 'ready', storage: 'memory', remaining: 0 } },
    clockOffsetMs: 0,
    contacts,
    audio: (contacts as ContactView[]).map(({ contactId }) => ({ contactId, dialog: 'established', muted, media: 'connected' })),
    dialledOn: null,
    timeZone: null,
    card: state === null ? null : { ...me, state, since: NOW, connected: true, reachable: true },
    groups: [{ groupId: 'g1', name: '주문', open: true, openOverride: null, serviceLevelMs: 20_000, wrapUpMs: 30_000, dispositionRequired: false, refusesWhenEmpty: true, maxWaiting: 50 }],
    dispositions: [],
    setUp: {},
    dialling: null,
    supervision: null,
    settings: { ...defaultSettings, ...settings },
    desktop,
  });
}

/** A contact as the center would send it. */
export const contactOf = (state: ParticipantState, changes: Partial<ContactView> = {}, contactId = 'k1') => ({
  contactId,
  kind: 'inbound',
  startedAt: NOW,
  groupId: 'g1',
  dialled: '+8215880000',
  number: '+821000000001',
  customerId: null,
  customerName: '고객 0001',
  flowPath: ['주문'],
  queuedAt: NOW,
  waitedMs: null,
  consultation: null,
  legs: [],
  supervisors: [],
  me: { legId: `${contactId}-leg`, dialogKey: `${contactId}-leg`, state, since: NOW + 41_000, allowed: [...allowedActions(state)], offer: null, answeredAt: null, wrapUpDeadline: null, dispositionRequired: false },
  dispositionId: null,
  memo: '',
  outcome: null,
  ...changes,
});
