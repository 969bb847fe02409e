/** The style of the traffic map: roads by class under what is closed, planned and asked for. */
import type {
  ExpressionSpecification,
  LayerSpecification,
  StyleSpecification,
} from 'maplibre-gl';
import { baseLayers, baseSource, FONT, type BaseLayer } from '$lib/map/base';
import type { Colours } from '$lib/map/colours';
import { inkOf, LOOKS, STEP_OPACITY, type Look, type Role } from './looks';

const NOTHING = { type: 'FeatureCollection' as const, features: [] };
export const SOURCES = ['desa', 'tps', 'posts', 'kecamatan-at', 'desa-at'] as const;
export type Source = (typeof SOURCES)[number];
/** Lines and areas of overlays go under this layer, their points above everything. */
export const FLOOR = 'tps-dot';

export function styleOf(colours: Colours, base: readonly BaseLayer[]): StyleSpecification {
  const sources: StyleSpecification['sources'] = Object.fromEntries(
    SOURCES.map((id) => [id, { type: 'geojson', data: NOTHING }]),
  );
  if (base.length) sources['base'] = baseSource();
  return {
    version: 8,
    sources,
    layers: [
      { id: 'land', type: 'background', paint: { 'background-color': colours.land } },
      ...baseLayers(base, colours, (layer) => roads(layer, colours)),
      {
        id: 'desa-border',
        type: 'line',
        source: 'desa',
        paint: {
          'line-color': colours.border,
          'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.3, 13, 0.8],
          'line-dasharray': [4, 2],
        },
      },
      ...signs(colours),
      ...names(colours),
    ],
  };
}

const REAL: ExpressionSpecification = ['!=', ['get', 'approximate'], true];
const MAIN: readonly string[] = ['motorway', 'trunk', 'primary'];
const WIDTH: ExpressionSpecification = [
  'interpolate',
  ['linear'],
  ['zoom'],
  7,
  ['match', ['get', 'class'], [...MAIN], 1.2, 0.4],
  12,
  ['match', ['get', 'class'], [...MAIN], 3, 'secondary', 2.4, 'tertiary', 1.8, 1],
  16,
  ['match', ['get', 'class'], [...MAIN], 8, 'secondary', 6.5, 'tertiary', 5, 3],
];

function roads(layer: string, colours: Colours): LayerSpecification[] {
  const from = { source: 'base', 'source-layer': layer };
  return [
    {
      id: `base-${layer}`,
      type: 'line',
      ...from,
      filter: REAL,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': colours.border, 'line-width': WIDTH },
    },
    {
      // a stand-in is no road: dots between points of desa
      id: `base-${layer}-estimated`,
      type: 'line',
      ...from,
      filter: ['==', ['get', 'approximate'], true],
      paint: { 'line-color': colours.ink2, 'line-width': 1.6, 'line-dasharray': [1, 2] },
    },
    {
      id: `base-${layer}-name`,
      type: 'symbol',
      ...from,
      minzoom: 12.5,
      filter: ['all', REAL, ['!=', ['get', 'name'], '']],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 320,
        'text-field': ['coalesce', ['get', 'name'], ''],
        'text-font': FONT,
        'text-size': 11,
      },
      paint: halo(colours, colours.ink2),
    },
  ];
}

function halo(
  colours: Colours,
  ink = colours.ink,
): { 'text-color': string; 'text-halo-color': string; 'text-halo-width': number } {
  return { 'text-color': ink, 'text-halo-color': colours.panel, 'text-halo-width': 1.5 };
}

function signs(colours: Colours): LayerSpecification[] {
  return [
    {
      id: FLOOR,
      type: 'circle',
      source: 'tps',
      minzoom: 9.5,
      paint: {
        'circle-color': colours.panel,
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 9.5, 1.5, 14, 4.5],
        'circle-stroke-color': colours.ink,
        'circle-stroke-width': 1,
      },
    },
    {
      id: 'post-sign',
      type: 'symbol',
      source: 'posts',
      layout: {
        'icon-image': ['get', 'sign'],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.7, 12, 1],
        'icon-allow-overlap': true,
      },
    },
  ];
}

