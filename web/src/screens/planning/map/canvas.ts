/** The live map; a chunk of its own, since MapLibre is heavy. Throws where there is no WebGL. */
import type { FeatureCollection } from 'geojson';
import type { GeoJSONSource, MapMouseEvent } from 'maplibre-gl';
import type { BaseLayer } from '$lib/map/base';
import { colours } from '$lib/map/colours';
import { findBase, makeMap, type Box, type LiveMap, type MapWords } from '$lib/map/live';
import { pictures } from '$lib/map/symbols';
import type { Kind, LayerId } from '../data/desk.svelte';
import { CLICKED, styleOf, SWITCHED } from './style';

export type { Box };
export interface Hit {
  readonly kind: Kind;
  readonly code: string;
}

const KIND_OF: Readonly<Record<string, Kind>> = {
  'tps-sign': 'tps',
  'tps-dot': 'tps',
  'post-sign': 'post',
  'team-sign': 'team',
  'desa-fill': 'desa',
};
/** Pixels around a click that still count. */
const NEAR = 6;

export class Canvas {
  private readonly map: LiveMap;
  private readonly data = new Map<string, FeatureCollection>();
  private readonly shown = new Map<LayerId, boolean>();
  private area = '';
  private base: readonly BaseLayer[] = [];
  private ready = false;

  constructor(box: HTMLElement, bounds: Box | null, words: MapWords) {
    this.map = makeMap(box, styleOf(colours(), []), bounds, words);
    this.map.on('style.load', () => this.dress());
  }

  /** Looks for the base map of the workspace; without one the desa shapes stand alone. */
  async findBase(): Promise<void> {
    this.base = await findBase(this.map);
    if (this.base.length) this.repaint();
  }

  put(source: string, data: FeatureCollection): void {
    this.data.set(source, data);
    if (this.ready) this.map.getSource<GeoJSONSource>(source)?.setData(data);
  }

  show(layer: LayerId, shown: boolean): void {
    this.shown.set(layer, shown);
    if (this.ready) this.applyShown(layer);
  }

  /** Frames a desa or the desa of a kecamatan. */
  frame(kind: 'desa' | 'kecamatan' | null, code: string): void {
    this.area = kind ? `${kind}:${code}` : '';
    if (this.ready) this.applyFrame();
  }

  /** Takes the colours of the theme in force. */
  repaint(): void {
    this.ready = false;
    this.map.setStyle(styleOf(colours(), this.base), { diff: false });
  }

  fit(box: Box, still: boolean): void {
    this.map.fitBounds(box, { padding: 60, maxZoom: 13.5, duration: still ? 0 : 150 });
  }

  /** Whether a box is in view at a zoom where its TPS show as shapes. */
  sees(box: Box): boolean {
    const view = this.map.getBounds();
    return (
      this.map.getZoom() >= 10 &&
      view.contains([box[0], box[1]]) &&
      view.contains([box[2], box[3]])
    );
  }

  onClick(act: (hits: readonly Hit[]) => void): void {
    this.map.on('click', (event: MapMouseEvent) => act(this.hits(event)));
    for (const layer of CLICKED) {
      this.map.on('mouseenter', layer, () => (this.map.getCanvas().style.cursor = 'pointer'));
      this.map.on('mouseleave', layer, () => (this.map.getCanvas().style.cursor = ''));
    }
  }

  resize(): void {
    this.map.resize();
  }

  remove(): void {
    this.map.remove();
  }

  private hits(event: MapMouseEvent): Hit[] {
    const { x, y } = event.point;
    const layers = CLICKED.filter((id) => this.map.getLayer(id));
    const near = this.map.queryRenderedFeatures(
      [
        [x - NEAR, y - NEAR],
        [x + NEAR, y + NEAR],
      ],
      { layers: layers.filter((id) => id !== 'desa-fill') },
    );
    const under = this.map.queryRenderedFeatures(event.point, { layers: ['desa-fill'] });
    const found = [...near, ...under].map((feature) => ({
      kind: KIND_OF[feature.layer.id] ?? ('tps' as Kind),
      code: String(feature.properties['code']),
    }));
    return found.filter(
      (hit, i) => found.findIndex((one) => one.kind === hit.kind && one.code === hit.code) === i,
    );
  }

  private dress(): void {
    for (const { name, image, pixelRatio } of pictures(colours())) {
      if (this.map.hasImage(name)) this.map.removeImage(name);
      this.map.addImage(name, image, { pixelRatio });
    }
    this.ready = true;
    for (const [source, data] of this.data) this.put(source, data);
    for (const layer of this.shown.keys()) this.applyShown(layer);
    this.applyFrame();
  }

  private applyShown(layer: LayerId): void {
    const visibility = this.shown.get(layer) === false ? 'none' : 'visible';
    const own = this.base.map((one) => `base-${one.id}`);
    for (const id of layer === 'base' ? own : SWITCHED[layer]) {
      if (this.map.getLayer(id)) this.map.setLayoutProperty(id, 'visibility', visibility);
    }
  }

  private applyFrame(): void {
    const [kind, code] = this.area.split(':');
    const key = kind === 'kecamatan' ? 'kecamatan' : 'code';
    this.map.setFilter('chosen-area', ['==', ['get', key], code ?? '']);
  }
}
