/** What the traffic screen reads from the API of roads and closures. Times are ISO UTC, null = open-ended. */
import type { Feature, MultiPolygon, Polygon } from 'geojson';
import type { Component, Profile, RoadSize, SnappedKind } from '$lib/roads/types';

export type At = readonly [lon: number, lat: number];
export type Line = readonly At[];
export type Bounds = readonly [west: number, south: number, east: number, north: number];

export type { Profile };
export type Exempt = 'emergency' | 'event';
export type Direction = 'both' | 'forward' | 'backward';

/** What every answer about roads carries. */
export interface Answer {
  /** Grows by one with every closing, change or lifting. */
  readonly version: number;
  /** No road network is imported: a stand-in between points of desa. */
  readonly estimated: boolean;
  readonly estimated_text?: string | null;
}

export interface Network extends Answer {
  readonly network: RoadSize & {
    readonly name: string;
    readonly source: string;
    readonly as_of: string | null;
    readonly bounds: Bounds;
    readonly profiles: readonly Profile[];
  };
  readonly components: readonly Component[];
  readonly snapped: readonly SnappedKind[];
  readonly warnings: readonly string[];
}

/** The road nearest to a point of the map. */
export interface RoadAt extends Answer {
  readonly segment: number;
  readonly way: number;
  readonly name: string;
  readonly highway: string;
  readonly distance_m: number;
  readonly length_m: number;
  readonly line: Line;
  readonly way_segments: readonly number[];
  readonly way_length_m: number;
  readonly way_lines: readonly Line[];
  readonly road_segments: number;
}

export interface RoadName {
  readonly name: string;
  readonly segments: number;
  readonly length_m: number;
  readonly lon: number;
  readonly lat: number;
}

export type ClosureState = 'in_force' | 'planned' | 'past' | 'lifted';
export type ClosureKind = 'way' | 'segments' | 'area' | 'flood';

export interface Closure {
  readonly id: string;
  readonly state: ClosureState;
  readonly kind: ClosureKind;
  readonly title: string;
  readonly roads: readonly string[];
  readonly length_m: number;
  readonly segments: readonly number[];
  readonly lines: readonly Line[];
  readonly area: Line | null;
  readonly begins: string | null;
  readonly ends: string | null;
  readonly profiles: readonly Profile[];
  readonly exempt: readonly Exempt[];
  readonly direction: Direction;
  readonly reason: string;
  readonly public_reason: string;
  readonly person: string;
  readonly made_at: string;
  readonly lifted: { readonly person: string; readonly reason: string; readonly at: string } | null;
  readonly lost_segments: number;
  readonly origin: { readonly plan?: string; readonly event?: string };
  readonly outdated: boolean;
}

export interface Closures extends Answer {
  readonly at: string;
  readonly closures: readonly Closure[];
}

/** What to close: exactly one of way, road, segments, area. */
export interface Wish {
  readonly way?: number;
  readonly road?: string;
  readonly segments?: readonly number[];
  readonly area?: Line;
  readonly flood?: boolean;
  readonly begins?: string | null;
  readonly ends?: string | null;
  readonly profiles?: readonly Profile[];
  readonly exempt?: readonly Exempt[];
  readonly direction?: Direction;
}

export interface CutOff {
  readonly tps: string;
  readonly name: string;
  readonly kecamatan: string;
  readonly lon: number;
  readonly lat: number;
}

export interface Effect extends Answer {
  readonly isolated: {
    readonly tps: number;
    readonly voters: number;
    readonly on_closed_road: number;
    readonly list: readonly CutOff[];
  };
  readonly slower: { readonly tps: number; readonly voters: number };
}

export interface Preview extends Effect {
  readonly title: string;
  readonly roads: readonly string[];
  readonly segments: readonly number[];
  readonly length_m: number;
  readonly lines: readonly Line[];
  readonly bounds: Bounds;
  readonly warnings: readonly string[];
}

export interface Closed extends Effect {
  readonly closure: Closure;
}

export interface Found {
  readonly kind: string;
  readonly code: string | null;
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
  readonly distance_m: number | null;
  readonly far: boolean;
}

export interface Step {
  readonly maneuver: string;
  readonly text: string;
  readonly road: string;
  readonly length_m: number;
  readonly travel_s: number;
  readonly lon: number;
  readonly lat: number;
}

export interface Way {
  readonly rank: number;
  readonly travel_s: number;
  readonly length_m: number;
  readonly roads: readonly string[];
  readonly shared_m: number;
  readonly line: Line;
  readonly steps: readonly Step[];
}

interface Trip extends Answer {
  readonly at: string;
  readonly profile: Profile;
  readonly exempt: Exempt | null;
  readonly warnings?: readonly string[];
}

export interface RouteAnswer extends Trip {
  readonly from: Found;
  readonly to: Found;
  readonly reachable: boolean;
  readonly routes: readonly Way[];
  readonly without_closures: { readonly travel_s: number; readonly length_m: number } | null;
}

export interface NearestAnswer extends Trip {
  readonly to: Found;
  readonly posts: readonly {
    readonly code: string;
    readonly name: string;
    readonly kind: string;
    readonly lon: number;
    readonly lat: number;
    readonly travel_s: number | null;
    readonly reachable: boolean;
    readonly distance_m: number | null;
  }[];
  readonly unreachable: number;
}

export interface ReachProperties {
  readonly minutes: number;
  readonly travel_s: number;
  readonly area_km2: number;
  readonly road_m: number;
  readonly tps: number;
  readonly voters: number;
}

export interface ReachAnswer extends Trip {
  readonly type: 'FeatureCollection';
  readonly from: Found;
  readonly features: readonly Feature<Polygon | MultiPolygon, ReachProperties>[];
}

export interface CriticalLink {
  readonly rank: number;
  readonly segment: number;
  readonly way: number;
  readonly road: string;
  readonly highway: string;
  readonly kind: 'bridge' | 'link';
  readonly length_m: number;
  readonly lon: number;
  readonly lat: number;
  readonly line: Line;
  readonly isolated_tps: number;
  readonly isolated_on_it: number;
  readonly isolated_voters: number;
  readonly slower_tps: number;
  readonly slower_voters: number;
  readonly most_added_s: number | null;
  readonly tps: readonly string[];
  readonly reason: string;
}

export interface CriticalAnswer extends Trip {
  readonly examined: number;
  readonly used: number;
  readonly count: number;
  readonly links: readonly CriticalLink[];
  readonly unreachable: readonly CutOff[];
  readonly unreachable_count: number;
}
