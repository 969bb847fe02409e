/** What has been drawn so far of a line or an area, as a layer of the map. */
import { areaOf, collection, drawing, lineOf, pointOf, type Overlay } from './overlay.svelte';

export function drawnSoFar(): Overlay[] {
  const { kind, corners } = drawing;
  if (!kind || !corners.length) return [];
  const shape = kind === 'polygon' && corners.length > 2 ? areaOf(corners) : lineOf(corners);
  const features = [...(corners.length > 1 ? [shape] : []), ...corners.map((at) => pointOf(at))];
  return [{ id: 'drawing', role: 'draft', data: collection(features) }];
}
