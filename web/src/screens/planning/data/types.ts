/** What the planning screen reads from the API. Fields an account may not see are absent. */
import type { Both } from '$lib/i18n/language.svelte';
import type { RiskClass, Certainty, Head, PlanningSettings } from '$lib/land/types';

export type * from '$lib/land/types';
export type PlanState = 'draft' | 'reviewed' | 'approved' | 'superseded' | 'simulation';

export interface Beat {
  readonly id: string;
  readonly kecamatan: string;
  readonly anchor: string | null;
  readonly tps: readonly string[];
  readonly team: string | null;
  readonly post: string | null;
  readonly way_s: number | null;
  readonly travel_s: number | null;
  readonly load: string;
  /** Only in the answer to an edit. */
  readonly travel?: readonly { readonly tps: string; readonly travel_s: number | null }[];
}

/** A beat in the answer to an edit: its TPS carry the way from the anchor. */
export interface ChangedBeat extends Omit<Beat, 'tps' | 'travel'> {
  readonly tps: readonly { readonly tps: string; readonly travel_s: number | null }[];
}

export interface Team {
  readonly id: string;
  readonly post: string;
  readonly leader?: string;
  readonly members?: readonly string[];
  readonly transport?: readonly string[];
  readonly kecamatan?: string;
  readonly beat?: string | null;
  readonly leave_at?: string;
  readonly start?: string;
  readonly end?: string;
  readonly duty_s?: number;
}

export interface KecamatanPlan {
  readonly kecamatan: string;
  readonly tps: number;
  readonly teams: number;
  readonly objective: number;
  readonly lower_bound: number;
  readonly gap: number;
  readonly uncovered: number;
  readonly uncovered_risk: number;
}

export interface ClassCounts {
  readonly kurang_rawan: number;
  readonly rawan: number;
  readonly sangat_rawan: number;
}

export interface Certificate {
  readonly lower_bound: number;
  readonly gap: number;
  readonly solver: string;
  readonly seed: number;
  readonly effort: string;
  readonly inputs_sha256: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly assumptions: readonly (Both | string)[];
}

export interface Plan {
  readonly plan: string;
  readonly sample: boolean;
  readonly pattern: string;
  readonly settings?: { readonly rules: PlanningSettings; readonly strength?: string };
  readonly objective: number;
  readonly objective_parts: Readonly<Record<string, number>>;
  readonly lower_bound: number;
  readonly gap: number;
  readonly tps_covered: number;
  readonly tps_uncovered: ClassCounts;
  readonly teams: number;
  readonly officers: number;
  readonly linmas: number;
  readonly beats: readonly Beat[];
  readonly teams_detail: readonly Team[];
  readonly spare_teams?: readonly Team[];
  readonly padal?: readonly { readonly kecamatan: string; readonly person?: string | null }[];
  readonly uncovered: readonly { readonly tps: string; readonly kecamatan: string }[];
  readonly one_more_team?: {
    readonly kecamatan: string;
    readonly saves_s: number;
    readonly tps_covered: number;
  } | null;
  readonly degraded?: readonly (Both | string)[];
  readonly kecamatan: readonly KecamatanPlan[];
  readonly certificate?: Certificate;
  readonly state?: PlanState;
  readonly version?: number;
  /** Only in a SIMULASI. */
  readonly what_if?: { readonly kecamatan: string | null };
}

export interface PlanEvent {
  readonly at: string;
  readonly person: string;
  readonly state: PlanState;
  readonly reason: string | null;
}

export interface Version {
  readonly version: number;
  readonly plan: string;
  readonly state: PlanState;
  readonly at: string;
  readonly person: string;
  readonly reason: string | null;
  readonly base: string | null;
  readonly objective: number;
  readonly lower_bound: number;
  readonly gap: number;
  readonly teams: number;
  readonly officers: number;
  readonly tps_covered: number;
  readonly tps_uncovered: ClassCounts | number;
  readonly pattern: string;
  readonly sample: boolean;
  readonly edited: boolean;
  readonly valid: boolean | null;
  /** Data it is made from changed after it was made. */
  readonly data_newer: boolean;
  readonly events: readonly PlanEvent[];
}

