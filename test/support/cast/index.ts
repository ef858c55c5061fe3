import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import type { AgentRecord, Configuration } from '../../../center/configuration/records.ts';
import { AgentId } from '../../../contract/ids.ts';
import { startServer, type RunningServer } from '../../../server/server.ts';
import type { RunningAsterisk } from '../../../scripts/asterisk/instance.ts';
import type { IceSettings } from '../../../server/ice-settings.ts';
import type { Logger } from '../../../server/logger.ts';
import { endAsterisk, startAsterisk, switchOn } from '../asterisk.ts';
import { launchBrowser, type PartyOptions } from '../browser.ts';
import { CustomerPage } from './customer-page.ts';
import { Desk, PASSWORD, type DeskOptions } from './desk.ts';
import { Office } from './office.ts';
import { Wallboard } from './wallboard.ts';

/** What a test wants to be other than in the demo. */
export interface Staging {
  /** How long a desk rings before the call goes on. */
  offerTimeoutMs?: number;
  wrapUpMs?: number;
  /** Every group asks for a disposition. */
  dispositionRequired?: boolean;
  /** No greeting and no menu: representative numbers lead to the first group at once. */
  straightToGroup?: boolean;
  /** So many people more, who never sign in. */
  colleagues?: number;
  /** STUN and TURN servers of the desks. */
  ice?: IceSettings;
  /** Which telephone switch; by default the one that this run of the tests is on. */
  switch?: 'embedded' | 'asterisk';
  logger?: Logger;
}

const agentVoices = { 1: 'agent1', 2: 'agent2', 3: 'agent3' } as const;
/** c1 and c2 are customers of the demo's data, c8 is nobody's. */
const customerVoices = { 1: 'customer1', 2: 'customer2', 8: 'customer2' } as const;

/**
 * A running center with everybody who plays in a test: the real server with its switch on a port of its own and a
 * data folder of its own, and one Chromium with a context for each person.
 */
export class Cast {
  readonly browser: Browser;
  office: Office;
  private readonly dataFolder: string;
  private readonly staging: Staging;
  private server: RunningServer;
  /** The telephone switch where it is not the embedded one. */
  readonly asterisk: RunningAsterisk | null;
  private readonly people: (Desk | CustomerPage)[] = [];

  private constructor(parts: { browser: Browser; server: RunningServer; office: Office; dataFolder: string; staging: Staging; asterisk: RunningAsterisk | null }) {
    this.browser = parts.browser;
    this.server = parts.server;
    this.office = parts.office;
    this.dataFolder = parts.dataFolder;
    this.staging = parts.staging;
    this.asterisk = parts.asterisk;
  }

  static async gather(staging: Staging = {}): Promise<Cast> {
    const dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-e2e-'));
    const asterisk = (staging.switch ?? process.env['SANGDAM_TEST_SWITCH']) === 'asterisk' ? await startAsterisk() : null;
    const [server, browser] = await Promise.all([start(dataFolder, 0, staging, asterisk), launchBrowser()]);
    const office = await Office.open(server.origin, 'supervisor', PASSWORD);
    return new Cast({ browser, server, office, dataFolder, staging, asterisk });
  }

  get origin(): string {
    return this.server.origin;
  }

  get sipUrl(): string {
    return `${this.server.origin.replace(/^http/, 'ws')}/sip`;
  }

  /** Signs agent 1 … 3 in; they are not ready yet. */
  async agent(number: keyof typeof agentVoices, options: DeskOptions = {}): Promise<Desk> {
    const desk = await this.visitor(number, options);
    await desk.signIn(`agent${number}`);
    return desk;
  }

  /** Opens a desk's sign-in screen, and leaves it at that. */
  async visitor(number: keyof typeof agentVoices, options: DeskOptions = {}): Promise<Desk> {
    const desk = await Desk.open(this.browser, this.origin, agentVoices[number], options);
    this.people.push(desk);
    return desk;
  }

  /** Opens the phone of a customer, registered. */
  async customer(number: keyof typeof customerVoices, options: PartyOptions = {}): Promise<CustomerPage> {
    const customer = await CustomerPage.open(this.browser, this.origin, `c${number}`, customerVoices[number], options);
    this.people.push(customer);
    return customer;
  }

