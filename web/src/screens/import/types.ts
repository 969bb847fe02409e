/** What the server says of an import before and after it. */
import type { Problem } from '$lib/api/errors';
import type { Component, RoadSize, SnappedKind } from '$lib/roads/types';

export interface Counted {
  readonly what: string;
  readonly count: number;
}

/** What a file of roads holds, and how the places of the workspace lie on them. */
export interface Roads extends RoadSize {
  readonly components: readonly Component[];
  readonly snapped: readonly SnappedKind[];
  /** Kept, dropped and guessed, in words. */
  readonly counted: Readonly<Record<'id' | 'en', readonly Counted[]>>;
}

export interface KindFit {
  readonly kind: string;
  readonly meaning: string;
  /** 0 to 1: how well the headers fit this kind. */
  readonly fit: number;
}

export interface MappedColumn {
  readonly known: string;
  readonly title: string;
  readonly header: string | null;
  readonly required: boolean;
}

export interface Change {
  readonly key: string;
  readonly column: string;
  readonly before: string | number | boolean | null;
  readonly after: string | number | boolean | null;
}

export interface Changes {
  readonly kind: string;
  readonly new: number;
  readonly changed: number;
  readonly same: number;
  readonly older: number;
  readonly examples: readonly Change[];
}

export interface Preview {
  readonly token: string;
  readonly kind: string;
  readonly kinds: readonly KindFit[];
  readonly file: string;
  readonly source: string | null;
  readonly as_of: string | null;
  readonly sample: boolean;
  readonly sheet: string | null;
  readonly sheets: readonly string[];
  readonly columns: readonly MappedColumn[];
  readonly headers: readonly string[];
  readonly sample_rows: readonly { readonly row: number; readonly cells: readonly (string | null)[] }[];
  readonly table_rows: number;
  readonly rows: Readonly<Record<string, number>>;
  readonly ignored: readonly string[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly problems: readonly Problem[];
  readonly problem_count: number;
  readonly changes: readonly Changes[];
  /** Null for every other kind. */
  readonly roads?: Roads | null;
  readonly acceptable: boolean;
  readonly already_imported: {
    readonly id: string;
    readonly kind: string;
    readonly imported_at: string;
  } | null;
}

export interface Report {
  readonly imports: readonly string[];
  readonly rows: Readonly<Record<string, number>>;
  readonly file: string;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

export interface ImportRow {
  readonly id: string;
  readonly kind: string;
  readonly file: string;
  readonly rows: number;
  readonly source: string;
  readonly as_of: string;
  readonly sample: boolean;
  readonly imported_at: string;
  readonly withdrawn_at: string | null;
}
