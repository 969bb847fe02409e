/** A traffic plan (`sispamkota-traffic-plan/1`) as far as the screen reads it. Times are ISO UTC. */
import type { Both } from '$lib/i18n/language.svelte';
import type { At, Direction, Exempt, Line, Profile } from '../data/types';

export type PlanState = 'draft' | 'reviewed' | 'approved' | 'superseded';
export type Task = 'kawal' | 'gatur' | 'patroli';

/** A way over roads. */
export interface Way {
  readonly line: Line;
  readonly length_m: number;
  readonly travel_s: number;
  readonly roads: readonly string[];
}

export interface Node {
  readonly node: number;
  readonly lon: number;
  readonly lat: number;
  readonly name: string;
}

interface Timed {
  readonly begins: string;
  readonly ends: string;
}

export interface PlannedEvent {
  readonly id: string;
  readonly kind: string;
  readonly kind_name: Both;
  readonly name: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly setup_at: string;
  readonly assembly_at: string;
  readonly clear_at: string;
  readonly place: At;
  readonly place_name: string;
  readonly route: (Way & { readonly waypoints: Line }) | null;
  readonly crowd: {
    readonly expected: number;
    readonly low: number;
    readonly high: number;
    readonly source: string;
  } | null;
  readonly vehicles: Readonly<Record<string, number>>;
  readonly vehicles_estimated: boolean;
  readonly sttp: { readonly number: string; readonly issued_on: string | null } | null;
  readonly groups: readonly {
    readonly label: string;
    readonly size: number;
    readonly gathering: At;
  }[];
  readonly tasks: readonly Task[];
  readonly officers_min: number;
}

export interface PlannedClosure extends Timed {
  readonly id: string;
  readonly event: string;
  readonly proposed: boolean;
  readonly crowd: boolean;
  readonly name: Both;
  readonly roads: readonly string[];
  readonly length_m: number;
  readonly profiles: readonly Profile[];
  readonly exempt: readonly Exempt[];
  readonly direction: Direction;
  readonly lines: readonly Line[];
  readonly ends_nodes: readonly Node[];
  readonly reason: Both;
}

export interface Diversion {
  readonly id: string;
  readonly event: string;
  readonly closures: readonly string[];
  readonly profile: Profile;
  readonly roads: readonly string[];
  readonly line: Line;
  readonly line_before: Line;
  readonly length_m: number;
  readonly travel_before_s: number;
  readonly travel_after_s: number;
  readonly added_s: number;
  readonly flow_pcu_h: number;
  readonly from: Node;
  readonly to: Node;
  readonly decisions: readonly {
    readonly node: number;
    readonly role: 'leaves' | 'turns' | 'joins';
    readonly lon: number;
    readonly lat: number;
  }[];
  readonly reason: Both;
}

export interface Post extends Timed {
  readonly id: string;
  readonly event: string;
  readonly lon: number;
  readonly lat: number;
  readonly name: string;
  readonly task: Task;
  readonly role: 'closure_end' | 'place' | 'junction';
  readonly closure: string | null;
  readonly mandatory: boolean;
  readonly officers: number;
  readonly diverted_pcu_h: number;
  readonly conflicts: number;
  readonly rank: number;
  readonly assigned: readonly string[];
  readonly reason: Both;
}

export interface Approach extends Way, Timed {
  readonly event: string;
  readonly group: string;
  readonly size: number;
  readonly direction: 'arrival' | 'dispersal';
  readonly from: At;
  readonly to: At;
  readonly door: Node | null;
  readonly shared_m: number;
  readonly shared_with: readonly string[];
  readonly reason: Both;
}

interface Named {
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
}

export interface Corridor {
  readonly event: string;
  readonly direction: 'to_place' | 'to_hospital';
  readonly from: Named;
  readonly to: Named;
  readonly line: Line;
  readonly roads: readonly string[];
  readonly length_m: number;
  readonly travel_open_s: number | null;
  readonly travel_closed_s: number;
  readonly walk_m: number;
  readonly limit_s: number;
  readonly holds: boolean;
  readonly approximate: boolean;
  readonly reason: Both;
}

export interface Escort extends Timed {
  readonly id: string;
  readonly event: string;
  readonly vehicles: number;
  readonly officers: number;
  readonly assigned: readonly string[];
  readonly stated: boolean;
  readonly primary: Way;
  readonly alternates: readonly (Way & {
    readonly shared_m: number;
    readonly link_disjoint: boolean;
  })[];
  readonly reason: Both;
}

