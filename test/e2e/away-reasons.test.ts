import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { Desk } from '../support/cast/desk.ts';
import { objections } from '../support/objections.ts';

describe('reasons to be away, as a company sets them up', () => {
  let cast: Cast;
  let agent: Desk;
  let admin: Desk;

  beforeAll(async () => {
    cast = await Cast.gather();
    [agent, admin] = await Promise.all([cast.agent(1), cast.supervisor()]);
    await admin.goto('/admin?section=away');
    await admin.page.getByRole('button', { name: /^식사/ }).waitFor();
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  const field = (label: string) => admin.page.getByLabel(label, { exact: true });
  const save = () => admin.page.getByRole('button', { name: /^Save/ }).click();
  const menu = async (): Promise<string[]> => {
    await agent.page.getByRole('button', { name: 'Away', exact: true }).click();
    const items = await agent.page.getByRole('menuitem').allInnerTexts();
    await agent.page.keyboard.press('Escape');
    return items.map((text) => text.trim());
  };
  const state = () => agent.page.getByTestId('state-now');

  it('a new one is on an open desk, and is chosen there', async () => {
    await admin.press('New reason');
    await field('Name').fill('흡연');
    await field('Name in English').fill('Smoke break');
    await field('Longest time, minutes').fill('5');
    await admin.page.getByText('Teal', { exact: true }).click();
    await save();
    await admin.page.getByText('흡연 was added.').waitFor();
    expect(await menu()).toEqual(['Break', 'Meal', 'Meeting', 'Training', 'Other', 'Smoke break']);
    await agent.page.getByRole('button', { name: 'Away', exact: true }).click();
    await agent.page.getByRole('menuitem', { name: 'Smoke break' }).click();
    await state().getByText('Smoke break').waitFor();
  });

  it.each(['light', 'dark'] as const)('a checker objects to nothing, in the %s theme', async (theme) => {
    expect(await objections(admin.page, theme)).toEqual([]);
  });

  it('stands where it is moved to, and has its new name while somebody is away with it', async () => {
    await admin.press('Move up');
    await admin.page.getByText('흡연 was moved.').waitFor();
    await field('Name in English').fill('Fresh air');
    await save();
    await state().getByText('Fresh air').waitFor();
    expect((await menu()).slice(-2)).toEqual(['Fresh air', 'Other']);
  });

  it('a name that there is, is said where it is', async () => {
    await field('Name in English').fill('meal');
    await save();
    await admin.page.getByRole('alert').filter({ hasText: 'taken already: 식사' }).waitFor();
    expect((await menu()).slice(-2)).toEqual(['Fresh air', 'Other']);
    await field('Name in English').fill('Fresh air');
  });

  it('is removed after it is said who is away with it, who stay so, and is back from the toast', async () => {
    await admin.press('Remove reason');
    await admin.page.getByText(/1 who are away with it/).waitFor();
    await admin.page.getByRole('alertdialog').or(admin.page.getByRole('dialog')).getByRole('button', { name: 'Remove' }).click();
    await admin.page.getByText('흡연 was removed.').waitFor();
    expect(await menu()).toEqual(['Break', 'Meal', 'Meeting', 'Training', 'Other']);
    await state().getByText('Fresh air').waitFor();
    await admin.press('Undo');
    await admin.page.getByRole('button', { name: /^흡연/ }).waitFor();
    expect((await menu()).slice(-2)).toEqual(['Fresh air', 'Other']);
  });

  it('is what a supervisor sets somebody to, and not what they are already', async () => {
    await admin.goto('/team');
    await admin.page.getByRole('button', { name: /^Change the state of 상담원 1/ }).click();
    const offered = (await admin.page.getByRole('menuitem').allInnerTexts()).map((text) => text.trim());
    expect([offered.includes('Meal'), offered.includes('Fresh air')]).toEqual([true, false]);
  });
});
