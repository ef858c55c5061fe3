import type { AgentSession, Caller } from '../../agent/index.ts';
import { IPC_CALL, IPC_EVENT } from '../../contract/bridge/ipc.ts';
import { fail, type Disposer, type Result } from '../../contract/errors.ts';
import { mayCall } from './security.ts';

/** The parts of Electron's objects that the bridge uses. */
export interface WindowContents {
  readonly id: number;
  readonly mainFrame: unknown;
  send(channel: string, ...args: unknown[]): void;
  isDestroyed(): boolean;
  once(event: 'destroyed', listener: () => void): unknown;
  on(event: 'did-start-navigation' | 'render-process-gone', listener: (details: { isMainFrame?: boolean; isSameDocument?: boolean }) => void): unknown;
}

export interface CallEvent {
  readonly sender: { readonly id: number };
  /** Null when the frame is gone. */
  readonly senderFrame: { readonly url: string } | null;
}

export interface CallChannel {
  handle(channel: string, listener: (event: CallEvent, ...args: unknown[]) => Promise<unknown>): void;
  removeHandler(channel: string): void;
}

/**
 * Ties windows to the session over IPC. A call counts only from the main frame of a window added here, while that
 * frame shows one of our own pages.
 */
export class BridgeIpc {
  private readonly session: AgentSession;
  private readonly channel: CallChannel;
  private readonly windows = new Map<number, { contents: WindowContents; caller: Caller; detach: Disposer }>();

  constructor(channel: CallChannel, session: AgentSession) {
    this.session = session;
    this.channel = channel;
    channel.handle(IPC_CALL, (event, name, request) => this.called(event, name, request));
  }

  addWindow(contents: WindowContents): void {
    this.attach(contents);
    // A reloaded page or a crashed renderer is a new window to the session: it has no peer connections any more.
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame === true && isSameDocument !== true) this.attach(contents);
    });
    contents.on('render-process-gone', () => this.attach(contents));
    contents.once('destroyed', () => {
      this.windows.get(contents.id)?.detach();
      this.windows.delete(contents.id);
    });
  }

  dispose(): void {
    this.channel.removeHandler(IPC_CALL);
    for (const { detach } of this.windows.values()) detach();
    this.windows.clear();
  }

  private attach(contents: WindowContents): void {
    this.windows.get(contents.id)?.detach();
    const attached = this.session.attach(({ name, payload }) => {
      if (!contents.isDestroyed()) contents.send(IPC_EVENT, name, payload);
    });
    this.windows.set(contents.id, { contents, ...attached });
  }

  private called({ sender, senderFrame }: CallEvent, name: unknown, request: unknown): Promise<Result<unknown>> {
    const window = this.windows.get(sender.id);
    if (window === undefined || !mayCall(senderFrame, window.contents.mainFrame)) return Promise.resolve(fail('forbidden', 'not a window of the desk'));
    return this.session.handleBridgeCall(name, request, window.caller);
  }
}
