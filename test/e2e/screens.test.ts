import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { Desk } from '../support/cast/desk.ts';
import { objections } from '../support/objections.ts';
import { until } from '../support/until.ts';

describe('the screens beside the desk', () => {
  let cast: Cast;
  let agent: Desk;
  let supervisor: Desk;

  beforeAll(async () => {
    cast = await Cast.gather();
    agent = await cast.agent(1);
    // The office's line is the supervisor's already; the administrator is in charge of all groups.
    supervisor = (await cast.wallboard()).desk;
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  const screensOfAgent = [
    ['/customers', 'Customers'],
    ['/history', 'Contacts'],
    ['/directory', 'Organisation chart'],
  ] as const;

  describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
    it.each(screensOfAgent)('%s opens for an agent, and a checker objects to nothing', async (path, list) => {
      await agent.goto(path);
      await agent.page.getByRole(path === '/directory' ? 'treegrid' : 'grid', { name: list }).getByRole('row').nth(2).waitFor();
      expect(await objections(agent.page, theme)).toEqual([]);
    });

    it.each([...screensOfAgent, ['/team', 'Agents']] as const)('%s opens for who is in charge, and a checker objects to nothing', async (path, list) => {
      await supervisor.goto(path);
      await supervisor.page.getByRole(path === '/directory' ? 'treegrid' : 'grid', { name: list }).getByRole('row').nth(2).waitFor();
      expect(await objections(supervisor.page, theme)).toEqual([]);
    });

    it('the wallboard opens for both, and a checker objects to nothing', async () => {
      for (const desk of [agent, supervisor]) {
        await desk.goto('/wallboard');
        await desk.page.getByRole('region', { name: '주문' }).waitFor();
        expect(await objections(desk.page, theme)).toEqual([]);
      }
    });

    it('a customer opens with their history, and in the form, and a checker objects to nothing', async () => {
      await agent.goto('/');
      await agent.openCustomer('010-0000-0001');
      await agent.page.getByRole('heading', { name: await cast.customerName('01000000001') }).waitFor();
      expect(await objections(agent.page, theme)).toEqual([]);
      await agent.press('Edit');
      await agent.page.getByLabel('Number 1', { exact: true }).waitFor();
      expect(await objections(agent.page, theme)).toEqual([]);
      await agent.press('Cancel');
    });
  });

  it('the wallboard says so while its figures are not live', async () => {
    await supervisor.goto('/wallboard');
    const group = supervisor.page.getByRole('region', { name: '주문' });
    await group.waitFor();
    const restore = await supervisor.cutConnection();
    await group.getByText('Not live').waitFor();
    expect(await supervisor.page.getByRole('status').first().innerText()).toMatch(/figures of \d\d:\d\d/);
    restore();
    await group.getByText('Not live').waitFor({ state: 'hidden' });
  });

  it('agents have no team screen: neither in the rail nor by its address', async () => {
    await agent.goto('/team');
    await agent.stateGroup.waitFor();
    await until('the desk is open instead', () => new URL(agent.page.url()).pathname === '/');
    expect(await agent.page.getByRole('link', { name: 'Team' }).count()).toBe(0);
  });
});

