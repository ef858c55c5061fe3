import { createAgentSession, keepsNothing, memorySettings, silentLogger, systemClock, type AgentSession } from '../../agent/index.ts';
import { CustomerCache } from '../../agent/customers/index.ts';
import type { BridgeCallName, BridgeRequest, BridgeResponse } from '../../contract/bridge/calls.ts';
import type { ContactView, Target } from '../../contract/contact.ts';
import type { Result } from '../../contract/errors.ts';
import { must } from '../switch/stage.ts';
import { AudioWindow } from '../server/agent/support/audio-window.ts';
import { openWindow } from '../server/agent/support/office.ts';
import { until } from './until.ts';

/** An agent at a desktop without a screen: the real session and phone, and audio that says one tone. */
export class AgentDesk {
  readonly toneHz: number;
  readonly session: AgentSession;
  private readonly audio: AudioWindow;
  private readonly cache: CustomerCache;
  private readonly window: ReturnType<typeof openWindow>;

  private constructor(origin: string, toneHz: number) {
    this.toneHz = toneHz;
    this.cache = new CustomerCache({ file: null, key: null, log: silentLogger });
    this.session = createAgentSession({ host: 'desktop', server: () => origin, allowOtherServers: true, cache: this.cache, settings: memorySettings(), signIns: keepsNothing, clock: systemClock, log: silentLogger });
    this.audio = new AudioWindow(toneHz);
    this.window = openWindow(this.session, this.audio);
  }

  /** Signed in, registered, and ready. */
  static async signIn(origin: string, account: string, toneHz: number): Promise<AgentDesk> {
    const desk = new AgentDesk(origin, toneHz);
    await desk.call('session.signIn', { server: null, account, password: 'sangdam-demo' });
    await desk.call('media.claim', null);
    await until(`${account}'s phone is registered`, () => desk.session.view.health.phone.state === 'registered');
    await until(`${account} is ready`, () => desk.call('agent.setState', { choice: { kind: 'ready' } }).then(() => true));
    return desk;
  }

  get state(): string {
    return this.session.view.card?.state.name ?? 'unknown';
  }

  get contact(): ContactView | undefined {
    return this.session.view.contacts.find(({ me }) => me.state !== 'ended');
  }

  get rings(): boolean {
    const { contact } = this;
    return contact?.me.state === 'ringing' && this.session.view.audio.some(({ contactId, dialog }) => contactId === contact.contactId && dialog === 'ringing');
  }

  get notices(): string[] {
    return this.window.events.flatMap((event) => (event.name === 'notice.raised' ? [event.payload.code] : []));
  }

  /** Answers what rings, or is about to. */
  async answer(): Promise<this> {
    await until('the desk rings', () => this.rings);
    await this.onContact((contactId) => this.call('phone.answer', { contactId }));
    await until('the audio is connected', () => this.audio.audio.connected);
    return this;
  }

  consult(target: Target): Promise<unknown> {
    return this.onContact((contactId) => this.call('contact.consult', { contactId, target }));
  }

  completeTransfer(): Promise<unknown> {
    return this.onContact((contactId) => this.call('contact.completeTransfer', { contactId }));
  }

  completeAfterCall(): Promise<unknown> {
    return this.onContact((contactId) => this.call('contact.complete', { contactId, next: null }));
  }

  hears(tones: readonly number[], not: readonly number[] = []): Promise<void> {
    return this.audio.audio.ear.hears(tones, not);
  }

  async close(): Promise<void> {
    await this.session.stop();
    this.audio.close();
    this.cache.close();
  }

  /** @throws with the code of a refusal */
  async call<Name extends BridgeCallName>(name: Name, request: BridgeRequest<Name>): Promise<BridgeResponse<Name>> {
    const result: Result<BridgeResponse<Name>> = await this.window.call(name, request);
    return must(result);
  }

  private onContact<Value>(act: (contactId: ContactView['contactId']) => Promise<Value>): Promise<Value> {
    const { contact } = this;
    if (contact === undefined) throw new Error('no contact at this desk');
    return act(contact.contactId);
  }
}
