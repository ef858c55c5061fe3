import type { Locator } from 'playwright';
import { until } from '../until.ts';
import type { Desk } from './desk.ts';

/** The wallboard, read as a person (or a screen reader) reads it: a region a group, a term and a value each. */
export class Wallboard {
  readonly desk: Desk;

  private constructor(desk: Desk) {
    this.desk = desk;
  }

  static async open(desk: Desk): Promise<Wallboard> {
    await desk.goto('/wallboard');
    const board = new Wallboard(desk);
    await desk.page.getByRole('region').first().waitFor();
    return board;
  }

  group(name: string): Locator {
    return this.desk.page.getByRole('region', { name });
  }

  /** The value shown beside a term (`Waiting`, `Answered`, `Service level` …). */
  async value(group: string, term: string): Promise<string> {
    const label = this.group(group).locator('dt', { hasText: new RegExp(`^${term}$`) });
    return (await label.locator('xpath=following-sibling::dd[1]').first().innerText()).trim();
  }

  /** Waits until a figure reads so. */
  async shows(group: string, term: string, expected: string | RegExp): Promise<void> {
    let seen = '';
    await until(`the wallboard shows ${term} ${String(expected)} for ${group}`, async () => {
      seen = await this.value(group, term);
      return typeof expected === 'string' ? seen === expected : expected.test(seen);
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it shows “${seen}”`);
    });
  }
}
