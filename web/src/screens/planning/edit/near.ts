/** Beats in order of distance from a place: the first is the likeliest home of a stray TPS. */
import { matches } from '../data/filter';
import { kilometres, seconds } from '../data/geo';
import type { View } from '../data/ops';
import { land } from '$lib/land/territory.svelte';
import type { Beat } from '../data/types';

export interface NearBeat {
  readonly beat: Beat;
  readonly kecamatan: string;
  /** Way from the place to the beat's anchor, by the plan's assumption; null where unknown. */
  readonly seconds: number | null;
}

export interface At {
  readonly lon: number | null;
  readonly lat: number | null;
}

export function beatsNear(view: View, place: At, wanted: string): NearBeat[] {
  const settings = land.now.operation?.settings?.planning;
  const detour = settings?.detour_factor ?? 1.4;
  const speed = settings?.speed_kmh ?? 25;
  return [...view.beats.values()]
    .map((beat) => {
      const anchor = land.tps(beat.anchor ?? beat.tps[0] ?? '');
      const km = anchor ? kilometres(place, anchor) : null;
      const kecamatan = land.kecamatanName(beat.kecamatan);
      return { beat, kecamatan, seconds: seconds(km, detour, speed) };
    })
    .filter(({ beat, kecamatan }) =>
      matches(wanted.trim(), `${beat.id} ${beat.team ?? ''} ${kecamatan}`.toLowerCase()),
    )
    .sort((a, b) => (a.seconds ?? Infinity) - (b.seconds ?? Infinity));
}
