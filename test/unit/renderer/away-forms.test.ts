import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { firstAwayRecords } from '../../../contract/away-reasons.ts';
import { awayColors } from '../../../renderer/app/away-reasons.ts';
import { awayFormOf, awayReasonOf, awayReasonsIn, lastOrder, moved, type AwayReasonObject } from '../../../renderer/features/admin/away-forms.ts';

const reasons = firstAwayRecords.map(({ id, value }): AwayReasonObject => ({ kind: 'awayReason', id, version: 'v', value }));
const form = { name: '흡연', english: '', paid: false, longestMinutes: '5', colour: 'teal' as const };

describe('the form of a reason to be away', () => {
  it('says what was typed, and shows what is there', () => {
    const said = awayReasonOf(form, 6);
    expect(said).toEqual({ value: { name: '흡연', english: '', paid: false, longestMs: 300_000, colour: 'teal', order: 6 } });
    expect('value' in said && awayFormOf({ kind: 'awayReason', id: 'x', version: 'v', value: said.value })).toEqual(form);
  });

  it.each([
    [{ name: ' ' }, ['name']],
    [{ name: '\ud800' }, ['name']],
    [{ english: 'x'.repeat(41) }, ['english']],
    [{ longestMinutes: '0' }, ['longest']],
    [{ longestMinutes: 'soon', name: '' }, ['name', 'longest']],
  ])('names what is wrong in %j', (wrong, fields) => expect(awayReasonOf({ ...form, ...wrong }, 1)).toEqual({ wrong: fields }));

  it('moves one place, and no further than the ends', () => {
    expect(moved(reasons, 'meal', -1).map(({ id, value }) => [id, value !== null && 'order' in value && value.order])).toEqual([['meal', 1], ['break', 2]]);
    expect([moved(reasons, 'break', -1), moved(reasons, 'other', 1), moved(reasons, 'gone', 1)]).toEqual([[], [], []]);
    expect([lastOrder(reasons), awayReasonsIn(reasons.toReversed()).map(({ id }) => id)]).toEqual([6, reasons.map(({ id }) => id)]);
  });
});

/** Relative luminance of sRGB (WCAG 2.2). */
const luminance = (rgb: readonly number[]): number => {
  const [r = 0, g = 0, b = 0] = rgb.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ofHex = (hex: string): number => luminance([1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255));
/** Of a near-neutral OKLCH colour: its lightness alone. */
const ofLightness = (lightness: number): number => lightness ** 3;
const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

describe('the colours of reasons', () => {
  it.each(Object.entries(awayColors))('%s stands out from every ground, in light and in dark', async (_, [light, dark]) => {
    const css = await readFile('renderer/app/styles.css', 'utf8');
    const [day = '', night = ''] = css.split(":root[data-theme='dark']");
    const grounds = (part: string) => ['surface', 'raised', 'hover', 'accent-soft', 'away-soft'].map((name) => Number(new RegExp(`--${name}: oklch\\(([\\d.]+)`).exec(part)?.[1]));
    for (const ground of grounds(day)) expect(contrast(ofHex(light), ofLightness(ground))).toBeGreaterThan(3);
    for (const ground of grounds(night)) expect(contrast(ofHex(dark), ofLightness(ground))).toBeGreaterThan(3);
  });
});
