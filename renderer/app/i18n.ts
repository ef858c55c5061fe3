import { createI18n } from 'vue-i18n';
import type { Messages, Texts } from './define-messages.ts';
import { errorMessages } from './errors.ts';
import { messages as app } from './messages.ts';

export type Language = 'ko' | 'en';

const features = import.meta.glob<Messages>('../features/*/messages.ts', { eager: true, import: 'messages' });

/** `../features/sign-in/messages.ts` → `signIn`: the namespace of a feature's texts. */
const namespaceOf = (path: string): string =>
  (/features\/([^/]+)\//.exec(path)?.[1] ?? '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** All texts of a language: `app.…`, `errors.…`, and each feature's under its folder's name (`desk.…`). */
export function textsOf(language: Language): Texts {
  const all: Record<string, Texts> = { app: app[language], errors: errorMessages[language] };
  for (const [path, messages] of Object.entries(features)) all[namespaceOf(path)] = messages[language];
  return all;
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
    messages: { en: { ...textsOf('en') }, ko: { ...textsOf('ko') } },
    missingWarn: import.meta.env.DEV,
  });
}
export type Translator = ReturnType<typeof createTranslator>;
