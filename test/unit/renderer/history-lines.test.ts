import { describe, expect, it } from 'vitest';
import { HistoryLine } from '../../../contract/customer.ts';
import { withBelow, withTop } from '../../../renderer/features/history/history-lines.ts';

const line = (contactId: string, startedAt: number, memo = ''): HistoryLine =>
  HistoryLine.parse({ contactId, startedAt, memo, customerId: null, customerName: '', number: '', kind: 'inbound', groupId: null, groupName: '', agentId: null, agentName: '', outcome: 'answered', talkMs: 0, disposition: '' });
const ids = (lines: readonly HistoryLine[]) => lines.map(({ contactId }) => contactId).join('');

describe('the list of contacts', () => {
  const known = [line('d', 4), line('c', 3), line('b', 2), line('a', 1)];

  it('gets new contacts on top and changed ones in their places, and keeps what stands below', () => {
    const next = withTop(known, [line('e', 5), line('d', 4, 'noted'), line('c', 3)], false);
    expect(ids(next)).toBe('edcba');
    expect(next[1]?.memo).toBe('noted');
  });

  it('loses what no longer belongs', () => expect(ids(withTop(known, [line('d', 4), line('b', 2)], false))).toBe('dba'));

  it('keeps nothing below a gap', () => expect(ids(withTop(known, [line('z', 9), line('y', 8)], false))).toBe('zy'));

  it('is the newest page alone when there is no other', () => expect(ids(withTop(known, [line('d', 4)], true))).toBe('d'));

  it('goes on below without doubles, although several began at once', () => {
    expect(ids(withBelow([line('b', 2)], [line('c', 2), line('b', 2), line('a', 2), line('z', 1)]))).toBe('baz');
  });
});