describe('customers', () => {
  let cast: Cast;
  let first: Desk;
  let second: Desk;

  beforeAll(async () => {
    cast = await Cast.gather();
    [first, second] = await Promise.all([cast.agent(1), cast.agent(2)]);
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('are made by one agent and found by another at once', async () => {
    await first.goto('/customers');
    await first.press('New customer');
    await first.page.getByLabel('Name', { exact: true }).fill('새 고객 77');
    await first.page.getByLabel('Number 1', { exact: true }).fill('０１０ 5555 0077');
    await first.page.getByLabel('Note').fill('전시회에서 만남');
    await first.press('Save');
    await first.page.getByRole('heading', { name: '새 고객 77' }).waitFor();
    await first.shows('010-5555-0077');
    await second.openCustomer('010-5555-0077');
    await second.shows('전시회에서 만남');
  });

  it('change on every desk that looks at them', async () => {
    await first.press('Edit');
    await first.page.getByLabel('Warning').fill('환불 진행 중');
    await first.page.keyboard.press('Control+Enter');
    await second.shows('환불 진행 중');
  });

  it('say what is wrong with a number, beside it', async () => {
    await first.press('Edit');
    await first.page.getByLabel('Number 1', { exact: true }).fill('1002');
    await first.press('Save');
    await first.shows('This is an extension. A customer needs an outside number.');
  });

  it('are not left with unsaved changes by accident', async () => {
    const directory = first.page.getByRole('link', { name: 'Directory' });
    await directory.click();
    await first.press('Keep editing');
    expect(await first.page.getByLabel('Number 1', { exact: true }).inputValue()).toBe('1002');
    await directory.click();
    await first.press('Discard');
    await first.page.getByRole('treegrid').waitFor();
  });

  it('failure: a number that is another customer’s is refused, and nothing is lost', async () => {
    await second.press('Edit');
    await second.page.getByLabel('Number 1', { exact: true }).fill('010-0000-0001');
    await second.press('Save');
    await second.shows('Another customer already has this number.');
    expect(await second.page.getByLabel('Number 1', { exact: true }).inputValue()).toBe('010-0000-0001');
    await second.press('Cancel');
    await second.press('Discard');
  });
});

describe('who is in charge', () => {
  let cast: Cast;
  let agent: Desk;
  let admin: Desk;

  beforeAll(async () => {
    cast = await Cast.gather();
    agent = await cast.agent(1);
    admin = (await cast.wallboard()).desk;
    await admin.goto('/team');
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  const choose = async (what: string): Promise<void> => {
    await admin.page.getByRole('row', { name: /상담원 1\b/ }).getByRole('button', { name: /^Change the state/ }).click();
    await admin.page.getByRole('menuitem', { name: what }).click();
  };

  it('sets an agent’s state, and the agent is told', async () => {
    await choose('Meeting');
    await agent.showsState('Meeting');
    await agent.shows('A supervisor set your state.');
  });

  it('signs an agent out only after asking', async () => {
    await choose('Sign out');
    await admin.press('Cancel');
    await agent.showsState('Meeting');
  });

  it('closes a group by hand, and takes it back', async () => {
    const opening = admin.page.getByRole('group', { name: 'Opening of 주문' });
    await opening.getByRole('button', { name: 'Closed' }).click();
    await until('the group is closed', () => !cast.office.isOpen('주문'));
    await admin.press('Undo');
    await until('the group follows its hours again', () => cast.office.isOpen('주문'));
    await opening.getByRole('button', { name: 'By hours', pressed: true }).waitFor();
    expect(await opening.getByRole('button', { pressed: true }).count()).toBe(1);
  });

  it('calls a colleague from the directory', async () => {
    await agent.goReady();
    await admin.goto('/directory');
    await admin.page.getByRole('searchbox').fill('1001');
    await admin.page.getByRole('searchbox').press('ArrowDown');
    await admin.page.keyboard.press('ArrowDown');
    await admin.page.keyboard.press('Enter');
    await agent.rings();
    await agent.press('Reject');
    await agent.showsState('Ready');
  });
});

describe('the history', () => {
  let cast: Cast;
  let agent: Desk;

  beforeAll(async () => {
    cast = await Cast.gather({ straightToGroup: true });
    agent = await cast.agent(1);
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('has a call on top when it is over, and tells missed ones', async () => {
    const customer = await cast.customer(1);
    await agent.goto('/history');
    await agent.page.getByRole('button', { name: 'Everybody’s' }).click();
    await agent.page.getByRole('switch', { name: 'Missed only' }).click();
    await customer.call('15880000');
    await customer.hangUp();
    const newest = agent.page.getByRole('grid', { name: 'Contacts' }).getByRole('row').nth(1);
    await until('the abandoned call is on top', async () => /010-0000-0001/.test(await newest.innerText()));
    await newest.click();
    const details = agent.page.getByRole('region', { name: 'Contact', exact: true });
    expect(await details.innerText()).toMatch(/Inbound\s+(Gave up|Hung up|Nobody)/);
  });
});
