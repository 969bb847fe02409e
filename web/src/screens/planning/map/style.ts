/** The style of the map: paper-toned, opaque classes under water, roads and borders. */
import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  StyleSpecification,
} from 'maplibre-gl';
import type { LayerId } from '../data/desk.svelte';
import { baseLayers, baseSource, FONT, type BaseLayer } from '$lib/map/base';
import type { Colours } from '$lib/map/colours';
import { NOTHING } from './features';

/** From this zoom on a TPS is drawn as its shape, before as a dot. */
export const SHAPES_FROM = 11;

/** Which layers of the style belong to a switch on the screen. */
export const SWITCHED: Readonly<Record<LayerId, readonly string[]>> = {
  classes: ['desa-fill'],
  tps: ['tps-dot', 'tps-sign', 'tps-letter'],
  posts: ['post-sign', 'post-name'],
  beats: ['beat-line'],
  teams: ['team-way', 'team-sign'],
  base: [],
  labels: ['kecamatan-name', 'desa-name'],
};

export const SOURCES = ['desa', 'tps', 'posts', 'beats', 'teams', 'kecamatan-at', 'desa-at', 'chosen'];
/** Layers that answer a click, the nearest to the eye first. */
export const CLICKED = ['tps-sign', 'tps-dot', 'post-sign', 'team-sign', 'desa-fill'];

export function styleOf(colours: Colours, base: readonly BaseLayer[]): StyleSpecification {
  const sources: StyleSpecification['sources'] = Object.fromEntries(
    SOURCES.map((id) => [id, { type: 'geojson', data: NOTHING }]),
  );
  if (base.length) {
    sources['base'] = baseSource();
  }
  return {
    version: 8,
    sources,
    layers: [
      { id: 'land', type: 'background', paint: { 'background-color': colours.land } },
      desaFill(colours),
      ...baseLayers(base, colours),
      ...lines(colours),
      ...signs(colours),
      ...labels(colours),
    ],
  };
}

function byClass(colours: Colours, property: string): ExpressionSpecification {
  const pairs = Object.entries(colours.classes).flat();
  return ['match', ['get', property], ...pairs, colours.land] as unknown as ExpressionSpecification;
}

function desaFill(colours: Colours): LayerSpecification {
  return {
    id: 'desa-fill',
    type: 'fill',
    source: 'desa',
    paint: { 'fill-color': byClass(colours, 'top_class'), 'fill-antialias': false },
  };
}

function lines(colours: Colours): LayerSpecification[] {
  return [
    {
      id: 'desa-border',
      type: 'line',
      source: 'desa',
      paint: {
        'line-color': colours.border,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.4, 13, 1.2],
      },
    },
    {
      id: 'beat-line',
      type: 'line',
      source: 'beats',
      paint: { 'line-color': colours.ink, 'line-width': 1 },
    },
    {
      id: 'team-way',
      type: 'line',
      source: 'teams',
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: { 'line-color': colours.unit, 'line-width': 0.8, 'line-dasharray': [4, 3] },
    },
    {
      id: 'chosen-area',
      type: 'line',
      source: 'desa',
      filter: ['==', ['get', 'code'], ''],
      paint: { 'line-color': colours.ink, 'line-width': 3 },
    },
    {
      id: 'chosen-line',
      type: 'line',
      source: 'chosen',
      filter: ['all', ['==', ['geometry-type'], 'LineString'], ['!', ['has', 'way']]],
      paint: { 'line-color': colours.unit, 'line-width': 2.4 },
    },
    {
      id: 'chosen-way',
      type: 'line',
      source: 'chosen',
      filter: ['has', 'way'],
      paint: { 'line-color': colours.unit, 'line-width': 2, 'line-dasharray': [3, 2] },
    },
  ];
}

const EVERY_RANK: FilterSpecification = ['>=', ['get', 'rank'], 1];

function signs(colours: Colours): LayerSpecification[] {
  return [
    {
      id: 'tps-dot',
      type: 'circle',
      source: 'tps',
      maxzoom: SHAPES_FROM,
      filter: EVERY_RANK,
      layout: { 'circle-sort-key': ['get', 'rank'] },
      paint: {
        'circle-color': ['case', ['get', 'covered'], byClass(colours, 'category'), colours.alarm],
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 8, 2, 11, 4],
        'circle-stroke-color': colours.ink,
        'circle-stroke-width': 0.8,
      },
    },
    {
      id: 'tps-sign',
      type: 'symbol',
      source: 'tps',
      minzoom: SHAPES_FROM,
      layout: {
        'icon-image': ['get', 'sign'],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 11, 0.6, 14, 1],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'symbol-sort-key': ['get', 'rank'],
      },
    },
    {
      id: 'tps-letter',
      type: 'symbol',
      source: 'tps',
      minzoom: SHAPES_FROM,
      filter: ['!=', ['get', 'letter'], ''],
      layout: {
        'text-field': ['get', 'letter'],
        'text-font': FONT,
        'text-size': 12,
        'text-offset': [1.1, -0.6],
        'text-allow-overlap': true,
      },
      paint: halo(colours),
    },
    {
      id: 'team-sign',
      type: 'symbol',
      source: 'teams',
      filter: ['==', ['geometry-type'], 'Point'],
      layout: {
        'icon-image': 'team',
        'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.6, 13, 1],
        'icon-offset': [0, -14],
        'icon-allow-overlap': true,
      },
    },
    {
      id: 'post-sign',
      type: 'symbol',
      source: 'posts',
      layout: {
        'icon-image': ['get', 'sign'],
        'symbol-sort-key': ['get', 'rank'],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.75, 12, 1],
        'icon-allow-overlap': true,
      },
    },
    {
      id: 'chosen-ring',
      type: 'circle',
      source: 'chosen',
      filter: ['has', 'ring'],
      paint: {
        'circle-opacity': 0,
        'circle-radius': 12,
        'circle-stroke-color': colours.unit,
        'circle-stroke-width': 3,
      },
    },
  ];
}

function halo(colours: Colours): { 'text-color': string; 'text-halo-color': string; 'text-halo-width': number } {
  return { 'text-color': colours.ink, 'text-halo-color': colours.panel, 'text-halo-width': 1.5 };
}

function labels(colours: Colours): LayerSpecification[] {
  return [
    {
      id: 'desa-name',
      type: 'symbol',
      source: 'desa-at',
      minzoom: 10.5,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': 11,
        'text-padding': 6,
      },
      paint: { ...halo(colours), 'text-color': colours.ink2 },
    },
    {
      id: 'post-name',
      type: 'symbol',
      source: 'posts',
      minzoom: 11,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': 11,
        'text-anchor': 'top',
        'text-offset': [0, 1],
      },
      paint: halo(colours),
    },
    {
      id: 'kecamatan-name',
      type: 'symbol',
      source: 'kecamatan-at',
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': ['interpolate', ['linear'], ['zoom'], 8, 10, 12, 14],
        'text-letter-spacing': 0.08,
        'text-max-width': 7,
        'text-anchor': 'bottom',
        'text-offset': [0, -0.9],
      },
      paint: halo(colours),
    },
  ];
}
