import { createI18n } from 'vue-i18n';
import type { Texts } from './define-messages.ts';
import { errorMessages } from './errors.ts';
import { features } from './features.ts';
import { messages as app } from './messages.ts';

export type Language = 'ko' | 'en';

/** Titles of the screens, which the rail and the pages themselves show. */
const titlesOf = (language: Language): Texts => Object.fromEntries(features.flatMap(({ name, screen }) => (screen === undefined ? [] : [[name, screen.title[language]]])));

/** The texts of a language that are there from the start: `app.…`, `errors.…`, and those of features on the first screens, under their names (`desk.…`). */
function firstTextsOf(language: Language): Record<string, Texts> {
  const texts: Record<string, Texts> = { app: { ...app[language], rail: titlesOf(language) }, errors: errorMessages[language] };
  for (const { name, firstTexts } of features) if (firstTexts !== undefined) texts[name] = firstTexts[language];
  return texts;
}

/** All texts of a language. */
export async function textsOf(language: Language): Promise<Texts> {
  const texts = firstTextsOf(language);
  for (const { texts: later = {} } of features) for (const [name, load] of Object.entries(later)) texts[name] = (await load()).messages[language];
  return texts;
}

/** Korean if the system prefers it over English, else English. */
export function systemLanguage(preferred: readonly string[] = navigator.languages): Language {
  const known = preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'ko' || tag === 'en');
  return known === 'ko' ? 'ko' : 'en';
}

/** vue-i18n interprets its messages and compiles none with `eval`, so it runs under `script-src 'self'`. */
export function createTranslator(language: Language) {
  return createI18n({
    legacy: false,
    locale: language,
    fallbackLocale: 'en',
    messages: { en: firstTextsOf('en'), ko: firstTextsOf('ko') },
    missingWarn: import.meta.env.DEV,
  });
}
export type Translator = ReturnType<typeof createTranslator>;

/** As much of a translator as takes texts: vue-i18n's, or what `useI18n` gives a component. */
export interface TakesTexts {
  mergeLocaleMessage: (language: Language, texts: Record<string, Texts>) => void;
}

/** Adds the texts that come with a feature's page, in both languages; of one whose texts are there, nothing. */
export async function addTexts(translator: TakesTexts, feature: string): Promise<void> {
  const later = features.find(({ name }) => name === feature)?.texts ?? {};
  for (const [name, load] of Object.entries(later)) {
    const { messages } = await load();
    for (const language of ['en', 'ko'] as const) translator.mergeLocaleMessage(language, { [name]: messages[language] });
  }
}
