import { defineStore } from 'pinia';
import { nextTick, ref, shallowRef, watch } from 'vue';

/** A place on the desk where somebody wants to go on by keyboard. */
export type DeskPlace = 'dial' | 'memo' | 'disposition' | 'giveNumber' | 'parties';

/** What lies over the screens, and where on the desk whoever comes from another screen wants to be. */
export const useShellStore = defineStore('shell', () => {
  const palette = ref(false);
  /** What the palette is opened with. */
  const paletteText = ref('');
  const help = ref(false);
  const away = ref(false);
  const wanted = shallowRef<DeskPlace | null>(null);

  function openPalette(text = ''): void {
    paletteText.value = text;
    palette.value = true;
  }

  return { palette, paletteText, help, away, wanted, openPalette, want: (place: DeskPlace) => void (wanted.value = place) };
});

/** Goes to its place as soon as somebody wants to be there and it is on the screen; `go` answers false where it is not yet. */
export function useDeskPlace(places: readonly DeskPlace[], go: (place: DeskPlace) => boolean | void): void {
  const shell = useShellStore();
  watch(
    () => shell.wanted,
    async (place) => {
      if (place === null || !places.includes(place)) return;
      // The page may have to turn to the side on which it is.
      await nextTick();
      if (shell.wanted === place && go(place) !== false) shell.wanted = null;
    },
    { immediate: true, flush: 'post' },
  );
}
