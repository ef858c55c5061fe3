import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApp, effectScope, ref, type EffectScope } from 'vue';
import { bridgeFacade, type BridgeCallName } from '../../../contract/bridge/index.ts';
import { Customer, HistoryLine, TimelineEntry } from '../../../contract/customer.ts';
import { fail, ok, type Result } from '../../../contract/errors.ts';
import { provideBridge } from '../../../renderer/app/bridge.ts';
import { useCustomerPages } from '../../../renderer/features/customers/customer-pages.ts';
import { unfiltered, useHistory, type HistoryFilter } from '../../../renderer/features/history/use-history.ts';

/** A host whose answers the test gives, and whose events it raises. */
class Host {
  readonly asked: { name: BridgeCallName; request: unknown; answer: (result: Result<unknown>) => void }[] = [];
  private readonly listeners = new Set<(payload: never) => void>();
  readonly app = createApp({});

  constructor() {
    provideBridge(
      this.app,
      bridgeFacade(
        (name, request) => new Promise((answer) => this.asked.push({ name, request, answer })),
        (_event, listener) => {
          this.listeners.add(listener);
          return () => void this.listeners.delete(listener);
        },
      ),
    );
  }

  get listening(): number {
    return this.listeners.size;
  }

  changed(): void {
    for (const listener of this.listeners) listener({ customerIds: [] } as never);
  }

  /** Answers the oldest question that was not answered. */
  async answer(result: Result<unknown>): Promise<void> {
    this.asked.shift()?.answer(result);
    await vi.advanceTimersByTimeAsync(0);
  }
}

let host: Host;
let scope: EffectScope;

