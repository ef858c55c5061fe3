/** Begins a file that a spreadsheet is to read as UTF-8. */
export const BOM = '\uFEFF';

/**
 * A cell as RFC 4180 has it. One that a spreadsheet would take for a formula begins with an apostrophe: whoever opens the
 * file runs nothing that somebody has typed.
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'number' ? String(value) : /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`;
