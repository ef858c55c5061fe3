import { randomUUID } from 'node:crypto';
import { defaultSettings, type SessionView, type Settings } from '../contract/bridge/views.ts';
import type { CtiEvent } from '../contract/cti/events.ts';
import type { CtiSnapshot } from '../contract/cti/snapshot.ts';
import { unreachable } from '../contract/errors.ts';
import { hasScope } from '../contract/permissions.ts';
import type { AgentCard, Me } from '../contract/directory.ts';
import { Emitter } from '../contract/emitter.ts';
import type { Disposer } from '../contract/errors.ts';
import { readSetUp } from './set-up-reader.ts';

/** What a session shows before anybody signed in. */
export function emptyView(host: SessionView['host'], settings: Settings = defaultSettings): SessionView {
  return {
    version: { run: '', n: 0 },
    host,
    phase: 'signedOut',
    endedBy: null,
    me: null,
    health: {
      cti: { state: 'lost', error: null },
      phone: { state: 'lost', error: null },
      microphone: 'unknown',
      switch: 'available',
      store: null,
      cache: { state: 'ready', storage: 'memory', remaining: 0 },
    },
    clockOffsetMs: 0,
    timeZone: null,
    contacts: [],
    audio: [],
    dialledOn: null,
    card: null,
    groups: [],
    dispositions: [],
    setUp: {},
    dialling: null,
    supervision: null,
    settings,
    desktop: null,
  };
}

/** The view, and word of its changes, each with its version: parts patched in one turn of the event loop are told together, each whole. */
export class ViewStore {
  private view: SessionView;
  private changes: Partial<SessionView> = {};
  private scheduled = false;
  private readonly changed = new Emitter<Partial<SessionView>>();

  constructor(view: SessionView) {
    this.view = { ...view, version: { run: randomUUID(), n: 0 } };
  }

  get current(): SessionView {
    return this.view;
  }

  onChange(listener: (changes: Partial<SessionView>) => void): Disposer {
    return this.changed.on(listener);
  }

  patch(changes: Partial<SessionView>): void {
    if (Object.keys(changes).length === 0) return;
    const { run, n } = this.view.version;
    this.view = { ...this.view, ...changes, version: { run, n: n + 1 } };
    this.changes = { ...this.changes, ...changes };
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      const told = { ...this.changes, version: this.view.version };
      this.changes = {};
      this.changed.emit(told);
    });
  }

  patchHealth(changes: Partial<SessionView['health']>): void {
    this.patch({ health: { ...this.view.health, ...changes } });
  }
}

/** The parts of the view that a snapshot replaces. */
export const partsOfSnapshot = (snapshot: CtiSnapshot, now: number): Partial<SessionView> => ({
  me: snapshot.me,
  clockOffsetMs: snapshot.serverNow - now,
  timeZone: snapshot.timeZone,
  contacts: snapshot.contacts,
  card: ownOf(snapshot.me, snapshot.agents),
  groups: snapshot.groups,
  dispositions: snapshot.dispositions,
  setUp: readSetUp(snapshot.setUp),
  dialling: snapshot.dialling,
  supervision: snapshot.supervision,
});

/** Pure: the parts of the view that an event changes. */
export function partsOfEvent(view: SessionView, event: CtiEvent): Partial<SessionView> {
  switch (event.type) {
    case 'contact.changed':
      return { contacts: merged(view.contacts, [event.payload], ({ contactId }) => contactId) };
    case 'contact.removed':
      return { contacts: view.contacts.filter(({ contactId }) => contactId !== event.payload.contactId) };
    case 'directory.changed': {
      const card = view.me === null ? null : ownOf(view.me, event.payload.agents);
      // A list in which nothing is new is not told again: a window would show all of it anew.
      return {
        ...(card !== null && { card }),
        ...(event.payload.groups.length > 0 && { groups: merged(view.groups, event.payload.groups, ({ groupId }) => groupId) }),
      };
    }
    case 'directory.removed': {
      const groupIds = new Set(event.payload.groupIds);
      return groupIds.size > 0 ? { groups: view.groups.filter(({ groupId }) => !groupIds.has(groupId)) } : {};
    }
    case 'office.changed': {
      const { me, timeZone, dispositions, setUp } = event.payload;
      return {
        me, timeZone, dispositions, setUp: readSetUp(setUp),
        // What this person may watch no longer.
        ...(!hasScope(me, 'center.watch') && { supervision: null, health: { ...view.health, store: null } }),
      };
    }
    case 'supervision.changed':
      return { supervision: event.payload.supervision };
    case 'dialling.changed':
      return { dialling: event.payload };
    case 'switch.changed':
      return { health: { ...view.health, switch: event.payload.available ? 'available' : 'unavailable' } };
    case 'store.changed':
      return { health: { ...view.health, store: event.payload } };
    case 'customers.changed':
    case 'notice.raised':
    case 'session.ending':
    case 'session.replaced':
      return {};
    default:
      return unreachable(event);
  }
}

/** The desk's own agent among these; a center from before there were topics tells everybody's, and consoles have none. */
const ownOf = (me: Me, agents: readonly AgentCard[]): AgentCard | null => (me.kind === 'desk' ? (agents.find(({ agentId }) => agentId === me.agentId) ?? null) : null);

/** `known` with the `fresh` ones in their places, new ones at the end. */
function merged<Item>(known: readonly Item[], fresh: readonly Item[], keyOf: (item: Item) => string): Item[] {
  const byKey = new Map(fresh.map((item) => [keyOf(item), item]));
  const replaced = known.map((item) => {
    const next = byKey.get(keyOf(item));
    byKey.delete(keyOf(item));
    return next ?? item;
  });
  return [...replaced, ...byKey.values()];
}