export interface Patrol extends Way, Timed {
  readonly id: string;
  readonly event: string;
  readonly officers: number;
  readonly assigned: readonly string[];
  readonly posts: readonly string[];
  readonly reason: Both;
}

export interface Conflict extends Timed {
  readonly kind: 'same_road_same_hour' | 'rival_groups_meet' | 'closure_blocks_route' | 'officers_short';
  readonly events: readonly string[];
  readonly roads: readonly string[];
  readonly length_m: number;
  readonly lines: readonly Line[];
  readonly detail: Both;
}

export interface Busy {
  readonly arc: number;
  readonly segment: number;
  readonly road: string;
  readonly highway: string;
  readonly lon: number;
  readonly lat: number;
  readonly flow_pcu_h: number;
  readonly capacity_pcu_h: number;
  readonly ratio: number;
  readonly line: Line;
}

export type Changed = readonly [segment: number, before: number, after: number, line: Line];

interface Bound {
  readonly added_vehicle_hours: number | null;
  readonly unroutable_pcu_h: number;
}

export interface Load extends Timed {
  readonly event: string;
  readonly period: 'arrival' | 'dispersal';
  readonly zones: number;
  readonly trips_pcu_h: number;
  readonly event_pcu_h: number;
  readonly trips_low_pcu_h: number;
  readonly trips_high_pcu_h: number;
  readonly before: { readonly vehicle_hours: number };
  readonly after: { readonly vehicle_hours: number };
  readonly low: Bound | null;
  readonly high: Bound | null;
  readonly added_vehicle_hours: number | null;
  readonly unroutable_pcu_h: number;
  readonly busiest: readonly Busy[];
  readonly changed: readonly Changed[];
}

export interface Certificate {
  readonly solver: string;
  readonly gap_target: number;
  readonly relative_gap: number;
  readonly posts_value: number;
  readonly posts_bound: number;
  readonly posts_gap: number;
  readonly elapsed_s: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly assumptions: readonly (Both | string)[];
}

export interface TrafficPlan {
  readonly plan: string;
  readonly kind: 'traffic';
  readonly made_at: string;
  readonly seed: number;
  readonly operation: string;
  readonly estimated: boolean;
  readonly sample: boolean;
  readonly network: {
    readonly source: string;
    readonly as_of: string | null;
    readonly nodes: number;
    readonly arcs: number;
  };
  readonly inputs_sha256: string;
  readonly events: readonly PlannedEvent[];
  readonly closures: readonly PlannedClosure[];
  readonly diversions: readonly Diversion[];
  readonly posts: readonly Post[];
  readonly approaches: readonly Approach[];
  readonly corridors: readonly Corridor[];
  readonly escorts: readonly Escort[];
  readonly patrols: readonly Patrol[];
  readonly conflicts: readonly Conflict[];
  readonly assignment: readonly Load[];
  readonly demand: {
    readonly method: Both;
    readonly uncertainty: Both;
    readonly sources: readonly string[];
    readonly people: number;
    readonly zones: number;
  };
  readonly officers: {
    readonly available: number;
    readonly needed: number;
    readonly assigned: number;
    readonly gap: number;
    readonly by_task: Readonly<Record<Task, number>>;
    readonly peak: { readonly at: string; readonly needed: number } | null;
  };
  readonly certificate: Certificate;
  readonly remarks: readonly (Both | string)[];
}

export interface StateEvent {
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
  readonly estimated: boolean;
  readonly sample: boolean;
  readonly closures: number;
  readonly posts: number;
  readonly conflicts: number;
  readonly officers: TrafficPlan['officers'];
  readonly valid: boolean | null;
  readonly data_newer: boolean;
  /** The steps of the version; what the plan is for stands in the plan itself. */
  readonly events: readonly StateEvent[];
}

export interface Versions {
  readonly versions: readonly Version[];
  readonly head: { readonly version: number; readonly plan: string } | null;
  readonly approved: { readonly version: number; readonly plan: string } | null;
}

export interface Violation {
  readonly rule: string;
  readonly where: string;
  readonly detail: Both | string;
}

export interface Verdict {
  readonly valid: boolean;
  readonly violations: readonly Violation[];
}