function names(colours: Colours): LayerSpecification[] {
  const text = { 'text-field': ['get', 'name'] as ExpressionSpecification, 'text-font': FONT };
  return [
    {
      id: 'desa-name',
      type: 'symbol',
      source: 'desa-at',
      minzoom: 10.5,
      layout: { ...text, 'text-size': 11, 'text-padding': 6 },
      paint: halo(colours, colours.ink2),
    },
    {
      id: 'post-name',
      type: 'symbol',
      source: 'posts',
      minzoom: 11.5,
      layout: { ...text, 'text-size': 11, 'text-anchor': 'top', 'text-offset': [0, 1] },
      paint: halo(colours),
    },
    {
      id: 'kecamatan-name',
      type: 'symbol',
      source: 'kecamatan-at',
      maxzoom: 12.5,
      layout: {
        ...text,
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

/** Layers of one overlay: what lies under the signs, and what lies above everything. */
export function overlayLayers(
  source: string,
  role: Role,
  colours: Colours,
): { readonly under: LayerSpecification[]; readonly above: LayerSpecification[] } {
  const look = LOOKS[role];
  const colour = inkOf(look.ink, colours);
  return {
    under: [...fills(source, role, look, colour), ...lines(source, role, look, colour, colours)],
    above: [...points(source, role, colours)],
  };
}

function ofType(...types: readonly string[]): ExpressionSpecification {
  return ['in', ['geometry-type'], ['literal', [...types]]];
}
const POLYGON = ofType('Polygon', 'MultiPolygon');
const LINE = ofType('LineString', 'MultiLineString');
const POINT = ofType('Point', 'MultiPoint');
const NO_POINT: ExpressionSpecification = ['!', POINT];

function fills(source: string, role: Role, look: Look, colour: string): LayerSpecification[] {
  if (!look.fill) return [];
  const steps = STEP_OPACITY.slice(0, -1).flatMap((opacity, step) => [step, opacity]);
  const opacity = ['match', ['get', 'step'], ...steps, STEP_OPACITY.at(-1)];
  const paint =
    look.fill === 'steps'
      ? { 'fill-color': colour, 'fill-opacity': opacity as unknown as ExpressionSpecification }
      : { 'fill-pattern': `fill-${role}` };
  return [{ id: `${source}-fill`, type: 'fill', source, filter: POLYGON, paint }];
}

function lines(
  source: string,
  role: Role,
  look: Look,
  colour: string,
  colours: Colours,
): LayerSpecification[] {
  const own: ExpressionSpecification = ['coalesce', ['get', 'width'], look.width];
  const round = { 'line-join': 'round' as const };
  const made: LayerSpecification[] = [];
  if (look.edge) {
    const paint = { 'line-color': colours.panel, 'line-width': ['+', own, 3] as ExpressionSpecification };
    made.push({ id: `${source}-edge`, type: 'line', source, filter: NO_POINT, layout: round, paint });
  }
  made.push({
    id: `${source}-line`,
    type: 'line',
    source,
    filter: NO_POINT,
    layout: round,
    paint: {
      'line-color': colour,
      'line-width': role === 'load' ? byLoad() : own,
      ...(look.dash ? { 'line-dasharray': [...look.dash] } : {}),
    },
  });
  if (look.along) {
    made.push({
      id: `${source}-along`,
      type: 'symbol',
      source,
      filter: LINE,
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': look.along === 'arrow' ? 70 : 26,
        'icon-image': `along-${role}`,
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
    });
  }
  made.push({
    id: `${source}-text`,
    type: 'symbol',
    source,
    filter: ['all', ['has', 'label'], NO_POINT],
    layout: {
      'symbol-placement': 'line',
      'text-field': ['get', 'label'],
      'text-font': FONT,
      'text-size': 12,
    },
    paint: halo(colours),
  });
  return made;
}

/** Roads that carry more of what they can are drawn wider. */
function byLoad(): ExpressionSpecification {
  return ['interpolate', ['linear'], ['coalesce', ['get', 'ratio'], 0], 0, 1.5, 0.5, 3, 1, 7, 2, 10];
}

function points(source: string, role: Role, colours: Colours): LayerSpecification[] {
  const ring = LOOKS[role].shape === 'ring';
  return [
    {
      id: `${source}-point`,
      type: 'symbol',
      source,
      filter: POINT,
      layout: {
        'icon-image': `point-${role}`,
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'text-field': ['coalesce', ['get', 'sign'], ''],
        'text-font': FONT,
        'text-size': 12,
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: { 'text-color': ring ? colours.ink : colours.panel },
    },
    {
      id: `${source}-label`,
      type: 'symbol',
      source,
      filter: ['all', POINT, ['has', 'label']],
      layout: {
        'text-field': ['get', 'label'],
        'text-font': FONT,
        'text-size': 12,
        'text-anchor': 'left',
        'text-offset': [1.1, 0],
      },
      paint: halo(colours),
    },
  ];
}
