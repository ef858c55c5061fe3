import { describe, expect, it } from 'vitest';
import { ErrorCode } from '../../../contract/errors.ts';
import { errorKey, errorMessages, errorTexts } from '../../../renderer/app/errors.ts';

describe('texts of errors', () => {
  it.each(ErrorCode.options)('%s has a sentence in both languages', (code) => {
    const [english, korean] = errorTexts[code];
    expect(english).toMatch(/^[A-Z].+\.$/);
    expect(korean).toMatch(/[가-힣].+\.$/);
  });

  it('are found under the key that a screen asks for', () => {
    for (const code of ErrorCode.options) {
      const key = errorKey(code).replace('errors.', '');
      expect(errorMessages.en[key]).toBe(errorTexts[code][0]);
      expect(errorMessages.ko[key]).toBe(errorTexts[code][1]);
    }
  });
});
