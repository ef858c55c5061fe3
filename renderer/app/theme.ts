import { usePreferredDark } from '@vueuse/core';
import { computed, watchEffect, type ComputedRef, type WritableComputedRef } from 'vue';
import type { Settings } from '../../contract/bridge/index.ts';
import { systemLanguage, type Language } from './i18n.ts';

/**
 * Keeps language and theme of the document as the settings say, the system's where they say nothing.
 * Runs until its effect scope ends.
 * @returns the theme in force
 */
export function followAppearance(settings: () => Settings | null, locale: WritableComputedRef<Language>): ComputedRef<'light' | 'dark'> {
  const prefersDark = usePreferredDark();
  const theme = computed(() => settings()?.theme ?? (prefersDark.value ? 'dark' : 'light'));
  watchEffect(() => {
    locale.value = settings()?.language ?? systemLanguage();
    document.documentElement.lang = locale.value;
    document.documentElement.dataset['theme'] = theme.value;
  });
  return theme;
}
