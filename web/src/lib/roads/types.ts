/** What is told of a road network wherever it is looked at. */

export type Profile = 'car' | 'motorcycle' | 'truck' | 'foot' | 'boat';

export interface RoadSize {
  readonly nodes: number;
  readonly segments: number;
  readonly length_m: number;
  readonly classes: readonly {
    readonly highway: string;
    readonly segments: number;
    readonly length_m: number;
  }[];
}

export interface Component {
  readonly profile: Profile;
  readonly components: number;
  readonly main_share: number;
  readonly outside_m: number;
}

export interface FarPlace {
  readonly code: string;
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
  readonly distance_m: number | null;
  readonly outside: boolean;
}

export interface SnappedKind {
  readonly kind: 'tps' | 'post' | 'desa';
  readonly count: number;
  readonly far: number;
  readonly outside: number;
  readonly farthest_m: number | null;
  readonly worst: readonly FarPlace[];
}
