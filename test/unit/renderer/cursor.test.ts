import { describe, expect, it } from 'vitest';
import { isCursorPlaced } from '../../../renderer/app/cursor.ts';

const body = { closest: () => null } as unknown as HTMLElement;
const element = (within: string | null, id = '') => ({ id, closest: (selector: string) => (selector === within ? {} : null) }) as unknown as Element;

describe('the cursor', () => {
  it('is the person’s wherever they have put it, as in the name of a new customer', () => expect(isCursorPlaced({ activeElement: element(null), body })).toBe(true));
  it('may be moved from nowhere, and from the buttons of a call that is over', () => {
    expect(isCursorPlaced({ activeElement: body, body })).toBe(false);
    expect(isCursorPlaced({ activeElement: null, body })).toBe(false);
    expect(isCursorPlaced({ activeElement: element('[data-call]'), body })).toBe(false);
  });
  it('is nobody’s choice after the sign-in, and after a way by the rail', () => {
    expect(isCursorPlaced({ activeElement: element(null, 'main'), body })).toBe(false);
    expect(isCursorPlaced({ activeElement: element('nav'), body })).toBe(false);
  });
});
