import { describe, expect, it } from 'vitest';
import { readSetUp } from '../../../agent/set-up-reader.ts';

const meal = { id: 'meal', removed: false, value: { name: '식사', english: 'Meal', paid: false, longestMs: null, colour: 'amber', order: 2 } };

describe('what a desk reads of the set-up', () => {
  it('is what it understands, with what a center from before a setting does not say', () => {
    expect(readSetUp({ awayReason: [meal, { id: 'x', removed: true, value: { name: '전', paid: true } }] })).toMatchObject({ awayReason: [meal, { id: 'x', removed: true, value: { longestMs: null, colour: 'amber' } }] });
  });

  it('says nothing of a kind that the center does not speak of', () => expect(readSetUp({})).toEqual({}));
});

describe('failure: a center that says more, or something else', () => {
  it('leaves out what cannot be read, and goes by the rest', () => {
    expect(readSetUp({ awayReason: [{ ...meal, id: 'new', value: { ...meal.value, colour: 'plaid' } }, meal], somethingNew: [1] })).toEqual({ awayReason: [meal] });
  });

  it.each([undefined, null, 'no', [], { awayReason: 'no' }])('%j is nothing', (told) => expect(readSetUp(told)).toEqual({}));
});
