import { essenceOf, type CustomerForm } from './customer-form.ts';

/** The fields two people may fill in apart from each other. All numbers of a customer are one. */
export const FORM_FIELDS = ['name', 'company', 'numbers', 'vip', 'warning', 'note'] as const satisfies readonly (keyof CustomerForm)[];
export type FormField = (typeof FORM_FIELDS)[number];

/** Two changes of one form put together: where only one of them changed a field, theirs; where both did, mine for now. */
export interface Merged {
  form: CustomerForm;
  /** Fields that both changed, and not alike: somebody has to choose. */
  disputed: FormField[];
}

/** Whether a field says the same in both. */
export const isSame = (field: FormField, a: CustomerForm, b: CustomerForm): boolean => JSON.stringify(essenceOf(a)[field]) === JSON.stringify(essenceOf(b)[field]);

/** A form with one field as it is in another. */
export const withField = (form: CustomerForm, field: FormField, from: CustomerForm): CustomerForm => ({ ...form, [field]: copyOf(from)[field] });

/** @param before what both began with */
export function merged(before: CustomerForm, mine: CustomerForm, theirs: CustomerForm): Merged {
  let form = copyOf(mine);
  const disputed: FormField[] = [];
  for (const field of FORM_FIELDS) {
    if (isSame(field, theirs, before) || isSame(field, mine, theirs)) continue;
    if (isSame(field, mine, before)) form = withField(form, field, theirs);
    else disputed.push(field);
  }
  return { form, disputed };
}

/** One that shares nothing with the other. */
export const copyOf = (form: CustomerForm): CustomerForm => ({ ...form, numbers: form.numbers.map((number) => ({ ...number })) });
