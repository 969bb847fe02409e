/** Which part of a plan is looked at, of which event, and what is chosen in it. */
import type { At, Line } from '../data/types';
import { boundsOf, overlay } from '../data/overlay.svelte';

export const PARTS = [
  'summary',
  'conflicts',
  'closures',
  'diversions',
  'posts',
  'approaches',
  'corridors',
  'escorts',
  'patrols',
  'load',
  'certificate',
] as const;
export type Part = (typeof PARTS)[number];

/** What of the load the map shows. */
export type LoadView = 'before' | 'after' | 'change';

export const desk = $state({
  part: 'summary' as Part,
  /** Id of an event; '' = all of them. */
  event: '',
  /** Key of the row that is looked at, within the part. */
  chosen: '',
  load: 'change' as LoadView,
  /** Which hour of the load, by its place in the list; null = the one that suffers most. */
  hour: null as number | null,
});

export function turnTo(part: Part): void {
  desk.part = part;
  desk.chosen = '';
}

export function reset(): void {
  desk.part = 'summary';
  desk.event = '';
  desk.chosen = '';
  desk.hour = null;
}

/** Chooses a row and looks at it on the map; chosen again, it is let go. */
export function choose(key: string, ...lines: readonly Line[]): void {
  desk.chosen = desk.chosen === key ? '' : key;
  if (desk.chosen) overlay.focus(around(boundsOf(...lines)));
}

export function look(...lines: readonly Line[]): void {
  overlay.focus(around(boundsOf(...lines)));
}

/** A point gets some land around it. */
const ROOM = 0.004;
function around(bounds: ReturnType<typeof boundsOf>): ReturnType<typeof boundsOf> {
  if (!bounds) return null;
  const [west, south, east, north] = bounds;
  const lon = Math.max(0, ROOM - (east - west) / 2);
  const lat = Math.max(0, ROOM - (north - south) / 2);
  return [west - lon, south - lat, east + lon, north + lat];
}

export const atOf = ({ lon, lat }: { readonly lon: number; readonly lat: number }): At => [lon, lat];

/** The rows of the event that is looked at, of all events where none is. */
export function ofEvent<T extends { readonly event: string }>(rows: readonly T[]): readonly T[] {
  return desk.event ? rows.filter((row) => row.event === desk.event) : rows;
}
