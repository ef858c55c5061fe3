import type { HidCollection, HidReportInfo, HidReportItem } from './hid.ts';

/*
 * HID Usage Tables 1.5: page 0x0B (Telephony Device) for what is pressed, page 0x08 (LED) for what is shown. Every
 * headset for softphones has them whoever made it.
 */
export const TELEPHONY_PAGE = 0x0b;
const LED_PAGE = 0x08;

export type Button = 'hook' | 'mute' | 'flash' | 'drop';
export type Light = 'offHook' | 'ring' | 'mute' | 'hold';

const BUTTONS: Readonly<Record<number, Button>> = {
  [usage(TELEPHONY_PAGE, 0x20)]: 'hook',
  [usage(TELEPHONY_PAGE, 0x21)]: 'flash',
  [usage(TELEPHONY_PAGE, 0x26)]: 'drop',
  [usage(TELEPHONY_PAGE, 0x2f)]: 'mute',
};

const LIGHTS: Readonly<Record<number, Light>> = {
  [usage(LED_PAGE, 0x09)]: 'mute',
  [usage(LED_PAGE, 0x17)]: 'offHook',
  [usage(LED_PAGE, 0x18)]: 'ring',
  [usage(LED_PAGE, 0x20)]: 'hold',
};

/** Where a button is in the reports of a device. */
export type ButtonField = { button: Button; reportId: number; bit: number; size: number; absolute: boolean } & ({ kind: 'bit' } | { kind: 'slot'; value: number });

export interface LightField {
  light: Light;
  reportId: number;
  bit: number;
}

export interface HeadsetLayout {
  buttons: ButtonField[];
  lights: LightField[];
  /** Length in bytes of each output report with a light in it. */
  outputBytes: ReadonlyMap<number, number>;
}

function usage(page: number, id: number): number {
  return page * 0x10000 + id;
}

/** What a device's descriptor says of telephone buttons and lights; null where it has no hook switch: no headset. */
export function layoutOf(collections: readonly HidCollection[]): HeadsetLayout | null {
  const all = flat(collections);
  const buttons = all.flatMap(({ inputReports = [] }) => inputReports.flatMap(buttonsOf));
  if (!buttons.some(({ button }) => button === 'hook')) return null;
  const outputs = all.flatMap(({ outputReports = [] }) => outputReports);
  const lights = outputs.flatMap(lightsOf);
  return { buttons, lights, outputBytes: new Map(outputs.map((report) => [report.reportId ?? 0, Math.ceil(bitsOf(report.items ?? []) / 8)])) };
}

const flat = (collections: readonly HidCollection[]): HidCollection[] => collections.flatMap((collection) => [collection, ...flat(collection.children ?? [])]);

const bitsOf = (items: readonly HidReportItem[]): number => items.reduce((sum, { reportSize = 0, reportCount = 0 }) => sum + reportSize * reportCount, 0);

/** Each item with the bit at which it begins; constants that fill up bytes count as well. */
function placed(items: readonly HidReportItem[]): { item: HidReportItem; at: number }[] {
  let at = 0;
  return items.map((item) => {
    const place = { item, at };
    at += bitsOf([item]);
    return place;
  });
}

/** The usage of the n-th field, or in an array of the n-th value. The last one named goes on for all that follow. */
function usageAt({ isRange = false, usages = [], usageMinimum = 0, usageMaximum = 0 }: HidReportItem, index: number): number {
  if (isRange || usages.length === 0) return usageMinimum + index <= usageMaximum ? usageMinimum + index : 0;
  return usages[Math.min(index, usages.length - 1)] ?? 0;
}

function buttonsOf({ reportId = 0, items = [] }: HidReportInfo): ButtonField[] {
  return placed(items).flatMap(({ item, at }): ButtonField[] => {
    const { reportSize: size = 0, reportCount = 0, isArray = false, isAbsolute: absolute = true, logicalMinimum = 0 } = item;
    if (!isArray) {
      return indices(reportCount).flatMap((index): ButtonField[] => {
        const button = BUTTONS[usageAt(item, index)];
        return button === undefined ? [] : [{ kind: 'bit', button, reportId, bit: at + index * size, size, absolute }];
      });
    }
    const named = item.isRange === true ? (item.usageMaximum ?? 0) - (item.usageMinimum ?? 0) + 1 : (item.usages ?? []).length;
    return indices(Math.min(named, 0xff)).flatMap((index) => {
      const button = BUTTONS[usageAt(item, index)];
      return button === undefined ? [] : indices(reportCount).map((slot): ButtonField => ({ kind: 'slot', button, reportId, bit: at + slot * size, size, absolute, value: logicalMinimum + index }));
    });
  });
}

function lightsOf({ reportId = 0, items = [] }: HidReportInfo): LightField[] {
  return placed(items).flatMap(({ item, at }) =>
    item.isArray === true
      ? []
      : indices(item.reportCount ?? 0).flatMap((index): LightField[] => {
          const light = LIGHTS[usageAt(item, index)];
          return light === undefined ? [] : [{ light, reportId, bit: at + index * (item.reportSize ?? 0) }];
        }),
  );
}

// A descriptor comes from the device: its counts are not believed without end.
const indices = (count: number): number[] => Array.from({ length: Math.max(0, Math.min(count, 1024)) }, (_, index) => index);

/** Which buttons are on in a report; those the report does not carry are left out. */
export function readButtons(layout: HeadsetLayout, reportId: number, data: DataView): Partial<Record<Button, { on: boolean; absolute: boolean }>> {
  const pressed: Partial<Record<Button, { on: boolean; absolute: boolean }>> = {};
  for (const field of layout.buttons) {
    if (field.reportId !== reportId) continue;
    const value = bitsAt(data, field.bit, field.size);
    const on = field.kind === 'bit' ? value !== 0 : value === field.value;
    pressed[field.button] = { on: on || pressed[field.button]?.on === true, absolute: field.absolute };
  }
  return pressed;
}

/** The output reports that show these lights and no others. */
export function lightReports(layout: HeadsetLayout, on: ReadonlySet<Light>): { reportId: number; data: Uint8Array<ArrayBuffer> }[] {
  const reports = new Map<number, Uint8Array<ArrayBuffer>>();
  for (const { light, reportId, bit } of layout.lights) {
    const data = reports.get(reportId) ?? new Uint8Array(layout.outputBytes.get(reportId) ?? 0);
    reports.set(reportId, data);
    if (on.has(light) && bit >> 3 < data.length) data[bit >> 3] = (data[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return [...reports].map(([reportId, data]) => ({ reportId, data }));
}

/** Little-endian, least significant bit first (HID 1.11 §8.4). What lies beyond the report's end is 0. */
function bitsAt(data: DataView, bit: number, size: number): number {
  let value = 0;
  for (let index = 0; index < Math.min(size, 32); index++) {
    const at = bit + index;
    if (at >> 3 < data.byteLength && ((data.getUint8(at >> 3) >> (at & 7)) & 1) === 1) value += 2 ** index;
  }
  return value;
}
