import type { Plugin } from 'vite';

const LEAK = 'return () => window.removeEventListener("visibilitychange", callback);';

/**
 * vue-sonner 2.0.9 adds a listener of the document for each toast and never takes it away: what it returns from its
 * effect is React's way to clean up, and names the wrong target. A desk that is open all day shows thousands.
 */
export const releaseToastListeners: Plugin = {
  name: 'sangdam:release-toast-listeners',
  transform: {
    filter: { id: /vue-sonner\/lib\/index\.js/ },
    handler(code) {
      if (!code.includes(LEAK)) throw new Error('vue-sonner has changed: see whether its toasts release their listeners now, and remove this plugin');
      return code.replace('watchEffect(() => {\n\t\tconst callback', 'watchEffect((onCleanup) => {\n\t\tconst callback').replace(LEAK, 'onCleanup(() => document.removeEventListener("visibilitychange", callback));');
    },
  },
};
