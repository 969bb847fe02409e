/** Distances on the ground, for sorting lists; travel times come from the server. */

interface At {
  readonly lon: number | null;
  readonly lat: number | null;
}

const KM_PER_DEGREE = 111.32;

/** Straight-line kilometres, or null where a place is unknown. */
export function kilometres(a: At, b: At): number | null {
  if (a.lon == null || a.lat == null || b.lon == null || b.lat == null) return null;
  const squeeze = Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot((a.lon - b.lon) * squeeze, a.lat - b.lat) * KM_PER_DEGREE;
}

/** Seconds on the way by the plan's own assumption of detour and speed. */
export function seconds(km: number | null, detour: number, speed: number): number | null {
  return km == null ? null : ((km * detour) / speed) * 3600;
}
