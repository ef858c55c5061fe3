import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { Desk } from '../support/cast/desk.ts';
import { objections } from '../support/objections.ts';
import { until } from '../support/until.ts';

let cast: Cast;
let agent: Desk;
let colleague: Desk;
/** The office's line is the supervisor's already; the administrator is in charge of all groups. */
let supervisor: Desk;

beforeAll(async () => {
  cast = await Cast.gather();
  [agent, colleague, supervisor] = await Promise.all([cast.agent(1), cast.agent(2), cast.wallboard().then(({ desk }) => desk)]);
});
afterEach(() => cast.isWell());
afterAll(() => cast?.dismiss());

describe('the screens beside the desk', () => {
  const screensOfAgent = [
    ['/customers', 'Customers'],
    ['/history', 'Contacts'],
    ['/directory', 'Organisation chart'],
  ] as const;

  /** In both themes, of one page load. */
  const objectionsTo = async (desk: Desk): Promise<string[]> => [...(await objections(desk.page, 'light')), ...(await objections(desk.page, 'dark'))];

  it.each(screensOfAgent)('%s opens for an agent, and a checker objects to nothing', async (path, list) => {
    await agent.goto(path);
    await agent.page.getByRole(path === '/directory' ? 'treegrid' : 'grid', { name: list }).getByRole('row').nth(2).waitFor();
    expect(await objectionsTo(agent)).toEqual([]);
  });

  it.each([...screensOfAgent, ['/team', 'Agents']] as const)('%s opens for who is in charge, and a checker objects to nothing', async (path, list) => {
    await supervisor.goto(path);
    await supervisor.page.getByRole(path === '/directory' ? 'treegrid' : 'grid', { name: list }).getByRole('row').nth(2).waitFor();
    expect(await objectionsTo(supervisor)).toEqual([]);
  });

  it('the wallboard opens for both, and a checker objects to nothing', async () => {
    for (const desk of [agent, supervisor]) {
      await desk.goto('/wallboard');
      await desk.page.getByRole('region', { name: '주문' }).waitFor();
      expect(await objectionsTo(desk)).toEqual([]);
    }
  });

  it('a customer opens with their history, and in the form, and a checker objects to nothing', async () => {
    await agent.goto('/');
    await agent.openCustomer('010-0000-0001');
    await agent.page.getByRole('heading', { name: await cast.customerName('01000000001') }).waitFor();
    expect(await objectionsTo(agent)).toEqual([]);
    await agent.press('Edit');
    await agent.page.getByLabel('Number 1', { exact: true }).waitFor();
    expect(await objectionsTo(agent)).toEqual([]);
    await agent.press('Cancel');
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
  it('are made by one agent and found by another at once', async () => {
    await agent.goto('/customers');
    await agent.press('New customer');
    await agent.page.getByLabel('Name', { exact: true }).fill('새 고객 77');
    await agent.page.getByLabel('Number 1', { exact: true }).fill('０１０ 5555 0077');
    await agent.page.getByLabel('Note').fill('전시회에서 만남');
    await agent.press('Save');
    await agent.page.getByRole('heading', { name: '새 고객 77' }).waitFor();
    await agent.shows('010-5555-0077');
    await colleague.openCustomer('010-5555-0077');
    await colleague.shows('전시회에서 만남');
  });

  it('change on every desk that looks at them', async () => {
    await agent.press('Edit');
    await agent.page.getByLabel('Warning').fill('환불 진행 중');
    await agent.page.keyboard.press('Control+Enter');
    await colleague.shows('환불 진행 중');
  });

  it('say what is wrong with a number, beside it', async () => {
    await agent.press('Edit');
    await agent.page.getByLabel('Number 1', { exact: true }).fill('1002');
    await agent.press('Save');
    await agent.shows('This is an extension. A customer needs an outside number.');
  });

  it('are not left with unsaved changes by accident', async () => {
    const directory = agent.page.getByRole('link', { name: 'Directory' });
    await directory.click();
    await agent.press('Keep editing');
    expect(await agent.page.getByLabel('Number 1', { exact: true }).inputValue()).toBe('1002');
    await directory.click();
    await agent.press('Discard');
    await agent.page.getByRole('treegrid').waitFor();
  });

  it('failure: a number that is another customer’s is refused, and nothing is lost', async () => {
    await colleague.press('Edit');
    await colleague.page.getByLabel('Number 1', { exact: true }).fill('010-0000-0001');
    await colleague.press('Save');
    await colleague.shows('Another customer already has this number.');
    expect(await colleague.page.getByLabel('Number 1', { exact: true }).inputValue()).toBe('010-0000-0001');
    await colleague.press('Cancel');
    await colleague.press('Discard');
  });
});

describe('who is in charge', () => {
  const choose = async (what: string): Promise<void> => {
    await supervisor.page.getByRole('row', { name: /상담원 1\b/ }).getByRole('button', { name: /^Change the state/ }).click();
    await supervisor.page.getByRole('menuitem', { name: what }).click();
  };

  it('sets an agent’s state, and the agent is told', async () => {
    await supervisor.goto('/team');
    await choose('Meeting');
    await agent.showsState('Meeting');
    await agent.shows('A supervisor set your state.');
  });

  it('signs an agent out only after asking', async () => {
    await choose('Sign out');
    await supervisor.press('Cancel');
    await agent.showsState('Meeting');
  });

  it('closes a group by hand, and takes it back', async () => {
    const opening = supervisor.page.getByRole('group', { name: 'Opening of 주문' });
    await opening.getByRole('button', { name: 'Closed' }).click();
    await until('the group is closed', () => !cast.office.isOpen('주문'));
    await supervisor.press('Undo');
    await until('the group follows its hours again', () => cast.office.isOpen('주문'));
    await opening.getByRole('button', { name: 'By hours', pressed: true }).waitFor();
    expect(await opening.getByRole('button', { pressed: true }).count()).toBe(1);
  });

  it('calls a colleague from the directory', async () => {
    await agent.goReady();
    await supervisor.goto('/directory');
    await supervisor.page.getByRole('searchbox').fill('1001');
    await supervisor.page.getByRole('searchbox').press('ArrowDown');
    await supervisor.page.keyboard.press('ArrowDown');
    await supervisor.page.keyboard.press('Enter');
    await agent.rings();
    await agent.press('Reject');
    await agent.showsState('Ready');
  });
});

describe('the history', () => {
  it('has a call on top when it is over, and tells missed ones', async () => {
    await agent.goAway('Break');
    const customer = await cast.customer(1);
    await agent.goto('/history');
    await agent.page.getByRole('button', { name: 'Everybody’s' }).click();
    await agent.page.getByRole('switch', { name: 'Missed only' }).click();
    await customer.call('15880000');
    await customer.press('1');
    await until('the customer waits', () => cast.office.statistics('주문').waiting === 1);
    await customer.hangUp();
    const newest = agent.page.getByRole('grid', { name: 'Contacts' }).getByRole('row').nth(1);
    await until('the abandoned call is on top', async () => /010-0000-0001/.test(await newest.innerText()));
    await newest.click();
    const details = agent.page.getByRole('region', { name: 'Contact', exact: true });
    expect(await details.innerText()).toMatch(/Inbound\s+(Gave up|Hung up|Nobody)/);
  });
});
