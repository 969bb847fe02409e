/**
 * What lies on the map of this screen, and what the map is asked to pick.
 *
 * Features may carry `key` (pressed: `onpress` hears it), `label` (written beside), `sign` (1 to 3
 * letters inside a point) and `width`. Who shows something hides it again: `$effect` with a return.
 */
import { untrack } from 'svelte';
import type { Feature, FeatureCollection } from 'geojson';
import type { Role } from '../map/looks';
import type { At, Bounds, Line, RoadAt } from './types';

export interface Overlay {
  readonly id: string;
  readonly role: Role;
  readonly data: FeatureCollection;
  readonly onpress?: ((key: string) => void) | undefined;
}

let shown = $state.raw<readonly Overlay[]>([]);
let looking = $state.raw<{ readonly bounds: Bounds } | null>(null);

export const overlay = {
  get all(): readonly Overlay[] {
    return shown;
  },
  /** Where the map was last told to look; a new object each time. */
  get looking(): { readonly bounds: Bounds } | null {
    return looking;
  },
  /** Puts a layer on the map, or changes it; `null` takes it away. */
  show(
    id: string,
    data: FeatureCollection | readonly Feature[] | null,
    role: Role,
    onpress?: (key: string) => void,
  ): void {
    const now = untrack(() => shown); // an effect that shows something must not wait for itself
    const others = now.filter((one) => one.id !== id);
    const whole = data && ('features' in data ? data : collection(data));
    if (!whole?.features.length) {
      if (others.length < now.length) shown = others;
      return;
    }
    shown = [...others, { id, role, data: whole, onpress }];
  },
  /** Takes away the layers whose id begins so. */
  hide(prefix: string): void {
    const now = untrack(() => shown);
    const left = now.filter((one) => !one.id.startsWith(prefix));
    if (left.length < now.length) shown = left;
  },
  focus(bounds: Bounds | null): void {
    if (bounds) looking = { bounds };
  },
};

export function collection(features: readonly Feature[]): FeatureCollection {
  return { type: 'FeatureCollection', features: [...features] };
}

export function pointOf(at: At, properties: Readonly<Record<string, unknown>> = {}): Feature {
  const geometry = { type: 'Point' as const, coordinates: [...at] };
  return { type: 'Feature', geometry, properties };
}

export function lineOf(line: Line, properties: Readonly<Record<string, unknown>> = {}): Feature {
  const geometry = { type: 'LineString' as const, coordinates: line.map((at) => [...at]) };
  return { type: 'Feature', geometry, properties };
}

export function linesOf(
  lines: readonly Line[],
  properties: Readonly<Record<string, unknown>> = {},
): Feature {
  const coordinates = lines.map((line) => line.map((at) => [...at]));
  return { type: 'Feature', geometry: { type: 'MultiLineString', coordinates }, properties };
}

/** A polygon of a ring, closed or not. */
export function areaOf(ring: Line, properties: Readonly<Record<string, unknown>> = {}): Feature {
  const coordinates = [[...ring, ...ring.slice(0, 1)].map((at) => [...at])];
  return { type: 'Feature', geometry: { type: 'Polygon', coordinates }, properties };
}

/** The box around points and lines; null around nothing. */
export function boundsOf(...lines: readonly Line[]): Bounds | null {
  const all = lines.flat();
  if (!all.length) return null;
  const lon = all.map(([x]) => x);
  const lat = all.map(([, y]) => y);
  return [Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)];
}

export interface Picked {
  readonly point: At;
  readonly line: Line;
  /** The corners in order; the last is not the first again. */
  readonly polygon: Line;
  readonly segment: RoadAt;
}
export type PickKind = keyof Picked;

/** Corners a drawing needs before it can be finished. */
const NEEDED: Readonly<Record<PickKind, number>> = { point: 1, segment: 1, line: 2, polygon: 3 };

interface Picking {
  readonly kind: PickKind;
  /** What the bar over the map says. */
  readonly prompt: string;
  readonly settle: (picked: Picked[PickKind] | null) => void;
}

let picking = $state.raw<Picking | null>(null);
let corners = $state.raw<Line>([]);
let problem = $state.raw<unknown>(null);
let asking = $state(false);
/** Set by the screen: what road lies at a point. */
let roadAt: (at: At) => Promise<RoadAt> = () => Promise.reject(new Error('no roads'));

export function findRoadsWith(find: (at: At) => Promise<RoadAt>): void {
  roadAt = find;
}

/** Asks for something on the map: `null` when the person gave up, or something else asks. */
export function pick<K extends PickKind>(kind: K, prompt: string): Promise<Picked[K] | null> {
  drawing.drop();
  return new Promise((resolve) => {
    corners = [];
    problem = null;
    picking = { kind, prompt, settle: resolve as Picking['settle'] };
  });
}

/** The picking in hand, for the map and its bar. */
export const drawing = {
  get kind(): PickKind | null {
    return picking?.kind ?? null;
  },
  get prompt(): string {
    return picking?.prompt ?? '';
  },
  get corners(): Line {
    return corners;
  },
  get problem(): unknown {
    return problem;
  },
  get asking(): boolean {
    return asking;
  },
  get done(): boolean {
    return picking !== null && corners.length >= NEEDED[picking.kind];
  },
  /** A press on the map, or a place given by key. */
  async press(at: At): Promise<void> {
    const now = picking;
    if (!now || asking) return;
    problem = null;
    if (now.kind === 'point') return settle(now, at);
    if (now.kind !== 'segment') {
      corners = [...corners, at];
      return;
    }
    asking = true;
    try {
      const road = await roadAt(at);
      if (picking === now) settle(now, road);
    } catch (thrown) {
      problem = thrown;
    } finally {
      asking = false;
    }
  },
  undo(): void {
    corners = corners.slice(0, -1);
  },
  finish(): void {
    if (picking && this.done && (picking.kind === 'line' || picking.kind === 'polygon')) {
      settle(picking, corners);
    }
  },
  /** The person has enough; a press that is still being looked up counts. */
  cancel(): void {
    if (!asking) this.drop();
  },
  drop(): void {
    if (picking) settle(picking, null);
  },
};

function settle(now: Picking, picked: Picked[PickKind] | null): void {
  picking = null;
  corners = [];
  problem = null;
  now.settle(picked);
}
