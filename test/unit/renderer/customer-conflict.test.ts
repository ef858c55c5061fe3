import { describe, expect, it } from 'vitest';
import { createApp, effectScope } from 'vue';
import { bridgeFacade } from '../../../contract/bridge/index.ts';
import { Customer, type CustomerDraft } from '../../../contract/customer.ts';
import { conflict, fail, ok, type Result } from '../../../contract/errors.ts';
import { provideBridge } from '../../../renderer/app/bridge.ts';
import { merged } from '../../../renderer/features/customers/customer-conflict.ts';
import { formOf, type CustomerForm } from '../../../renderer/features/customers/customer-form.ts';
import { useCustomerSaving, type KeptForm } from '../../../renderer/features/customers/use-customer-saving.ts';

const customer = Customer.parse({ customerId: 'c1', name: '고객 1', company: '회사 1', numbers: [{ e164: '+821012345678', label: '' }], vip: false, warning: '', note: '메모', updatedAt: 1, version: 'v1' });
const form = (more: Partial<CustomerForm> = {}): CustomerForm => ({ ...formOf(customer), ...more });

describe('two changes of one customer put together', () => {
  it('each keep their own fields, and nobody has to choose', () => {
    const both = merged(form(), form({ note: '오전에', numbers: [{ text: '02-123-4567', label: '' }] }), form({ name: '고객 2', vip: true }));
    expect(both).toEqual({ form: form({ note: '오전에', numbers: [{ text: '02-123-4567', label: '' }], name: '고객 2', vip: true }), disputed: [] });
  });

  it('are disputed where both changed the same field, and mine stands there for now', () => {
    const { form: result, disputed } = merged(form(), form({ name: '고객 3', note: '오전에' }), form({ name: '고객 2', note: '오후에', company: '' }));
    expect(disputed).toEqual(['name', 'note']);
    expect(result).toEqual(form({ name: '고객 3', note: '오전에', company: '' }));
  });

  it('are not disputed where both say the same in another way', () => {
    expect(merged(form(), form({ numbers: [{ text: '+82 2 123 4567', label: '' }] }), form({ numbers: [{ text: '02-123-4567', label: '' }] })).disputed).toEqual([]);
    expect(merged(form(), form({ name: ' 고객 2 ' }), form({ name: '고객 2' })).disputed).toEqual([]);
  });
});

/** A center with one customer, whom somebody else may change at any time. */
class Center {
  present: Customer = customer;
  readonly sent: { version: string; customer: CustomerDraft }[] = [];
  /** Changes of somebody else, each saved just before what is sent here. */
  readonly meanwhile: Partial<Customer>[] = [];
  refusal: Result<never> | null = null;
  private versions = 1;

  change(fields: Partial<Customer>): void {
    this.present = { ...this.present, ...fields, version: `v${++this.versions}` };
  }

  /** `customers.update` of the API. */
  update({ version, ...draft }: CustomerDraft & { version: string }): Result<Customer> {
    this.sent.push({ version, customer: draft });
    if (this.refusal !== null) return this.refusal;
    const fields = this.meanwhile.shift();
    if (fields !== undefined) this.change(fields);
    if (version !== this.present.version) return conflict('customer.conflict', '', this.present);
    this.change(draft);
    return ok(this.present);
  }
}

/** The form of the customer, over that center. */
function editor(center: Center, kept: KeptForm | null = null) {
  const app = createApp({});
  provideBridge(app, bridgeFacade((_name, asked) => Promise.resolve(center.update((asked as { request: never }).request)), () => () => {}));
  const saving = app.runWithContext(() => effectScope().run(() => useCustomerSaving({ customer, number: '', kept, run: (call) => call })));
  if (saving === undefined) throw new Error('no scope');
  return saving;
}

describe('the form of a customer whom somebody else changes meanwhile', () => {
  it('saves both changes of different fields by itself, and says so', async () => {
    const center = new Center();
    const { form: mine, save } = editor(center);
    mine.note = '오전에';
    center.meanwhile.push({ name: '고객 2' });
    expect(await save()).toMatchObject({ together: true, customer: { name: '고객 2', note: '오전에' } });
    expect(center.sent.map(({ version }) => version)).toEqual(['v1', 'v2']);
  });

  it('shows a field that both changed, keeps what was typed, and saves what is chosen', async () => {
    const center = new Center();
    const { form: mine, save, dispute, choose, sideOf, mineOf } = editor(center);
    mine.name = '고객 3';
    mine.note = '내 메모';
    center.meanwhile.push({ name: '고객 2', note: '남의 메모', company: '회사 2' });
    expect(await save()).toBeNull();
    expect(dispute.value).toMatchObject({ fields: ['name', 'note'], theirs: { name: '고객 2', note: '남의 메모' } });
    expect(mine).toMatchObject({ name: '고객 3', note: '내 메모', company: '회사 2' });
    choose('name', 'theirs');
    expect([mine.name, sideOf('name'), mineOf('name').name]).toEqual(['고객 2', 'theirs', '고객 3']);
    choose('name', 'mine');
    expect(mine.name).toBe('고객 3');
    choose('name', 'theirs');
    mine.note = '둘 다';
    expect(await save()).toMatchObject({ customer: { name: '고객 2', note: '둘 다', company: '회사 2' } });
    expect(center.present).toMatchObject({ name: '고객 2', note: '둘 다', company: '회사 2' });
  });

  it('shows a second change to the disputed field as well', async () => {
    const center = new Center();
    const { form: mine, save, dispute } = editor(center);
    mine.name = '고객 3';
    center.meanwhile.push({ name: '고객 2' }, { name: '고객 4' });
    await save();
    expect(await save()).toBeNull();
    expect(dispute.value?.theirs.name).toBe('고객 4');
    expect(mine.name).toBe('고객 3');
    expect(await save()).toMatchObject({ customer: { name: '고객 3' } });
  });

  it('that was left for a call goes on from what it was begun with', async () => {
    const center = new Center();
    center.change({ name: '고객 2' });
    const { save } = editor(center, { form: form({ note: '오전에' }), base: customer });
    expect(await save()).toMatchObject({ customer: { name: '고객 2', note: '오전에' } });
  });
});

describe('failure: saving a customer', () => {
  it.each(['store.unavailable', 'center.timeout', 'customer.number-taken'] as const)('that is refused (%s) keeps what was typed, and saves it later', async (code) => {
    const center = new Center();
    const { form: mine, save, busy } = editor(center);
    mine.note = '오전에';
    center.refusal = fail(code, '');
    expect(await save()).toBeNull();
    expect([mine.note, busy.value]).toEqual(['오전에', false]);
    center.refusal = null;
    expect(await save()).toMatchObject({ customer: { note: '오전에' } });
  });

  it('gives up, and keeps what was typed, where somebody always was first', async () => {
    const center = new Center();
    const { form: mine, save } = editor(center);
    mine.note = '오전에';
    center.meanwhile.push(...Array.from({ length: 50 }, (_, i) => ({ name: `고객 ${i}` })));
    expect(await save()).toBeNull();
    expect(center.sent.length).toBeLessThan(10);
    expect(mine.note).toBe('오전에');
  });

  it('with a conflict whose customer is none keeps what was typed', async () => {
    const center = new Center();
    const { form: mine, save, dispute } = editor(center);
    mine.note = '오전에';
    center.refusal = conflict('customer.conflict', '', { customerId: 'c1', name: 5 });
    expect(await save()).toBeNull();
    expect([mine.note, dispute.value]).toEqual(['오전에', null]);
  });
});
