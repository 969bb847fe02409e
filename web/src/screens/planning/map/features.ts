/** What the map draws, as GeoJSON, made from the rows that the lists show. */
import type { Feature, FeatureCollection } from 'geojson';
import type { View } from '../data/ops';
import { land, type Tps } from '$lib/land/territory.svelte';
import type { Chosen } from '../data/desk.svelte';
import type { Beat, Category } from '../data/types';
import { POST_LETTERS, tpsSign } from '$lib/map/symbols';

type Position = [number, number];

function collection(features: Feature[]): FeatureCollection {
  return { type: 'FeatureCollection', features };
}

export const NOTHING: FeatureCollection = collection([]);

function point(at: Position, properties: Record<string, unknown>): Feature {
  return { type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties };
}

function line(coordinates: Position[], properties: Record<string, unknown>): Feature {
  return { type: 'Feature', geometry: { type: 'LineString', coordinates }, properties };
}

function at(place: { lon: number | null; lat: number | null } | undefined): Position | null {
  return place?.lon != null && place.lat != null ? [place.lon, place.lat] : null;
}

const RANK = { kurang_rawan: 0, rawan: 1, sangat_rawan: 2, khusus: 3 };

export function tpsFeatures(rows: readonly Tps[], view: View | null): FeatureCollection {
  const features: Feature[] = [];
  for (const row of rows) {
    const where = at(row);
    if (!where) continue;
    const covered = view === null || view.beatOf.has(row.code);
    const sign = tpsSign(row.category, covered);
    const category = row.category ?? 'none';
    const rank = (row.category ? RANK[row.category] : 0) + (covered ? 0 : 4);
    const letter = row.category === 'khusus' ? 'K' : '';
    features.push(point(where, { code: row.code, sign, category, rank, covered, letter }));
  }
  return collection(features);
}

/** The desa, each with the gravest category of its TPS as the rows have it now. */
export function desaFeatures(): FeatureCollection {
  const top = new Map<string, Category>();
  for (const { desa, category } of land.now.tps) {
    const old = top.get(desa);
    if (category && (old === undefined || RANK[category] > RANK[old])) top.set(desa, category);
  }
  const shapes = land.now.shapes?.features ?? [];
  return collection(
    shapes.map((shape) => ({
      type: 'Feature',
      geometry: shape.geometry,
      properties: { ...shape.properties, top_class: top.get(shape.properties?.['code']) ?? '' },
    })),
  );
}

/** Police posts stand above others in the same place. */
const POST_RANK: Readonly<Record<string, number>> = { polres: 2, polsek: 1 };

export function postFeatures(): FeatureCollection {
  const features = land.now.posts.flatMap((post) => {
    const where = at(post);
    const kind = post.kind in POST_LETTERS ? post.kind : 'other';
    return where ? [point(where, { code: post.code, sign: `post-${kind}`, name: post.name, rank: POST_RANK[kind] ?? 0 })] : [];
  });
  return collection(features);
}

/** A star of lines from the anchor of each beat to its TPS. */
export function beatFeatures(view: View | null): FeatureCollection {
  return collection([...(view?.beats.values() ?? [])].flatMap(star));
}

function star(beat: Beat): Feature[] {
  const from = anchorOf(beat);
  if (!from) return [];
  return beat.tps.flatMap((code) => {
    const to = at(land.tps(code));
    return to && code !== beat.anchor ? [line([from, to], { code: beat.id })] : [];
  });
}

function anchorOf(beat: Beat): Position | null {
  return at(land.tps(beat.anchor ?? beat.tps[0] ?? ''));
}

/** Each team where it stands, and its way from its post. */
export function teamFeatures(view: View | null): FeatureCollection {
  const features = [...(view?.beats.values() ?? [])].flatMap((beat) => {
    const stand = anchorOf(beat);
    if (!beat.team || !stand) return [];
    const post = view?.teams.get(beat.team)?.post ?? beat.post ?? '';
    const from = at(land.post(post));
    const sign = point(stand, { code: beat.team, name: beat.team });
    return from ? [sign, line([from, stand], { code: beat.team })] : [sign];
  });
  return collection(features);
}

export function kecamatanLabels(): FeatureCollection {
  const features = (land.now.operation?.kecamatan ?? []).flatMap((one) => {
    const where = at(one);
    return where ? [point(where, { code: one.code, name: one.name.toUpperCase() })] : [];
  });
  return collection(features);
}

export function desaLabels(): FeatureCollection {
  const features = land.now.desa.flatMap((one) => {
    const where = at(one);
    return where ? [point(where, { code: one.code, name: one.name })] : [];
  });
  return collection(features);
}

/** The chosen thing: rings on its points, its beat and the way of its team. */
export function chosenFeatures(chosen: Chosen | null, view: View | null): FeatureCollection {
  if (!chosen) return NOTHING;
  const beat = beatOfChosen(chosen, view);
  const drawn = beat ? [...star(beat), ...way(beat, view)] : [];
  const ring = ringOf(chosen);
  if (ring) drawn.push(point(ring, { ring: true }));
  if (chosen.kind === 'beat' || chosen.kind === 'team') {
    for (const code of beat?.tps ?? []) {
      const where = at(land.tps(code));
      if (where) drawn.push(point(where, { ring: true }));
    }
  }
  return collection(drawn);
}

export function beatOfChosen(chosen: Chosen, view: View | null): Beat | undefined {
  if (!view) return undefined;
  if (chosen.kind === 'beat') return view.beats.get(chosen.code);
  const of = chosen.kind === 'team' ? view.beatOfTeam : view.beatOf;
  return view.beats.get(of.get(chosen.code) ?? '');
}

function ringOf(chosen: Chosen): Position | null {
  if (chosen.kind === 'tps') return at(land.tps(chosen.code));
  if (chosen.kind === 'post') return at(land.post(chosen.code));
  return null;
}

function way(beat: Beat, view: View | null): Feature[] {
  const to = anchorOf(beat);
  const team = beat.team ? view?.teams.get(beat.team) : undefined;
  const from = at(land.post(team?.post ?? beat.post ?? ''));
  return from && to ? [line([from, to], { way: true })] : [];
}

/** Where the map should look to show a thing: west, south, east, north. */
export function boundsOf(chosen: Chosen, view: View | null): [number, number, number, number] | null {
  const places: Position[] = [];
  const beat = chosen.kind === 'beat' || chosen.kind === 'team' ? beatOfChosen(chosen, view) : null;
  for (const code of beat?.tps ?? []) places.push(...some(at(land.tps(code))));
  if (chosen.kind === 'tps') places.push(...some(at(land.tps(chosen.code))));
  if (chosen.kind === 'post') places.push(...some(at(land.post(chosen.code))));
  if (chosen.kind === 'desa') places.push(...placesOf((row) => row.desa === chosen.code));
  if (chosen.kind === 'kecamatan') places.push(...placesOf((row) => row.kecamatan === chosen.code));
  return box(places);
}

function placesOf(wanted: (row: Tps) => boolean): Position[] {
  return land.now.tps.filter(wanted).flatMap((row) => some(at(row)));
}

function some<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}

/** The box of everything there is. */
export function wholeBounds(): [number, number, number, number] | null {
  return box([...placesOf(() => true), ...land.now.desa.flatMap((one) => some(at(one)))]);
}

function box(places: readonly Position[]): [number, number, number, number] | null {
  if (!places.length) return null;
  const lon = places.map(([x]) => x);
  const lat = places.map(([, y]) => y);
  return [Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)];
}
