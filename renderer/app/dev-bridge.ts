import { endpoints } from '../../contract/api/index.ts';
import { awayAs, type AgentState, type Choice } from '../../contract/agent-state.ts';
import { bridgeFacade, type BridgeCallName, type BridgeEventName, type BridgeFacade, type BridgePayload } from '../../contract/bridge/index.ts';
import type { ContactView } from '../../contract/contact.ts';
import type { CustomerDraft } from '../../contract/customer.ts';
import { conflict, done, fail, ok, type Result } from '../../contract/errors.ts';
import { allowedActions, moveParticipant, type ParticipantEvent } from '../../contract/participant-state.ts';
import { LocalTopics } from './local-topics.ts';
import { DevCustomers } from './dev-customers.ts';
import { desktopOf } from './dev-desktop.ts';
import { agentStateFor, scenarioNames, sessionOf, type DevView, type ScenarioName } from './dev-scenarios.ts';
import { drifted } from './dev-wall.ts';

/** What a command does to the participant in the pretended session. */
const MOVES: Partial<Record<BridgeCallName, ParticipantEvent>> = {
  'phone.answer': 'answered',
  'phone.reject': 'ended',
  'phone.hangUp': 'endedWithWrapUp',
  'phone.hold': 'held',
  'phone.resume': 'resumed',
  'contact.consult': 'consultStarted',
  'contact.cancelConsult': 'consultCancelled',
  'contact.swap': 'swapped',
  'contact.conference': 'conferenced',
  'contact.completeTransfer': 'endedWithWrapUp',
  'contact.transfer': 'endedWithWrapUp',
  'contact.complete': 'completed',
};

/**
 * A pretended host for looking at screens without a center: `?scenario=talking&theme=dark&lang=en&role=supervisor&dock`.
 * Development builds only.
 */
