import { describe, expect, it, onTestFinished } from 'vitest';
import { HeadsetButtons, type HeadsetAction } from '../../../../renderer/media/headset/index.ts';
import { layoutOf, readButtons } from '../../../../renderer/media/headset/layout.ts';
import { until } from '../../../support/until.ts';
import { FakeHeadset, FakeHid, knob, nested, slots, withReportIds } from './fake-headset.ts';

const ringing = { phase: 'ringing', muted: false, held: false } as const;
const talking = { phase: 'talking', muted: false, held: false } as const;
const idle = { phase: 'idle', muted: false, held: false } as const;

async function stage(headset: FakeHeadset) {
  const hid = new FakeHid();
  hid.known = [headset];
  const actions: HeadsetAction[] = [];
  let names: string[] = [];
  const buttons = new HeadsetButtons({ hid, onAction: (action) => actions.push(action), onChange: (now) => (names = now) });
  const stop = buttons.start();
  onTestFinished(stop);
  await until('the headset is open', () => names.length > 0);
  return { hid, buttons, actions, stop, names: () => names };
}

describe('headset buttons', () => {
  it('answer what rings and hang up what is talked in, by the hook', async () => {
    const headset = new FakeHeadset('headset', withReportIds);
    const { buttons, actions } = await stage(headset);
    buttons.show(ringing);
    headset.report(2, 0b0001);
    expect(actions).toEqual([{ do: 'answer' }]);
    buttons.show(talking);
    headset.report(2, 0b0001); // its echo of the light
    expect(actions).toHaveLength(1);
    headset.report(2, 0b0000);
    expect(actions).toEqual([{ do: 'answer' }, { do: 'hangUp' }]);
  });

  it('a call answered at the desk is hung up by the headset, even by one that does not echo the light', async () => {
    const headset = new FakeHeadset('headset', withReportIds);
    const { buttons, actions } = await stage(headset);
    buttons.show(ringing);
    buttons.show(talking);
    headset.report(2, 0b0000);
    expect(actions).toEqual([{ do: 'hangUp' }]);
  });

  it('a mute key turns it over at each press, a mute switch says where it stands', async () => {
    const key = new FakeHeadset('key', withReportIds);
    const first = await stage(key);
    first.buttons.show(talking);
    key.report(2, 0b0101);
    key.report(2, 0b0001);
    first.buttons.show({ ...talking, muted: true });
    key.report(2, 0b0101);
    expect(first.actions).toEqual([{ do: 'setMuted', muted: true }, { do: 'setMuted', muted: false }]);

    const switched = new FakeHeadset('switch', nested);
    const second = await stage(switched);
    second.buttons.show(talking);
    switched.report(0, 0, 0b011);
    second.buttons.show({ ...talking, muted: true });
    switched.report(0, 0, 0b011);
    switched.report(0, 0, 0b001);
    expect(second.actions).toEqual([{ do: 'setMuted', muted: true }, { do: 'setMuted', muted: false }]);
  });

  it('flash holds and resumes; drop rejects what rings', async () => {
    const headset = new FakeHeadset('headset', withReportIds);
    const { buttons, actions } = await stage(headset);
    buttons.show(talking);
    headset.report(2, 0b1001);
    expect(actions).toEqual([{ do: 'toggleHold' }]);
    const other = new FakeHeadset('other', nested);
    const second = await stage(other);
    second.buttons.show(ringing);
    other.report(0, 0, 0b100);
    expect(second.actions).toEqual([{ do: 'reject' }]);
  });

  it('understands buttons that are numbers in a slot', async () => {
    const headset = new FakeHeadset('slots', slots);
    const { buttons, actions } = await stage(headset);
    buttons.show(ringing);
    headset.report(9, 1);
    buttons.show(talking);
    headset.report(9, 3);
    expect(actions).toEqual([{ do: 'answer' }, { do: 'hangUp' }]);
  });

  it('show what the desk is about by their lights, each change once', async () => {
    const headset = new FakeHeadset('headset', withReportIds);
    const { buttons } = await stage(headset);
    expect(headset.lights).toEqual([0]);
    buttons.show(ringing);
    expect(headset.lights).toEqual([0b01000]);
    buttons.show(talking);
    expect(headset.lights).toEqual([0b00001]);
    buttons.show({ phase: 'talking', muted: true, held: true });
    await until('the lights', () => headset.lights[0] === 0b10101);
    const before = headset.sent.length;
    buttons.show({ phase: 'talking', muted: true, held: true });
    expect(headset.sent).toHaveLength(before);
    buttons.show(idle);
    await until('dark', () => headset.lights[0] === 0);
  });

  it('come and go, and leave nothing behind', async () => {
    const headset = new FakeHeadset('first', withReportIds);
    const { hid, names, stop, actions, buttons } = await stage(headset);
    const second = new FakeHeadset('second', nested);
    hid.tell('connect', second);
    await until('two', () => names().length === 2);
    hid.tell('disconnect', headset);
    expect(names()).toEqual(['second']);
    expect(headset.listeners).toBe(0);
    stop();
    await until('closed', () => !second.opened);
    expect(second.listeners).toBe(0);
    buttons.show(ringing);
    second.report(0, 0, 0b001);
    expect(actions).toEqual([]);
  });

  it('are chosen by the person where the browser wants that', async () => {
    const headset = new FakeHeadset('headset', withReportIds);
    const { hid, buttons } = await stage(headset);
    hid.chosen = [new FakeHeadset('chosen', nested)];
    expect(await buttons.choose()).toBe(true);
    hid.chosen = [];
    expect(await buttons.choose()).toBe(false);
  });

  describe('failure: odd devices', () => {
    it('a device without a hook is no headset', () => {
      expect(layoutOf(knob)).toBeNull();
      expect(layoutOf([])).toBeNull();
      expect(layoutOf([{ inputReports: [{ items: [{ reportSize: 1, reportCount: 1e9, usages: [0x0b002f] }] }] }])).toBeNull();
    });

    it('a report that is too short, or of another id, presses nothing', () => {
      const layout = layoutOf(withReportIds);
      if (layout === null) throw new Error('no layout');
      expect(readButtons(layout, 2, new DataView(new ArrayBuffer(0)))).toMatchObject({ hook: { on: false } });
      expect(readButtons(layout, 7, new DataView(new ArrayBuffer(8)))).toEqual({});
    });

    it('buttons do nothing while there is no call', async () => {
      const headset = new FakeHeadset('headset', withReportIds);
      const { actions } = await stage(headset);
      headset.report(2, 0b1111);
      headset.report(2, 0b0000);
      expect(actions).toEqual([]);
    });

    it('one that another program holds, and one unplugged while it is told, are let be', async () => {
      const headset = new FakeHeadset('headset', withReportIds);
      const { hid, names, buttons } = await stage(headset);
      const taken = new FakeHeadset('taken', withReportIds);
      taken.failure = new Error('in use');
      hid.tell('connect', taken);
      headset.opened = false;
      buttons.show(ringing);
      hid.chosen = new Error('no gesture');
      expect(await buttons.choose()).toBe(false);
      expect(names()).toEqual(['headset']);
    });
  });
});
