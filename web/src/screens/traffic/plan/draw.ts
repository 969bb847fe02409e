/** What the map shows of a plan: the part that is looked at, what is chosen in it first. */
import type { Feature } from 'geojson';
import { untrack } from 'svelte';
import { lineOf, linesOf, overlay, pointOf } from '../data/overlay.svelte';
import type { Role } from '../map/looks';
import { atOf, desk, ofEvent, type Part } from './parts.svelte';
import type { Changed, Load, TrafficPlan } from './types';
import { t } from './words';

type Press = (key: string) => void;
/** Layers by their name and look, in one go: what is not named is taken away. */
type Layers = Partial<Record<Layer, readonly Feature[]>>;

const ROLE_OF = {
  closures: 'planned',
  diversions: 'diversion',
  before: 'before',
  posts: 'post',
  'approach-a': 'approach-a',
  'approach-b': 'approach-b',
  'approach-c': 'approach-c',
  corridors: 'corridor',
  escorts: 'escort',
  alternates: 'escort-alternate',
  patrols: 'patrol',
  conflicts: 'conflict',
  routes: 'route',
  load: 'load',
  more: 'load',
  less: 'alternate',
  places: 'mark',
} as const satisfies Record<string, Role>;
type Layer = keyof typeof ROLE_OF;

export function draw(plan: TrafficPlan, onpress: Press): void {
  const layers: Layers = { ...places(plan), ...PARTS[desk.part](plan) };
  const part = desk.part;
  untrack(() => {
    for (const layer of Object.keys(ROLE_OF) as Layer[]) {
      const press = PRESSED[layer] === part ? onpress : undefined;
      overlay.show(`plan-${layer}`, layers[layer] ?? null, ROLE_OF[layer], press);
    }
  });
}

/** Layers whose features are rows of the part of that name. */
const PRESSED: Partial<Record<Layer, Part>> = {
  closures: 'closures',
  diversions: 'diversions',
  posts: 'posts',
  'approach-a': 'approaches',
  'approach-b': 'approaches',
  'approach-c': 'approaches',
  corridors: 'corridors',
  escorts: 'escorts',
  patrols: 'patrols',
  conflicts: 'conflicts',
};

function places(plan: TrafficPlan): Layers {
  const shown = plan.events.filter((one) => !desk.event || one.id === desk.event);
  return { places: shown.map((one) => pointOf(one.place, { sign: t('sign_event'), label: one.name })) };
}

/** Only the chosen row while one is chosen. */
function chosen<T>(rows: readonly T[], key: (row: T, at: number) => string): readonly T[] {
  const found = rows.filter((row, at) => key(row, at) === desk.chosen);
  return found.length ? found : rows;
}

function closures(plan: TrafficPlan): Feature[] {
  return ofEvent(plan.closures).map((one) => linesOf(one.lines, { key: one.id }));
}

function posts(plan: TrafficPlan): Feature[] {
  return ofEvent(plan.posts).map((one) =>
    pointOf(atOf(one), {
      key: one.id,
      sign: String(one.rank),
      ...(one.id === desk.chosen ? { label: one.name } : {}),
    }),
  );
}

const drawable = (line: readonly unknown[]): boolean => line.length > 1;

