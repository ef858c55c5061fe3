import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

describe("the demo's customer phone", () => {
  let cast: Cast;
  let customer: CustomerPage;

  beforeAll(async () => {
    cast = await Cast.gather();
    customer = await cast.customer(1);
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('tells that a number is nobody’s', async () => {
    await customer.dial('010-9999-9999');
    await customer.shows('No such number');
  });

  it('gives up a call before it is answered', async () => {
    const other = await cast.customer(2);
    await customer.dial('010-0000-0002');
    await other.shows('Incoming call');
    await customer.hangUp();
    await customer.shows('Call cancelled');
    await other.shows('Call cancelled');
    await other.party.close();
  });

  it('goes off and on again', async () => {
    await customer.button('Turn off').click();
    await customer.shows('The phone is off');
    expect(await customer.button('Call').isEnabled()).toBe(false);
    await customer.button('Turn on').click();
    await customer.shows('Ready to call');
  });

  it('has nothing that an accessibility checker objects to', async () => {
    // The content security policy lets no foreign script in; evaluating it goes around the page.
    await customer.party.page.evaluate(await readFile(axe, 'utf8'));
    const found = await customer.party.page.evaluate(() => (window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe.run());
    expect(found.violations.map(({ id }) => id)).toEqual([]);
  });

  it('failure: a blocked microphone is told, and nobody is called', async () => {
    const shy = await cast.customer(8, { microphone: 'denied' });
    await shy.dial('1588-0000');
    await shy.shows('The microphone is blocked');
  });
});
