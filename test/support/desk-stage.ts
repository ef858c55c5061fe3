import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { onTestFinished } from 'vitest';
import { silentLogger } from '../../agent/index.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { ParticipantState } from '../../contract/participant-state.ts';
import { createWebShell } from '../../web/index.ts';
import { must, TONES } from '../switch/stage.ts';
import type { PhoneCall } from './sip-phone/index.ts';
import { contactOf, givePhone, openOffice, type Office } from '../server/agent/support/office.ts';
import { temporaryFolder } from '../unit/store/support.ts';
import { Desk, type DeskOptions } from './cast/desk.ts';
import { voices } from './tones.ts';
import { until } from './until.ts';

const WEB_FOLDER = join(import.meta.dirname, '../../out/web');

/** What a page has opened and not closed: `installLedger` keeps count. */
export interface Ledger {
  peers: RTCPeerConnection[];
  microphones: MediaStreamTrack[];
}

declare global {
  interface Window {
    ledger: Ledger;
  }
}

/** Runs inside the page, after `installEars`. */
function installLedger(): void {
  const ledger: Ledger = { peers: [], microphones: [] };
  window.ledger = ledger;
  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    ledger.microphones.push(...stream.getTracks());
    return stream;
  };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      ledger.peers.push(this);
    }
  };
}

/**
 * One desk in a real browser on the real web shell, agent session, gateway and embedded switch. The core is played
 * by the test, which says what the center says; so audio can be looked at one step at a time.
 */
export class DeskStage {
  readonly desk: Desk;
  readonly office: Office;
  private readonly agentId: AgentId;
  private state: ParticipantState = 'ended';

  private constructor(desk: Desk, office: Office, agentId: AgentId) {
    this.desk = desk;
    this.office = office;
    this.agentId = agentId;
  }

  /** The desk of agent1, signed in and past the device check. */
  static async open(browser: Browser, options: DeskOptions = {}): Promise<DeskStage> {
    const stage = await DeskStage.visit(browser, options);
    await stage.desk.trySignIn('agent1');
    await stage.passDeviceCheck();
    await until('the phone is registered', () => stage.office.telephone.events.some((event) => event.type === 'endpoint.changed' && event.registered), 10_000);
    return stage;
  }

  /** The desk's sign-in screen. */
  static async visit(browser: Browser, options: DeskOptions = {}): Promise<DeskStage> {
    if (!existsSync(join(WEB_FOLDER, 'renderer/index.html'))) throw new Error('the web edition is not built: npm run build');
    const office = await openOffice({ webFolder: WEB_FOLDER });
    const { agentId } = (await office.signIn('agent1')).me;
    await givePhone(office, agentId);
    const shell = createWebShell({ httpServer: office.gateway.server, centerUrl: office.origin, dataDir: await temporaryFolder(), logger: silentLogger, environment: {} });
    onTestFinished(() => shell.stop());
    const desk = await Desk.open(browser, office.origin, 'agent1', { ...options, script: installLedger });
    onTestFinished(() => desk.party.close());
    return new DeskStage(desk, office, agentId);
  }

  async passDeviceCheck(): Promise<void> {
    await this.desk.button('Go to the desk').waitFor();
    const card = { agentId: this.agentId, name: '상담원', extension: '1001', role: 'agent', groupIds: [], state: { name: 'READY' }, since: Date.now(), connected: true, reachable: true } as const;
    this.office.center.tell(this.agentId, { type: 'directory.changed', payload: { agents: [{ ...card, groupIds: [] }], groups: [] } });
    await this.desk.passDeviceCheck();
    await this.desk.stateGroup.waitFor();
  }

  /** The center offers a call of `leg`, and the switch rings this desk. @returns the channel */
  async ring(leg = 'leg-a'): Promise<string> {
    const { telephone } = this.office;
    const channelId = telephone.newId('desk');
    this.say('ringing', leg);
    must(await telephone.originate('1001', { channelId, destination: { kind: 'endpoint', user: this.agentId }, headers: { 'X-Sangdam-Leg': leg } }));
    await this.desk.offer.waitFor();
    return channelId;
  }

  /** A colleague at 1001 and the desk talk. @returns the colleague's end, and the desk's channel */
  async talk(): Promise<{ colleague: PhoneCall; channelId: string }> {
    const { telephone } = this.office;
    const { bridgeId, parties } = await telephone.bridged('1001');
    const channelId = await this.ring();
    await this.desk.press('Answer');
    await telephone.event('channel.answered', (event) => event.channelId === channelId);
    must(await telephone.port.joinBridge(bridgeId, channelId));
    this.say('talking');
    await this.desk.button('Hang up').waitFor();
    const colleague = parties[0]?.call;
    if (colleague === undefined) throw new Error('nobody to talk with');
    await Promise.all([this.hears(), colleague.hears(voices.agent1, [], 10_000)]);
    return { colleague, channelId };
  }

  /** What the center says of the one contact. */
  say(state: ParticipantState, leg = 'leg-a'): void {
    this.state = state;
    const contact = { ...contactOf(leg, state), customerName: '고객 0001', startedAt: Date.now() };
    this.office.center.tell(this.agentId, { type: 'contact.changed', payload: contact });
  }

  /** The contact is over for this desk. */
  forget(): void {
    const { contactId } = contactOf('leg-a', this.state);
    this.office.center.tell(this.agentId, { type: 'contact.removed', payload: { contactId } });
  }

  /** Waits until the colleague's tone is heard at the desk, steadily. */
  hears(): Promise<void> {
    return this.listen({ presentHz: [TONES['1001']], absentHz: [] });
  }

  /** Waits until it is not. */
  hearsNot(): Promise<void> {
    return this.listen({ presentHz: [], absentHz: [TONES['1001']] });
  }

  /** Waits until the page has nothing open any more: no peer connection, no microphone. */
  async leavesNothing(): Promise<void> {
    await until('everything is closed', async () => {
      const left = await this.left();
      return left.peers === 0 && left.microphones === 0;
    });
  }

  /** How many peer connections and microphones are open in the page. */
  left(): Promise<{ peers: number; microphones: number }> {
    return this.desk.page.evaluate(() => ({
      peers: window.ledger.peers.filter(({ connectionState }) => connectionState !== 'closed').length,
      microphones: window.ledger.microphones.filter(({ readyState }) => readyState === 'live').length,
    }));
  }

  private async listen(what: { presentHz: number[]; absentHz: number[] }): Promise<void> {
    const heard = await this.desk.page.evaluate((wish) => window.ears.listen({ ...wish, steadyMs: 250, timeoutMs: 10_000 }), what);
    if (!heard.ok) throw new Error(`the desk should hear ${JSON.stringify(what)}, but measured ${JSON.stringify(heard)}`);
  }
}
