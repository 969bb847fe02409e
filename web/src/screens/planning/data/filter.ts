/** Which rows are listed, and in which order: decided in data, drawn a page at a time. */
import type { Tps } from '$lib/land/territory.svelte';
import type { Category, Certainty } from './types';

export interface Filter {
  readonly text: string;
  readonly kecamatan: string;
  readonly category: Category | '';
  readonly cover: 'open' | 'covered' | '';
  readonly certainty: Certainty | '';
  readonly override: boolean;
}

export const NO_FILTER: Filter = {
  text: '',
  kecamatan: '',
  category: '',
  cover: '',
  certainty: '',
  override: false,
};

export function isFiltered(filter: Filter): boolean {
  return Object.values(filter).some((value) => value !== '' && value !== false);
}

/** Every word of the search must occur. */
export function matches(text: string, search: string): boolean {
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => search.includes(word));
}

export function filterTps(
  rows: readonly Tps[],
  filter: Filter,
  covered: (code: string) => boolean,
): readonly Tps[] {
  if (!isFiltered(filter)) return rows;
  return rows.filter(
    (row) =>
      (!filter.kecamatan || row.kecamatan === filter.kecamatan) &&
      (!filter.category || row.category === filter.category) &&
      (!filter.certainty || row.certainty === filter.certainty) &&
      (!filter.override || row.override) &&
      (!filter.cover || covered(row.code) === (filter.cover === 'covered')) &&
      (!filter.text || matches(filter.text, row.search)),
  );
}

export interface Sort {
  readonly key: string;
  readonly down: boolean;
}

type Value = string | number | boolean | null | undefined;

/** Sorts a copy; rows without a value come last, whichever the direction. */
export function sorted<T>(rows: readonly T[], value: (row: T) => Value, down: boolean): T[] {
  const keyed = rows.map((row) => ({ row, value: value(row) }));
  const turn = down ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.value == null || b.value == null) {
      return Number(a.value == null) - Number(b.value == null);
    }
    if (a.value === b.value) return 0;
    return (a.value < b.value ? -1 : 1) * turn;
  });
  return keyed.map((one) => one.row);
}

export const CATEGORY_RANK: Readonly<Record<Category, number>> = {
  kurang_rawan: 0,
  rawan: 1,
  sangat_rawan: 2,
  khusus: 3,
};
