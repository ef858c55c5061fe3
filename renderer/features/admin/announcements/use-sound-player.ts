import { onScopeDispose, ref, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { toast } from 'vue-sonner';
import type { Disposer } from '../../../../contract/errors.ts';
import type { MediaId } from '../../../../contract/media.ts';
import { useApi } from '../../../app/use-api.ts';
import { useCommands } from '../../../app/use-commands.ts';
import { useWindowAudio } from '../../../app/use-window-audio.ts';

export interface SoundPlayer {
  /** Which one plays. */
  playing: Ref<MediaId | null>;
  /** Plays it, or stops it where it plays. One plays at a time. */
  toggle: (mediaId: MediaId) => Promise<void>;
  stop: () => void;
}

/** Plays objects of the center on the speaker of calls, by addresses that are signed for a minute. */
export function useSoundPlayer(): SoundPlayer {
  const { t } = useI18n();
  const api = useApi();
  const audio = useWindowAudio();
  const { run } = useCommands();
  const playing = ref<MediaId | null>(null);
  let end: Disposer = () => {};

  const stop = (): void => {
    end();
    end = () => {};
    playing.value = null;
  };
  async function toggle(mediaId: MediaId): Promise<void> {
    const isStop = playing.value === mediaId;
    stop();
    if (isStop) return;
    playing.value = mediaId;
    const signed = await run(api('media.sign', { mediaId }));
    // Another was chosen meanwhile, or none.
    if (playing.value !== mediaId) return;
    if (!signed.ok) return stop();
    end = audio.speaker.playFile(signed.value.path, { loop: false }, stop, () => {
      stop();
      toast.error(t('announcements.cannotPlay'), { id: 'sound' });
    });
  }
  onScopeDispose(stop);
  return { playing, toggle, stop };
}
