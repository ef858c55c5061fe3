import { CustomerDraft, DisplayText, E164, type Customer } from '../../../contract/customer.ts';
import { formatNumber, parseDialString, toE164 } from '../../../contract/phone-number.ts';

/** What the form's fields hold: numbers as they are typed. */
export interface CustomerForm {
  name: string;
  company: string;
  numbers: { text: string; label: string }[];
  vip: boolean;
  warning: string;
  note: string;
}

/** What is wrong with a number; its text is `customers.invalid.<problem>`. */
export type NumberProblem = 'notANumber' | 'extension' | 'emergency' | 'service' | 'twice' | 'text';

export interface FormProblems {
  name: 'required' | 'text' | null;
  company: 'text' | null;
  warning: 'text' | null;
  /** One for each number, in order; null where it is right or empty. */
  numbers: (NumberProblem | null)[];
}


/** The form of a customer, or an empty one, with a number to begin with. */
export function formOf(customer: Customer | null, number = ''): CustomerForm {
  if (customer === null) return { name: '', company: '', numbers: [{ text: formatNumber(number), label: '' }], vip: false, warning: '', note: '' };
  const { name, company, vip, warning, note } = customer;
  const numbers = customer.numbers.map(({ e164, label }) => ({ text: formatNumber(e164), label }));
  return { name, company, vip, warning, note, numbers: numbers.length === 0 ? [{ text: '', label: '' }] : numbers };
}

/** A typed number as it is shown everywhere; what is no number stays as it was typed. */
export function tidied(text: string): string {
  const e164 = toE164(text);
  return e164 === null || problemOf(text) !== null ? text.trim() : formatNumber(e164);
}

function problemOf(text: string): NumberProblem | null {
  if (text.trim() === '') return null;
  const parsed = parseDialString(text);
  if (!parsed.ok) return 'notANumber';
  if (parsed.value.kind !== 'outside') return parsed.value.kind;
  return E164.safeParse(parsed.value.e164).success ? null : 'notANumber';
}

const isText = (text: string): boolean => DisplayText.safeParse(text).success;

/** Everything that keeps the form from being saved. */
export function problemsOf(form: CustomerForm): FormProblems {
  const seen = new Set<string>();
  return {
    name: !isText(form.name) ? 'text' : CustomerDraft.shape.name.safeParse(form.name).success ? null : 'required',
    company: isText(form.company) ? null : 'text',
    warning: isText(form.warning) ? null : 'text',
    numbers: form.numbers.map(({ text, label }) => {
      const problem = problemOf(text) ?? (isText(label) ? null : 'text');
      const e164 = toE164(text);
      if (problem !== null || e164 === null) return problem;
      if (seen.has(e164)) return 'twice';
      seen.add(e164);
      return null;
    }),
  };
}

export const hasProblems = ({ name, company, warning, numbers }: FormProblems): boolean => name !== null || company !== null || warning !== null || numbers.some((problem) => problem !== null);

/** What is sent to the center, or null while something is wrong. Empty numbers are left out. */
export function draftOf(form: CustomerForm): CustomerDraft | null {
  if (hasProblems(problemsOf(form))) return null;
  const numbers = form.numbers.flatMap(({ text, label }) => {
    const e164 = toE164(text);
    return text.trim() === '' || e164 === null ? [] : [{ e164, label }];
  });
  const draft = CustomerDraft.safeParse({ ...form, numbers });
  return draft.success ? draft.data : null;
}

/** Whether the form says something else than the one it began with: spaces around and empty numbers say nothing. */
export const isChanged = (form: CustomerForm, before: CustomerForm): boolean => JSON.stringify(essenceOf(form)) !== JSON.stringify(essenceOf(before));

/** What each field says, whichever way it is written. */
export const essenceOf = ({ name, company, numbers, vip, warning, note }: CustomerForm) => ({
  name: name.trim(),
  company: company.trim(),
  numbers: numbers.flatMap(({ text, label }) => (text.trim() === '' ? [] : [[toE164(text) ?? text.trim(), label.trim()]])),
  vip,
  warning: warning.trim(),
  note: note.trim(),
});
