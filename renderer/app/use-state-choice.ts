import { computed, type ComputedRef } from 'vue';
import { useRouter } from 'vue-router';
import type { Choice } from '../../contract/agent-state.ts';
import type { ContactView } from '../../contract/contact.ts';
import { useWorkDraftsStore } from '../shared/call/work-drafts.store.ts';
import { useBridge } from './bridge.ts';
import { useSessionStore } from './stores/session.store.ts';
import { useShellStore } from './stores/shell.store.ts';
import { useCommands } from './use-commands.ts';

/** Whether a contact cannot be left yet: its group asks for a disposition, and none is chosen here or kept. */
export const lacksDisposition = ({ me, dispositionId }: Pick<ContactView, 'me' | 'dispositionId'>, draft: { dispositionId: string | null } | undefined): boolean =>
  me.state === 'afterCall' && me.dispositionRequired && (draft === undefined ? dispositionId : draft.dispositionId) === null;

export interface StateChoice {
  /** After-call work that Ready and Away do not end yet: what is missing is a disposition. */
  unfinished: ComputedRef<ContactView | null>;
  /** Chooses a state; where the center would refuse it, the cursor goes to what is missing instead. */
  choose: (choice: Choice) => Promise<void>;
}

/** Ready, Away and signing out, the same from the header, its keys and the command palette. */
export function useStateChoice(): StateChoice {
  const bridge = useBridge();
  const session = useSessionStore();
  const shell = useShellStore();
  const drafts = useWorkDraftsStore();
  const router = useRouter();
  const { run } = useCommands();

  const contact = computed(() => {
    const state = session.myState;
    return state?.name === 'AFTER_CALL' ? (session.afterCall.find(({ contactId }) => contactId === state.contactId) ?? null) : null;
  });
  const unfinished = computed(() => (contact.value !== null && lacksDisposition(contact.value, drafts.drafts.get(contact.value.contactId)) ? contact.value : null));

  return {
    unfinished,
    async choose(choice) {
      if (unfinished.value !== null && choice.kind !== 'signOut') {
        await router.push('/');
        return shell.want('disposition');
      }
      // What was chosen a moment ago is not with the center yet.
      if (contact.value?.me.dispositionRequired === true) await drafts.save(contact.value.contactId, run);
      await run(bridge.agent.setState({ choice }));
    },
  };
}
