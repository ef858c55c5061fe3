import type { ApiRequest } from '../../../contract/api/index.ts';
import type { OpeningSpan } from '../../../contract/configuration.ts';
import type { NewPerson } from '../../../contract/new-people.ts';
import { toE164 } from '../../../contract/phone-number.ts';
import type { FieldProblem } from '../../../contract/set-up.ts';

/** The steps in their order. Code and administrator are needed; of the others each may be left for later. */
export const STEPS = ['code', 'company', 'administrator', 'numbers', 'group', 'people', 'hours'] as const;
export type Step = (typeof STEPS)[number];

const WEEK = [1, 2, 3, 4, 5, 6, 0] as const;
export type Weekday = (typeof WEEK)[number];

/** A first office as it is typed. What is empty is left for later. */
export interface SetUpForm {
  code: string;
  company: string;
  timeZone: string;
  account: string;
  name: string;
  password: string;
  again: string;
  numbers: { number: string; name: string }[];
  group: string;
  /** People as a sheet says them, and the file it is from. */
  sheet: string;
  file: string;
  always: boolean;
  days: { weekday: Weekday; open: boolean; from: string; to: string }[];
}

export const emptyForm = (timeZone: string): SetUpForm => ({
  code: '', company: '', timeZone, account: 'admin', name: '', password: '', again: '', numbers: [{ number: '', name: '' }], group: '', sheet: '', file: '',
  always: true, days: WEEK.map((weekday) => ({ weekday, open: weekday >= 1 && weekday <= 5, from: '09:00', to: '18:00' })),
});

const minuteOf = (clock: string): number => {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
};

/** The opening hours that are typed: none means always. Until midnight is the end of the same day. */
export const spansOf = ({ always, days }: Pick<SetUpForm, 'always' | 'days'>): OpeningSpan[] =>
  always ? [] : days.filter(({ open }) => open).map(({ weekday, from, to }) => ({ weekday, fromMinute: minuteOf(from), toMinute: to === '00:00' ? 1440 : minuteOf(to) }));

/** What keeps a step from being left, by field; empty: nothing does. The words are the form's to find. */
export function objectionsTo(step: Step, form: SetUpForm): Partial<Record<string, 'needed' | 'account' | 'short' | 'differs' | 'number' | 'twice' | 'noDay' | 'noTime'>> {
  switch (step) {
    case 'code':
      return form.code.trim() === '' ? { code: 'needed' } : {};
    case 'company':
      return { ...(form.company.trim() === '' && { company: 'needed' }), ...(form.timeZone === '' && { timeZone: 'needed' }) };
    case 'administrator':
      return {
        ...(!/^[a-z\d][a-z\d._-]{1,62}$/i.test(form.account.trim()) && { account: 'account' }),
        ...(form.name.trim() === '' && { name: 'needed' }),
        ...(Array.from(form.password).length < 12 && { password: 'short' }),
        ...(form.password !== form.again && { again: 'differs' }),
      };
    case 'numbers': {
      const typed = form.numbers.map(({ number }) => (number.trim() === '' ? null : toE164(number)));
      return Object.fromEntries(
        form.numbers.flatMap(({ number }, index): [string, 'number' | 'twice'][] => {
          if (number.trim() === '') return [];
          const e164 = typed[index] ?? null;
          if (e164 === null) return [[`number${index}`, 'number']];
          return typed.indexOf(e164) < index ? [[`number${index}`, 'twice']] : [];
        }),
      );
    }
    case 'hours': {
      if (form.always) return {};
      const open = form.days.filter((day) => day.open);
      if (open.length === 0) return { days: 'noDay' };
      return open.some(({ from, to }) => from === '' || to === '' || from === to) ? { days: 'noTime' } : {};
    }
    case 'group':
    case 'people':
      return {};
  }
}

/** What is asked of the center. People are those of the sheet, complete. */
export function requestOf(form: SetUpForm, people: readonly NewPerson[]): ApiRequest<'setup.make'> {
  const group = form.group.trim();
  return {
    code: form.code.trim(),
    company: form.company.trim(),
    timeZone: form.timeZone,
    administrator: { account: form.account.trim(), name: form.name.trim(), password: form.password },
    groups: group === '' ? [] : [{ name: group }],
    people: people.map((person) => ({ ...person })),
    numbers: form.numbers.filter(({ number }) => number.trim() !== '').map(({ number, name }) => ({ number: number.trim(), ...(name.trim() !== '' && { name: name.trim() }) })),
    hours: group === '' ? [] : spansOf(form),
  };
}

/** The step where a problem that the center names is put right. */
export function stepOf({ field }: FieldProblem): Step {
  if (field === 'code') return 'code';
  const [part = ''] = field.split('.');
  if (part === 'administrator') return 'administrator';
  if (part === 'numbers') return 'numbers';
  if (part === 'people') return 'people';
  if (part === 'groups') return field.endsWith('hours') ? 'hours' : 'group';
  return part === 'hours' ? 'hours' : 'company';
}
