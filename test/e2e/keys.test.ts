import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';
import { InputMethod } from '../support/input-method.ts';
import { until } from '../support/until.ts';

const [CTRL, SHIFT] = [2, 8];

describe('keys, in a call', () => {
  let cast: Cast;
  let agent: Desk;
  let customer: CustomerPage;
  const press = (keys: string) => agent.page.keyboard.press(keys);
  const isFocused = (label: string) => until(`${label} has the cursor`, () => agent.page.getByLabel(label, { exact: true }).evaluate((field) => field === document.activeElement));

  beforeAll(async () => {
    cast = await Cast.gather({ straightToGroup: true });
    [agent, customer] = await Promise.all([cast.agent(1), cast.customer(1)]);
    await agent.goReady();
    await customer.call('15880000');
    await agent.rings();
    await agent.answer();
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it.each(['/customers', '/wallboard'])('lead from %s to the memo, the dial box, the keypad and the picker of a conference', async (path) => {
    for (const [keys, label] of [['Control+Alt+m', 'Memo'], ['Control+d', 'Number or extension']] as const) {
      await agent.goto(path);
      await agent.page.getByRole('complementary', { name: 'Calls' }).waitFor();
      await press(keys);
      await isFocused(label);
    }
    await agent.goto(path);
    await agent.page.getByRole('complementary', { name: 'Calls' }).waitFor();
    await press('Control+Alt+k');
    await agent.page.getByRole('button', { name: 'Keypad', pressed: true }).waitFor();
    await press('Control+Alt+c');
    await agent.page.getByRole('dialog', { name: 'Add to the call' }).waitFor();
    await press('Escape');
    await press('Control+Alt+k');
    expect(new URL(agent.page.url()).pathname).toBe('/');
  });

  it('on the wallboard list the reasons to be away, and the commands', async () => {
    await agent.goto('/wallboard');
    await agent.page.getByRole('complementary', { name: 'Calls' }).waitFor();
    await press('Control+Alt+a');
    await agent.page.getByRole('option', { name: /^Away · / }).first().waitFor();
    expect(await agent.page.getByRole('option').filter({ hasNotText: /^Away/ }).count()).toBe(0);
    await press('Escape');
    await press('Control+k');
    await agent.page.getByRole('option', { name: 'Write the memo' }).waitFor();
    await press('Escape');
    await agent.goto('/');
  });

  it('who is muted finds in the palette what ends it', async () => {
    await agent.page.getByRole('button', { name: 'Mute', exact: true, pressed: false }).waitFor();
    await press('F4');
    await agent.page.getByRole('button', { name: 'Mute', exact: true, pressed: true }).waitFor();
    await press('Control+k');
    const line = (name: string) => agent.page.getByRole('option', { name: new RegExp(`^${name}`) });
    await line('Unmute').waitFor();
    expect(await line('Mute').count()).toBe(0);
    await line('Unmute').click();
    await agent.page.getByRole('button', { name: 'Mute', exact: true, pressed: false }).waitFor();
  });

  it.each([['Enter', 0], ['Shift+Enter', SHIFT], ['Ctrl+Enter', CTRL]] as const)('%s in the picker ends a syllable, and neither consults nor transfers', async (_, modifiers) => {
    const ime = await InputMethod.at(agent.page);
    await agent.button('Hang up').waitFor();
    await press('F8');
    const picker = agent.page.getByRole('dialog', { name: 'Consult or transfer' });
    await picker.waitFor();
    await ime.composes('상');
    await picker.getByRole('option', { selected: true }).first().waitFor();
    await ime.enters(modifiers);
    await ime.commits('상');
    await picker.getByRole('option', { selected: true }).first().waitFor();
    expect(await agent.button('Back to customer').count()).toBe(0);
    expect(await picker.isVisible()).toBe(true);
    await press('Escape');
    await picker.waitFor({ state: 'hidden' });
    await agent.showsState('On a call');
  });
});
