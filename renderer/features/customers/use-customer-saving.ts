import { computed, reactive, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { Customer, type CustomerDraft } from '../../../contract/customer.ts';
import type { Result } from '../../../contract/errors.ts';
import { useApi } from '../../app/use-api.ts';
import type { Commands } from '../../app/use-commands.ts';
import { copyOf, isSame, merged, withField, type FormField } from './customer-conflict.ts';
import { draftOf, formOf, type CustomerForm } from './customer-form.ts';

/** Somebody may save again while one's own change is put together with theirs; who never wins sees it. */
const MOST_MERGES = 5;

/** A form that was left for a call, with what it was begun from. */
export interface KeptForm {
  form: CustomerForm;
  base: Customer | null;
}

/** Fields that two people have changed at once. */
export interface Dispute {
  fields: readonly FormField[];
  theirs: CustomerForm;
}

interface CustomerSaving {
  form: CustomerForm;
  /** What the form says now is a change of this. */
  before: ComputedRef<CustomerForm>;
  base: ShallowRef<Customer | null>;
  dispute: ShallowRef<Dispute | null>;
  busy: Ref<boolean>;
  sideOf: (field: FormField) => 'mine' | 'theirs';
  choose: (field: FormField, side: 'mine' | 'theirs') => void;
  mineOf: (field: FormField) => CustomerForm;
  /** Null: not saved; the person has been told, or sees a dispute. `together`: with what somebody else changed meanwhile. */
  save: () => Promise<{ customer: Customer; together: boolean } | null>;
}

/**
 * The form of a customer and its way to the center. What somebody else saved meanwhile is taken in field by field;
 * where both changed the same field, the person chooses, and saves again. Nothing that was typed is lost.
 */
export function useCustomerSaving({ customer, number, kept, run }: { customer: Customer | null; number: string; kept: KeptForm | null; run: Commands['run'] }): CustomerSaving {
  const api = useApi();
  const busy = ref(false);
  const base = shallowRef(kept === null ? customer : kept.base);
  const before = computed(() => formOf(base.value, number));
  const form = reactive<CustomerForm>(copyOf(kept?.form ?? before.value));
  const dispute = shallowRef<Dispute | null>(null);
  /** What the person had typed in a field, while theirs is chosen. */
  const mine = shallowRef<CustomerForm>(copyOf(form));
  const now = (): CustomerForm => copyOf(form);
  const write = (next: CustomerForm): void => void Object.assign(form, copyOf(next));

  const send = (draft: CustomerDraft): Promise<Result<Customer>> =>
    base.value === null ? api('customers.create', draft) : api('customers.update', { ...draft, customerId: base.value.customerId, version: base.value.version });

  const sideOf = (field: FormField): 'mine' | 'theirs' => (dispute.value !== null && isSame(field, form, dispute.value.theirs) ? 'theirs' : 'mine');

  function choose(field: FormField, side: 'mine' | 'theirs'): void {
    if (dispute.value === null || sideOf(field) === side) return;
    if (side === 'theirs') mine.value = withField(mine.value, field, now());
    write(withField(now(), field, side === 'theirs' ? dispute.value.theirs : mine.value));
  }

  /** Takes in what the center has now. @returns whether nothing is left to choose */
  function takeIn(present: Customer): boolean {
    const theirs = formOf(present);
    const result = merged(before.value, now(), theirs);
    base.value = present;
    write(result.form);
    mine.value = now();
    dispute.value = result.disputed.length === 0 ? null : { fields: result.disputed, theirs };
    return dispute.value === null;
  }

  async function saveTogether(): Promise<{ customer: Customer; together: boolean } | null> {
    for (let merges = 0; ; merges++) {
      const draft = draftOf(now());
      if (draft === null) return null;
      const answer = await run(send(draft), { quiet: merges < MOST_MERGES ? ['customer.conflict'] : [] });
      if (answer.ok) return { customer: answer.value, together: merges > 0 };
      const present = answer.error.code === 'customer.conflict' ? Customer.safeParse(answer.error.present) : null;
      if (present?.success !== true || merges >= MOST_MERGES || !takeIn(present.data)) return null;
    }
  }

  return {
    form, before, base, dispute, busy, sideOf, choose,
    mineOf: (field) => (sideOf(field) === 'theirs' ? mine.value : form),
    async save() {
      busy.value = true;
      try {
        return await saveTogether();
      } finally {
        busy.value = false;
      }
    },
  };
}
