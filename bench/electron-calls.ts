import type { Cast } from '../test/support/cast/index.ts';
import type { Desk } from '../test/support/cast/desk.ts';
import { createSipPhone } from '../test/support/sip-phone/index.ts';
import { until } from '../test/support/until.ts';
import type { Desktop } from '../test/electron/desktop.ts';
import type { BenchRow } from './bench.ts';

/** Eight hours of a busy agent. `SANGDAM_BENCH_CALLS` makes it shorter. */
const CALLS = Number(process.env['SANGDAM_BENCH_CALLS'] ?? 2000);
/** The first ones fill caches that are meant to be filled. */
const WARM_UP = Math.min(50, Math.floor(CALLS / 4));
const HEAP_BAR_MB = 10;

interface Counted {
  /** Of main, after a collection. */
  heapMb: number;
  timers: number;
  /** Of the objects that windows and system talk through. */
  listeners: number;
  /** Made in the page and not closed. */
  peers: number;
  /** Of the page's objects that outlive a call, more than at the start. */
  pageListeners: number;
  pageHeapMb: number;
}

/** Customers call, are answered and hang up, again and again; afterwards nothing of it is left. */
export async function callRows(cast: Cast, desktop: Desktop, desk: Desk): Promise<BenchRow[]> {
  const phone = createSipPhone({ url: cast.sipUrl, user: 'c3', password: 'customer', toneHz: 700 });
  await phone.register();
  await answerEverything(desk);
  const idleTimers = (await count(desktop, desk)).timers;
  let before: Counted | null = null;
  const from = performance.now();
  for (let call = 0; call < CALLS + WARM_UP; call++) {
    if (call === WARM_UP) before = await settled(desktop, desk, idleTimers);
    const made = await phone.call('15880000');
    await made.answered(20_000);
    // The center answers at once and plays music: the call is one when the agent has taken it.
    await deskIs(cast, call, 'TALKING');
    await made.hangUp();
    await deskIs(cast, call, 'READY');
  }
  const seconds = (performance.now() - from) / 1000;
  const after = await settled(desktop, desk, before?.timers ?? 0);
  await phone.close();
  if (before === null) throw new Error('nothing was counted before');
  const n = CALLS.toLocaleString('en');
  return [
    row(`main's heap after ${n} calls, grown by`, after.heapMb - before.heapMb, 'MB', HEAP_BAR_MB),
    row(`peer connections left after ${n} calls`, after.peers, 'connections', 0),
    row(`timers of main more than before ${n} calls`, Math.max(0, after.timers - before.timers), 'timers', 0),
    row(`listeners of main more than before ${n} calls`, Math.max(0, after.listeners - before.listeners), 'listeners', 0),
    row(`listeners of the page more than before ${n} calls`, Math.max(0, after.pageListeners - before.pageListeners), 'listeners', 0),
    { ...row(`the page's heap after ${n} calls, grown by`, after.pageHeapMb - before.pageHeapMb, 'MB', 0), bar: null, met: null, referenceValue: null, ratio: null, reference: 'none' },
    { ...row(`calls a minute, each with its own audio`, ((CALLS + WARM_UP) / seconds) * 60, 'calls/min', 0), bar: null, met: null, referenceValue: null, ratio: null, reference: 'none' },
  ];
}

/** Longer than anything takes that a desk recovers from by itself, on a machine that has other things to do. */
const deskIs = (cast: Cast, call: number, state: 'TALKING' | 'READY'): Promise<unknown> =>
  until(`the desk is ${state}`, () => cast.office.agent('1001').state.name === state, 40_000, 5).catch((error: unknown) => {
    throw new Error(`call ${call}: the desk is ${JSON.stringify(cast.office.agent('1001'))}`, { cause: error });
  });

/** SIP keeps finished transactions for up to 32 s (RFC 3261 §17.2.2, 64·T1); what is left after that is left for ever. */
async function settled(desktop: Desktop, desk: Desk, timers: number): Promise<Counted> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const counted = await count(desktop, desk);
    if (counted.timers <= timers || performance.now() > deadline) return counted;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

/** In the page: every offer is answered at once, and every peer connection is remembered while it lives. */
async function answerEverything(desk: Desk): Promise<void> {
  await desk.page.evaluate(() => {
    interface View {
      contacts?: { contactId: string; me: { state: string; dialogKey: string } }[];
    }
    const { sangdam } = window as unknown as { sangdam: { on(event: string, listener: (view: View) => void): void; phone: { answer(request: { contactId: string }): Promise<unknown> } } };
    const asked = new Set<string>();
    sangdam.on('session.changed', ({ contacts = [] }) => {
      for (const { contactId, me } of contacts) {
        // By the leg: a contact that was offered in vain comes again as another.
        if (me.state !== 'ringing' || asked.has(me.dialogKey)) continue;
        asked.clear();
        asked.add(me.dialogKey);
        void sangdam.phone.answer({ contactId });
      }
    });
    const open = new Set<RTCPeerConnection>();
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        open.add(this);
      }
      override close(): void {
        open.delete(this);
        super.close();
      }
    };
    // Of objects that outlive a call: those of others go with them.
    const lasting: EventTarget[] = [window, document, document.body, navigator.mediaDevices];
    let listening = 0;
    for (const target of lasting) {
      const add = target.addEventListener.bind(target);
      const remove = target.removeEventListener.bind(target);
      target.addEventListener = (...args: Parameters<typeof add>) => {
        listening++;
        add(...args);
      };
      target.removeEventListener = (...args: Parameters<typeof remove>) => {
        listening--;
        remove(...args);
      };
    }
    Object.assign(window, { openPeers: () => ({ peers: open.size, pageListeners: listening }) });
  });
}

async function count(desktop: Desktop, desk: Desk): Promise<Counted> {
  const main = await desktop.evaluate(async ({ app, ipcMain, BrowserWindow, powerMonitor, screen, nativeTheme }) => {
    for (let round = 0; round < 3; round++) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const windows = BrowserWindow.getAllWindows();
    const emitters: NodeJS.EventEmitter[] = [app, ipcMain, powerMonitor, screen, nativeTheme, process, ...windows, ...windows.map(({ webContents }) => webContents)];
    return {
      heapMb: process.memoryUsage().heapUsed / 2 ** 20,
      timers: process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
      listeners: emitters.reduce((sum, emitter) => sum + emitter.eventNames().reduce((of, name) => of + emitter.listenerCount(name), 0), 0),
    };
  });
  const cdp = await desk.page.context().newCDPSession(desk.page);
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('Performance.enable');
  const { metrics } = await cdp.send('Performance.getMetrics');
  await cdp.detach();
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  const page = await desk.page.evaluate(() => (window as unknown as { openPeers: () => { peers: number; pageListeners: number } }).openPeers());
  return { ...main, ...page, pageHeapMb: metric('JSHeapUsedSize') / 2 ** 20 };
}

const row = (name: string, value: number, unit: string, bar: number): BenchRow => ({
  name,
  value: Math.round(value * 1000) / 1000,
  unit,
  reference: 'bar',
  referenceValue: bar,
  ratio: bar === 0 ? null : value / bar,
  bar: `≤ ${bar}`,
  met: value <= bar,
});
