import { describe, expect, it } from 'vitest';
import type { ConfigurationObject, FlowStep } from '../../../contract/configuration.ts';
import { MediaId } from '../../../contract/media.ts';
import { announcementChange, announcementFormOf, lackingIn, replaceable, usesOf, withSound, type SoundOf } from '../../../renderer/features/admin/announcements/announcement-forms.ts';
import { isWav, wavOf } from '../../../renderer/media/wav.ts';

const sound = (language: 'ko' | 'en', n: number): SoundOf => ({ language, mediaId: MediaId.parse(`00000000-0000-4000-8000-00000000000${n}`), durationMs: 1000 * n });
const flow = (id: string, steps: FlowStep[]) => ({ kind: 'flow', id, version: 'v', value: { name: `flow ${id}`, steps } }) as ConfigurationObject;
const number = (id: string, flowId: string) => ({ kind: 'number', id, version: 'v', value: { name: `number ${id}`, flowId } }) as ConfigurationObject;
const group = (id: string) => ({ kind: 'group', id, version: 'v', value: { name: `group ${id}` } }) as ConfigurationObject;
const toGroup = (id: string): FlowStep => ({ type: 'group', groupId: id as never });

describe('who says an announcement', () => {
  const menu: FlowStep = { type: 'menu', announcement: 'menu', options: [{ digit: '1', label: 'one', steps: [{ type: 'announce', announcement: 'deep' }, toGroup('g1')] }], timeoutMs: 1, tries: 1, otherwise: [{ type: 'announce', announcement: 'at-last' }], wrongKeyAnnouncement: 'wrong-key' };
  const objects = [flow('a', [menu]), flow('b', [{ type: 'announce', announcement: 'menu' }, toGroup('g2')]), flow('c', [toGroup('g3')]), number('+8215880000', 'a'), number('+8215990000', 'c'), group('g1'), group('g2'), group('g3')];
  const namesOf = (id: string) => {
    const { flows, numbers, groups, byCenter } = usesOf(id, objects);
    return [flows.map((one) => one.id), numbers.map((one) => one.id), groups.map((one) => one.id), byCenter];
  };

  it.each([
    ['menu', [['a', 'b'], ['+8215880000'], ['g1', 'g2'], false]],
    ['wrong-key', [['a'], ['+8215880000'], ['g1'], false]],
    ['deep', [['a'], ['+8215880000'], ['g1'], false]],
    ['at-last', [['a'], ['+8215880000'], ['g1'], false]],
    ['nobody-says-it', [[], [], [], false]],
    ['closed', [[], [], [], true]],
  ])('%s, in whatever depth of a menu', (id, expected) => {
    expect(namesOf(id)).toEqual(expected);
  });

  it('what who waits hears is the switch’s, and is not offered', () => {
    expect(replaceable).not.toContain('music');
    expect(replaceable).toContain('greeting');
  });
});

describe('an announcement as it is typed', () => {
  it('takes a sound in the place of the one in its language, and keeps the order', () => {
    expect(withSound([sound('en', 1), sound('ko', 2)], sound('en', 3))).toEqual([sound('en', 3), sound('ko', 2)]);
    expect(withSound([sound('en', 1)], sound('ko', 2))).toEqual([sound('en', 1), sound('ko', 2)]);
  });

  it('says what is lacking, and is a change once nothing is', () => {
    const form = announcementFormOf(null, 'summer', '');
    expect(lackingIn(form, [])).toEqual(['name', 'sounds']);
    expect(lackingIn({ ...form, id: 'two words' }, [])).toContain('id');
    expect(lackingIn(form, ['summer'])).toContain('id');
    const whole = { ...form, name: ' 여름 ', sounds: [sound('ko', 1)] };
    expect(lackingIn(whole, [])).toEqual([]);
    expect(announcementChange(whole, null)).toEqual({ kind: 'announcement', id: 'summer', version: null, value: { name: '여름', sounds: [sound('ko', 1)] } });
  });
});

describe('a WAV file that is made here', () => {
  it('is one, of 16 bits, cut at full scale', () => {
    const file = wavOf(new Float32Array([0, 0.5, 1.5, -2]), 16_000);
    const view = new DataView(file.buffer);
    expect([isWav(file), file.length, view.getUint32(4, true), view.getUint32(24, true), view.getUint32(40, true)]).toEqual([true, 52, 44, 16_000, 8]);
    expect([44, 46, 48, 50].map((at) => view.getInt16(at, true))).toEqual([0, 16_384, 32_767, -32_767]);
  });

  it('failure: what only begins like one is none', () => {
    expect([isWav(new Uint8Array(0)), isWav(new TextEncoder().encode('RIFF0000AVI '))]).toEqual([false, false]);
  });
});
