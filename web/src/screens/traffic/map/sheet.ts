/** The live traffic map: what lies under, overlays by role, presses and their places. */
import type { FeatureCollection } from 'geojson';
import type { GeoJSONSource, MapMouseEvent } from 'maplibre-gl';
import type { BaseLayer } from '$lib/map/base';
import { colours } from '$lib/map/colours';
import { findBase, makeMap, type Box, type LiveMap, type MapWords } from '$lib/map/live';
import { postPictures } from '$lib/map/symbols';
import type { Overlay } from '../data/overlay.svelte';
import type { At, Bounds } from '../data/types';
import { ROLES } from './looks';
import { rolePictures } from './pictures';
import { FLOOR, overlayLayers, styleOf, type Source } from './style';

/** Pixels around a press that still count. */
const NEAR = 6;
export type Switch = 'tps' | 'posts' | 'names' | 'roads';
const SWITCHED: Readonly<Record<Switch, RegExp>> = {
  tps: /^tps-/,
  posts: /^post-/,
  names: /^(desa|kecamatan)-name$/,
  roads: /^base-.*(road|jalan)/,
};

export interface Pressed {
  readonly at: At;
  /** The overlay and key under the press, if it hit something that may be pressed. */
  readonly hit: { readonly overlay: string; readonly key: string } | null;
}

export class Sheet {
  private readonly map: LiveMap;
  private readonly data = new Map<Source, FeatureCollection>();
  private readonly switched = new Map<Switch, boolean>();
  private overlays: readonly Overlay[] = [];
  private drawn: readonly Overlay[] = [];
  private base: readonly BaseLayer[] = [];
  private ready = false;

  constructor(box: HTMLElement, bounds: Box | null, words: MapWords) {
    this.map = makeMap(box, styleOf(colours(), []), bounds, words);
    this.map.on('style.load', () => this.dress());
    this.map.on('mousemove', (event) => {
      const over = this.pressable(event).length > 0;
      this.map.getCanvas().style.cursor = this.picking ? 'crosshair' : over ? 'pointer' : '';
    });
  }

  /** While something is picked, presses are places and a double press ends the drawing. */
  private picking = false;

  async findBase(): Promise<void> {
    this.base = await findBase(this.map);
    if (this.base.length) this.repaint();
  }

  put(source: Source, data: FeatureCollection): void {
    this.data.set(source, data);
    if (this.ready) this.map.getSource<GeoJSONSource>(source)?.setData(data);
  }

  /** Draws these overlays and no others, in the order of their roles. */
  draw(overlays: readonly Overlay[]): void {
    const rank = (one: Overlay): number => ROLES.indexOf(one.role);
    this.overlays = [...overlays].sort((a, b) => rank(a) - rank(b));
    if (this.ready) this.applyOverlays();
  }

  switch(what: Switch, on: boolean): void {
    this.switched.set(what, on);
    if (this.ready) this.applySwitch(what);
  }

  pick(on: boolean): void {
    this.picking = on;
    this.map.getCanvas().style.cursor = on ? 'crosshair' : '';
    if (on) this.map.doubleClickZoom.disable();
    else this.map.doubleClickZoom.enable();
  }

  onPress(act: (pressed: Pressed) => void, twice: () => void): void {
    this.map.on('click', (event) => {
      const [hit] = this.pressable(event);
      act({ at: [event.lngLat.lng, event.lngLat.lat], hit: hit ?? null });
    });
    this.map.on('dblclick', () => {
      if (this.picking) twice();
    });
  }

  get centre(): At {
    const { lng, lat } = this.map.getCenter();
    return [lng, lat];
  }

  /** Takes the colours of the theme in force. */
  repaint(): void {
    this.ready = false;
    this.map.setStyle(styleOf(colours(), this.base), { diff: false });
  }

  look([west, south, east, north]: Bounds, still: boolean): void {
    const box: Box = [west, south, east, north];
    this.map.fitBounds(box, { padding: 48, maxZoom: 15, duration: still ? 0 : 150 });
  }

  resize(): void {
    this.map.resize();
  }

  remove(): void {
    this.map.remove();
  }

  private pressable(event: MapMouseEvent): { overlay: string; key: string }[] {
    const { x, y } = event.point;
    const ids = this.drawn
      .filter((one) => one.onpress)
      .flatMap((one) => ['point', 'line', 'fill'].map((part) => `ov-${one.id}-${part}`));
    const layers = ids.filter((id) => this.map.getLayer(id));
    if (!layers.length) return [];
    const found = this.map.queryRenderedFeatures(
      [
        [x - NEAR, y - NEAR],
        [x + NEAR, y + NEAR],
      ],
      { layers },
    );
    return found.flatMap(({ source, properties }) =>
      properties['key'] == null
        ? []
        : [{ overlay: source.slice('ov-'.length), key: String(properties['key']) }],
    );
  }

  private dress(): void {
    const now = colours();
    for (const { name, image, pixelRatio } of [...postPictures(now), ...rolePictures(now)]) {
      if (this.map.hasImage(name)) this.map.removeImage(name);
      this.map.addImage(name, image, { pixelRatio });
    }
    this.ready = true;
    this.drawn = [];
    for (const [source, data] of this.data) this.put(source, data);
    this.applyOverlays();
    for (const what of this.switched.keys()) this.applySwitch(what);
  }

  private applyOverlays(): void {
    const same =
      this.drawn.length === this.overlays.length &&
      this.drawn.every((one, i) => {
        const next = this.overlays[i];
        return one.id === next?.id && one.role === next.role;
      });
    const before = new Map(this.drawn.map((one) => [one.id, one]));
    if (same) {
      for (const one of this.overlays) {
        if (before.get(one.id)?.data === one.data) continue;
        this.map.getSource<GeoJSONSource>(`ov-${one.id}`)?.setData(one.data);
      }
    } else {
      for (const one of this.drawn) this.take(`ov-${one.id}`);
      for (const one of this.overlays) this.lay(one);
    }
    this.drawn = this.overlays;
  }

  private lay({ id, role, data }: Overlay): void {
    const source = `ov-${id}`;
    this.map.addSource(source, { type: 'geojson', data });
    const { under, above } = overlayLayers(source, role, colours());
    for (const layer of under) this.map.addLayer(layer, FLOOR);
    for (const layer of above) this.map.addLayer(layer);
  }

  private take(source: string): void {
    for (const part of ['fill', 'edge', 'line', 'along', 'text', 'point', 'label']) {
      if (this.map.getLayer(`${source}-${part}`)) this.map.removeLayer(`${source}-${part}`);
    }
    if (this.map.getSource(source)) this.map.removeSource(source);
  }

  private applySwitch(what: Switch): void {
    const visibility = this.switched.get(what) === false ? 'none' : 'visible';
    for (const { id } of this.map.getStyle().layers) {
      if (SWITCHED[what].test(id)) this.map.setLayoutProperty(id, 'visibility', visibility);
    }
  }
}
