import { ref, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { toast } from 'vue-sonner';
import type { AppError, ErrorCode, Result } from '../../contract/errors.ts';
import { errorKey } from './errors.ts';

export interface Commands {
  /** True while a command of this component awaits its answer. */
  readonly busy: Ref<boolean>;
  /** Awaits a bridge call; tells the person when it failed, unless the caller sees to that (`quiet`). The Result is passed on. */
  run: <Value>(call: Promise<Result<Value>>, options?: { quiet: readonly ErrorCode[] }) => Promise<Result<Value>>;
  /** An error's text in the person's language. */
  textOf: (error: AppError) => string;
}

/** The one way a screen sends commands, so that no refusal goes unseen. */
export function useCommands(): Commands {
  const { t } = useI18n();
  const busy = ref(false);
  const textOf = (error: AppError): string => t(errorKey(error.code));
  return {
    busy,
    textOf,
    async run(call, { quiet } = { quiet: [] }) {
      busy.value = true;
      try {
        const answer = await call;
        // One toast an error code: clicking again does not stack the same sentence.
        if (!answer.ok && !quiet.includes(answer.error.code)) toast.error(textOf(answer.error), { id: answer.error.code });
        return answer;
      } finally {
        busy.value = false;
      }
    },
  };
}
