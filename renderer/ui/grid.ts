/** A column of a VirtualGrid. */
export interface GridColumn {
  /** Names the slot of its cells. */
  name: string;
  label: string;
  /** A track of CSS grid, such as `6rem` or `minmax(8rem, 1fr)`. */
  width: string;
  align?: 'start' | 'end';
  /** The head can be pressed to sort by it. */
  sortable?: boolean;
  /** Width of the grid in pixels from which on the column is shown; always when absent. */
  from?: number;
  /** Width of the grid in pixels from which on it is not shown. */
  until?: number;
  /** The head is read, not seen: a column of buttons. */
  hideHead?: boolean;
}

/** Alignment and spacing of a column's head and cells: what begins where another ends stands off from it. */
export const classOf = (columns: readonly GridColumn[], index: number): string => (columns[index]?.align === 'end' ? 'text-right' : columns[index - 1]?.align === 'end' ? 'pl-5' : '');

export interface Sorting {
  column: string;
  descending: boolean;
}

/** The sorting after its column's head was pressed: the other way round, or by that column upwards. */
export const pressHead = (sorting: Sorting, column: string): Sorting => ({ column, descending: sorting.column === column && !sorting.descending });

/** The index a key of the keyboard leads to from `index` in a list of `count`, or null for any other key. */
export function walk(key: string, index: number, count: number, page: number): number | null {
  const last = count - 1;
  const to: Record<string, number> = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page, Home: 0, End: last };
  const next = to[key];
  return next === undefined || last < 0 ? null : Math.max(0, Math.min(last, next));
}
