/** Columns of a plain table, and how its rows are ordered. */
import { language } from '../i18n/language.svelte';

export type Cell = string | number | boolean | null | undefined;

export interface TableColumn<T> {
  readonly key: string;
  readonly label: string;
  readonly number?: boolean;
  /** Never broken over lines: ids, dates. */
  readonly tight?: boolean;
  /** May be long: only its beginning stands in the cell until it is opened. */
  readonly long?: boolean;
  /** What the column sorts by, and shows unless `show` says otherwise. */
  readonly value: (row: T) => Cell;
  readonly show?: (row: T) => string;
}

export interface TableSort {
  readonly key: string;
  readonly down: boolean;
}

/** Rows in the order of one column; empty cells last, whichever way. */
export function ordered<T>(
  rows: readonly T[],
  value: (row: T) => Cell,
  down: boolean,
): readonly T[] {
  const words = new Intl.Collator(language(), { numeric: true });
  const empty = (cell: Cell) => cell === null || cell === undefined || cell === '';
  return [...rows].sort((one, other) => {
    const a = value(one);
    const b = value(other);
    if (empty(a) || empty(b)) return Number(empty(a)) - Number(empty(b));
    const by =
      typeof a === 'number' && typeof b === 'number' ? a - b : words.compare(String(a), String(b));
    return down ? -by : by;
  });
}

export const LONG = 60;

/** The beginning of a long text, cut between words. */
export function beginning(text: string): string {
  const cut = text.slice(0, LONG);
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space > LONG / 2 ? space : LONG)}…`;
}
