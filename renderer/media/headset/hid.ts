/*
 * As much of WebHID as is used (https://wicg.github.io/webhid/), which TypeScript's DOM library does not have.
 */

export interface HidReportItem {
  /** Absolute: the value is the state. Relative: each 1 is one press. */
  isAbsolute?: boolean;
  /** Array: each field holds the number of a usage that is on. Otherwise each field belongs to one usage. */
  isArray?: boolean;
  isRange?: boolean;
  /** Page in the upper, usage in the lower 16 bits. */
  usages?: number[];
  usageMinimum?: number;
  usageMaximum?: number;
  /** Bits of a field, and how many of them. */
  reportSize?: number;
  reportCount?: number;
  logicalMinimum?: number;
}

export interface HidReportInfo {
  /** 0: the device has but one report and sends no id. */
  reportId?: number;
  items?: HidReportItem[];
}

export interface HidCollection {
  usagePage?: number;
  usage?: number;
  children?: HidCollection[];
  inputReports?: HidReportInfo[];
  outputReports?: HidReportInfo[];
}

export interface HidInputEvent extends Event {
  readonly data: DataView;
  readonly reportId: number;
}

export interface HidDevice extends EventTarget {
  readonly opened: boolean;
  readonly productName: string;
  readonly collections: HidCollection[];
  open(): Promise<void>;
  close(): Promise<void>;
  forget(): Promise<void>;
  sendReport(reportId: number, data: BufferSource): Promise<void>;
}

export interface HidConnectionEvent extends Event {
  readonly device: HidDevice;
}

export interface Hid extends EventTarget {
  getDevices(): Promise<HidDevice[]>;
  requestDevice(options: { filters: { usagePage?: number; usage?: number }[] }): Promise<HidDevice[]>;
}

/** The browser's WebHID; null where there is none. */
export const hidOf = (navigator: Navigator): Hid | null => (navigator as { hid?: Hid }).hid ?? null;