const PARTS: Readonly<Record<Part, (plan: TrafficPlan) => Layers>> = {
  summary: (plan) => ({
    closures: closures(plan),
    posts: posts(plan),
    routes: plan.events.flatMap((one) =>
      one.route && (!desk.event || one.id === desk.event) ? [lineOf(one.route.line)] : [],
    ),
    conflicts: conflicts(plan),
  }),
  conflicts: (plan) => ({
    closures: closures(plan),
    conflicts: chosen(conflicts(plan), (one) => String(one.properties?.['key'])),
  }),
  closures: (plan) => ({
    closures: chosen(closures(plan), (one) => String(one.properties?.['key'])),
    posts: posts(plan),
  }),
  diversions: (plan) => {
    const rows = chosen(ofEvent(plan.diversions), (one) => one.id);
    const one = rows.length === 1 || rows[0]?.id === desk.chosen ? rows[0] : undefined;
    return {
      closures: closures(plan),
      diversions: rows.map((row) => lineOf(row.line, { key: row.id })),
      before: one && desk.chosen ? [lineOf(one.line_before)] : [],
      posts: posts(plan),
    };
  },
  posts: (plan) => ({ closures: closures(plan), posts: posts(plan) }),
  approaches: (plan) => {
    const rows = ofEvent(plan.approaches);
    const shown = chosen(rows, (row) => keyIn(plan.approaches, row));
    const drawn: Record<string, Feature[]> = { 'approach-a': [], 'approach-b': [], 'approach-c': [] };
    for (const row of shown) {
      const own = plan.events.find((one) => one.id === row.event)?.groups ?? [];
      const at = own.findIndex((one) => one.label === row.group);
      const layer = APPROACHES[Math.max(0, at) % APPROACHES.length] ?? 'approach-a';
      if (drawable(row.line)) drawn[layer]?.push(lineOf(row.line, { key: keyIn(plan.approaches, row), label: row.group }));
    }
    return { closures: closures(plan), ...drawn };
  },
  corridors: (plan) => {
    const rows = chosen(ofEvent(plan.corridors), (row) => keyIn(plan.corridors, row));
    return {
      closures: closures(plan),
      corridors: rows.flatMap((row) =>
        drawable(row.line) ? [lineOf(row.line, { key: keyIn(plan.corridors, row) })] : [],
      ),
      places: [
        ...(places(plan).places ?? []),
        ...hospitals(rows.map((row) => (row.direction === 'to_place' ? row.from : row.to))),
      ],
    };
  },
  escorts: (plan) => {
    const rows = chosen(ofEvent(plan.escorts), (one) => one.id);
    return {
      escorts: rows.map((row) => lineOf(row.primary.line, { key: row.id })),
      alternates: rows.flatMap((row) => row.alternates.map((way) => lineOf(way.line))),
      closures: closures(plan),
    };
  },
  patrols: (plan) => ({
    closures: closures(plan),
    patrols: chosen(ofEvent(plan.patrols), (one) => one.id).flatMap((row) =>
      drawable(row.line) ? [lineOf(row.line, { key: row.id })] : [],
    ),
    posts: posts(plan),
  }),
  load: (plan) => {
    const load = hourOf(plan);
    return load ? { closures: closures(plan), ...loadLayers(load) } : {};
  },
  certificate: (plan) => ({ closures: closures(plan), posts: posts(plan) }),
};

const APPROACHES = ['approach-a', 'approach-b', 'approach-c'] as const;

function conflicts(plan: TrafficPlan): Feature[] {
  return plan.conflicts.flatMap((one, at) =>
    one.lines.length && (!desk.event || one.events.includes(desk.event))
      ? [linesOf(one.lines, { key: String(at) })]
      : [],
  );
}

function hospitals(rows: readonly { readonly name: string; readonly lon: number; readonly lat: number }[]): Feature[] {
  const once = new Map(rows.map((row) => [row.name, row]));
  return [...once.values()].map((row) => pointOf(atOf(row), { sign: t('sign_hospital'), label: row.name }));
}

/** Rows without an id of their own go by their place in the plan. */
export function keyIn<T>(rows: readonly T[], row: T): string {
  return String(rows.indexOf(row));
}

/** The hour of the load that is looked at: the chosen one, or the one that suffers most. */
export function hourOf(plan: TrafficPlan): Load | null {
  const rows = ofEvent(plan.assignment);
  const chosenOne = desk.hour === null ? undefined : rows[desk.hour];
  const worse = (a: Load, b: Load): number => (b.added_vehicle_hours ?? 0) - (a.added_vehicle_hours ?? 0);
  return chosenOne ?? [...rows].sort(worse)[0] ?? null;
}

/** Widths in pixels: the square root of the flow, so that its area tells it. */
const WIDEST = 12;
function widthOf(flow: number, most: number): number {
  return Math.max(1.5, WIDEST * Math.sqrt(Math.abs(flow) / Math.max(most, 1)));
}

function loadLayers(load: Load): Layers {
  if (desk.load === 'change') {
    const most = Math.max(...load.changed.map(([, before, after]) => Math.abs(after - before)), 1);
    const drawn = (rows: readonly Changed[]): Feature[] =>
      rows.map(([segment, before, after, line]) =>
        lineOf(line, { width: widthOf(after - before, most), ratio: Math.abs(after - before) / most, key: String(segment) }),
      );
    return {
      more: drawn(load.changed.filter(([, before, after]) => after > before)),
      less: drawn(load.changed.filter(([, before, after]) => after < before)),
    };
  }
  const side = desk.load === 'before' ? 1 : 2;
  const most = Math.max(...load.changed.flatMap(([, before, after]) => [before, after]), 1);
  const known = new Set(load.changed.map(([segment]) => segment));
  const changed = load.changed.map((row) =>
    lineOf(row[3], { width: widthOf(row[side], most), ratio: row[side] / most }),
  );
  const busy = load.busiest.flatMap((one) =>
    known.has(one.segment) ? [] : [lineOf(one.line, { width: widthOf(one.flow_pcu_h, most), ratio: one.ratio })],
  );
  return { load: [...changed, ...busy] };
}
