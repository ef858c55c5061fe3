import { EventEmitter } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAgentSession, CustomerCache, memorySettings, silentLogger, systemClock } from '../../../agent/index.ts';
import { IPC_CALL, IPC_EVENT } from '../../../contract/bridge/index.ts';
import { BridgeIpc, type CallEvent, type WindowContents } from '../../../electron/main/bridge-ipc.ts';
import { RecoveryPolicy } from '../../../electron/main/recovery.ts';

/** Electron's ipcMain, as far as the bridge uses it. */
class Channel {
  handler: ((event: CallEvent, ...args: unknown[]) => Promise<unknown>) | null = null;

  handle(channel: string, listener: (event: CallEvent, ...args: unknown[]) => Promise<unknown>): void {
    if (channel !== IPC_CALL) throw new Error(`another channel: ${channel}`);
    this.handler = listener;
  }

  removeHandler(): void {
    this.handler = null;
  }
}

/** A window's webContents, as far as the bridge uses it. */
class Contents extends EventEmitter implements WindowContents {
  readonly id: number;
  readonly mainFrame = { url: 'app://desk/' };
  readonly sent: unknown[][] = [];

  constructor(id: number) {
    super();
    this.id = id;
  }

  send(...message: unknown[]): void {
    this.sent.push(message);
  }

  isDestroyed(): boolean {
    return false;
  }
}

function bridge() {
  const cache = new CustomerCache({ file: null, key: null, log: silentLogger });
  const session = createAgentSession({ host: 'desktop', server: () => 'http://127.0.0.1:7400', allowOtherServers: true, cache, settings: memorySettings(), clock: systemClock, log: silentLogger });
  onTestFinished(async () => {
    await session.stop();
    cache.close();
  });
  const channel = new Channel();
  const contents = new Contents(1);
  const ipc = new BridgeIpc(channel, session);
  ipc.addWindow(contents);
  return { session, channel, contents, ipc };
}

describe('the bridge over IPC', () => {
  it('answers the main frame of its window, and sends it events', async () => {
    const { channel, contents } = bridge();
    expect(await channel.handler?.({ sender: contents, senderFrame: contents.mainFrame }, 'session.get', null)).toMatchObject({ ok: true, value: { host: 'desktop' } });
    await channel.handler?.({ sender: contents, senderFrame: contents.mainFrame }, 'settings.set', { dock: true });
    expect(contents.sent).toContainEqual([IPC_EVENT, 'session.changed', { version: expect.anything(), settings: expect.objectContaining({ dock: true }) }]);
  });

  it('takes a reloaded page for a new window, so that it may claim the audio anew', () => {
    const { session, contents } = bridge();
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    contents.emit('render-process-gone', {});
    expect(session.windows).toBe(1);
    contents.emit('destroyed');
    expect(session.windows).toBe(0);
  });

  it('leaves nothing behind when it is disposed of', () => {
    const { session, channel, ipc } = bridge();
    ipc.dispose();
    expect(channel.handler).toBeNull();
    expect(session.windows).toBe(0);
  });

  describe('failure: senders', () => {
    it.each([
      ['a subframe', { sender: { id: 1 }, senderFrame: { url: 'app://desk/' } }],
      ['a frame that is gone', { sender: { id: 1 }, senderFrame: null }],
      ['an unknown window', { sender: { id: 2 }, senderFrame: { url: 'app://desk/' } }],
    ])('%s is refused', async (_what, event) => {
      const { channel } = bridge();
      expect(await channel.handler?.(event, 'session.get', null)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    });

    it('a main frame that shows another page is refused', async () => {
      const { channel, contents } = bridge();
      contents.mainFrame.url = 'https://desk.example/';
      expect(await channel.handler?.({ sender: contents, senderFrame: contents.mainFrame }, 'session.get', null)).toMatchObject({ error: { code: 'forbidden' } });
    });
  });
});

it('a renderer that crashes is brought back three times a minute', () => {
  let now = 0;
  const policy = new RecoveryPolicy(() => now);
  expect([policy.crashed(), policy.crashed(), policy.crashed(), policy.crashed()]).toEqual([true, true, true, false]);
  now += 60_001;
  expect(policy.crashed()).toBe(true);
});
