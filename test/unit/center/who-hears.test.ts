import { expect, it } from 'vitest';
import { ctiEvents, type CtiEventName } from '../../../contract/cti/index.ts';
import { AgentId, GroupId } from '../../../contract/ids.ts';
import { centerStage, settle, type CenterStage, type TestDesk } from './center-stage.ts';

const ORDERS = GroupId.parse('orders');
const [AGENT, COLLEAGUE, OTHER, SUPERVISOR, ADMIN] = ['agent1', 'agent3', 'agent5', 'supervisor', 'admin'] as const;
const EVERYBODY = [AGENT, COLLEAGUE, OTHER, SUPERVISOR, ADMIN];

/** Who hears what, when a caller of the group of orders gives up while it rings at agent1. */
const hears: Record<CtiEventName, readonly string[]> = {
  'contact.changed': [AGENT],
  'contact.removed': [AGENT],
  'notice.raised': [AGENT],
  'session.ending': [],
  'session.replaced': [COLLEAGUE],
  /** Their own card: the caller's agent, and who dials in vain. */
  'directory.changed': [AGENT, OTHER],
  'customers.changed': EVERYBODY,
  'switch.changed': EVERYBODY,
  'store.changed': [SUPERVISOR, ADMIN],
  'supervision.changed': [SUPERVISOR],
  'dialling.changed': [],
  'directory.removed': [],
  'office.changed': [],
};

/** The supervisor and agents 1 and 3 are of orders, agent 5 of technical alone, the administrator of none. */
async function everybody() {
  const stage = await centerStage({
    configure: (configuration) => ({
      ...configuration,
      people: configuration.people.map((agent) => (agent.account === SUPERVISOR || agent.account === AGENT ? { ...agent, memberships: [{ groupId: ORDERS, skill: 1 }] } : agent)),
    }),
  });
  const desks = new Map<string, TestDesk>();
  for (const account of EVERYBODY) desks.set(account, await stage.signIn(account));
  await stage.clock.pass(1000);
  for (const desk of desks.values()) desk.events.length = 0;
  return { stage, desks };
}

it.each(Object.keys(ctiEvents) as CtiEventName[])('%s is told to whom it concerns, and to nobody else', async (type) => {
  const { stage, desks } = await everybody();
  await stage.ready(AGENT);
  await supervised(stage, desks.get(SUPERVISOR) ?? fail());
  await stage.hangUp(await stage.customerCalls());
  stage.switchPort.arrive('1005', '1005', '1099');
  await settle();
  await stage.clock.pass(3000);
  await stage.center.signIn(desks.get(COLLEAGUE)?.agentId ?? fail(), 'web');
  stage.switchPort.setAvailable(false);
  stage.records.fill(true);
  await settle();
  const heard = [...desks].filter(([account, { events }]) => events.some((event) => event.type === type && !isTheirOwnCall(account, event))).map(([account]) => account);
  // Whoever was replaced hears nothing after that.
  expect(heard).toEqual(EVERYBODY.filter((account) => hears[type].includes(account) && !(type === 'switch.changed' && account === COLLEAGUE)));
});

/** A supervisor listens to a call of agent 1's for a while. */
async function supervised(stage: CenterStage, desk: TestDesk): Promise<void> {
  const customer = await stage.customerCalls();
  await stage.answer('1001');
  await desk.command('supervision.start', { agentId: AgentId.parse(AGENT), mode: 'listen' });
  await settle();
  await stage.answer('1010');
  await desk.command('supervision.stop', {});
  await stage.hangUp(customer);
  await stage.ready(AGENT);
}

/** Agent 5 dials in vain, which is told to them. */
const isTheirOwnCall = (account: string, { type }: { type: CtiEventName }): boolean => account === OTHER && ['contact.changed', 'contact.removed', 'notice.raised'].includes(type);

it('figures are those of one’s own groups, and all of them for an administrator', async () => {
  const { stage, desks } = await everybody();
  const watches = new Map([...desks].map(([account, desk]) => [account, desk.look('figures')]));
  await stage.ready(AGENT);
  await stage.ready(OTHER);
  await stage.clock.pass(1000);
  const groups = (account: string) => {
    const { entries, changes } = watches.get(account) ?? fail();
    return { told: [...new Set(changes.flatMap(({ upserts }) => upserts.map(({ groupId }) => groupId)))].toSorted(), shown: [...entries.keys()].toSorted() };
  };
  for (const account of [AGENT, SUPERVISOR]) expect(groups(account)).toEqual({ told: ['orders'], shown: ['orders'] });
  expect(groups(OTHER)).toEqual({ told: ['technical'], shown: ['technical'] });
  expect(groups(ADMIN)).toEqual({ told: ['orders', 'technical'], shown: ['orders', 'technical'] });
});

it('a contact is at the desks of its own agents alone, in the snapshot too', async () => {
  const { stage, desks } = await everybody();
  await stage.ready(AGENT);
  await stage.customerCalls();
  await stage.answer('1001');
  for (const [account, { connection }] of desks) expect([account, (await connection?.snapshot())?.contacts.length]).toEqual([account, account === AGENT ? 1 : 0]);
});

const fail = (): never => {
  throw new Error('nobody of that name');
};
