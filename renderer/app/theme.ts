import { usePreferredDark } from '@vueuse/core';
import { watchEffect } from 'vue';
import type { WritableComputedRef } from 'vue';
import type { Settings } from '../../contract/bridge/index.ts';
import { systemLanguage, type Language } from './i18n.ts';

/**
 * Keeps language and theme of the document as the settings say, the system's where they say nothing.
 * Runs until its effect scope ends.
 */
export function followAppearance(settings: () => Settings | null, locale: WritableComputedRef<Language>): void {
  const prefersDark = usePreferredDark();
  watchEffect(() => {
    const chosen = settings();
    locale.value = chosen?.language ?? systemLanguage();
    document.documentElement.lang = locale.value;
    document.documentElement.dataset['theme'] = chosen?.theme ?? (prefersDark.value ? 'dark' : 'light');
  });
}
