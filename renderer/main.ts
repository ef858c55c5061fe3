import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { z } from 'zod';
import App from './app/App.vue';
import { openBridge, provideBridge, type BridgeState } from './app/bridge.ts';
import { createTranslator, systemLanguage } from './app/i18n.ts';
import { createAppRouter } from './app/router.ts';
import { useSessionStore } from './app/stores/session.store.ts';
import './app/styles.css';

// zod compiles parsers with `new Function` where it may; the content security policy forbids it, so do not try.
z.config({ jitless: true });

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
  app.use(createTranslator(systemLanguage()));
  app.use(createAppRouter(() => session.me?.role ?? null));

  tellStore = session.setBridgeState;
  session.setBridgeState(latest);
  session.start();
  app.mount('#app');
}

void main();
