import { describe, expect, it } from 'vitest';
import { createSSRApp } from 'vue';
import { renderToString } from 'vue/server-renderer';
import type { ContactView } from '../../../contract/contact.ts';
import { bridgeFacade } from '../../../contract/bridge/index.ts';
import { Customer } from '../../../contract/customer.ts';
import { fail, ok, type Result } from '../../../contract/errors.ts';
import { provideBridge } from '../../../renderer/app/bridge.ts';
import { createTranslator } from '../../../renderer/app/i18n.ts';
import { useGiveNumber, type GiveNumber } from '../../../renderer/features/desk/use-give-number.ts';

const named = (customerId: string, name: string): Customer => Customer.parse({ customerId, name, company: '', numbers: [], vip: false, warning: '', note: '', updatedAt: 1, version: 'v1' });
const [WANTED, OWNER] = [named('c1', '고객 1'), named('c2', '고객 2')];

async function at(number: string, answers: (name: string) => Result<unknown>) {
  const asked: [string, unknown][] = [];
  let giving: GiveNumber | undefined;
  const setup = (): (() => null) => {
    giving = useGiveNumber(() => ({ contactId: 'k1', number }) as ContactView);
    return () => null;
  };
  const app = createSSRApp({ setup }).use(createTranslator('en'));
  provideBridge(app, bridgeFacade((name, request) => (asked.push([name, request]), Promise.resolve(answers(name))), () => () => {}));
  await renderToString(app);
  if (giving === undefined) throw new Error('not set up');
  return { asked, ...giving };
}

describe('giving a caller’s number to a customer', () => {
  it('is one command', async () => {
    const { give, asked, owner } = await at('+821012345678', () => ok(WANTED));
    expect(await give(WANTED)).toBe(true);
    expect(asked).toEqual([['api.call', { name: 'customers.giveNumber', request: { customerId: 'c1', number: '+821012345678' } }]]);
    expect(owner.value).toBeNull();
  });

  it('shows the call as theirs where the caller has no number to give', async () => {
    const { give, asked } = await at('홍보팀', () => ok(null));
    expect(await give(WANTED)).toBe(true);
    expect(asked).toEqual([['contact.update', { contactId: 'k1', customerId: 'c1' }]]);
  });

  it('that is somebody’s already leaves the choice: the call can be shown as the owner’s', async () => {
    const { give, showAs, asked, owner } = await at('+821012345678', (name) => (name === 'api.call' ? { ok: false, error: { code: 'customer.number-taken', message: '', present: OWNER } } : ok(null)));
    expect(await give(WANTED)).toBe(false);
    expect(owner.value).toEqual(OWNER);
    expect(await showAs(OWNER)).toBe(true);
    expect(asked.at(-1)).toEqual(['contact.update', { contactId: 'k1', customerId: 'c2' }]);
  });
});

describe('failure: giving a caller’s number', () => {
  it('that the center cannot write leaves everything as it is', async () => {
    const { give, owner, busy } = await at('+821012345678', () => fail('store.unavailable', ''));
    expect(await give(WANTED)).toBe(false);
    expect([owner.value, busy.value]).toEqual([null, false]);
  });
});
