import type { BridgePayload } from '../../contract/bridge/events.ts';
import type { CtiCommandName, CtiRequest, CtiResponse } from '../../contract/cti/commands.ts';
import { topicId, type TopicAsk, type TopicName, type TopicValue } from '../../contract/cti/topic-names.ts';
import type { TopicMessage } from '../../contract/cti/topics.ts';
import { unreachable, type AppError, type Disposer, type Result } from '../../contract/errors.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { HeldTopic } from './held-topic.ts';

/** What nobody shows any more is kept for so long: whoever goes from screen to screen and back finds it there. */
const LINGER_MS = 10_000;
/** Who asked too often asks again after this, where the center does not say when. */
const AGAIN_MS = 5000;

export type TopicEvent = { [Name in 'topic.subscribed' | 'topic.changed' | 'topic.ended']: { name: Name; payload: BridgePayload<Name> } }['topic.subscribed' | 'topic.changed' | 'topic.ended'];

/** A window, or the host itself, that looks. */
export interface Viewer {
  send(event: TopicEvent): void;
}

interface TopicsParts {
  command: <Name extends CtiCommandName>(name: Name, request: CtiRequest<Name>) => Promise<Result<CtiResponse<Name>>>;
  clock: Clock;
  log: Logger;
}

interface Looked {
  held: HeldTopic;
  viewers: Set<Viewer>;
  /** Why the center does not tell it. */
  error: AppError | null;
  stopLingering: Disposer;
}

/**
 * What the windows of one sign-in look at: asked of the center once for all of them, kept by key, and told to those who look,
 * a window that opens late among them. After an outage everything is asked for anew; meanwhile it stays as it was.
 */
export class AgentTopics {
  private readonly parts: TopicsParts;
  private readonly looked = new Map<string, Looked>();
  private stopped = false;

  constructor(parts: TopicsParts) {
    this.parts = parts;
  }

  /** Tells this viewer the whole, as soon as it is there, and each change from then on. */
  subscribe(viewer: Viewer, ask: TopicAsk & { topic: TopicName }): void {
    const id = topicId(ask);
    const known = this.looked.get(id);
    if (known === undefined) {
      const made: Looked = { held: new HeldTopic(ask.topic, ask), viewers: new Set([viewer]), error: null, stopLingering: () => {} };
      this.looked.set(id, made);
      void this.ask(made);
      return;
    }
    known.stopLingering();
    known.viewers.add(viewer);
    this.tellWhole(known, viewer);
    if (known.error !== null) void this.ask(known);
  }

  unsubscribe(viewer: Viewer, ask: TopicAsk): void {
    const looked = this.looked.get(topicId(ask));
    if (looked?.viewers.delete(viewer) === true) this.lingers(looked);
  }

  /** A window is gone. */
  leave(viewer: Viewer): void {
    for (const looked of this.looked.values()) if (looked.viewers.delete(viewer)) this.lingers(looked);
  }

  /** An entry, where somebody looks at its topic as a whole. */
  valueOf<Name extends TopicName>(topic: Name, key: string): TopicValue<Name> | undefined {
    // What is held under a topic's name was parsed by its schema.
    return this.looked.get(topicId({ topic, groupIds: null }))?.held.value(key) as TopicValue<Name> | undefined;
  }

  /** There is a new line to the center, which knows nothing of what was looked at on the one before. */
  connected(): void {
    for (const looked of this.looked.values()) void this.ask(looked);
  }

  stop(): void {
    this.stopped = true;
    for (const { stopLingering } of this.looked.values()) stopLingering();
    this.looked.clear();
  }

  /** The center's word. */
  heard(message: TopicMessage): void {
    switch (message.type) {
      case 'topic.subscribed':
        this.heardWhole(message);
        return;
      case 'topic.changed':
        for (const looked of this.looked.values()) {
          const change = looked.held.take(message);
          if (change === 'gap') void this.ask(looked);
          else if (change !== null) this.tell(looked, { name: 'topic.changed', payload: { topic: looked.held.topic, id: looked.held.id, ...change } });
        }
        return;
      case 'topic.ended': {
        const looked = this.looked.get(message.id);
        if (looked !== undefined) this.ended(looked, message.error);
        return;
      }
      default:
        unreachable(message);
    }
  }

  private heardWhole(message: Extract<TopicMessage, { type: 'topic.subscribed' }>): void {
    const looked = this.looked.get(message.id);
    if (looked === undefined) return;
    if (!looked.held.takeWhole(message)) {
      this.parts.log.warn({ topic: looked.held.topic }, 'malformed topic dropped');
      return this.ended(looked, { code: 'unexpected', message: 'the center tells something else' });
    }
    looked.error = null;
    for (const viewer of looked.viewers) this.tellWhole(looked, viewer);
  }

  private async ask(looked: Looked): Promise<void> {
    looked.held.awaitWhole();
    const answer = await this.parts.command('topic.subscribe', looked.held.ask);
    if (answer.ok || this.stopped || this.looked.get(looked.held.id) !== looked) return;
    const { code, retryAfterMs } = answer.error;
    // With the next connection it is asked for anew.
    if (code === 'center.unreachable' || code === 'center.timeout') return;
    if (code === 'rate-limited') this.parts.clock.setTimeout(() => !this.stopped && this.looked.get(looked.held.id) === looked && void this.ask(looked), retryAfterMs ?? AGAIN_MS);
    this.ended(looked, answer.error);
  }

  private ended(looked: Looked, error: AppError): void {
    looked.error = error;
    looked.held.awaitWhole();
    this.tell(looked, { name: 'topic.ended', payload: { topic: looked.held.topic, id: looked.held.id, error } });
  }

  private tellWhole({ held, error }: Looked, viewer: Viewer): void {
    const { topic, id, values } = held;
    if (error !== null) viewer.send({ name: 'topic.ended', payload: { topic, id, error } });
    else if (values !== null) viewer.send({ name: 'topic.subscribed', payload: { topic, id, values } });
  }

  private tell({ viewers }: Looked, event: TopicEvent): void {
    for (const viewer of viewers) viewer.send(event);
  }

  private lingers(looked: Looked): void {
    if (looked.viewers.size > 0) return;
    looked.stopLingering();
    looked.stopLingering = this.parts.clock.setTimeout(() => {
      if (looked.viewers.size > 0 || this.looked.get(looked.held.id) !== looked) return;
      this.looked.delete(looked.held.id);
      void this.parts.command('topic.unsubscribe', looked.held.ask);
    }, LINGER_MS);
  }
}
