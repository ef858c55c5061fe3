import { describe, expect, it } from 'vitest';
import { trayModel } from '../../../../electron/main/desk/tray-model.ts';
import { viewOf } from './support.ts';

const smoke = { id: 'smoke', removed: false, value: { name: '흡연', english: 'Smoke', paid: false, longestMs: null, colour: 'teal' as const, order: 1 } };
const gone = { ...smoke, id: 'gone', removed: true, value: { ...smoke.value, name: '조회', english: '' } };

describe('the tray of a desk whose company has its own reasons', () => {
  it('offers them and no others, marks the present one, and says it in words', () => {
    const view = { ...viewOf({ state: { name: 'NOT_READY', reason: 'other', own: 'smoke' } }), setUp: { awayReason: [smoke, gone] } };
    const { tooltip, menu } = trayModel(view, 'en');
    expect(menu.flatMap((entry) => (entry.type === 'submenu' ? entry.entries : []))).toEqual([{ type: 'item', label: 'Smoke', action: { do: 'setState', choice: { kind: 'away', reason: 'other', own: 'smoke' } }, enabled: true, mark: 'radio', checked: true }]);
    expect(tooltip).toContain('Away (Smoke)');
  });

  it('tells one that was removed by its last name', () => {
    expect(trayModel({ ...viewOf({ state: { name: 'NOT_READY', reason: 'other', own: 'gone' } }), setUp: { awayReason: [smoke, gone] } }, 'en').tooltip).toContain('Away (조회)');
  });
});
