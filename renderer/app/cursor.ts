/** The call's own controls go with the call: who has pressed one is not at work in it. */
const CALL = '[data-call]';

/**
 * Whether the person has their cursor somewhere of their own choice, as in a name they type or a list they walk through:
 * then nothing takes it from there.
 */
export function isCursorPlaced(page: Pick<Document, 'activeElement' | 'body'> = document): boolean {
  const { activeElement, body } = page;
  return activeElement !== null && activeElement !== body && activeElement.closest(CALL) === null;
}
