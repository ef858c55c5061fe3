/** Begins a file that a spreadsheet is to read as UTF-8. */
export const BOM = '\uFEFF';

/**
 * Where a spreadsheet would begin to compute: at a sign of a formula, as wide as East Asian keyboards write it or in small
 * form, too, at the beginning of the cell or of what becomes one. Where the separator of lists is another than ours (a
 * semicolon, a tab), quotes within a line are characters like others, and a line of a cell is a line of the file.
 */
const FORMULA = /(^|[;\t\r\n])([[\s"]--[\t\r\n]]*)(?=[=+\-@＝＋－＠﹦﹢﹣﹫])/gv;

/**
 * A cell as RFC 4180 has it. What a spreadsheet would take for a formula begins with an apostrophe: whoever opens the file
 * runs nothing that somebody has typed, whichever separator their system has.
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = value.replaceAll(FORMULA, "$1$2'").replace(/^[\t\r\n]/, "'$&");
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`;
