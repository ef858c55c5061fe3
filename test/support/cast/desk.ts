import type { Browser, Locator, Page } from 'playwright';
import { Party, type PartyOptions } from '../browser.ts';
import type { Voice } from '../tones.ts';
import { until } from '../until.ts';

export const PASSWORD = 'sangdam-demo';

export type StateWord = 'Ready' | 'Break' | 'Meal' | 'Meeting' | 'Training' | 'Other' | 'Just signed in' | 'Missed a call' | 'Rejected a call' | 'Ringing' | 'On a call' | 'After call';

export interface DeskOptions extends PartyOptions {
  /** Label of the account's field, in a language other than English. */
  signInLabel?: string;
}

/** A person at the desk in the web edition, by roles and names as a screen reader tells them. */
export class Desk {
  readonly party: Party;
  readonly page: Page;
  private readonly origin: string;

  private constructor(party: Party, origin: string) {
    this.party = party;
    this.page = party.page;
    this.origin = origin;
  }

  /** Opens the desk: the sign-in screen is up. */
  static async open(browser: Browser, origin: string, voice: Voice, { signInLabel = 'Account', ...options }: DeskOptions = {}): Promise<Desk> {
    const party = await Party.create(browser, voice, options);
    const desk = new Desk(party, origin);
    await party.page.goto(origin);
    await party.page.getByLabel(signInLabel).waitFor();
    return desk;
  }

  /** The desk in a window that somebody else opened. */
  static at(party: Party, origin: string): Desk {
    return new Desk(party, origin);
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(`${this.origin}${path}`);
  }

  /** Fills in the sign-in form and sends it; what comes of it is the test's to check. */
  async trySignIn(account: string, password = PASSWORD): Promise<void> {
    await this.page.getByLabel('Account').fill(account);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.button('Sign in').click();
  }

  /** Signs in, goes through the device check, and waits until the desk is there. */
  async signIn(account: string): Promise<void> {
    await this.trySignIn(account);
    await this.passDeviceCheck();
    await this.stateGroup.waitFor();
  }

  /** Microphone and speaker: the meter moves with the voice; then on to the desk. */
  async passDeviceCheck(): Promise<void> {
    const start = this.page.getByRole('button', { name: 'Go to the desk' });
    await start.or(this.stateGroup).first().waitFor();
    if (await start.isVisible()) await start.click();
  }

  // --- state ---

  get stateGroup(): Locator {
    return this.page.getByRole('group', { name: 'My state' });
  }

  async pressReady(): Promise<void> {
    await this.stateGroup.getByRole('button', { name: 'Ready', exact: true }).click();
  }

  async goReady(): Promise<void> {
    await this.pressReady();
    await this.showsState('Ready');
  }

  async goAway(reason: 'Break' | 'Meal' | 'Meeting' | 'Training' | 'Other'): Promise<void> {
    await this.chooseAway(reason);
    await this.showsState(reason);
  }

  async chooseAway(reason: 'Break' | 'Meal' | 'Meeting' | 'Training' | 'Other'): Promise<void> {
    await this.stateGroup.getByRole('button', { name: 'Away' }).click();
    await this.page.getByRole('menuitem', { name: reason }).click();
  }

  /** Waits until the state control tells this state. */
  async showsState(state: StateWord): Promise<void> {
    await until(`${this.party.voice} is shown as “${state}”`, async () => (await this.stateNow()).startsWith(state));
  }

  /** The present state in words, and the time in it. */
  private async stateNow(): Promise<string> {
    return (await this.stateGroup.getByTestId('state-now').innerText()).trim();
  }

  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: /^My account/ }).click();
    await this.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await this.page.getByLabel('Account').waitFor();
  }

  // --- call ---

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The customer of the call in focus, with their history. */
  get screenPop(): Locator {
    return this.page.getByTestId('screen-pop');
  }

  get offer(): Locator {
    return this.page.getByRole('article', { name: /^Incoming call/ });
  }

  /** Waits for the offer, and for these texts in it. */
  async rings(...texts: string[]): Promise<void> {
    await this.offer.waitFor();
    for (const text of texts) await this.offer.getByText(text).first().waitFor();
  }

  async answer(): Promise<void> {
    await this.button('Answer').click();
    await this.button('Hang up').waitFor();
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  /** Dials from the box under the calls. */
  async dial(number: string): Promise<void> {
    await this.page.getByLabel('Number or extension').fill(number);
    await this.button('Call').click();
  }

  /** Opens the picker of Consult, Transfer or Conference and chooses the target by name, extension or number. */
  async pick(action: 'Consult' | 'Transfer' | 'Conference', target: string): Promise<void> {
    await this.button(action).click();
    const picker = this.page.getByRole('dialog');
    await picker.getByRole('combobox').fill(target);
    await picker.getByRole('option', { name: target, selected: true }).waitFor();
    await this.page.keyboard.press('Enter');
    await picker.waitFor({ state: 'hidden' });
  }

  /** Sends keys into the call by the keypad. */
  async sendKeys(keys: string): Promise<void> {
    await this.press('Keypad');
    for (const key of keys) await this.button(`Key ${key}`).click();
    await this.press('Keypad');
  }

  // --- after call ---

  async writeMemo(text: string): Promise<void> {
    await this.page.getByLabel('Memo').fill(text);
  }

  async chooseDisposition(name: string): Promise<void> {
    await this.page.getByLabel('Disposition').selectOption({ label: name });
  }

  async saveAndReady(): Promise<void> {
    await this.button('Save & ready').click();
    await this.showsState('Ready');
  }

  /** Completes after-call work where there is some; else waits for the call to be over. */
  async finishAfterCall(): Promise<void> {
    await this.button('Hang up').waitFor({ state: 'hidden' });
    const save = this.button('Save & ready');
    await until(`${this.party.voice} has after-call work, or none`, async () => (await save.isVisible()) || !(await this.stateNow()).startsWith('After call'));
    if (await save.isVisible()) await this.saveAndReady();
  }

  // --- customers ---

  /** Finds a customer by number on the customers' screen and opens them. */
  async openCustomer(number: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Customers' }).click();
    await this.page.getByRole('searchbox').fill(number);
    await this.page.getByRole('row', { name: new RegExp(number) }).click();
  }

  // --- trouble ---

  /** Cuts this window's connection to its host, and lets none through until the returned function is called. */
  async cutConnection(): Promise<() => void> {
    await this.party.context.setOffline(true);
    return () => void this.party.context.setOffline(false);
  }

  /** After the server's restart: signs in anew if the desk asks for it. */
  async signInAgain(account: string): Promise<void> {
    const form = this.page.getByLabel('Account');
    await form.or(this.stateGroup).first().waitFor();
    if (await form.isVisible()) await this.signIn(account);
  }

  // --- what is seen ---

  /** Waits until each text is somewhere on the page. */
  async shows(...texts: string[]): Promise<void> {
    for (const text of texts) await this.page.getByText(text).first().waitFor();
  }

  async showsNot(text: string): Promise<void> {
    await until(`${this.party.voice} no longer sees “${text}”`, async () => !(await this.page.getByText(text).first().isVisible()));
  }
}
