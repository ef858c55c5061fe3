import { describe, expect, it } from 'vitest';
import { CenterReason } from '../../../contract/agent-state.ts';
import { PartyChange } from '../../../contract/contact.ts';
import { NoticeCode } from '../../../contract/cti/notice.ts';
import { ContactOutcome } from '../../../contract/customer.ts';
import { Action, ParticipantState } from '../../../contract/participant-state.ts';
import type { Texts } from '../../../renderer/app/define-messages.ts';
import { addTexts, createTranslator, systemLanguage, textsOf } from '../../../renderer/app/i18n.ts';

/** Every text by its dotted key. */
function flatten(texts: Texts, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) flat.set(inner, text);
  }
  return flat;
}

const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
const english = flatten(await textsOf('en'));
const korean = flatten(await textsOf('ko'));

describe('texts', () => {
  it('have the same keys in both languages', () => {
    expect([...korean.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('mention the same values in both languages', () => {
    const mentions = (texts: Map<string, string>) => Object.fromEntries([...texts].map(([key, text]) => [key, placeholders(text)]));
    expect(mentions(korean)).toEqual(mentions(english));
  });

  it('of a screen are there once it is opened, in both languages', async () => {
    const translator = createTranslator('en');
    expect(translator.global.te('wallboard.title')).toBe(false);
    await addTexts(translator.global, 'wallboard');
    const known = (language: 'en' | 'ko'): Map<string, string> => flatten({ wallboard: translator.global.getLocaleMessage<{ wallboard: Texts }>(language).wallboard });
    const of = (all: Map<string, string>): [string, string][] => [...all].filter(([key]) => key.startsWith('wallboard.'));
    expect([[...known('en')], [...known('ko')]]).toEqual([of(english), of(korean)]);
    expect(translator.global.getLocaleMessage('ko')).toHaveProperty('desk');
  });

  it('are never empty', () => {
    const empty = [...english, ...korean].filter(([, text]) => text.trim() === '');
    expect(empty).toEqual([]);
  });

  it.each([
    ...NoticeCode.options.map((code) => `app.notice.${code}`),
    ...ContactOutcome.options.map((outcome) => `app.outcome.${outcome}`),
    ...CenterReason.options.map((reason) => `app.reason.${reason}`),
    ...PartyChange.options.map((change) => `desk.parties.${change}`),
    ...ParticipantState.options.map((state) => `desk.state.${state}`),
    ...Action.options.filter((action) => action !== 'updateData' && action !== 'complete' && action !== 'changeParty').map((action) => `desk.control.${action}`),
  ])('%s, which a screen builds from a code, exists', (key) => {
    expect(english.has(key)).toBe(true);
  });

  it('use the standard words for the controls', () => {
    const words = ['control.ready', 'control.away', 'state.AFTER_CALL', 'control.signOut'].map((name) => english.get(`app.${name}`));
    expect(words).toEqual(['Ready', 'Away', 'After call', 'Sign out']);
    const controls = ['answer', 'reject', 'mute', 'hold', 'resume', 'keypad', 'consult', 'transfer', 'completeTransfer', 'swap', 'conference', 'cancelConsult', 'pauseRecording', 'hangUp'];
    expect(controls.map((name) => english.get(`desk.control.${name}`))).toEqual([
      'Answer', 'Reject', 'Mute', 'Hold', 'Resume', 'Keypad', 'Consult', 'Transfer', 'Complete transfer', 'Swap', 'Conference', 'Back to customer', 'Pause recording', 'Hang up',
    ]);
    expect(english.get('desk.memo.saveReady')).toBe('Save & ready');
    expect([korean.get('desk.control.swap'), korean.get('desk.control.cancelConsult')]).toEqual(['통화 교대', '고객 통화로']);
  });

  it('say whose waiting is meant where agents who are ready stand beside customers who wait', () => {
    const beside = ['desk.strip.waiting', 'desk.strip.ready', 'team.waiting', 'team.ready', 'wallboard.figure.waiting', 'wallboard.figure.available', 'wallboard.short.waiting', 'wallboard.short.available'];
    expect(beside.map((key) => korean.get(key))).toEqual(['대기 고객', '대기 중 상담원', '대기 고객 {n}명', '대기 중 상담원 {n}명', '대기 고객', '대기 중 상담원', '대기 고객', '대기 중']);
  });
});

describe('language of the system', () => {
  it.each([
    [['ko-KR', 'en'], 'ko'],
    [['fr', 'ko'], 'ko'],
    [['en-US', 'ko'], 'en'],
    [['de'], 'en'],
    [[], 'en'],
  ] as const)('%j is shown in %s', (preferred, language) => {
    expect(systemLanguage(preferred)).toBe(language);
  });
});
