import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { needsReady } from './environment.ts';

/** A notification of the system that nobody sees. Tests press its buttons by emitting `click`, `action`, `close`. */
export class Notification extends EventEmitter {
  title: string;
  body: string;
  silent: boolean;
  urgency: 'normal' | 'critical' | 'low';
  timeoutType: 'default' | 'never';
  actions: Electron.NotificationAction[];
  /** For tests. */
  state: 'made' | 'shown' | 'closed' = 'made';

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super();
    needsReady('Notification');
    this.title = options.title ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
    this.urgency = options.urgency ?? 'normal';
    this.timeoutType = options.timeoutType ?? 'default';
    this.actions = options.actions ?? [];
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    this.state = 'shown';
    this.emit('show', {});
  }

  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.emit('close', {});
  }
}

Notification.prototype satisfies Pick<Electron.Notification, 'show' | 'close' | 'title' | 'body' | 'silent' | 'urgency' | 'timeoutType' | 'actions'>;
