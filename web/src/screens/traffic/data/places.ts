/** Places that tools start from: posts, TPS, desa, or a bare point. */
import { land, tpsName } from '$lib/land/territory.svelte';
import { placed } from '../map/under';
import type { At } from './types';

export interface Spot {
  /** As the API takes it: `post:CODE`, `tps:CODE`, `desa:CODE` or `lon,lat`. */
  readonly place: string;
  readonly name: string;
  readonly at: At | null;
}

const POINT = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,2}(?:\.\d+)?)\s*$/;
const DIGITS = 5;
const MOST = 12;

/** `104.35, -4.31` as a point; null for anything else. Longitude first, as on every map file. */
export function pointIn(text: string): At | null {
  const found = POINT.exec(text);
  if (!found) return null;
  const [lon, lat] = [Number(found[1]), Number(found[2])];
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}

export function pointText([lon, lat]: At): string {
  return `${lon.toFixed(DIGITS)}, ${lat.toFixed(DIGITS)}`;
}

export function spotAt(at: At): Spot {
  return { place: `${at[0].toFixed(DIGITS)},${at[1].toFixed(DIGITS)}`, name: pointText(at), at };
}

/** What fits a search, posts before TPS before desa; each with the word for its kind. */
export function spotsFor(
  text: string,
): readonly { readonly kind: 'post' | 'tps' | 'desa' | 'point'; readonly spot: Spot }[] {
  const point = pointIn(text);
  if (point) return [{ kind: 'point', spot: spotAt(point) }];
  const wanted = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (inside: string): boolean => wanted.every((word) => inside.includes(word));
  const posts = land.now.posts
    .filter((post) => fits(`${post.code} ${post.name}`.toLowerCase()))
    .map((post) => ({
      kind: 'post' as const,
      spot: { place: `post:${post.code}`, name: post.name, at: placed(post) },
    }));
  if (!wanted.length) return posts.slice(0, MOST);
  const tps = firstOf(land.now.tps, (row) => fits(row.search)).map((row) => ({
    kind: 'tps' as const,
    spot: { place: `tps:${row.code}`, name: tpsName(row), at: placed(row) },
  }));
  const desa = firstOf(land.now.desa, (row) => fits(`${row.code} ${row.name}`.toLowerCase())).map(
    (row) => ({
      kind: 'desa' as const,
      spot: { place: `desa:${row.code}`, name: row.name, at: placed(row) },
    }),
  );
  return [...posts.slice(0, 6), ...desa.slice(0, 4), ...tps].slice(0, MOST);
}

function firstOf<T>(rows: readonly T[], fits: (row: T) => boolean): T[] {
  const found: T[] = [];
  for (const row of rows) {
    if (fits(row)) found.push(row);
    if (found.length === MOST) break;
  }
  return found;
}
