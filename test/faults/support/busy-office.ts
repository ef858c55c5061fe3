import { setTimeout } from 'node:timers/promises';
import { GroupId, type ContactId, type CustomerId } from '../../../contract/ids.ts';
import { must } from '../../support/must.ts';
import { pick } from '../../../center/store/demo/random.ts';
import { CtiLine } from '../../support/cti-line.ts';
import { createSipPhone, type SipPhone } from '../../support/sip-phone/index.ts';
import type { Program } from './program.ts';
import { Saved } from './saved.ts';
import { phoneOf } from '../../support/phone-of.ts';

const PASSWORD = 'sangdam-demo';
/** Leads to the technical group without a menu; agent 1 is in it. */
const DIRECT_NUMBER = '15880001';
/** The group whose door is opened and closed; no call goes to it. */
const DOOR = GroupId.parse('orders');
/** Faster than this the center takes no commands from one person for long. */
const BREATH_MS = 60;
const NOBODY = { company: '', numbers: [], vip: false, warning: '', note: '' };

/** Everything that this office has been told is kept, over all starts of its center. */
export class Facts {
  readonly customers = new Map<CustomerId, Saved<string>>();
  readonly memos = new Map<ContactId, Saved<string>>();
  /** Calls whose after-call work was completed. */
  readonly completed = new Set<ContactId>();
  readonly door = new Saved<boolean | null>();

  get count(): number {
    return this.customers.size + this.memos.size + this.completed.size;
  }
}

/** People at work, on lines without screens: two who save customers, one who opens and closes a group, one who takes calls. */
export class BusyOffice {
  private readonly program: Program;
  private readonly facts: Facts;
  private readonly random: () => number;
  private readonly lines: CtiLine[] = [];
  private readonly phones: SipPhone[] = [];
  private over = false;
  /** What went wrong before the center was killed. */
  readonly problems: string[] = [];

  private constructor(program: Program, facts: Facts, random: () => number) {
    this.program = program;
    this.facts = facts;
    this.random = random;
  }

  static async open(program: Program, facts: Facts, random: () => number): Promise<BusyOffice> {
    const office = new BusyOffice(program, facts, random);
    const [supervisor, agent1, agent2, agent3] = await Promise.all(['supervisor', 'agent1', 'agent2', 'agent3'].map((account) => office.line(account)));
    if (supervisor === undefined || agent1 === undefined || agent2 === undefined || agent3 === undefined) throw new Error('nobody at work');
    const calls = await office.takesCalls(agent1);
    for (const work of [() => office.turnTheSign(supervisor), () => office.saveCustomers(agent2), () => office.saveCustomers(agent3), calls]) void office.lane(work);
    return office;
  }

  /** The center has been killed: everybody lets go. Whoever waits for an answer still finds out by themselves that there is none. */
  async close(): Promise<void> {
    this.over = true;
    for (const line of this.lines) line.close();
    await Promise.all(this.phones.map((phone) => phone.close()));
  }

  private async line(account: string): Promise<CtiLine> {
    const line = await CtiLine.open(this.program.origin, account, PASSWORD);
    this.lines.push(line);
    return line;
  }

  private async lane(work: () => Promise<void>): Promise<void> {
    try {
      for (; !this.over; await setTimeout(BREATH_MS)) await work();
    } catch (error) {
      if (!this.over) this.problems.push(String(error));
    }
  }

  private async turnTheSign(supervisor: CtiLine): Promise<void> {
    const open = pick(this.random, [true, false, null]);
    this.facts.door.try(open);
    await supervisor.command('group.setOpen', { groupId: DOOR, open });
    this.facts.door.acknowledge(open);
  }

  private async saveCustomers(agent: CtiLine): Promise<void> {
    const name = `고객 ${this.facts.customers.size}-${Math.floor(this.random() * 1e9)}`;
    const customer = must(await agent.api.call('customers.create', { ...NOBODY, name }));
    const saved = new Saved<string>();
    saved.acknowledge(name);
    this.facts.customers.set(customer.customerId, saved);
    const renamed = `${name} 님`;
    saved.try(renamed);
    must(await agent.api.call('customers.update', { ...NOBODY, name: renamed, customerId: customer.customerId, version: customer.version }));
    saved.acknowledge(renamed);
  }

  /** A customer calls, the agent answers and writes during the call and after it. */
  private async takesCalls(agent: CtiLine): Promise<() => Promise<void>> {
    const { user, password } = phoneOf(agent.signedIn);
    const desk = createSipPhone({ url: this.program.sipUrl, user, password, toneHz: 1300 });
    const customer = createSipPhone({ url: this.program.sipUrl, user: 'c1', password: 'customer', toneHz: 620 });
    this.phones.push(desk, customer);
    await Promise.all([desk.register(), customer.register()]);
    await agent.command('agent.reportDevice', { microphone: 'ok' });
    return async () => {
      await agent.goReady();
      const line = await customer.call(DIRECT_NUMBER);
      await (await desk.incoming()).answer();
      const { contactId } = await agent.contactIs('talking');
      const memo = new Saved<string>();
      this.facts.memos.set(contactId, memo);
      const write = async (text: string): Promise<void> => {
        memo.try(text);
        await agent.command('contact.update', { contactId, memo: text });
        memo.acknowledge(text);
      };
      for (const part of ['통화 중', '통화 중 계속', '통화 중 끝']) await write(`${contactId} ${part}`);
      await line.hangUp();
      await agent.contactIs('afterCall');
      await write(`${contactId} 후처리`);
      await agent.command('contact.complete', { contactId, next: { kind: 'ready' } });
      this.facts.completed.add(contactId);
    };
  }
}
