import { inject, provide, ref, watch, type InjectionKey, type Ref } from 'vue';

type Control = HTMLInputElement | HTMLTextAreaElement;

/** The most characters of a field's control, once something did not fit in; else null. */
const KEY: InjectionKey<Ref<number | null>> = Symbol('overlong');

/** A field's side: what its control says of text that it had to leave out. */
export function provideOverlong(): Ref<number | null> {
  const most = ref<number | null>(null);
  provide(KEY, most);
  return most;
}

/**
 * A control's side. A browser cuts what is pasted or typed beyond `maxlength` without a word; here the field says so until
 * the next change that fits.
 * @param model the control's text
 * @returns listeners for the control
 */
export function useOverlong(model: Ref<string>, control: () => Control | null): { onBeforeinput: (event: Event) => void; onInput: (event: Event) => void; onCompositionend: (event: Event) => void } {
  const most = inject(KEY, ref(null));
  // Another text from elsewhere, such as the next call's memo.
  watch(model, (text) => text === control()?.value || (most.value = null));
  const judge = ({ maxLength }: Control, length: number): void => void (most.value = maxLength >= 0 && length > maxLength ? maxLength : null);
  return {
    onBeforeinput: (event) => {
      const [field, { data, dataTransfer, isComposing }] = [event.currentTarget as Control, event as InputEvent];
      // A composition may be too long until it ends.
      if (!isComposing) judge(field, field.value.length - ((field.selectionEnd ?? 0) - (field.selectionStart ?? 0)) + lengthOf(data ?? dataTransfer?.getData('text/plain') ?? ''));
    },
    onInput: (event) => {
      const field = event.currentTarget as Control;
      model.value = field.value;
      if ((event as InputEvent).isComposing) judge(field, field.value.length);
    },
    // Some browsers cut here, and tell nobody.
    onCompositionend: (event) => void (model.value = (event.currentTarget as Control).value),
  };
}

/** As a field counts: a line's end is one character. */
const lengthOf = (text: string): number => text.replaceAll('\r\n', '\n').length;
