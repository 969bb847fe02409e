/** What the traffic map shows of the land: borders, TPS, posts, names. */
import type { Feature, FeatureCollection } from 'geojson';
import { land } from '$lib/land/territory.svelte';
import { POST_LETTERS } from '$lib/map/symbols';
import { boundsOf, collection, pointOf } from '../data/overlay.svelte';
import type { At, Bounds } from '../data/types';

interface Somewhere {
  readonly lon: number | null;
  readonly lat: number | null;
}

export function placed({ lon, lat }: Somewhere): At | null {
  return lon != null && lat != null ? [lon, lat] : null;
}

function points<T extends Somewhere>(
  rows: readonly T[],
  properties: (row: T) => Readonly<Record<string, unknown>>,
): FeatureCollection {
  const features = rows.flatMap((row): Feature[] => {
    const at = placed(row);
    return at ? [pointOf(at, properties(row))] : [];
  });
  return collection(features);
}

export function shapes(): FeatureCollection {
  return land.now.shapes ?? collection([]);
}

export function tpsPoints(): FeatureCollection {
  return points(land.now.tps, ({ code }) => ({ code }));
}

export function postPoints(): FeatureCollection {
  return points(land.now.posts, ({ code, kind, name }) => ({
    code,
    name,
    sign: `post-${kind in POST_LETTERS ? kind : 'other'}`,
  }));
}

export function kecamatanNames(): FeatureCollection {
  return points(land.now.operation?.kecamatan ?? [], ({ name }) => ({ name: name.toUpperCase() }));
}

export function desaNames(): FeatureCollection {
  return points(land.now.desa, ({ name }) => ({ name }));
}

/** The box of all desa and TPS. */
export function wholeBounds(): Bounds | null {
  const rows: readonly Somewhere[] = [...land.now.desa, ...land.now.tps];
  return boundsOf(
    rows.flatMap((row) => {
      const at = placed(row);
      return at ? [at] : [];
    }),
  );
}
