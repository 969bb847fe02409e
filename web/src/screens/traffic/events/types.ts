/** A dated event as an event file holds it, and as the server keeps it. Times are ISO UTC. */
import type { At, Direction, Exempt, Line, Profile } from '../data/types';

export const KINDS = [
  'campaign_rally',
  'kpu_office',
  'recap_site',
  'logistics_convoy',
  'voting_day',
  'other',
] as const;
export type Kind = (typeof KINDS)[number];

export const VEHICLES = ['car', 'motorcycle', 'bus', 'truck'] as const;
export type Vehicle = (typeof VEHICLES)[number];

/** A closure that an event asks for: exactly one of segments, way, road, line, area. */
export interface ClosureWish {
  readonly name?: string;
  readonly segments?: readonly number[];
  readonly way?: number;
  readonly road?: string;
  readonly line?: Line;
  readonly area?: Line;
  readonly begins?: string;
  readonly ends?: string;
  readonly profiles?: readonly Profile[];
  readonly direction?: Direction;
  readonly exempt?: readonly Exempt[];
  readonly crowd?: boolean;
  readonly reason?: string;
}

export interface Group {
  readonly label: string;
  readonly size?: number;
  readonly gathering: At;
}

export interface EventBody {
  readonly id: string;
  readonly kind: Kind;
  readonly name: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly setup_at?: string;
  readonly place?: At;
  readonly place_name?: string;
  readonly route?: Line;
  readonly crowd?: { readonly expected: number; readonly low?: number; readonly high?: number; readonly source?: string };
  readonly vehicles?: Readonly<Partial<Record<Vehicle, number>>>;
  readonly sttp?: { readonly number: string; readonly issued_on?: string };
  readonly groups?: readonly Group[];
  readonly closures?: readonly ClosureWish[];
  readonly propose_closures?: boolean;
  readonly officers_min?: number;
  readonly note?: string;
}

export interface KeptEvent extends EventBody {
  readonly state: 'active' | 'withdrawn';
  readonly person: string;
  readonly made_at: string;
}
