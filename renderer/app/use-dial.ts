import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { toast } from 'vue-sonner';
import { formatNumber } from '../../contract/phone-number.ts';
import { useBridge } from './bridge.ts';
import { useSessionStore } from './stores/session.store.ts';
import { useCommands } from './use-commands.ts';

/** Click to dial, from any screen. The desk opens by itself when the call is there. `can`: whether there is a telephone to dial with. */
export function useDial(): { can: ComputedRef<boolean>; dial: (number: string) => Promise<void>; busy: ReturnType<typeof useCommands>['busy'] } {
  const bridge = useBridge();
  const { t } = useI18n();
  const { run, busy } = useCommands();
  const session = useSessionStore();
  return {
    can: computed(() => session.hasDesk),
    busy,
    async dial(number) {
      if (busy.value) return;
      const answer = await run(bridge.phone.dial({ number }));
      if (answer.ok) toast(t('app.common.calling', { number: formatNumber(number) }), { id: 'dial', duration: 2500 });
    },
  };
}
