/** What the person looks at: the chosen thing, layers, filter, panel, list. */
import { go, route, to } from '$lib/state/router.svelte';
import { NO_FILTER, type Filter } from './filter';

export type Kind = 'tps' | 'desa' | 'kecamatan' | 'beat' | 'team' | 'post';
export interface Chosen {
  readonly kind: Kind;
  readonly code: string;
}

export type Panel = 'details' | 'versions' | 'whatif' | 'make' | 'edits';
export type Tab = 'map' | 'list' | 'panel';
export type ListId = 'tps' | 'desa' | 'kecamatan' | 'beat' | 'team' | 'post';
export type LayerId = 'classes' | 'tps' | 'posts' | 'beats' | 'teams' | 'base' | 'labels';

const KINDS: readonly string[] = ['tps', 'desa', 'kecamatan', 'beat', 'team', 'post'];

export const desk = $state({
  panel: 'details' as Panel,
  /** On a phone one of three shows at a time. */
  tab: 'map' as Tab,
  list: 'tps' as ListId,
  left: true,
  table: true,
  filter: NO_FILTER as Filter,
  /** A click on the map answers the form that asked for a beat. */
  picking: null as ((beat: string) => void) | null,
  layers: {
    classes: true,
    tps: true,
    posts: true,
    beats: false,
    teams: false,
    base: true,
    labels: true,
  } as Record<LayerId, boolean>,
});

const chosenNow = $derived.by((): Chosen | null => {
  const [kind, code] = route().rest;
  return kind && code && KINDS.includes(kind) ? { kind: kind as Kind, code } : null;
});

export function chosen(): Chosen | null {
  return chosenNow;
}

/** Shows one thing in the panel and on the map. */
export function choose(kind: Kind, code: string, replace = false): void {
  desk.panel = 'details';
  go(to('plan', kind, code), replace);
}

export function chooseNothing(): void {
  desk.panel = 'details';
  go(to('plan'));
}

export function setFilter(change: Partial<Filter>): void {
  desk.filter = { ...desk.filter, ...change };
}
