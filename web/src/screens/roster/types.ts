/** The roster as the server shows it; people are opaque ids. */
export interface Named {
  readonly code: string;
  readonly name: string;
}

export type Trained = 'valid' | 'expired' | 'unknown';

export interface LastEdit {
  readonly import: string;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

export interface Person {
  readonly id: string;
  readonly agency: string;
  readonly unit: string | null;
  readonly rank: string | null;
  readonly leader: boolean;
  readonly home_post: string | null;
  readonly home_desa: string | null;
  readonly home_desa_name: string | null;
  readonly duty: string;
  /** Words joined by ';'. */
  readonly transport: string | null;
  readonly qualifications: string | null;
  readonly available: boolean;
  readonly source: string;
  readonly as_of: string;
  readonly sample: boolean;
  readonly edited: LastEdit | null;
  readonly training: Readonly<Record<string, Trained>>;
}

export interface Roster {
  readonly people: readonly Person[];
  /** Why nobody can be changed: a generated roster that nobody kept. */
  readonly generated: string | null;
  readonly editable: readonly string[];
  readonly posts: readonly Named[];
  readonly agencies: readonly Named[];
  readonly duties: readonly Named[];
  readonly transports: readonly Named[];
  readonly trainings: readonly Named[];
  readonly on: string;
}

export interface CoverageRow {
  readonly group: string;
  readonly name: string;
  readonly kind: string;
  readonly people: number;
  readonly valid: number;
  readonly expired: number;
  readonly unknown: number;
  readonly share_low: number;
  readonly share_high: number;
}

export interface Coverage {
  readonly by: string;
  readonly on: string;
  readonly trainings: readonly Named[];
  readonly rows: readonly CoverageRow[];
}

/** Name of a code in a list; the code where there is none. */
export function nameIn(list: readonly Named[], code: string | null | undefined): string {
  if (!code) return '';
  return list.find((one) => one.code === code)?.name ?? code;
}
