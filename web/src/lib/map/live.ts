/** MapLibre as every map of the house has it; heavy, so only canvases import it. Throws without WebGL. */
import 'maplibre-gl/dist/maplibre-gl.css';
import {
  addProtocol,
  AttributionControl,
  Map as LiveMap,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type StyleSpecification,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { PMTiles, Protocol } from 'pmtiles';
import { BASE_FILE, type BaseLayer } from './base';

export type { LiveMap };

setWorkerUrl(workerUrl);
const protocol = new Protocol();
addProtocol('pmtiles', protocol.tile);

export type Box = [number, number, number, number];

export interface MapWords {
  readonly map: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
}

/** A map in a box of the page, seen from above, its north up. */
export function makeMap(
  box: HTMLElement,
  style: StyleSpecification,
  bounds: Box | null,
  words: MapWords,
): LiveMap {
  const map = new LiveMap({
    container: box,
    style,
    ...(bounds ? { bounds, fitBoundsOptions: { padding: 24 } } : {}),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 150,
    locale: {
      'Map.Title': words.map,
      'NavigationControl.ZoomIn': words.zoomIn,
      'NavigationControl.ZoomOut': words.zoomOut,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
  map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left');
  // read by tests and measurements: everything asked for so far is drawn
  map.on('idle', () => (box.dataset['map'] = 'ready'));
  (window as unknown as { __map?: LiveMap }).__map = map;
  return map;
}

/** Layers of the base map of the workspace, its attribution put on the map; none without one. */
export async function findBase(map: LiveMap): Promise<readonly BaseLayer[]> {
  try {
    const file = new PMTiles(BASE_FILE);
    const meta = (await file.getMetadata()) as {
      vector_layers?: { id: string; geometry?: string }[];
      attribution?: string;
    };
    protocol.add(file);
    if (meta.attribution) {
      map.addControl(new AttributionControl({ compact: true, customAttribution: meta.attribution }));
    }
    return (meta.vector_layers ?? []).map(({ id, geometry }) => ({ id, geometry: geometry ?? '' }));
  } catch {
    return []; // no roads or waters were imported
  }
}
