import { describe, expect, it } from 'vitest';
import { written } from '../../../server/trunk-numbers.ts';

describe('a number as a carrier wants it', () => {
  it.each([
    ['+821012345678', '01012345678', '+821012345678'],
    ['+8215880000', '15880000', '+8215880000'],
    ['+12125551234', '+12125551234', '+12125551234'],
    ['119', '119', '119'],
    ['02120', '02120', '02120'],
    ['+8250712345678', '050712345678', '+8250712345678'],
    ['1330', '1330', '1330'],
  ])('%s is %s at home and %s in E.164', (number, national, e164) => {
    expect([written.national(number), written.e164(number)]).toEqual([national, e164]);
  });
});
