import { adoptChannels } from './adoption.ts';
import type { Trouble } from './ari/connection.ts';
import { callEvents } from './ari/messages.ts';
import { EARLY_BRIDGE } from './early-media.ts';
import { APP, REGISTRATIONS_APP, type Engine } from './engine.ts';
import { SNOOP_BRIDGE } from './snoops.ts';
import { troubleInWords } from './words.ts';

/**
 * Whether the engine and its Asterisk are of one mind:
 *
 *   down ──connected──▶ synchronising ──both in line──▶ up ──lost──▶ down
 *
 * Only then is the switch available; whatever happened while nobody listened has been told by then.
 */
export class Link {
  private readonly engine: Engine;
  /** Settles with the first answer of Asterisk, good or bad. */
  private readonly tried = Promise.withResolvers<void>();
  private up = false;
  private stopped = false;
  private subscribed = false;
  private startedAt: string | null = null;
  /** Nobody listens at its address: no Asterisk runs there. */
  refused = false;
  private currentTrouble = 'the center has not reached Asterisk yet';

  constructor(engine: Engine) {
    this.engine = engine;
  }

  get isUp(): boolean {
    return this.up;
  }

  get trouble(): string | null {
    return this.up ? null : this.currentTrouble;
  }

  /** Answers once Asterisk was reached and what it has is known, or once it could not be; then it is tried again and again. */
  async start(): Promise<void> {
    this.engine.lanes.start();
    await this.tried.promise;
  }

  /** Nothing is synchronised any more, and the switch counts as up only until `close`. */
  stop(): void {
    this.stopped = true;
  }

  async close(): Promise<void> {
    this.engine.recordings.close();
    this.engine.mute.stop();
    await this.engine.lanes.stop();
    this.tried.resolve();
    this.up = false;
    this.engine.emit({ type: 'switch.changed', available: false });
  }

  /** The link is there: learns what Asterisk has and brings both into line, then says that the switch is available. */
  async synchronise(): Promise<void> {
    const { client, endpoints, phoneTransfers, channels, bridges, early, recordings, channelRecordings, snoops, connection, options, emit, report } = this.engine;
    try {
      const running = await client.process();
      if (!running.ok) return;
      const { startedAt, version } = running.value;
      const isNew = this.startedAt !== startedAt;
      const restarted = isNew && this.startedAt !== null;
      this.startedAt = startedAt;
      // Before the phones are put in: what they may do depends on it.
      if (isNew) phoneTransfers.learned(version, await endpoints.openTrunks());
      // Who is registered comes before the passwords: a changed one ends the registration.
      await endpoints.refresh();
      if (isNew) {
        this.subscribed = false;
        await endpoints.provisionAll();
      }
      await this.subscribe();
      const [foundChannels, foundBridges] = await Promise.all([client.channels(), client.bridges()]);
      if (!foundChannels.ok || !foundBridges.ok) return;
      await adoptChannels({ client, channels, app: APP }, foundChannels.value, restarted);
      const ours = foundBridges.value.filter(({ creator }) => creator === 'Stasis');
      snoops.adopt(foundChannels.value, ours);
      for (const bridge of ours.filter(early.isOurs)) void client.destroyBridge(bridge.id);
      bridges.adopt(ours.filter(({ name }) => name !== SNOOP_BRIDGE && name !== EARLY_BRIDGE), channels.all);
      await recordings.refresh();
      await channelRecordings.refresh();
      if (isNew) void recordings.takeLeftBehind(options.recordingsFolder ?? null).catch((error: unknown) => report(error, 'fetching recordings of an earlier run'));
      if (!connection.isOpen || this.stopped) return;
      this.up = true;
      this.refused = false;
      options.logger.info({ channels: channels.all.size }, 'Asterisk is connected');
      if (isNew && phoneTransfers.warning !== null) options.logger.warn({ url: options.account.url }, phoneTransfers.warning);
      emit({ type: 'switch.changed', available: true });
    } catch (error) {
      report(error, 'learning what Asterisk has');
    } finally {
      this.tried.resolve();
    }
  }

  /** Asks for the events we want, once a process of Asterisk; before the first phone there is nothing to subscribe to. */
  async subscribe(): Promise<void> {
    const { client, connection } = this.engine;
    if (this.subscribed || !connection.isOpen) return;
    const filters = [client.filterEvents(APP, callEvents), client.filterEvents(REGISTRATIONS_APP, ['ContactStatusChange'])];
    const results = await Promise.all([...filters, client.subscribe(REGISTRATIONS_APP, 'endpoint:PJSIP')]);
    this.subscribed = results.every((result) => result.ok);
  }

  lost(trouble: Trouble, detail: string): void {
    const { options, emit } = this.engine;
    this.currentTrouble = troubleInWords(trouble);
    this.refused = detail === 'ECONNREFUSED';
    options.logger.warn({ trouble, detail, url: options.account.url }, this.currentTrouble);
    this.tried.resolve();
    if (!this.up) return;
    this.up = false;
    emit({ type: 'switch.changed', available: false });
  }
}
