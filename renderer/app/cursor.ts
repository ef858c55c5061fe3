/** The call's own controls go with the call: who has pressed one is not at work in it. */
const CALL = '[data-call]';
/** Who has come here by the rail has not begun anything. */
const RAIL = 'nav';

/** Where the focus is put after the sign-in, for the keyboard to go on from: nobody's choice either. */
export const MAIN_ID = 'main';

/**
 * Whether the person has their cursor somewhere of their own choice, as in a name they type or a list they walk through:
 * then nothing takes it from there.
 */
export function isCursorPlaced(page: Pick<Document, 'activeElement' | 'body'> = document): boolean {
  const { activeElement, body } = page;
  return activeElement !== null && activeElement !== body && activeElement.id !== MAIN_ID && activeElement.closest(CALL) === null && activeElement.closest(RAIL) === null;
}
