/** What the map shows of events: places, routes, where groups gather, what is asked to be closed. */
import type { Feature } from 'geojson';
import { untrack } from 'svelte';
import { areaOf, lineOf, linesOf, overlay, pointOf } from '../data/overlay.svelte';
import type { At, Line } from '../data/types';
import type { ClosureWish } from './types';
import { t } from './words';

export interface Drawn {
  readonly id: string;
  readonly name: string;
  readonly place: At | null;
  readonly route: Line;
  readonly groups: readonly { readonly label: string; readonly gathering: At }[];
  readonly closures: readonly ClosureWish[];
}

/** Shapes of pieces of road that were picked on the map: the event keeps their numbers alone. */
const shapes = new Map<number, Line>();

export function keepShape(segment: number, line: Line): void {
  shapes.set(segment, line);
}

function wishes(closures: readonly ClosureWish[]): Feature[] {
  return closures.flatMap((one): Feature[] => {
    if (one.area) return [areaOf(one.area)];
    if (one.line) return [lineOf(one.line)];
    const known = (one.segments ?? []).map((segment) => shapes.get(segment));
    const lines = known.filter((line) => line !== undefined);
    return lines.length ? [linesOf(lines)] : [];
  });
}

/** The last word of a label: `Kelompok A` as A. */
const signOf = (label: string): string => (label.trim().split(/\s+/).at(-1) ?? '').slice(0, 3);

export function drawEvents(events: readonly Drawn[], onpress?: (id: string) => void): void {
  const places = events.flatMap(({ id, name, place }) =>
    place ? [pointOf(place, { key: id, sign: t('sign_event'), label: name })] : [],
  );
  const groups = events.flatMap((one) =>
    one.groups.map(({ label, gathering }) => pointOf(gathering, { sign: signOf(label), label })),
  );
  const routes = events.flatMap(({ id, route }) => (route.length > 1 ? [lineOf(route, { key: id })] : []));
  const closures = wishes(events.flatMap((one) => one.closures));
  untrack(() => {
    overlay.show('events-routes', routes, 'route', onpress);
    overlay.show('events-closures', closures, 'planned');
    overlay.show('events-groups', groups, 'mark');
    overlay.show('events-places', places, 'mark', onpress);
  });
}
