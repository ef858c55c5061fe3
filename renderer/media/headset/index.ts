import type { Disposer } from '../../../contract/errors.ts';
import { actionsOf, heldAfter, heldFor, lightsFor, type Held, type HeadsetAction, type HeadsetView } from './call-control.ts';
import type { Hid, HidConnectionEvent, HidDevice, HidInputEvent } from './hid.ts';
import { layoutOf, lightReports, readButtons, TELEPHONY_PAGE, type HeadsetLayout } from './layout.ts';

export { hidOf, type Hid } from './hid.ts';
export type { HeadsetAction, HeadsetView } from './call-control.ts';

interface Headset {
  device: HidDevice;
  layout: HeadsetLayout;
  held: Held;
  /** Lights as last sent, so that equal ones are not sent again. */
  shown: string;
  stop: Disposer;
}

export interface HeadsetOptions {
  hid: Hid;
  onAction: (action: HeadsetAction) => void;
  /** Headsets came or went: their names. */
  onChange: (names: string[]) => void;
}

const IDLE: HeadsetView = { phase: 'idle', muted: false, held: false };

/** Buttons and lights of the headsets that may be used here. They work while this is started. */
export class HeadsetButtons {
  private readonly options: HeadsetOptions;
  private readonly headsets = new Map<HidDevice, Headset>();
  private view: HeadsetView = IDLE;
  private stopped = true;

  constructor(options: HeadsetOptions) {
    this.options = options;
  }

  get names(): string[] {
    return [...this.headsets.values()].map(({ device }) => device.productName);
  }

  /** Opens what is there already and what comes later. */
  start(): Disposer {
    const { hid } = this.options;
    this.stopped = false;
    const came = (event: Event): void => void this.open((event as HidConnectionEvent).device);
    const went = (event: Event): void => this.drop((event as HidConnectionEvent).device);
    hid.addEventListener('connect', came);
    hid.addEventListener('disconnect', went);
    void this.openKnown();
    return () => {
      this.stopped = true;
      hid.removeEventListener('connect', came);
      hid.removeEventListener('disconnect', went);
      for (const headset of this.headsets.values()) void this.release(headset);
      this.headsets.clear();
      this.options.onChange([]);
    };
  }

  /** Lets the person choose a headset; needs their click. @returns whether one with buttons was chosen */
  async choose(): Promise<boolean> {
    const devices = await this.options.hid.requestDevice({ filters: [{ usagePage: TELEPHONY_PAGE }] }).catch(() => []);
    for (const device of devices) await this.open(device);
    return devices.some((device) => this.headsets.has(device));
  }

  /** Shows on every headset what the desk is about. */
  show(view: HeadsetView): void {
    const isAnother = view.phase !== this.view.phase || view.muted !== this.view.muted;
    this.view = view;
    for (const headset of this.headsets.values()) {
      if (isAnother) headset.held = heldFor(headset.held, view);
      void this.light(headset);
    }
  }

  private async openKnown(): Promise<void> {
    const devices = await this.options.hid.getDevices().catch(() => []);
    for (const device of devices) await this.open(device);
  }

  private async open(device: HidDevice): Promise<void> {
    const layout = layoutOf(device.collections);
    if (layout === null || this.stopped || this.headsets.has(device)) return;
    try {
      if (!device.opened) await device.open();
    } catch {
      // Another program has it for itself; its own buttons work there.
      return;
    }
    if (this.wasStopped()) return void device.close();
    const headset: Headset = { device, layout, held: heldFor({}, this.view), shown: '', stop: () => device.removeEventListener('inputreport', heard) };
    const heard = (event: Event): void => this.heard(headset, event as HidInputEvent);
    device.addEventListener('inputreport', heard);
    this.headsets.set(device, headset);
    this.options.onChange(this.names);
    await this.light(headset);
  }

  /** Asked anew after a wait, in which it may have changed. */
  private wasStopped(): boolean {
    return this.stopped;
  }

  private heard(headset: Headset, { reportId, data }: HidInputEvent): void {
    const now = readButtons(headset.layout, reportId, data);
    const actions = actionsOf(headset.held, now, this.view);
    headset.held = heldAfter(headset.held, now);
    for (const action of actions) this.options.onAction(action);
  }

  private async light(headset: Headset): Promise<void> {
    const reports = lightReports(headset.layout, lightsFor(this.view));
    const shown = reports.map(({ reportId, data }) => `${reportId}:${data.join()}`).join(' ');
    if (shown === headset.shown) return;
    headset.shown = shown;
    try {
      for (const { reportId, data } of reports) await headset.device.sendReport(reportId, data);
    } catch {
      // It was unplugged in this moment; `disconnect` follows.
    }
  }

  private drop(device: HidDevice): void {
    this.headsets.get(device)?.stop();
    if (this.headsets.delete(device)) this.options.onChange(this.names);
  }

  private async release(headset: Headset): Promise<void> {
    headset.stop();
    for (const { reportId, data } of lightReports(headset.layout, new Set())) await headset.device.sendReport(reportId, data).catch(() => {});
    await headset.device.close().catch(() => {});
  }
}
