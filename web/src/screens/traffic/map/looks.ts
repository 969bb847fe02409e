/** How each kind of thing looks on the map: a colour and, beside it, a dash, ticks, a shape or a letter. */
import type { Colours } from '$lib/map/colours';

/** In the order of drawing: what comes later lies above. */
export const ROLES = [
  'reach', // polygons, largest first; property `step` 0, 1, 2 … from the nearest outward
  'load', // property `ratio` (flow by capacity): width and darkness
  'critical',
  'alternate',
  'before', // the way without closures
  'patrol',
  'escort-alternate',
  'escort',
  'approach-a',
  'approach-b',
  'approach-c',
  'corridor', // ambulances
  'diversion',
  'route',
  'lifted',
  'planned', // closures that are announced or proposed
  'closed', // closures in force
  'conflict',
  'far', // places far from every road
  'isolated', // TPS that are cut off
  'draft', // what is being chosen or drawn
  'mark', // places: letters A, B, a star for an event
  'post', // posts of the plan, with their rank
] as const;

export type Role = (typeof ROLES)[number];
export type Ink = 'alarm' | 'unit' | 'ink' | 'ink2' | 'ok' | 'caution' | 'khusus' | 'sangat_rawan';
export type Along = 'cross' | 'cross-open' | 'arrow' | 'dots';
export type Shape = 'circle' | 'ring' | 'square' | 'triangle' | 'diamond';

export interface Look {
  readonly ink: Ink;
  /** Pixels; a feature's own `width` goes before it. */
  readonly width: number;
  /** In widths of the line. */
  readonly dash?: readonly number[];
  /** A paper edge on both sides, so that it stands out on any ground. */
  readonly edge?: boolean;
  /** Signs set along the line. */
  readonly along?: Along;
  /** How polygons are filled. */
  readonly fill?: 'hatch' | 'dots' | 'steps';
  /** How points are drawn; a feature's `sign` (1 to 3 letters) stands inside. */
  readonly shape: Shape;
}

export const LOOKS: Readonly<Record<Role, Look>> = {
  reach: { ink: 'unit', width: 0.7, fill: 'steps', shape: 'circle' },
  load: { ink: 'sangat_rawan', width: 3, edge: true, shape: 'circle' },
  critical: { ink: 'khusus', width: 5, edge: true, shape: 'diamond' },
  alternate: { ink: 'unit', width: 3, dash: [2, 1.2], edge: true, shape: 'circle' },
  before: { ink: 'ink2', width: 3, dash: [0.6, 1.4], edge: true, shape: 'circle' },
  patrol: { ink: 'ink', width: 2.4, dash: [0.5, 1.2], edge: true, along: 'arrow', shape: 'circle' },
  'escort-alternate': { ink: 'ink', width: 2.4, dash: [3, 1.5], edge: true, shape: 'circle' },
  escort: { ink: 'ink', width: 4, edge: true, along: 'arrow', shape: 'circle' },
  'approach-a': { ink: 'unit', width: 4, edge: true, along: 'arrow', shape: 'circle' },
  'approach-b': { ink: 'sangat_rawan', width: 4, dash: [2, 0.8], edge: true, along: 'arrow', shape: 'square' },
  'approach-c': { ink: 'khusus', width: 4, dash: [0.8, 0.8], edge: true, along: 'arrow', shape: 'triangle' },
  corridor: { ink: 'ok', width: 5, dash: [4, 0.8], edge: true, along: 'dots', shape: 'square' },
  diversion: { ink: 'unit', width: 4, dash: [3, 1], edge: true, along: 'arrow', shape: 'circle' },
  route: { ink: 'unit', width: 5, edge: true, along: 'arrow', shape: 'circle' },
  lifted: { ink: 'ink2', width: 3, dash: [1, 1.5], edge: true, shape: 'circle' },
  planned: { ink: 'alarm', width: 3, dash: [2, 1.4], edge: true, along: 'cross-open', fill: 'dots', shape: 'square' },
  closed: { ink: 'alarm', width: 5, edge: true, along: 'cross', fill: 'hatch', shape: 'square' },
  conflict: { ink: 'caution', width: 6, dash: [1, 0.6], edge: true, shape: 'triangle' },
  far: { ink: 'caution', width: 2, shape: 'triangle' },
  isolated: { ink: 'alarm', width: 2, shape: 'ring' },
  draft: { ink: 'ink', width: 4, dash: [1.2, 0.8], edge: true, fill: 'hatch', shape: 'square' },
  mark: { ink: 'ink', width: 2, shape: 'circle' },
  post: { ink: 'ink', width: 2, shape: 'square' },
};

export function inkOf(ink: Ink, colours: Colours): string {
  if (ink === 'khusus' || ink === 'sangat_rawan') return colours.classes[ink];
  return colours[ink];
}

/** Fills of polygons from the nearest ring outward: each lighter than the one inside it. */
export const STEP_OPACITY: readonly number[] = [0.6, 0.36, 0.22, 0.16];

/** The same inks as custom properties, for what is drawn as SVG. */
export const INK_TOKENS: Readonly<Record<Ink, string>> = {
  alarm: '--alarm',
  unit: '--unit',
  ink: '--ink',
  ink2: '--ink-2',
  ok: '--ok',
  caution: '--caution',
  khusus: '--khusus',
  sangat_rawan: '--sangat-rawan',
};
