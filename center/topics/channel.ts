import type { TopicChange, TopicMessage, TopicName, TopicValue } from '../../contract/cti/index.ts';
import type { GroupId } from '../../contract/ids.ts';
import type { TopicSource } from './sources.ts';

/** One subscription's end of the line. */
export interface Listener {
  /** The name of what was asked for. */
  readonly id: string;
  /** @returns false where the reader is too slow to be sent more now */
  send(message: TopicMessage): boolean;
}

/**
 * Some groups' part of a topic, or all of it, and everybody who looks at just that: they are told the same, in one
 * message. Whoever was left out, being slow, has the whole again when they have read what they have.
 */
export class Channel<Name extends TopicName = TopicName> {
  readonly name: string;
  readonly topic: Name;
  private readonly source: TopicSource<TopicValue<Name>>;
  /** Null: of all. */
  private readonly groupIds: ReadonlySet<GroupId> | null;
  private readonly listeners = new Set<Listener>();
  private readonly behind = new Set<Listener>();
  /** Keys that somebody here may have. */
  private readonly known = new Set<string>();
  private readonly dirty = new Set<string>();
  private seq = 0;

  constructor(name: string, topic: Name, source: TopicSource<TopicValue<Name>>, groupIds: readonly GroupId[] | null) {
    this.name = name;
    this.topic = topic;
    this.source = source;
    this.groupIds = groupIds === null ? null : new Set(groupIds);
  }

  get isEmpty(): boolean {
    return this.listeners.size === 0;
  }

  /** Something of this entry has changed, or it is no more. */
  touch(key: string): void {
    this.dirty.add(key);
  }

  /** Tells this one the whole, and what changes from then on. */
  join(listener: Listener): void {
    this.listeners.add(listener);
    this.tellWhole(listener);
  }

  leave(listener: Listener): void {
    this.listeners.delete(listener);
    this.behind.delete(listener);
  }

  /** The reader has read what waited for it. */
  caughtUp(listener: Listener): void {
    if (this.behind.has(listener)) this.tellWhole(listener);
  }

  /** Tells what has been touched. @param valueOf the entries of this telling, made once for all channels */
  flush(valueOf: (key: string) => TopicValue<Name> | null): void {
    const upserts: TopicValue<Name>[] = [];
    const removals: string[] = [];
    for (const key of this.dirty) {
      const value = this.holds(key) ? valueOf(key) : null;
      if (value !== null) {
        this.known.add(key);
        upserts.push(value);
      } else if (this.known.delete(key)) removals.push(key);
    }
    this.dirty.clear();
    if (upserts.length + removals.length === 0) return;
    this.seq += 1;
    const change: TopicChange = { type: 'topic.changed', channel: this.name, seq: this.seq, upserts, removals };
    for (const listener of this.listeners) if (!this.behind.has(listener) && !listener.send(change)) this.behind.add(listener);
  }

  private tellWhole(listener: Listener): void {
    const values: TopicValue<Name>[] = [];
    for (const key of this.source.keys()) {
      const value = this.holds(key) ? this.source.valueOf(key) : null;
      if (value === null) continue;
      values.push(value);
      // Were it removed before the others hear of it, this one has to hear of that.
      this.known.add(key);
    }
    const isTaken = listener.send({ type: 'topic.subscribed', id: listener.id, channel: this.name, seq: this.seq, values });
    if (isTaken) this.behind.delete(listener);
    else this.behind.add(listener);
  }

  private holds(key: string): boolean {
    return this.groupIds === null || this.source.groupsOf(key).some((groupId) => this.groupIds?.has(groupId) === true);
  }
}