  /** Who is in charge: signed in as the administrator, for the office's line is the supervisor's already. */
  async supervisor(options: PartyOptions = {}): Promise<Desk> {
    const desk = await Desk.open(this.browser, this.origin, 'supervisor', options);
    this.people.push(desk);
    await desk.signIn('admin');
    return desk;
  }

  /** The wallboard route of who is in charge. */
  async wallboard(options: PartyOptions = {}): Promise<Wallboard> {
    return Wallboard.open(await this.supervisor(options));
  }

  /** The customer calls, presses a key, and is connected with this agent. */
  async connect(customer: CustomerPage, desk: Desk, key = '1'): Promise<void> {
    await desk.goReady();
    await customer.call('15880000');
    await customer.press(key);
    await desk.rings();
    await desk.answer();
    await Promise.all([desk.party.hearsOnly(customer.party.voice), customer.party.hearsOnly(desk.party.voice)]);
  }

  /** The customer hangs up, and everyone who has after-call work does it. */
  async endCall(customer: CustomerPage, ...desks: Desk[]): Promise<void> {
    await customer.hangUp();
    await this.wrapUp(...desks);
  }

  /** Completes the after-call work of those who have some. */
  async wrapUp(...desks: Desk[]): Promise<void> {
    await Promise.all(desks.map((desk) => desk.finishAfterCall()));
  }

  async customerName(number: string): Promise<string> {
    return (await this.office.customer(number)).name;
  }

  /** Ends the whole server and starts it again on the same port with the same data. */
  async restart(): Promise<void> {
    const { port } = new URL(this.origin);
    this.office.close();
    await this.server.stop();
    this.server = await start(this.dataFolder, Number(port), this.staging, this.asterisk);
    this.office = await Office.open(this.origin, 'supervisor', PASSWORD);
  }

  /** @throws if any page had an error that nobody handled */
  isWell(): void {
    const errors = this.people.flatMap(({ party }) => party.pageErrors.map((error) => `${party.voice}: ${error.stack ?? error.message}`));
    if (errors.length > 0) throw new Error(`unhandled in a page:\n${errors.join('\n')}`);
  }

  async dismiss(): Promise<void> {
    this.office.close();
    await this.browser.close();
    await this.server.stop();
    if (this.asterisk !== null) await endAsterisk(this.asterisk);
    await rm(this.dataFolder, { recursive: true, force: true });
  }
}

/** Phones transfer by themselves, whatever release it is: none of these sends the REFER that ends an older one. */
const cast = { phoneTransfers: 'yes' } as const;

const start = (dataFolder: string, port: number, staging: Staging, asterisk: RunningAsterisk | null): Promise<RunningServer> =>
  startServer({ host: '127.0.0.1', port, dataFolder, demo: true, ...(asterisk !== null && { switch: switchOn(asterisk, cast) }), ...(staging.ice !== undefined && { ice: staging.ice }), ...(staging.logger !== undefined && { logger: staging.logger }), configure: (configuration) => staged(configuration, staging) });

function staged(configuration: Configuration, { offerTimeoutMs, wrapUpMs, dispositionRequired, straightToGroup = false, colleagues = 0 }: Staging): Configuration {
  const groups = configuration.groups.map((group) => ({
    ...group,
    // Some tests run at night.
    hours: [],
    offerTimeoutMs: offerTimeoutMs ?? group.offerTimeoutMs,
    wrapUpMs: wrapUpMs ?? group.wrapUpMs,
    dispositionRequired: dispositionRequired ?? group.dispositionRequired,
  }));
  const people = [...configuration.people, ...Array.from({ length: colleagues }, (_, index) => colleague(index, configuration))];
  const [first] = groups;
  if (!straightToGroup || first === undefined) return { ...configuration, people, groups };
  return { ...configuration, people, groups, flows: configuration.flows.map((flow) => ({ ...flow, steps: [{ type: 'group' as const, groupId: first.groupId }] })) };
}

function colleague(index: number, { groups }: Configuration): AgentRecord {
  const group = groups[index % groups.length];
  return {
    agentId: AgentId.parse(`colleague${index}`), account: `colleague${index}`, name: `동료 ${index}`, role: 'agent', duties: [], extension: String(20_000 + index),
    memberships: group === undefined ? [] : [{ groupId: group.groupId, skill: 1 }],
  };
}
