import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { csvCell, csvLine } from '../../../contract/csv.ts';

describe('a cell of a CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['a;b', '"a;b"'],
    ['say "yes"\r\nnow', '"say ""yes""\r\nnow"'],
    ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
    ['+82', "'+82"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1+1', "'＝1+1"],
    ['＋82', "'＋82"],
    ['－1', "'－1"],
    ['＠SUM(A1)', "'＠SUM(A1)"],
    ['﹦1', "'﹦1"],
    [';=1+1', '";\'=1+1"'],
    ['\tx', '"\'\tx"'],
    ['\nx', '"\'\nx"'],
    ['first\n- second', '"first\n\'- second"'],
    ['010-1234-5678', '010-1234-5678'],
    ['a@b.example', 'a@b.example'],
    ['{"a":-1,"b":"=x"}', '"{""a"":-1,""b"":""=x""}"'],
  ])('%j is %j: harmless, and as it was', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it('is a number as it is, and nothing for null', () => {
    expect([csvCell(-1), csvCell(null)]).toEqual(['-1', '']);
  });

  const hostile = ['=1', '＝1', ';=1', '\t+1', 'a;"=1', 'a;""=1"";b', '";=1', 'a\n=1', 'a\r@x', ' =1', ';  -1', '";\u3000＋1', 'x\n";=1', ',=1', '",=1', ',;=1'];
  it.each([',', ';', '\t'])('begins no formula where lists are separated by %j, whatever was typed', (delimiter) => {
    for (const typed of hostile) {
      const { data } = Papa.parse<string[]>(csvLine([1, typed, 'last', typed]), { delimiter, quoteChar: delimiter === ',' ? '"' : '\0' });
      // A spreadsheet takes off quotes and spaces that are left at the beginning of a cell.
      const begun = data.flat().map((cell) => cell.replace(/^[\s"]+/, '')).filter((cell) => /^[=+\-@＝＋－＠]/.test(cell));
      expect([typed, begun]).toEqual([typed, []]);
    }
  });
});
