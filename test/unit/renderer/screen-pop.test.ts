import { createPinia, setActivePinia } from 'pinia';
import { describe, expect, it, vi } from 'vitest';
import { createApp } from 'vue';
import { emptyView } from '../../../agent/session-view.ts';
import { bridgeFacade, type BridgeEventName } from '../../../contract/bridge/index.ts';
import type { CustomerRecord } from '../../../contract/customer.ts';
import { ok } from '../../../contract/errors.ts';
import { ContactId } from '../../../contract/ids.ts';
import { provideBridge } from '../../../renderer/app/bridge.ts';
import { useSessionStore } from '../../../renderer/app/stores/session.store.ts';
import { useScreenPopStore } from '../../../renderer/shared/call/screen-pop.store.ts';
import { contactOf } from '../../server/agent/support/office.ts';

const contactId = ContactId.parse('contact-1');
const record = { customer: { customerId: 'cu-0001', name: '고객 0001' }, timeline: [{ contactId: 'contact-0' }, { contactId: 'contact-00' }] } as unknown as CustomerRecord;

/** The store in a window over a host that tells what the test says, and finds the record when asked. */
async function window() {
  const asked: string[] = [];
  let held: Promise<CustomerRecord> | null = null;
  const listeners = new Map<string, ((payload: never) => void)[]>();
  const app = createApp({});
  const pinia = createPinia();
  app.use(pinia);
  setActivePinia(pinia);
  provideBridge(
    app,
    bridgeFacade(
      (name) => {
        if (name === 'session.get') return Promise.resolve(ok(emptyView('web')));
        asked.push(name);
        return (held ?? Promise.resolve(record)).then(ok);
      },
      (name, listener) => {
        listeners.set(name, [...(listeners.get(name) ?? []), listener]);
        return () => {};
      },
    ),
  );
  const tell = (name: BridgeEventName, payload: unknown): void => {
    for (const listener of listeners.get(name) ?? []) listener(payload as never);
  };
  const [pop, session] = app.runWithContext(() => [useScreenPopStore(), useSessionStore()] as const);
  session.start();
  await vi.waitUntil(() => session.view !== null);
  pop.start();
  /** The next question waits for its answer until the test gives it. */
  const hold = (): ((answer: CustomerRecord) => void) => {
    const { promise, resolve } = Promise.withResolvers<CustomerRecord>();
    held = promise;
    return resolve;
  };
  return { asked, tell, pop, hold, show: () => tell('session.changed', { contacts: [contactOf('leg-a', 'ringing')] }) };
}

describe('a screen pop', () => {
  it('is of what was told last: an answer to an older question comes too late', async () => {
    const { tell, pop, show, hold } = await window();
    const answer = hold();
    show();
    tell('contact.popped', { contactId, customerId: null, number: '+821000000001', record: null, more: false });
    answer(record);
    await vi.waitUntil(() => pop.pops.size === 1);
    expect(pop.pops.get(contactId)).toEqual({ state: 'unknown' });
  });

  it('that the host told with the contact is there when the contact is, and nothing is asked', async () => {
    const { asked, tell, pop, show } = await window();
    tell('contact.popped', { contactId, customerId: null, number: '+821000000001', record, more: false });
    show();
    expect(pop.pops.get(contactId)).toEqual({ state: 'found', record, more: false });
    await pop.shown(contactId);
    expect(asked).toEqual([]);
  });

  it('of a long history has the newest lines first, and the others once those are on the screen', async () => {
    const { asked, tell, pop, show } = await window();
    const newest = { ...record, timeline: record.timeline.slice(0, 1) };
    tell('contact.popped', { contactId, customerId: null, number: '+821000000001', record: newest, more: true });
    show();
    expect(pop.pops.get(contactId)).toEqual({ state: 'found', record: newest, more: true });
    expect(asked).toEqual([]);
    await pop.shown(contactId);
    expect(pop.painted).toBe(contactId);
    expect(asked).toEqual(['customers.get']);
    expect(pop.pops.get(contactId)).toEqual({ state: 'found', record, more: false });
  });

  it('that became of somebody else on the screen has their whole history, too', async () => {
    const { tell, pop, show } = await window();
    tell('contact.popped', { contactId, customerId: null, number: '+821000000001', record: null, more: false });
    show();
    await pop.shown(contactId);
    expect(pop.pops.get(contactId)).toEqual({ state: 'unknown' });
    tell('contact.popped', { contactId, customerId: 'cu-0001', number: '+821000000001', record: { ...record, timeline: [] }, more: true });
    await vi.waitUntil(() => pop.pops.get(contactId)?.state === 'found' && !(pop.pops.get(contactId) as { more: boolean }).more);
    expect(pop.pops.get(contactId)).toEqual({ state: 'found', record, more: false });
  });

  it('that was not told, as after a reload, is asked for', async () => {
    const { asked, pop, show } = await window();
    show();
    expect(pop.pops.get(contactId)).toEqual({ state: 'looking' });
    await vi.waitUntil(() => pop.pops.get(contactId)?.state === 'found');
    expect(asked).toEqual(['customers.findByNumber']);
    expect(pop.pops.get(contactId)).toEqual({ state: 'found', record, more: false });
  });
});
