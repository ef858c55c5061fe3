import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../../server/server.ts';
import { launchBrowser, Party } from '../support/browser.ts';
import { Desk } from '../support/cast/desk.ts';
import { objections } from '../support/objections.ts';
import { createSipPhone, type SipPhone } from '../support/sip-phone/index.ts';
import { voices } from '../support/tones.ts';

const CODE = 'wxyz-2345-abcd-6789';
const ADMIN_PASSWORD = 'kettle violin orbit 71';
const OWN_PASSWORD = 'marble seventeen clouds';
/** Somebody outside, whom a line would bring: the built-in switch has none but those it is given. */
const outside = { user: 'outside', password: 'a telephone outside', displayName: '', number: '+821099990001', kind: 'customer' } as const;

describe('a company sets its center up', () => {
  let folder: string;
  let browser: Browser;
  let server: RunningServer;
  let admin: Party;
  let agent: Party;
  let customer: SipPhone;
  /** The invitation of the first person, as the administrator sees it. */
  let link = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sangdam-set-up-'));
    browser = await launchBrowser();
    server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: folder, demo: false, ownCenter: true, setUpCode: CODE, configure: (configuration) => ({ ...configuration, phones: [...configuration.phones, outside] }) });
    [admin, agent] = await Promise.all([Party.create(browser, 'supervisor'), Party.create(browser, 'agent1')]);
    customer = createSipPhone({ url: `${server.origin.replace('http', 'ws')}/sip`, user: outside.user, password: outside.password, toneHz: voices.customer1 });
  });
  afterAll(async () => {
    await customer?.close();
    await browser?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const fill = (label: string, text: string) => admin.page.getByLabel(label, { exact: true }).fill(text);
  const press = (name: string) => admin.page.getByRole('button', { name, exact: true }).click();
  const heading = (name: string) => admin.page.getByRole('heading', { name }).waitFor();

  it('the sign-in leads to the set-up by itself; a wrong code is told', async () => {
    await admin.page.goto(server.origin);
    await heading('Who set this up?');
    await fill('Set-up code', 'not the code at all');
    await press('Continue');
    await admin.page.getByRole('alert').filter({ hasText: 'This is not the set-up code' }).waitFor();
    for (const theme of ['light', 'dark'] as const) expect(await objections(admin.page, theme)).toEqual([]);
    await fill('Set-up code', CODE);
    await admin.page.keyboard.press('Enter');
    await heading('Whose center is it?');
  });

  it('asks step by step, and nothing typed is lost by going back', async () => {
    await fill('Company', '한빛 상사');
    await admin.page.keyboard.press('Enter');
    await heading('The first administrator');
    await fill('Your name', '관리자 하나');
    await fill('Password', 'short');
    await press('Continue');
    await admin.page.getByText('At least 12 characters.').waitFor();
    await fill('Password', ADMIN_PASSWORD);
    await fill('The same password again', ADMIN_PASSWORD);
    await press('Continue');
    await heading('Which numbers do customers call?');
    await fill('Number 1', '1588-0000');
    await press('Back');
    expect(await admin.page.getByLabel('Your name').inputValue()).toBe('관리자 하나');
    await press('Continue');
    expect(await admin.page.getByLabel('Number 1', { exact: true }).inputValue()).toBe('1588-0000');
    await press('Continue');
    await heading('Who answers?');
    await fill('Name of the group', '주문');
    await press('Continue');
    await heading('Who works here?');
  });

  it('shows what becomes of people who are pasted, and which rows will not do', async () => {
    await fill('People, one a line', '이름\t내선\n상담원 하나\t2001\n상담원 둘\t2001\n=1+1\t\n');
    await admin.page.getByText('Rows with a problem: 2').waitFor();
    await admin.page.getByText('This extension is taken (row 2)').waitFor();
    await admin.page.getByText('A formula, not a text').waitFor();
    await press('Continue');
    await admin.page.getByRole('alert').filter({ hasText: 'marked rows' }).waitFor();
    for (const theme of ['light', 'dark'] as const) expect(await objections(admin.page, theme)).toEqual([]);
    // 이름,내선 and 똠방각하,2001 in CP949 behind the mark of UTF-8: 똠 is none of EUC-KR's letters.
    const cp949 = Buffer.from([0xef, 0xbb, 0xbf, 0xc0, 0xcc, 0xb8, 0xa7, 0x2c, 0xb3, 0xbb, 0xbc, 0xb1, 0x0d, 0x0a, 0x8c, 0x63, 0xb9, 0xe6, 0xb0, 0xa2, 0xc7, 0xcf, 0x2c, 0x32, 0x30, 0x30, 0x31]);
    await admin.page.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: cp949 });
    await admin.page.getByRole('cell', { name: '똠방각하' }).waitFor();
    await press('Leave the file');
    await fill('People, one a line', '상담원 하나, 2001\n상담원 둘');
    await admin.page.getByRole('cell', { name: 'agent2001' }).waitFor();
    await press('Continue');
    await heading('When are you open?');
  });

  it('makes it all, signs the administrator in, and shows the invitations once', async () => {
    await press('Set up');
    await heading('Your center is set up');
    await admin.page.getByText('You are signed in as 관리자 하나.').waitFor();
    await admin.page.getByText('Everything calls need is there.').waitFor();
    link = await admin.page.getByText('/invitation#').first().innerText();
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/invitation#[\w-]{24}$/);
    for (const theme of ['light', 'dark'] as const) expect(await objections(admin.page, theme)).toEqual([]);
    await press('Go to set-up');
    await admin.page.getByRole('button', { name: /상담원 하나/ }).waitFor();
  });

  it('whoever is invited chooses a password, and answers the first call', async () => {
    await agent.page.goto(link);
    await agent.page.getByText('한빛 상사 has invited you, 상담원 하나.').waitFor();
    await agent.page.getByLabel('Password', { exact: true }).fill(OWN_PASSWORD);
    await agent.page.getByLabel('The same password again').fill(OWN_PASSWORD);
    await agent.page.getByRole('button', { name: 'Choose and sign in' }).click();
    const desk = Desk.at(agent, server.origin);
    await desk.passDeviceCheck();
    await desk.goReady();
    await customer.register();
    const call = await customer.call('15880000');
    await desk.rings('010-9999-0001');
    await desk.answer();
    await Promise.all([call.hears(voices.agent1), desk.party.hearsOnly('customer1')]);
    await call.hangUp();
  });

  it('failure: a link that was used says so', async () => {
    const late = await Party.create(browser, 'agent2');
    await late.page.goto(link);
    await late.page.getByRole('alert').filter({ hasText: 'has been used' }).waitFor();
    await late.page.getByRole('button', { name: 'To the sign-in' }).click();
    await late.page.getByLabel('Account').waitFor();
    expect(late.pageErrors).toEqual([]);
  });

  it('the administrator imports people later, gets their links, and takes the whole import back', async () => {
    await admin.page.goto(`${server.origin}/admin?section=people&id=import`);
    await fill('People, one a line', Array.from({ length: 120 }, (_, index) => `새 사람 ${index}`).join('\n'));
    await press('Set up 120 people');
    await admin.page.getByText('120 people are set up.').waitFor();
    expect(await admin.page.getByText('/invitation#').count()).toBe(100);
    for (const theme of ['light', 'dark'] as const) expect(await objections(admin.page, theme)).toEqual([]);
    await press('Undo the whole import');
    await admin.page.getByText('Everybody of the import is taken away again.').waitFor();
    await admin.page.getByText('3 shown').waitFor();
  });

  it('a person gets another invitation from their form', async () => {
    await admin.page.goto(`${server.origin}/admin?section=people&id=agent1001`);
    await press('Invitation link');
    expect(await admin.page.getByRole('dialog').getByText('/invitation#').innerText()).toContain(server.origin);
    await press('I have told them');
  });
});
