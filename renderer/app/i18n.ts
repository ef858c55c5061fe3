import { createI18n } from 'vue-i18n';
import type { Messages, Texts } from './define-messages.ts';
import { errorMessages } from './errors.ts';
import { messages as app } from './messages.ts';

export type Language = 'ko' | 'en';

/** Texts of what stands on the first screens, and of what may come over any other. */
const first = import.meta.glob<Messages>('../features/{desk,desktop,devices,sign-in,team}/messages.ts', { eager: true, import: 'messages' });
/** Those of the other screens come with the screen. */
const later = import.meta.glob<Messages>(['../{features,shared}/*/messages.ts', '!../features/{desk,desktop,devices,sign-in,team}/messages.ts'], { import: 'messages' });

/** `../features/sign-in/messages.ts` → `signIn`: the namespace of a feature's texts. */
const namespaceOf = (path: string): string =>
  (/(?:features|shared)\/([^/]+)\//.exec(path)?.[1] ?? '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The texts of a language that are there from the start: `app.…`, `errors.…`, and each feature's under its folder's name (`desk.…`). */
function firstTextsOf(language: Language): Record<string, Texts> {
  const texts: Record<string, Texts> = { app: app[language], errors: errorMessages[language] };
  for (const [path, messages] of Object.entries(first)) texts[namespaceOf(path)] = messages[language];
  return texts;
}

/** All texts of a language. */
export async function textsOf(language: Language): Promise<Texts> {
  const texts = firstTextsOf(language);
  for (const [path, load] of Object.entries(later)) texts[namespaceOf(path)] = (await load())[language];
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

/** What else a screen shows the texts of. */
const BESIDE: Readonly<Record<string, readonly string[]>> = { admin: ['people'], 'set-up': ['people'] };

/** Adds the texts of a screen, in both languages; of one whose texts are there, nothing. */
export async function addTexts(translator: TakesTexts, screen: string): Promise<void> {
  const paths = [`../features/${screen}/messages.ts`, ...(BESIDE[screen] ?? []).map((name) => `../shared/${name}/messages.ts`)];
  for (const path of paths) {
    const messages = await later[path]?.();
    if (messages === undefined) continue;
    for (const language of ['en', 'ko'] as const) translator.mergeLocaleMessage(language, { [namespaceOf(path)]: messages[language] });
  }
}
