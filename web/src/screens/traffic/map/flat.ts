/** GeoJSON as SVG paths. */
import type { Geometry, Position } from 'geojson';

export type Project = (at: Position) => readonly [number, number];

function path(line: readonly Position[], project: Project, close: boolean): string {
  const points = line.map((at) => project(at).map((v) => v.toFixed(5)).join(' '));
  return points.length ? `M${points.join('L')}${close ? 'Z' : ''}` : '';
}

/** The lines and rings of a geometry; nothing for points. */
export function paths(geometry: Geometry, project: Project): string {
  if (geometry.type === 'LineString') return path(geometry.coordinates, project, false);
  if (geometry.type === 'MultiLineString') {
    return geometry.coordinates.map((line) => path(line, project, false)).join('');
  }
  if (geometry.type === 'Polygon') {
    return geometry.coordinates.map((ring) => path(ring, project, true)).join('');
  }
  if (geometry.type === 'MultiPolygon') {
    return geometry.coordinates.flat().map((ring) => path(ring, project, true)).join('');
  }
  return '';
}
