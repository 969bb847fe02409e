/** What lies under everything on a map: water, roads and borders of the base map of the workspace. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Colours } from './colours';

export const FONT = ['IBM Plex Sans Variable'];
export const BASE_FILE = '/map/base.pmtiles';

export interface BaseLayer {
  readonly id: string;
  readonly geometry: string;
}

export function baseSource(): { readonly type: 'vector'; readonly url: string } {
  return { type: 'vector', url: `pmtiles://${location.origin}${BASE_FILE}` };
}

/** Draws what the base map carries, whatever was imported; `roads` draws its roads another way. */
export function baseLayers(
  base: readonly BaseLayer[],
  colours: Colours,
  roads: (layer: string) => LayerSpecification[] = (layer) => [plainRoads(layer, colours)],
): LayerSpecification[] {
  return base.flatMap(({ id, geometry }): LayerSpecification[] => {
    const from = { source: 'base', 'source-layer': id };
    if (/label|place|point/.test(id) || geometry.includes('Point')) return [];
    if (/kecamatan|boundar|batas/.test(id)) {
      const paint = { 'line-color': colours.ink2, 'line-width': 1.6 };
      return [{ id: `base-${id}`, type: 'line', ...from, paint }];
    }
    if (/desa/.test(id)) return [];
    if (/water|river|sungai/.test(id)) {
      return geometry.includes('Polygon')
        ? [{ id: `base-${id}`, type: 'fill', ...from, paint: { 'fill-color': colours.water } }]
        : [{ id: `base-${id}`, type: 'line', ...from, paint: { 'line-color': colours.water } }];
    }
    return /road|jalan/.test(id) ? roads(id) : [];
  });
}

function plainRoads(id: string, colours: Colours): LayerSpecification {
  const width: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 8, 0.4, 14, 2.4];
  return {
    id: `base-${id}`,
    type: 'line',
    source: 'base',
    'source-layer': id,
    paint: { 'line-color': colours.border, 'line-width': width },
  };
}
