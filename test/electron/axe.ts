import AxeSource from 'axe-core';
import type { Page } from 'playwright';

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** What an accessibility checker objects to on the page as it is. It comes by the debugger, which the page's policy does not bind. */
export async function objections(page: Page): Promise<string[]> {
  await page.evaluate(AxeSource.source);
  const { violations } = await page.evaluate(() => (window as unknown as { axe: Axe }).axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
