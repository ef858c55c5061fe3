import { until } from '@vueuse/core';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import type { Me } from '../contract/directory.ts';
// Every screen behind the sign-in shows states: with the first file, and not as two of their own.
import './app/AgentStateDot.vue';
import App from './app/App.vue';
import { openBridge, provideBridge, type BridgeState } from './app/bridge.ts';
import { addTexts, createTranslator, systemLanguage } from './app/i18n.ts';
import { createAppRouter } from './app/router.ts';
import { useSessionStore } from './app/stores/session.store.ts';
import { useTopicsStore } from './app/stores/topics.store.ts';
import './app/styles.css';

/** The window's composition root. */
async function main(): Promise<void> {
  let tellStore: (state: BridgeState) => void = () => {};
  let latest: BridgeState = 'connecting';
  const bridge = await openBridge((state) => {
    latest = state;
    tellStore(state);
  });

  const app = createApp(App);
  provideBridge(app, bridge);
  app.use(createPinia());
  const session = useSessionStore();
  const translator = createTranslator(systemLanguage());
  app.use(translator);
  if (window.sangdam !== undefined || import.meta.env.DEV) await addTexts(translator.global, 'desktop');
  const whoIs = async (): Promise<Me> => session.me ?? (await until(() => session.me).toBeTruthy());
  app.use(createAppRouter(whoIs, (screen) => addTexts(translator.global, screen)));

  tellStore = session.setBridgeState;
  session.setBridgeState(latest);
  session.start();
  // Vite's word for a page's code that could not be fetched. With the host away it says nothing of versions.
  window.addEventListener('vite:preloadError', () => (session.isReplaced ||= session.bridgeState === 'connected'));
  // Every screen behind the sign-in looks at something: it hears from the beginning.
  useTopicsStore();
  app.mount('#app');
}

void main();
