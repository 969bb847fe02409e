// Stands in for @maplibre/mlt: our base map is plain MVT (PMTiles written by `sispamkota`).
export const GEOMETRY_TYPE = {};

export function decodeTile(): never {
  throw new Error('MLT tiles are not built in (web/scripts/slim)');
}
