/** The closure being put together; it stays while the person looks elsewhere. */
import type { Direction, Exempt, Line, Preview, Profile, RoadAt, Wish } from '../data/types';

export type What = 'pieces' | 'road' | 'way' | 'area';
export const WHATS: readonly What[] = ['pieces', 'road', 'way', 'area'];

/** A piece of road that was pointed at; or the whole way it belongs to. */
export interface Piece {
  readonly road: RoadAt;
  readonly whole: boolean;
}

const MOTOR: readonly Profile[] = ['car', 'motorcycle', 'truck'];

function empty() {
  return {
    what: 'pieces' as What,
    pieces: [] as readonly Piece[],
    road: '',
    way: '',
    ring: [] as Line,
    flood: false,
    begins: null as string | null,
    ends: null as string | null,
    profiles: MOTOR,
    exempt: [] as readonly Exempt[],
    direction: 'both' as Direction,
    reason: '',
    publicReason: '',
  };
}

export const draft = $state(empty());
/** What the server said of exactly this wish. */
let seen = $state.raw<{ readonly wish: string; readonly preview: Preview } | null>(null);

export function clearDraft(): void {
  Object.assign(draft, empty());
  seen = null;
}

export function addPiece(road: RoadAt): boolean {
  if (draft.pieces.some((one) => one.road.segment === road.segment)) return false;
  draft.pieces = [...draft.pieces, { road, whole: false }];
  return true;
}

export function segmentsOf({ road, whole }: Piece): readonly number[] {
  return whole ? road.way_segments : [road.segment];
}

export function linesOfPiece({ road, whole }: Piece): readonly Line[] {
  return whole ? road.way_lines : [road.line];
}

/** What is to be closed, or null while nothing is named yet. */
export function wishNow(): Wish | null {
  const what = named();
  if (!what) return null;
  return {
    ...what,
    begins: draft.begins,
    ends: draft.ends,
    profiles: draft.profiles,
    exempt: draft.exempt,
    direction: draft.what === 'area' ? 'both' : draft.direction,
  };
}

function named(): Wish | null {
  if (draft.what === 'pieces') {
    const segments = [...new Set(draft.pieces.flatMap(segmentsOf))].sort((a, b) => a - b);
    return segments.length ? { segments } : null;
  }
  if (draft.what === 'road') return draft.road.trim() ? { road: draft.road.trim() } : null;
  if (draft.what === 'way') {
    return /^-?\d+$/.test(draft.way.trim()) ? { way: Number(draft.way) } : null;
  }
  return draft.ring.length >= 3 ? { area: draft.ring, flood: draft.flood } : null;
}

export function keepPreview(wish: Wish, preview: Preview): void {
  seen = { wish: JSON.stringify(wish), preview };
}

/** The preview, as long as nothing was changed since. */
export function previewNow(): Preview | null {
  return seen && seen.wish === JSON.stringify(wishNow()) ? seen.preview : null;
}
