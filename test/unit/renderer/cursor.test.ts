import { describe, expect, it } from 'vitest';
import { isCursorPlaced } from '../../../renderer/app/cursor.ts';

const body = { closest: () => null } as unknown as HTMLElement;
const element = (inCall: boolean) => ({ closest: (selector: string) => (inCall && selector === '[data-call]' ? {} : null) }) as unknown as Element;

describe('the cursor', () => {
  it('is the person’s wherever they have put it, as in the name of a new customer', () => expect(isCursorPlaced({ activeElement: element(false), body })).toBe(true));
  it('may be moved from nowhere, and from the buttons of a call that is over', () => {
    expect(isCursorPlaced({ activeElement: body, body })).toBe(false);
    expect(isCursorPlaced({ activeElement: null, body })).toBe(false);
    expect(isCursorPlaced({ activeElement: element(true), body })).toBe(false);
  });
});
