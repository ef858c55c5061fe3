import type { Hid, HidCollection, HidDevice, HidReportItem } from '../../../../renderer/media/headset/hid.ts';

const telephony = (id: number): number => 0x0b0000 + id;
const led = (id: number): number => 0x080000 + id;
const bits = (usages: number[], more: HidReportItem = {}): HidReportItem => ({ isAbsolute: true, isArray: false, reportSize: 1, reportCount: usages.length, usages, logicalMinimum: 0, ...more });
const filler = (count: number): HidReportItem => ({ isArray: false, reportSize: 1, reportCount: count, usages: [] });

/** Report ids, mute as a key (relative), lights in a report of their own. */
export const withReportIds: HidCollection[] = [
  {
    usagePage: 0x0b,
    usage: 0x05,
    inputReports: [{ reportId: 2, items: [bits([telephony(0x20), telephony(0x97)]), bits([telephony(0x2f), telephony(0x21)], { isAbsolute: false }), filler(4)] }],
    outputReports: [{ reportId: 3, items: [bits([led(0x17), led(0x1e), led(0x09), led(0x18), led(0x20)]), filler(3)] }],
  },
];

/** No report ids, a keypad array before the buttons, mute as a switch (absolute), collections nested. */
export const nested: HidCollection[] = [
  { usagePage: 0x0c, usage: 0x01, inputReports: [{ reportId: 0, items: [bits([0x0c00e9, 0x0c00ea], { isAbsolute: false })] }] },
  {
    usagePage: 0x0b,
    usage: 0x05,
    inputReports: [],
    children: [
      {
        usagePage: 0x0b,
        usage: 0x06,
        inputReports: [{ reportId: 0, items: [{ isArray: true, isAbsolute: true, isRange: true, usageMinimum: telephony(0xb0), usageMaximum: telephony(0xbb), reportSize: 4, reportCount: 1, logicalMinimum: 1 }, filler(4), bits([telephony(0x20), telephony(0x2f), telephony(0x26)]), filler(5)] }],
        outputReports: [{ reportId: 0, items: [filler(8), bits([led(0x17), led(0x18), led(0x09)]), filler(5)] }],
      },
    ],
  },
];

/** Buttons as numbers in a slot. */
export const slots: HidCollection[] = [
  {
    usagePage: 0x0b,
    usage: 0x05,
    inputReports: [{ reportId: 9, items: [{ isArray: true, isAbsolute: true, usages: [telephony(0x20), telephony(0x21), telephony(0x26)], reportSize: 8, reportCount: 1, logicalMinimum: 1 }] }],
    outputReports: [{ reportId: 9, items: [bits([led(0x17), led(0x18)]), filler(6)] }],
  },
];

/** A volume knob: no headset. */
export const knob: HidCollection[] = [{ usagePage: 0x0c, usage: 0x01, inputReports: [{ reportId: 1, items: [bits([0x0c00e9])] }] }];

/** A headset that does as it is told and reports what a test presses. */
export class FakeHeadset extends EventTarget implements HidDevice {
  readonly productName: string;
  readonly collections: HidCollection[];
  opened = false;
  openings = 0;
  listeners = 0;
  readonly sent: { reportId: number; bytes: number[] }[] = [];
  failure: Error | null = null;

  constructor(productName: string, collections: HidCollection[]) {
    super();
    this.productName = productName;
    this.collections = collections;
  }

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.listeners++;
    super.addEventListener(...args);
  }
  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    this.listeners--;
    super.removeEventListener(...args);
  }
  open(): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    this.opened = true;
    this.openings++;
    return Promise.resolve();
  }
  close(): Promise<void> {
    this.opened = false;
    return Promise.resolve();
  }
  forget(): Promise<void> {
    return this.close();
  }
  sendReport(reportId: number, data: BufferSource): Promise<void> {
    if (!this.opened) return Promise.reject(new Error('not open'));
    this.sent.push({ reportId, bytes: [...new Uint8Array(data as ArrayBuffer)] });
    return Promise.resolve();
  }
  /** A report from the device. */
  report(reportId: number, ...bytes: number[]): void {
    this.dispatchEvent(Object.assign(new Event('inputreport'), { reportId, data: new DataView(Uint8Array.from(bytes).buffer) }));
  }
  get lights(): number[] {
    return this.sent.at(-1)?.bytes ?? [];
  }
}

export class FakeHid extends EventTarget implements Hid {
  known: HidDevice[] = [];
  chosen: HidDevice[] | Error = [];
  getDevices(): Promise<HidDevice[]> {
    return Promise.resolve(this.known);
  }
  requestDevice(): Promise<HidDevice[]> {
    return this.chosen instanceof Error ? Promise.reject(this.chosen) : Promise.resolve(this.chosen);
  }
  tell(event: 'connect' | 'disconnect', device: HidDevice): void {
    this.dispatchEvent(Object.assign(new Event(event), { device }));
  }
}