export function createDevBridge(scenario: string): BridgeFacade {
  const address = new URLSearchParams(location.search);
  const name: ScenarioName = scenarioNames.find((known) => known === scenario) ?? 'idle';
  const theme = address.get('theme');
  const language = address.get('lang');
  let view = sessionOf(name, Date.now(), {
    theme: theme === 'light' || theme === 'dark' ? theme : null,
    language: language === 'ko' || language === 'en' ? language : null,
    role: address.get('role') ?? 'agent',
    dock: address.has('dock'),
  });
  const customers = new DevCustomers(Date.now());
  const desktop = address.get('desktop');
  if (desktop !== null) view = { ...view, host: 'desktop', desktop: desktopOf(desktop) };
  const listeners = new Map<BridgeEventName, Set<(payload: never) => void>>();
  const emit = <Name extends BridgeEventName>(event: Name, payload: BridgePayload<Name>): void => {
    for (const listener of listeners.get(event) ?? []) listener(payload as never);
  };

  const topics = new LocalTopics(emit);
  /** My card is the first, and what windows look at goes beside the session. */
  function change({ agents = view.agents, statistics = view.statistics, directCalls = view.directCalls, ...patch }: Partial<DevView>): void {
    const card = view.card === null ? null : (agents[0] ?? null);
    view = { ...view, ...patch, card, agents, statistics, directCalls };
    topics.set('directory', agents);
    topics.set('people', agents.map(({ agentId, name: called, extension, role, groupIds }) => ({ agentId, name: called, extension, role, groupIds })));
    topics.set('figures', statistics);
    topics.set('directCalls', [directCalls]);
    emit('session.changed', { ...patch, card });
  }
  change({});

  let turn = 0;
  if (name === 'wall') setInterval(() => change(drifted(view, Date.now(), ++turn)), 400);

  function move(contactId: string, event: ParticipantEvent): Result<null> {
    const contact = view.contacts.find((each) => each.contactId === contactId);
    if (contact === undefined) return fail('contact.not-found', contactId);
    const next = moveParticipant(contact.me.state, event);
    if (!next.ok) return next;
    const now = Date.now();
    const moved: ContactView = { ...contact, me: { ...contact.me, state: next.value, since: now, allowed: [...allowedActions(next.value)], offer: null, wrapUpDeadline: next.value === 'afterCall' ? now + 60_000 : null } };
    const contacts = view.contacts.map((each) => (each.contactId === contactId ? moved : each)).filter((each) => each.me.state !== 'ended');
    const state = agentStateFor(contacts[0], { name: 'READY' });
    change({ contacts, agents: view.agents.map((agent, index) => (index === 0 ? { ...agent, state, since: now } : agent)) });
    if (event === 'consultStarted') setTimeout(() => move(contactId, 'consultAnswered'), 1500);
    return done();
  }

  function ask(endpoint: string, asked: Record<string, unknown>): Result<unknown> {
    if (endpoint === 'contacts.search') return ok(customers.history(endpoints['contacts.search'].request.parse(asked)));
    if (endpoint === 'customers.giveNumber') {
      const given = customers.give(String(asked['customerId']), String(asked['number']), Date.now());
      emit('customers.changed', { customerIds: [given.customerId] });
      return ok(given);
    }
    if (endpoint !== 'customers.create' && endpoint !== 'customers.update') return fail('center.unreachable', endpoint);
    const { customerId, version, ...draft } = asked;
    const id = typeof customerId === 'string' ? customerId : null;
    const present = customers.changedMeanwhile(address.get('meanwhile'), String(id), version);
    if (present !== null) return conflict('customer.conflict', '', present);
    const saved = customers.save(id, draft as CustomerDraft, Date.now());
    emit('customers.changed', { customerIds: [saved.customerId] });
    return ok(saved);
  }

  async function call(callName: BridgeCallName, request: unknown): Promise<Result<unknown>> {
    const asked = (request ?? {}) as Record<string, unknown>;
    const contactId = typeof asked['contactId'] === 'string' ? asked['contactId'] : '';
    const event = MOVES[callName];
    if (event !== undefined) return move(contactId, event);
    switch (callName) {
      case 'session.get':
        return ok(view);
      case 'topics.subscribe':
        topics.subscribe(request);
        return done();
      case 'topics.unsubscribe':
        topics.unsubscribe(request);
        return done();
      case 'session.signIn':
        if (asked['password'] === 'factor') return { ok: false, error: { ...fail('auth.second-factor-needed', '').error, step: { ticket: 'ticket', factors: ['totp', 'recovery'] } } };
        if (asked['password'] === 'set-up') return { ok: false, error: { ...fail('auth.factor-setup-needed', '').error, step: { ticket: 'ticket', factors: [], authenticator: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', uri: 'otpauth://totp/Sangdam:agent1?issuer=Sangdam&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30' } } } };
        if (asked['password'] === 'codes') return { ok: false, error: { ...fail('auth.recovery-codes-given', '').error, step: { ticket: 'ticket', factors: [], recoveryCodes: Array.from({ length: 10 }, (_, index) => `ABCD-EFGH-IJKL-MNO${index}`) } } };
        if (asked['password'] === 'change') return { ok: false, error: { ...fail('auth.password-change-needed', '').error, step: { ticket: 'ticket', factors: [] } } };
        change({ ...sessionOf('idle', Date.now(), { theme: view.settings.theme, language: view.settings.language, role: 'agent', dock: false }) });
        return asked['password'] === 'wrong' ? fail('auth.invalid', '') : ok({ device: null });
      case 'session.ask':
        return asked['name'] === 'setup.state' ? ok({ needed: new URLSearchParams(location.search).has('set-up') }) : done();
      case 'session.signOut':
        change({ phase: 'signedOut', me: null, contacts: [] });
        return done();
      case 'agent.setState': {
        const { choice } = asked as { choice: Choice };
        const state: AgentState = choice.kind === 'away' ? awayAs(choice) : { name: 'READY' };
        change({ agents: view.agents.map((agent, index) => (index === 0 ? { ...agent, state, since: Date.now() } : agent)) });
        return done();
      }
      case 'phone.setMuted':
        change({ audio: view.audio.map((audio) => (audio.contactId === contactId ? { ...audio, muted: asked['muted'] === true } : audio)) });
        return done();
      case 'contact.update':
        return ok(view.contacts.find((each) => each.contactId === contactId));
      case 'customers.findByNumber':
        return ok(customers.byNumber(String(asked['number'])));
      case 'customers.get':
        return ok(customers.get(String(asked['customerId'])));
      case 'customers.search':
        return ok(customers.search(String(asked['text']), Number(asked['limit']), Number(asked['offset'])));
      case 'api.call':
        return ask(String(asked['name']), (asked['request'] ?? {}) as Record<string, unknown>);
      case 'group.setOpen': {
        const { groupId, open } = asked as { groupId: string; open: boolean | null };
        change({ groups: view.groups.map((group) => (group.groupId === groupId ? { ...group, openOverride: open, open: open ?? true } : group)) });
        return done();
      }
      case 'group.setDispositionRequired': {
        const { groupId, required } = asked as { groupId: string; required: boolean };
        change({ groups: view.groups.map((group) => (group.groupId === groupId ? { ...group, dispositionRequired: required } : group)) });
        return done();
      }
      case 'agent.force': {
        const { agentId, choice } = asked as { agentId: string; choice: Choice };
        const state: AgentState = choice.kind === 'ready' ? { name: 'READY' } : choice.kind === 'away' ? awayAs(choice) : { name: 'LOGGED_OUT' };
        change({ agents: view.agents.map((agent) => (agent.agentId === agentId ? { ...agent, state, since: Date.now() } : agent)) });
        return done();
      }
      case 'desktop.set':
        if (view.desktop === null) return fail('host.unsupported', '');
        change({ desktop: { ...view.desktop, settings: { ...view.desktop.settings, ...asked } } });
        return done();
      case 'desktop.checkServer':
        return fail('center.untrusted', '');
      case 'desktop.answerAsk':
        if (view.desktop !== null) change({ desktop: { ...view.desktop, ask: null } });
        return done();
      case 'settings.set':
        change({ settings: { ...view.settings, ...asked } });
        return ok(view.settings);
      default:
        return done();
    }
  }

  return bridgeFacade(call, (event, listener) => {
    const known = listeners.get(event) ?? new Set();
    listeners.set(event, known.add(listener));
    return () => void known.delete(listener);
  });
}