beforeEach(() => {
  vi.useFakeTimers();
  host = new Host();
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

const inScope = <Value>(use: () => Value): Value => {
  const value = host.app.runWithContext(() => scope.run(use));
  if (value === undefined) throw new Error('the scope is over');
  return value;
};
const settle = () => vi.advanceTimersByTimeAsync(500);

describe('a list that is left', () => {
  it('no longer listens', () => {
    inScope(() => [useCustomerPages(ref('')), useHistory(ref(unfiltered(null)))]);
    expect(host.listening).toBe(2);
    scope.stop();
    expect(host.listening).toBe(0);
  });
});

describe('pages of customers', () => {
  const customer = (index: number): Customer => Customer.parse({ customerId: `c${index}`, name: `고객 ${index}`, company: '', numbers: [], vip: false, warning: '', note: '', updatedAt: 1, version: '1' });
  const page = (from: number, count: number, total: number) => ok({ customers: Array.from({ length: count }, (_, index) => customer(from + index)), total });

  it('are as long as the whole result, and fetched as they come into view', async () => {
    const { rows, searching, show } = inScope(() => useCustomerPages(ref('')));
    expect(searching.value).toBe(true);
    await host.answer(page(0, 100, 250));
    expect([rows.value.length, rows.value[99]?.name, rows.value[100], searching.value]).toEqual([250, '고객 99', undefined, false]);
    show(190, 210);
    expect(host.asked.map(({ request }) => request)).toEqual([{ text: '', limit: 100, offset: 100 }, { text: '', limit: 100, offset: 200 }]);
    await host.answer(page(100, 100, 250));
    await host.answer(page(200, 50, 250));
    expect(rows.value.every((row) => row !== undefined)).toBe(true);
    show(0, 249);
    expect(host.asked).toEqual([]);
  });

  it('drop an answer to a former text', async () => {
    const text = ref('');
    const { rows } = inScope(() => useCustomerPages(text));
    text.value = '김';
    await settle();
    await host.answer(page(0, 1, 1));
    expect(rows.value).toEqual([]);
    await host.answer(page(7, 1, 1));
    expect(rows.value.map((row) => row?.name)).toEqual(['고객 7']);
  });

  it('are fetched again when customers change, and stay on screen meanwhile', async () => {
    const { rows } = inScope(() => useCustomerPages(ref('')));
    await host.answer(page(0, 2, 2));
    host.changed();
    host.changed();
    await settle();
    expect(rows.value).toHaveLength(2);
    expect(host.asked).toHaveLength(1);
    await host.answer(page(0, 1, 1));
    expect(rows.value).toHaveLength(1);
  });

  it('failure: say why, and ask again when the rows are shown again', async () => {
    const { error, show } = inScope(() => useCustomerPages(ref('')));
    await host.answer(fail('cache.unavailable', ''));
    expect(error.value?.code).toBe('cache.unavailable');
    show(0, 10);
    await host.answer(page(0, 1, 1));
    expect(error.value).toBeNull();
  });
});

describe('pages of the history', () => {
  const line = (at: number): HistoryLine =>
    HistoryLine.parse({ contactId: `k${at}`, startedAt: at, customerId: null, customerName: '', number: '', kind: 'inbound', groupId: null, groupName: '', agentId: null, agentName: '', outcome: 'answered', talkMs: 0, disposition: '', memo: '' });
  const page = (newest: number, count: number, next: boolean) => ok({ lines: Array.from({ length: count }, (_, index) => line(newest - index)), next: next ? { startedAt: newest - count + 1, contactId: `k${newest - count + 1}` } : null });
  const everything: HistoryFilter = unfiltered(null);

  it('go on below as they come into view, once', async () => {
    const { lines, more, show } = inScope(() => useHistory(ref(everything)));
    await host.answer(page(300, 100, true));
    expect(more.value).toBe(true);
    show(20);
    expect(host.asked).toEqual([]);
    show(80);
    show(90);
    expect(host.asked.map(({ request }) => request)).toEqual([{ name: 'contacts.search', request: { ...everything, limit: 60, before: { startedAt: 201, contactId: 'k201' } } }]);
    await host.answer(page(200, 50, false));
    expect([lines.value.length, more.value]).toEqual([150, false]);
  });

  it('get new contacts on top, and keep what was fetched below', async () => {
    const { lines, more, show } = inScope(() => useHistory(ref(everything)));
    await host.answer(page(300, 100, true));
    show(90);
    await host.answer(page(200, 100, true));
    host.changed();
    await settle();
    await host.answer(page(301, 100, true));
    expect([lines.value.length, lines.value[0]?.startedAt, lines.value.at(-1)?.startedAt, more.value]).toEqual([201, 301, 101, true]);
    show(200);
    expect(host.asked[0]?.request).toMatchObject({ request: { before: { startedAt: 101 } } });
  });

  it('are asked for again on news, and not with each of them: contacts end all the time', async () => {
    inScope(() => useHistory(ref(everything)));
    await host.answer(page(300, 60, true));
    for (let turn = 0; turn < 100; turn++) {
      host.changed();
      await vi.advanceTimersByTimeAsync(100);
    }
    // Ten seconds: at once, and after each five.
    expect(host.asked).toHaveLength(3);
  });

  it('of what few contacts are go on by themselves for a while, and then when somebody wants it', async () => {
    const { lines, lookedTo, lookFurther } = inScope(() => useHistory(ref({ ...everything, text: 'seldom' })));
    const nothing = (at: number) => ok({ lines: [], next: { startedAt: at, contactId: `k${at}` } });
    for (let turn = 0; turn < 11; turn++) await host.answer(nothing(1000 - turn));
    expect([host.asked.length, lookedTo.value]).toEqual([0, 990]);
    lookFurther();
    expect([host.asked[0]?.request, lookedTo.value]).toMatchObject([{ request: { before: { startedAt: 990 } } }, null]);
    await host.answer(page(5, 1, false));
    expect([lines.value.length, host.asked.length, lookedTo.value]).toEqual([1, 0, null]);
  });

  it('show what was put right here at once, and whose it was as before', async () => {
    const { lines, corrected } = inScope(() => useHistory(ref(everything)));
    await host.answer(page(3, 3, false));
    corrected(TimelineEntry.parse({ ...line(2), memo: 'right' }));
    expect(lines.value.map(({ memo }) => memo)).toEqual(['', 'right', '']);
  });

  it('begin anew with another filter, and drop what was asked with the former one', async () => {
    const filter = ref(everything);
    const { lines } = inScope(() => useHistory(filter));
    filter.value = { ...everything, missed: true };
    await vi.advanceTimersByTimeAsync(0);
    await host.answer(page(10, 5, false));
    expect(lines.value).toEqual([]);
    await host.answer(page(20, 1, false));
    expect(lines.value.map(({ startedAt }) => startedAt)).toEqual([20]);
  });

  it('failure: keep what is shown where the center is away, and say so', async () => {
    const { lines, error } = inScope(() => useHistory(ref(everything)));
    await host.answer(page(3, 3, false));
    host.changed();
    await settle();
    await host.answer(fail('center.unreachable', ''));
    expect([lines.value.length, error.value?.code]).toEqual([3, 'center.unreachable']);
  });

  it('failure: say why, and try again when asked', async () => {
    const { error, loading, retry } = inScope(() => useHistory(ref(everything)));
    await host.answer(fail('session.not-signed-in', ''));
    expect([error.value?.code, loading.value]).toEqual(['session.not-signed-in', false]);
    retry();
    await host.answer(page(1, 1, false));
    expect(error.value).toBeNull();
  });
});
