/** Operation and territory as the API tells them. Fields an account may not see are absent. */
import type { Both } from '$lib/i18n/language.svelte';

export type RiskClass = 'kurang_rawan' | 'rawan' | 'sangat_rawan';
/** How a TPS is drawn and listed: its class, or khusus, which is a flag beside it. */
export type Category = RiskClass | 'khusus';
export type Certainty = 'certain' | 'possible' | 'unknown';

export interface Guard {
  readonly polri: number;
  readonly tps: number;
  readonly linmas?: number;
}

export interface Pattern {
  readonly name: string;
  readonly source: string;
  readonly as_of: string;
  readonly guards: Readonly<Record<string, Guard>>;
  readonly plannable: boolean;
}

export interface Head {
  readonly version: number;
  readonly plan: string;
}

export interface Place {
  readonly code: string;
  readonly name: string;
  readonly lon: number | null;
  readonly lat: number | null;
}

export interface PlanningSettings {
  readonly beat_limit_s: number;
  readonly post_weight: number;
  readonly speed_kmh: number;
  readonly detour_factor: number;
  readonly penalty_s: number;
  readonly duty_hours: number;
  readonly mixed_classes: boolean;
  readonly grouping: string;
  readonly strength: string;
  readonly risk: Readonly<Record<string, number>>;
}

export interface Indicator {
  readonly indicator: string;
  readonly name: string;
}

export interface Operation {
  readonly name: string;
  readonly election: string;
  readonly voting_day: string | null;
  readonly sample: boolean;
  readonly sample_label: Both | string | null;
  readonly pattern: string;
  readonly patterns: readonly Pattern[];
  readonly settings?: {
    readonly planning: PlanningSettings;
    readonly vulnerability?: Readonly<Record<string, number>>;
  };
  readonly travel_assumption: Both | string;
  readonly kecamatan: readonly Place[];
  readonly revision: string;
  readonly head?: Head | null;
  readonly approved?: Head | null;
  readonly classes_visible: boolean;
  readonly catalogue?: { readonly name: string; readonly indicators?: readonly Indicator[] } | null;
}

export interface Desa extends Place {
  readonly kecamatan: string;
  readonly tps: number;
  readonly dpt: number | null;
  readonly dpt_estimated: boolean;
  readonly classes?: Readonly<Partial<Record<Category, number>>>;
  readonly top_class?: Category | null;
}

export interface TpsColumns {
  readonly code: readonly string[];
  readonly desa: readonly string[];
  readonly kecamatan: readonly string[];
  readonly number: readonly number[];
  readonly khusus: readonly boolean[];
  readonly lon: readonly (number | null)[];
  readonly lat: readonly (number | null)[];
  readonly position: readonly (string | null)[];
  readonly dpt: readonly (number | null)[];
  readonly class?: readonly RiskClass[];
  readonly certainty?: readonly Certainty[];
  readonly override?: readonly boolean[];
  readonly score?: readonly number[];
  readonly low?: readonly number[];
  readonly high?: readonly number[];
}

export interface Post extends Place {
  readonly kind: string;
  readonly kecamatan: string | null;
  readonly position: string | null;
  readonly phone: string | null;
  readonly source: string;
  readonly as_of: string;
}
