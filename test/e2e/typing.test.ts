import type { Locator } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { Desk } from '../support/cast/desk.ts';
import { InputMethod } from '../support/input-method.ts';
import { until } from '../support/until.ts';

/** Waits until there are rows with a number, and all of them say this. */
const rowsSay = (rows: Locator, wanted: RegExp): Promise<unknown> =>
  until(`rows of ${String(wanted)}`, async () => {
    const texts = await rows.filter({ hasText: /\d{4}/ }).allInnerTexts();
    return texts.length > 0 && texts.every((text) => wanted.test(text));
  });

describe('typing Korean, with an input method that composes', () => {
  let cast: Cast;
  let agent: Desk;
  let ime: InputMethod;

  beforeAll(async () => {
    cast = await Cast.gather({ straightToGroup: true });
    agent = await cast.agent(1);
    ime = await InputMethod.at(agent.page);
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  /** Composes a text letter by letter: 회 is ㅎ, 호, 회. */
  const composesSlowly = async (method: InputMethod, text: string): Promise<void> => {
    for (let end = 1; end <= text.length; end++) {
      const before = text.slice(0, end - 1);
      const letters = (text[end - 1] ?? '').normalize('NFD');
      // The first letter alone is a compatibility letter to an input method; from the vowel on it is a syllable.
      for (let k = 2; k <= letters.length; k++) await method.composes(before + letters.slice(0, k).normalize('NFC'));
    }
  };

  /** The first two syllables of a customer's name. */
  const beginning = async (): Promise<string> => /^\p{Script=Hangul}{2}/u.exec(await cast.customerName('01000000001'))?.[0] ?? '';

  it('customers follow the syllable that is being composed, and Enter leaves it alone', async () => {
    await agent.goto('/customers');
    const rows = agent.page.getByRole('grid').getByRole('row');
    await rows.filter({ hasText: /\d{4}/ }).nth(2).waitFor();
    const wanted = await beginning();
    await agent.page.getByRole('searchbox').focus();
    await composesSlowly(ime, wanted);
    await rowsSay(rows, new RegExp(wanted[0] ?? ''));
    await ime.enters();
    expect(new URL(agent.page.url()).search).toBe('');
    expect(await agent.page.getByRole('searchbox').inputValue()).toBe(wanted);
    await ime.commits(wanted);
    await rowsSay(rows, new RegExp(wanted[0] ?? ''));
  });

  it('the organisation chart follows it', async () => {
    await agent.goto('/directory');
    const rows = agent.page.getByRole('treegrid').getByRole('row');
    await rows.filter({ hasText: /\d{4}/ }).nth(2).waitFor();
    await agent.page.getByRole('searchbox').focus();
    await composesSlowly(ime, '관');
    await rowsSay(rows, /관리자/);
    expect(await agent.page.getByRole('searchbox').inputValue()).toBe('관');
  });

  it('the team follows it', async () => {
    const { desk } = await cast.wallboard();
    const theirs = await InputMethod.at(desk.page);
    await desk.goto('/team');
    await desk.page.getByRole('searchbox').focus();
    await composesSlowly(theirs, '상담');
    await rowsSay(desk.page.getByRole('grid').getByRole('row'), /상담원/);
    expect(await desk.page.getByRole('searchbox').inputValue()).toBe('상담');
  });

  it('the command palette follows it; shortcuts are found by their place under the Hangul layout', async () => {
    await agent.goto('/');
    await agent.stateGroup.waitFor();
    await ime.presses('ㅏ', 'KeyK', 75, 2);
    const palette = agent.page.getByRole('dialog');
    await palette.getByRole('textbox').waitFor();
    const wanted = await beginning();
    await composesSlowly(ime, wanted);
    await rowsSay(palette.getByRole('option'), new RegExp(wanted[0] ?? ''));
    await ime.enters();
    expect(await palette.isVisible()).toBe(true);
    await ime.commits(wanted);
    await agent.page.keyboard.press('Escape');
    await palette.waitFor({ state: 'hidden' });
    await ime.presses('ㅇ', 'KeyD', 68, 2);
    await until('the dial box has the cursor', () => agent.page.getByLabel('Number or extension').evaluate((input) => input === document.activeElement));
  });

  it('keys of the desk never do what the browser would do with them, also while there is no call', async () => {
    await agent.goto('/');
    await agent.stateGroup.waitFor();
    await agent.page.evaluate(() => {
      document.documentElement.dataset['seen'] = '';
      window.addEventListener('keydown', ({ key, defaultPrevented }) => (document.documentElement.dataset['seen'] += `${key}:${String(defaultPrevented)} `));
    });
    for (const key of ['F2', 'F3', 'F4', 'F7', 'F8', 'F9', 'Control+d']) await agent.page.keyboard.press(key);
    expect(await agent.page.evaluate(() => document.documentElement.dataset['seen'])).toBe('F2:true F3:true F4:true F7:true F8:true F9:true Control:false d:true ');
  });

  it('half a name is not saved: Enter and Ctrl+Enter do nothing while it is composed; what is never committed is there all the same', async () => {
    await agent.goto('/customers?new=');
    const name = agent.page.getByLabel('Name', { exact: true });
    await name.fill('');
    await name.focus();
    await ime.composes('기');
    for (const modifiers of [0, 2, 8]) await ime.enters(modifiers);
    expect(await name.inputValue()).toBe('기');
    await ime.composes('김');
    await agent.button('Save').click();
    await agent.page.getByRole('heading', { name: '김', exact: true }).waitFor();
  });

  describe('failure: what no hand types', () => {
    it('a number of full-width digits that is never committed is called all the same', async () => {
      await agent.goto('/');
      await agent.page.getByLabel('Number or extension').focus();
      await ime.composes('０１０００００００９９');
      await agent.button('Call').click();
      await until('the call was tried, and the box is empty', async () => (await agent.page.getByLabel('Number or extension').inputValue()) === '');
      expect(await agent.button('Call').isDisabled()).toBe(true);
    });

    it('a million characters in the dial box are refused, and the desk goes on', async () => {
      await agent.goto('/');
      const box = agent.page.getByLabel('Number or extension');
      await box.focus();
      await ime.commits('0'.repeat(1_000_000));
      await agent.page.keyboard.press('Enter');
      await agent.shows('This is not a number or an extension.');
      await box.fill('');
    });

    it('what does not fit into a field is not lost without a word: pasted, typed, composed', async () => {
      await agent.goto('/customers?new=');
      const name = agent.page.getByLabel('Name', { exact: true });
      const told = agent.page.getByRole('alert').filter({ hasText: 'No more than 120 characters: the rest was left out.' });
      const pastes = async (text: string) => {
        await agent.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
        await name.focus();
        await agent.page.keyboard.press('Control+V');
      };
      await agent.party.context.grantPermissions(['clipboard-read', 'clipboard-write', 'microphone', 'notifications']);
      await pastes('가'.repeat(10_000));
      await told.waitFor();
      expect(await name.inputValue()).toHaveLength(120);
      await name.press('Backspace');
      await told.waitFor({ state: 'detached' });
      await pastes('나');
      expect([await name.inputValue(), await told.count()]).toEqual(['가'.repeat(119) + '나', 0]);
      await name.press('a');
      await told.waitFor();
      await name.press('Backspace');
      await ime.composes('상담');
      await told.waitFor();
      await ime.commits('상담');
      const kept = await name.inputValue();
      expect(kept).toHaveLength(120);
      await agent.button('Save').click();
      await agent.page.getByRole('heading', { name: kept, exact: true }).waitFor();
    });

    it('five hundred keys at once leave the list at what was typed last', async () => {
      await agent.goto('/directory');
      const search = agent.page.getByRole('searchbox');
      await search.evaluate((input) => {
        for (let key = 0; key < 500; key++) {
          (input as HTMLInputElement).value = key % 2 === 0 ? '상담' : '관리';
          input.dispatchEvent(new Event('input', { bubbles: true }));
          document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'F4', code: 'F4', bubbles: true, cancelable: true }));
        }
      });
      await rowsSay(agent.page.getByRole('treegrid').getByRole('row'), /관리자/);
      expect(await search.inputValue()).toBe('관리');
    });
  });
});
