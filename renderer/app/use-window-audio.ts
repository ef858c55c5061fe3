import { useEventListener } from '@vueuse/core';
import { computed, inject, onScopeDispose, provide, ref, watch, type InjectionKey, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRoute, useRouter } from 'vue-router';
import { toast } from 'vue-sonner';
import { callerTitle } from '../../contract/caller-name.ts';
import type { MicrophoneState } from '../../contract/cti/microphone.ts';
import type { Disposer } from '../../contract/errors.ts';
import { useContactText } from '../shared/call/use-contact-text.ts';
import { createWindowAudio, notifyOfCall, takeTurn, type WindowAudio } from '../media/index.ts';
import { afterPaint } from './after-paint.ts';
import { useBridge } from './bridge.ts';
import { isFullScreen } from './router.ts';
import { provideHeadset } from './use-headset.ts';
import { isAtWork } from './stores/session-view.ts';
import { useSessionStore } from './stores/session.store.ts';

const audioKey: InjectionKey<WindowAudio> = Symbol('audio');
const ownedKey: InjectionKey<Readonly<Ref<boolean>>> = Symbol('audio owned');
const WARNING_MS = 10_000;

/** The window's audio, in the setup of a component below Workplace.vue. */
export function useWindowAudio(): WindowAudio {
  const audio = inject(audioKey);
  if (audio === undefined) throw new Error('no audio was provided to this component');
  return audio;
}

/** Whether calls are talked in this window, and not in another of the same desk. */
export function useOwnsAudio(): Readonly<Ref<boolean>> {
  const owned = inject(ownedKey);
  if (owned === undefined) throw new Error('no audio was provided to this component');
  return owned;
}

/** In Workplace.vue: this window's audio, its rings and notifications, until it goes. */
export function provideWindowAudio(): void {
  const { t } = useI18n();
  const owned = ref(false);
  const audio = createWindowAudio({
    bridge: useBridge(),
    access: navigator.mediaDevices ?? null,
    permissions: navigator.permissions ?? null,
    gestures: document,
    createPlayer: () => new Audio(),
    connect: (configuration) => new RTCPeerConnection(configuration),
    onWarning: (warning) => void toast.warning(t(`devices.warning.${warning}`), { id: warning, duration: WARNING_MS }),
    onReleased: () => void (owned.value = false),
  });
  provide(audioKey, audio);
  provide(ownedKey, owned);
  onScopeDispose(audio.start());
  followSettings(audio);
  followOwnership(audio, owned);
  reportMicrophone(audio, owned);
  ring(audio, owned);
  notify(owned);
  askBeforeLeaving(owned);
  provideHeadset(owned);
}

function followSettings(audio: WindowAudio): void {
  const session = useSessionStore();
  watch(
    () => session.settings,
    (settings) => {
      if (settings !== null) audio.configure(settings);
    },
    { immediate: true },
  );
}

/** Claims the audio when it is this window's turn, and anew whenever the way to the host is back. */
function followOwnership(audio: WindowAudio, owned: Ref<boolean>): void {
  const session = useSessionStore();
  const route = useRoute();
  const hasTurn = ref(false);
  // A wallboard on the wall is not talked to, unless it is the one window at which a call can be answered; a desk that
  // opens the wallboard meanwhile keeps its calls.
  const isDesk = computed<boolean>((before) => session.hasDesk && (before === true || session.contacts.length > 0 || (route.name !== undefined && !isFullScreen(route.name))));
  const isConnected = computed(() => session.bridgeState === 'connected');

  let endTurn: Disposer = () => {};
  watch(
    isDesk,
    (desk) => {
      if (desk) endTurn = takeTurn(navigator.locks, () => void (hasTurn.value = true));
    },
    { immediate: true },
  );
  onScopeDispose(() => endTurn());
  const claim = (): void => {
    if (!hasTurn.value || !isConnected.value) return;
    owned.value = true;
    void audio.calls.claim();
  };
  watch([hasTurn, isConnected], claim, { immediate: true });
  // Another window of the host took it; whoever comes back to this one wants to talk here.
  useEventListener(window, 'focus', () => {
    if (!owned.value) claim();
  });
}

/** Ready is refused without a microphone, so the host is told of each change. */
function reportMicrophone(audio: WindowAudio, owned: Ref<boolean>): void {
  const bridge = useBridge();
  const session = useSessionStore();
  const state = ref<MicrophoneState>(audio.microphone.state);
  onScopeDispose(
    audio.microphone.onEvent((event) => {
      if (event.type === 'state') state.value = event.state;
    }),
  );
  const isOpen = computed(() => owned.value && session.phase === 'signedIn' && session.bridgeState === 'connected');
  watch(
    isOpen,
    (atWork) => {
      if (atWork) void audio.microphone.check();
    },
    { immediate: true },
  );
  watch([isOpen, state, () => session.health?.microphone], ([atWork, microphone, known]) => {
    if (atWork && microphone !== 'unknown' && microphone !== known) void bridge.devices.report({ microphone });
  });
}

function ring(audio: WindowAudio, owned: Ref<boolean>): void {
  const session = useSessionStore();
  const offered = computed(() => (owned.value && session.bridgeState === 'connected' ? session.ringing?.contactId : undefined));
  watch(
    offered,
    (contactId, _before, onCleanup) => {
      if (contactId === undefined) audio.ringer.stop();
      else onCleanup(afterPaint(() => audio.ringer.start(session.active.length > 0)));
    },
    { immediate: true },
  );
}

/** A browser asks before it closes the tab of who waits for calls or is in one. The desktop's main asks by itself. */
function askBeforeLeaving(owned: Ref<boolean>): void {
  const session = useSessionStore();
  useEventListener(window, 'beforeunload', (event) => {
    const { view } = session;
    if (owned.value && view?.host === 'web' && isAtWork(view)) event.preventDefault();
  });
}

/** One notification while it rings; its text follows when the caller's name becomes known. The desktop's main has its own, with buttons. */
function notify(owned: Ref<boolean>): void {
  const { t } = useI18n();
  const session = useSessionStore();
  const router = useRouter();
  const text = useContactText();
  const notice = computed(() => {
    const { ringing } = session;
    if (ringing === null || !owned.value || session.view?.host === 'desktop' || session.settings?.notifications !== true) return null;
    const title = callerTitle(text.nameOf(ringing), text.numberOf(ringing));
    return { tag: ringing.contactId, title, body: `${t('desk.ring.incoming')} · ${text.viaOf(ringing)}` };
  });
  watch(
    () => JSON.stringify(notice.value),
    (_text, _before, onCleanup) => {
      const { value } = notice;
      if (value === null) return;
      let takeAway: Disposer = () => {};
      const callOff = afterPaint(() => (takeAway = notifyOfCall(value, () => void router.push('/'))));
      onCleanup(() => {
        callOff();
        takeAway();
      });
    },
    { immediate: true },
  );
}