export interface Versions {
  readonly versions: readonly Version[];
  readonly head: Head | null;
  readonly approved: Head | null;
}

export interface Violation {
  readonly rule: string;
  readonly where: string;
  readonly detail: Both | string;
}

export type Op =
  | { readonly op: 'move_tps'; readonly tps: string; readonly to: string | null }
  | { readonly op: 'move_team'; readonly team: string; readonly to: string | null }
  | { readonly op: 'new_beat'; readonly tps: readonly string[]; readonly team: string };

export interface EditResult {
  readonly objective: number | null;
  readonly objective_before: number;
  readonly lower_bound: number;
  readonly gap: number | null;
  readonly tps_covered: number;
  readonly tps_uncovered: ClassCounts;
  readonly teams: number;
  readonly changed_beats: readonly ChangedBeat[];
  readonly violations: readonly Violation[];
  readonly warnings: readonly (Both | string | { readonly message: Both | string })[];
  readonly valid: boolean;
}

export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly delta?: number;
}

export interface Compare {
  readonly plans: readonly [string, string];
  readonly objective: Pair;
  readonly teams: Pair;
  readonly officers: Pair;
  /** By class. */
  readonly tps_uncovered: Readonly<Record<string, Pair>>;
  readonly objective_parts?: Readonly<Record<string, Pair>>;
  readonly tps_changed: readonly {
    readonly tps: string;
    readonly kecamatan: string;
    readonly team_a: string | null;
    readonly team_b: string | null;
  }[];
  readonly teams_changed: readonly unknown[];
  readonly kecamatan: readonly {
    readonly kecamatan: string;
    readonly objective_a: number | null;
    readonly objective_b: number | null;
    readonly teams_a: number | null;
    readonly teams_b: number | null;
    readonly uncovered_a: number | null;
    readonly uncovered_b: number | null;
    readonly travel_a: number | null;
    readonly travel_b: number | null;
  }[];
  readonly settings_changed: readonly {
    readonly key: string;
    readonly a: unknown;
    readonly b: unknown;
  }[];
}

export interface Simulation {
  readonly simulation: true;
  readonly plan: Plan;
  readonly compare: Compare;
  readonly differences?: readonly (Both | string)[];
  readonly notes?: readonly (Both | string)[];
  readonly elapsed_s: number;
}

export interface Contribution {
  readonly indicator: string;
  readonly points: number;
  readonly points_max: number;
  readonly known: boolean;
  readonly reason: string;
  readonly source: string | null;
  readonly as_of: string | null;
  readonly sample: boolean;
}

export interface Override {
  readonly at?: string;
  readonly person?: string;
  readonly class?: RiskClass | null;
  readonly reason?: string;
}

export interface TpsDetail {
  readonly class?: RiskClass;
  readonly computed_class?: RiskClass;
  readonly class_low?: RiskClass;
  readonly class_high?: RiskClass;
  readonly certainty?: Certainty;
  readonly score?: number;
  readonly low?: number;
  readonly high?: number;
  readonly stability?: number;
  readonly override_by?: string | null;
  readonly override_reason?: string | null;
  readonly contributions?: readonly Contribution[];
  readonly reasons?: readonly string[];
  readonly learn_first?: readonly {
    readonly indicator: string;
    readonly points: number;
    readonly hard: boolean;
  }[];
  readonly overrides?: readonly Override[];
  readonly figures?: readonly {
    readonly subject?: string;
    readonly measure: string;
    readonly value: number;
    readonly source: string;
    readonly as_of: string;
    readonly estimated?: boolean | number;
  }[];
  readonly source?: string;
  readonly as_of?: string;
}

export interface NeedRow {
  readonly kecamatan: string;
  readonly tps: number;
  readonly teams: number;
  readonly categories: Readonly<Record<string, number>>;
  readonly required: Readonly<Record<string, number>>;
}

export interface NeedPattern {
  readonly name: string;
  readonly grouping: string;
  readonly teams: number;
  readonly required: Readonly<Record<string, number>>;
  readonly available: Readonly<Record<string, number | null>>;
  readonly gap: Readonly<Record<string, number | null>>;
  readonly kecamatan: readonly NeedRow[];
}
