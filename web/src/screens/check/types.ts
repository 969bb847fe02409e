/** What the reconciliation says. */
export interface Mismatch {
  readonly what: string;
  readonly stated: number;
  readonly computed: number;
  readonly difference: number;
  readonly sources: readonly string[];
  readonly rule: string;
  readonly subject: string;
  readonly note: string | null;
}

export interface KecamatanFigure {
  readonly kecamatan: string;
  readonly name: string;
  readonly measure: string;
  readonly measure_name: string;
  readonly stage: string;
  readonly value: number;
  /** The part of the value that is an estimate. */
  readonly estimated: number | null;
  /** How many desa were added up; null for a figure stated of the kecamatan itself. */
  readonly desa: number | null;
  readonly source: string;
  readonly as_of: string;
}

export interface Check {
  readonly counts: Readonly<Record<string, number | null>>;
  readonly stage: string;
  readonly mismatches: readonly Mismatch[];
  readonly figures: readonly KecamatanFigure[];
}
