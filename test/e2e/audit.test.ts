import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { Desk } from '../support/cast/desk.ts';
import { objections } from '../support/objections.ts';

describe('who is in charge of everything reads who did what', () => {
  let cast: Cast;
  let admin: Desk;

  beforeAll(async () => {
    cast = await Cast.gather();
    admin = await cast.supervisor();
    await admin.goto('/admin');
    await admin.page.getByRole('button', { name: /상담원 5/ }).first().click();
    await admin.page.getByLabel('Name', { exact: true }).fill('상담원 오');
    await admin.page.getByRole('button', { name: /^Save/ }).click();
    await admin.page.getByText('상담원 오 was saved.').waitFor();
    await admin.goto('/audit');
    await admin.page.getByRole('button', { name: /Setting changed/ }).first().waitFor();
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('an entry says in words who, what, and how it was before and after; a checker objects to nothing', async () => {
    await admin.page.getByRole('button', { name: /Setting changed · Person 상담원 오/ }).click();
    const entry = admin.page.getByRole('region', { name: /^Entry/ });
    await entry.getByText('상담원 5', { exact: true }).waitFor();
    expect(await entry.getByRole('listitem').innerText()).toMatch(/Name\s+Before\s*상담원 5\s+After\s*상담원 오/);
    for (const theme of ['light', 'dark'] as const) expect(await objections(admin.page, theme)).toEqual([]);
  });

  it('an entry is found by what was done, and where there is nothing that is said', async () => {
    await admin.page.getByLabel('What', { exact: true }).selectOption({ label: 'Signed in' });
    await admin.page.getByRole('button', { name: /Setting changed/ }).first().waitFor({ state: 'detached' });
    await admin.page.getByRole('button', { name: /Signed in/ }).first().waitFor();
    await admin.page.getByLabel('From day').fill('2020-01-01');
    await admin.page.getByLabel('To day').fill('2020-01-02');
    await admin.page.getByText('Nothing found').waitFor();
    expect(await objections(admin.page, 'light')).toEqual([]);
    for (const day of ['From day', 'To day']) await admin.page.getByLabel(day).fill('');
    await admin.page.getByLabel('What', { exact: true }).selectOption({ label: 'Everything' });
  });

  it('the chain is checked, and found whole', async () => {
    await admin.press('Check the log');
    await admin.page.getByText(/^Whole: \d+ entries are as they were written/).waitFor();
    expect(await objections(admin.page, 'dark')).toEqual([]);
  });

  it('the log is exported and downloaded, and the log says so', async () => {
    await admin.press('Export…');
    const dialog = admin.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    const download = admin.page.waitForEvent('download');
    await admin.press('Download');
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text.startsWith('\uFEFFNumber,Time,Who,')).toBe(true);
    expect(text).toContain('configuration.changed');
    await admin.press('Who saw personal data');
    await admin.press('What was done');
    await admin.page.getByRole('button', { name: /Exported file downloaded/ }).first().waitFor();
  });
});
