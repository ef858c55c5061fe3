import type { Browser } from 'playwright';
import { Party, type PartyOptions } from '../browser.ts';
import type { Voice } from '../tones.ts';
import { until } from '../until.ts';

/** A customer at the demo's phone page. */
export class CustomerPage {
  readonly party: Party;

  private constructor(party: Party) {
    this.party = party;
  }

  /** Opens the page and registers as demo customer `user` (c1 … c9). */
  static async open(browser: Browser, origin: string, user: string, voice: Voice, options: PartyOptions = {}): Promise<CustomerPage> {
    const party = await Party.create(browser, voice, { viewport: { width: 420, height: 760 }, ...options });
    await party.page.goto(`${origin}/customer?user=${user}&auto=register`);
    const customer = new CustomerPage(party);
    await customer.shows('Ready to call');
    return customer;
  }

  /** Dials, and waits until the call is on its way. */
  async dial(number: string): Promise<void> {
    await this.party.page.getByLabel('Number').fill(number);
    await this.button('Call').click();
  }

  /** Dials and waits until it is answered, by a person or by an announcement. */
  async call(number: string): Promise<void> {
    await this.dial(number);
    await this.shows('In a call');
  }

  async press(keys: string): Promise<void> {
    for (const key of keys) await this.button(key).click();
  }

  async answers(): Promise<void> {
    await this.shows('Incoming call');
    await this.button('Answer').click();
    await this.shows('In a call');
  }

  async hangUp(): Promise<void> {
    await this.button('Hang up').click();
  }

  async hold(): Promise<void> {
    await this.button('Hold').click();
    await this.shows('On hold');
  }

  async resume(): Promise<void> {
    await this.button('Resume').click();
    await this.shows('In a call');
  }

  /** Waits for a text in the status line. */
  async shows(status: string): Promise<void> {
    const line = this.party.page.getByRole('status');
    await until(`the customer's phone shows “${status}”`, async () => (await line.textContent())?.includes(status) === true, 15_000);
  }

  button(name: string) {
    return this.party.page.getByRole('button', { name, exact: true });
  }
}
