import { computed, inject, onScopeDispose, provide, ref, watch, type InjectionKey, type Ref } from 'vue';
import type { Disposer } from '../../contract/errors.ts';
import { HeadsetButtons, hidOf, type HeadsetAction, type HeadsetView } from '../media/headset/index.ts';
import { useBridge } from './bridge.ts';
import { useSessionStore } from './stores/session.store.ts';

/** Headsets with buttons, as a settings page shows them. */
export interface HeadsetChoice {
  /** Whether this browser can at all. */
  readonly supported: boolean;
  readonly names: Readonly<Ref<readonly string[]>>;
  choose: () => Promise<boolean>;
}

const headsetKey: InjectionKey<HeadsetChoice> = Symbol('headset');
const none: HeadsetChoice = { supported: false, names: ref([]), choose: () => Promise.resolve(false) };

export const useHeadset = (): HeadsetChoice => inject(headsetKey, none);

/** In Workplace.vue: the headset's buttons act on the call in focus while this window has the audio and the setting is on. */
export function provideHeadset(owned: Ref<boolean>): void {
  const hid = hidOf(navigator);
  if (hid === null) return;
  const bridge = useBridge();
  const session = useSessionStore();
  const names = ref<readonly string[]>([]);
  const buttons = new HeadsetButtons({ hid, onAction: act, onChange: (now) => (names.value = now) });
  provide(headsetKey, { supported: true, names, choose: () => buttons.choose() });

  const view = computed<HeadsetView>(() => {
    const [active] = session.active;
    if (active === undefined) return { phase: session.ringing === null ? 'idle' : 'ringing', muted: false, held: false };
    return { phase: 'talking', muted: session.audio.find(({ contactId }) => contactId === active.contactId)?.muted ?? false, held: active.me.state === 'held' };
  });
  const isOn = computed(() => owned.value && session.phase === 'signedIn' && session.settings?.headsetButtons === true);
  let stop: Disposer = () => {};
  watch(
    isOn,
    (on) => {
      stop();
      stop = on ? buttons.start() : () => {};
    },
    { immediate: true },
  );
  watch(() => JSON.stringify(view.value), () => buttons.show(view.value), { immediate: true });
  onScopeDispose(() => stop());

  function act(action: HeadsetAction): void {
    const [active] = session.active;
    const contact = action.do === 'answer' || action.do === 'reject' ? session.ringing : active;
    if (contact === null || contact === undefined) return;
    const { contactId, me } = contact;
    switch (action.do) {
      case 'answer':
        return void bridge.phone.answer({ contactId });
      case 'reject':
        return void bridge.phone.reject({ contactId });
      case 'hangUp':
        return void bridge.phone.hangUp({ contactId });
      case 'toggleHold':
        return void (me.allowed.includes('resume') ? bridge.phone.resume({ contactId }) : bridge.phone.hold({ contactId }));
      case 'setMuted':
        return void bridge.phone.setMuted({ contactId, muted: action.muted });
      default:
        return action satisfies never;
    }
  }
}
