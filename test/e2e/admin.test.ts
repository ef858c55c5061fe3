import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';
import { objections } from '../support/objections.ts';
import { until } from '../support/until.ts';

describe('an administrator sets up, while a call goes on', () => {
  let cast: Cast;
  let agent: Desk;
  let other: Desk;
  let admin: Desk;
  let customer: CustomerPage;

  beforeAll(async () => {
    cast = await Cast.gather();
    [agent, other, customer, admin] = await Promise.all([cast.agent(1), cast.agent(2), cast.customer(1), cast.supervisor()]);
    await cast.connect(customer, agent);
    await admin.goto('/admin');
    await admin.page.getByRole('button', { name: /상담원 5/ }).waitFor();
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  const openThing = (name: RegExp | string) => admin.page.getByRole('button', { name }).first().click();
  const save = () => admin.page.getByRole('button', { name: /^Save/ }).click();

  it.each(['light', 'dark'] as const)('a checker objects to nothing, in the %s theme', async (theme) => {
    await openThing(/상담원 5/);
    await admin.page.getByLabel('Account', { exact: true }).waitFor();
    expect(await objections(admin.page, theme)).toEqual([]);
    await admin.press('Groups');
    await openThing(/주문/);
    await admin.page.getByLabel('Callers who may wait').waitFor();
    expect(await objections(admin.page, theme)).toEqual([]);
    await admin.press('People');
  });

  it('a name of a group is on every desk at once, and is undone from the toast', async () => {
    await admin.press('Groups');
    await openThing(/기술지원/);
    await admin.page.getByLabel('Name', { exact: true }).fill('기술 상담');
    await save();
    await other.page.getByText('기술 상담').first().waitFor();
    await admin.press('Undo');
    await other.page.getByText('기술지원').first().waitFor();
    await Promise.all([agent.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
  });

  it('what would not do is said where it is, and nothing is saved', async () => {
    await admin.press('People');
    await openThing(/상담원 5/);
    await admin.page.getByLabel('Extension', { exact: true }).fill('1001');
    await save();
    await admin.page.getByRole('alert').filter({ hasText: 'This extension is taken: 상담원 1.' }).waitFor();
    expect(cast.office.agent('1005').name).toBe('상담원 5');
    await admin.page.getByLabel('Extension', { exact: true }).fill('1005');
  });

  it('a new person gets a password once, and signs in with it', async () => {
    await admin.press('New person');
    await admin.page.getByLabel('Name', { exact: true }).fill('상담원 9');
    await admin.page.getByLabel('Account', { exact: true }).fill('agent9');
    await admin.page.getByLabel('주문').check();
    await save();
    const dialog = admin.page.getByRole('dialog', { name: 'Password of 상담원 9' });
    const password = (await dialog.locator('p.font-mono').innerText()).trim();
    await dialog.getByRole('button', { name: 'I have told them' }).click();
    const answer = await fetch(`${cast.origin}/api/auth/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account: 'agent9', password, client: 'desktop' }) });
    expect(await answer.json()).toMatchObject({ ok: false, error: { code: 'auth.password-change-needed' } });
  });

  it('nobody becomes somebody else by being added under their account', async () => {
    await admin.press('New person');
    await admin.page.getByLabel('Name', { exact: true }).fill('상담원 10');
    await admin.page.getByLabel('Account', { exact: true }).fill('Agent2');
    await save();
    await admin.page.getByRole('alert').filter({ hasText: 'taken already: 상담원 2' }).waitFor();
    expect(cast.office.agent('1002').name).toBe('상담원 2');
    await admin.page.getByLabel('Account', { exact: true }).fill('agent10');
    await save();
    await admin.page.getByRole('dialog', { name: 'Password of 상담원 10' }).getByRole('button', { name: 'I have told them' }).click();
  });

  it('a group goes with the flow that was made for it, once no number leads there', async () => {
    await admin.press('Groups');
    await admin.press('New group');
    await admin.page.getByLabel('Name', { exact: true }).fill('반품');
    await save();
    await admin.press('Numbers');
    await admin.press('New number');
    await admin.page.getByLabel('Number', { exact: true }).fill('02-765-4321');
    await admin.page.getByLabel('Name', { exact: true }).fill('반품 직통');
    await admin.page.getByLabel('Callers are led to').selectOption({ label: 'Straight to 반품' });
    await save();
    await admin.page.getByText('반품 직통 was added.').waitFor();
    await admin.press('Groups');
    await openThing(/반품/);
    await admin.press('Remove group');
    await admin.page.getByRole('alert').filter({ hasText: '반품 직통 02-765-4321' }).waitFor();
    await admin.press('Numbers');
    await openThing(/반품 직통/);
    await admin.press('Remove number');
    await admin.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await admin.press('Groups');
    await openThing(/반품/);
    await admin.press('Remove group');
    await admin.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await admin.page.getByText('반품 was removed.').waitFor();
    expect(await admin.page.getByRole('button', { name: /^반품/ }).count()).toBe(0);
  });

  it('a number that was just set up is answered: its callers are led straight to the group', async () => {
    await admin.press('Numbers');
    await admin.press('New number');
    await admin.page.getByLabel('Number', { exact: true }).fill('02-123-4567');
    await admin.page.getByLabel('Name', { exact: true }).fill('주문 직통');
    await admin.page.getByLabel('Callers are led to').selectOption('group orders');
    await save();
    await admin.page.getByText('주문 직통 was added.').waitFor();
    await other.goReady();
    const caller = await cast.customer(2);
    await caller.call('021234567');
    await other.rings();
    await other.answer();
    await Promise.all([other.party.hearsOnly('customer2'), caller.party.hearsOnly('agent2')]);
    await cast.endCall(caller, other);
    expect(await objections(admin.page, 'light')).toEqual([]);
  });

  it('who talks is not cut off by being removed; every desk drops them when they are out', async () => {
    await admin.press('People');
    await openThing(/상담원 1\b/);
    await admin.press('Remove');
    await admin.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await admin.page.getByText('상담원 1 was removed.').waitFor();
    await Promise.all([agent.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    await customer.hangUp();
    await other.goto('/directory');
    const chart = other.page.getByRole('treegrid');
    await chart.getByText('상담원 2').first().waitFor();
    await until('they are out', async () => (await chart.getByText('상담원 1', { exact: true }).count()) === 0);
    expect(await fetch(`${cast.origin}/api/auth/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account: 'agent1', password: 'sangdam-demo', client: 'desktop' }) }).then((response) => response.status)).toBe(401);
  });
});
