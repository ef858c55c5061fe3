import { describe, expect, it } from 'vitest';
import { planPeople } from '../../../contract/new-people.ts';
import { decodeSheet, readSheet, toCsv } from '../../../renderer/shared/people/read-sheet.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
/** 이름,내선\r\n홍길동,1001\r\n in CP949; letters that it has beyond EUC-KR are the browsers' to know, and tested there. */
const cp949 = Uint8Array.from([0xc0, 0xcc, 0xb8, 0xa7, 0x2c, 0xb3, 0xbb, 0xbc, 0xb1, 0x0d, 0x0a, 0xc8, 0xab, 0xb1, 0xe6, 0xb5, 0xbf, 0x2c, 0x31, 0x30, 0x30, 0x31, 0x0d, 0x0a]);
const people = (text: string) => readSheet(text).map(({ person: { name, extension = '', account = '', groups } }) => [name, extension, account, ...(groups ?? [])]);

describe('a file of people', () => {
  const read = [['홍길동', '1001', '']];
  it.each<[string, Uint8Array]>([
    ['UTF-8', utf8('이름,내선\n홍길동,1001')],
    ['UTF-8 with its mark', utf8('\uFEFF이름,내선\r\n홍길동,1001\r\n')],
    ['CP949', cp949],
    ['CP949 behind the mark of UTF-8', Uint8Array.from([0xef, 0xbb, 0xbf, ...cp949])],
    ['UTF-16, as spreadsheets save it', new Uint8Array(Uint16Array.from('\uFEFF이름\t내선\n홍길동\t1001', (sign) => sign.charCodeAt(0)).buffer)],
  ])('is read from %s', (_what, bytes) => {
    expect(people(decodeSheet(bytes))).toEqual(read);
  });

  it.each([',', ';', '\t'])('is separated by %j', (sign) => {
    expect(people(`name${sign}extension${sign}group\n홍길동${sign}1001${sign}주문`)).toEqual([['홍길동', '1001', '', '주문']]);
  });

  it('has its columns in any order where the first row names them, and needs no such row', () => {
    expect(people('부서,성명,아이디\n"주문, 환불",홍길동,gildong')).toEqual([['홍길동', '', 'gildong', '주문', '환불']]);
    expect(people('홍길동\n김하나, 1001\n이두리, duri, 1002, 주문')).toEqual([['홍길동', '', ''], ['김하나', '1001', ''], ['이두리', '1002', 'duri', '주문']]);
  });

  it('keeps the numbers of its rows, whatever is empty between them', () => {
    expect(readSheet('이름\n\n홍길동\n , \n김하나').map(({ row }) => row)).toEqual([3, 5]);
    expect(readSheet('')).toEqual([]);
  });

  it('is given back so that no spreadsheet computes anything of it', () => {
    expect(toCsv([['=1+1', '@x', '＝1', '홍길동'], ['a;=1', 'b', '', '']])).toBe("\uFEFF'=1+1,'@x,'＝1,홍길동\r\n\"a;'=1\",b,,\r\n");
  });
});

describe('people of a sheet', () => {
  const office = { accounts: new Map([['Boss', 'admin']]), extensions: new Map([['1001', '상담원 1']]), groups: ['주문', '환불'] };

  it('get an extension and an account where they have none, none that is somebody’s or stands further down', () => {
    const planned = planPeople([{ name: '가' }, { name: '나', extension: '1002' }, { name: '다' }, { name: '라', account: 'agent1003' }], office);
    expect(planned.map(({ person }) => [person?.extension, person?.account])).toEqual([['1003', 'agent1003-2'], ['1002', 'agent1002'], ['1004', 'agent1004'], ['1005', 'agent1003']]);
    expect(planned.map(({ made }) => made)).toEqual([['account', 'extension'], ['account'], ['account', 'extension'], ['extension']]);
  });

  it('are what their role says in either language, and in the groups that there are, whatever the case', () => {
    const [first, second] = planPeople([{ name: '가', role: '관리자', groups: ['주문', '주문'] }, { name: '나', role: 'Admin', groups: [] }], office);
    expect(first?.person).toMatchObject({ role: 'supervisor', groups: ['주문'] });
    expect(second?.person).toMatchObject({ role: 'admin', groups: [] });
    expect(planPeople([{ name: '다' }], { ...office, groups: ['주문'] })[0]?.person?.groups).toEqual(['주문']);
  });

  it('keep a number that a spreadsheet kept as text, and a name however its letters were put together', () => {
    expect(planPeople([{ name: '홍'.normalize('NFD'), extension: '="2001"' }], office)[0]?.person).toMatchObject({ name: '홍', extension: '2001' });
  });

  it.each([
    [{ name: '' }, 'name missing '], [{ name: '=cmd()' }, 'name formula '], [{ name: '@x' }, 'name formula '], [{ name: '가', account: '-x' }, 'account formula '], [{ name: '가', extension: '12' }, 'extension invalid '],
    [{ name: '가', account: 'a b' }, 'account invalid '], [{ name: '가', account: 'BOSS' }, 'account taken admin'], [{ name: '가', extension: '1001' }, 'extension taken 상담원 1'], [{ name: '가', role: '왕' }, 'role unknown 왕'], [{ name: '가', groups: ['영업'] }, 'groups unknown 영업'],
  ])('failure: %j is refused, with the reason', (typed, told) => {
    const [planned] = planPeople([typed], office);
    expect([planned?.person, planned?.problems.map(({ field, code, other }) => `${field} ${code} ${other}`)]).toEqual([null, [told]]);
  });

  it('failure: of two rows that want the same the first has it, and the second says which that is', () => {
    const planned = planPeople([{ name: '가', account: 'x1' }, { name: '나', account: 'X1' }], office);
    expect(planned.map(({ problems }) => problems)).toEqual([[], [{ field: 'account', code: 'taken', other: 'row 1' }]]);
  });

  it('may be ten thousand', () => {
    const rows = readSheet(Array.from({ length: 10_000 }, (_, index) => `이름 ${index}`).join('\n'));
    const planned = planPeople(rows.map(({ person }) => person), office);
    expect(new Set(planned.map(({ person }) => person?.extension)).size).toBe(10_000);
    expect(planned.every(({ problems }) => problems.length === 0)).toBe(true);
  });
});
