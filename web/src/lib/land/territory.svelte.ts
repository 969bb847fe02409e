/** TPS, desa, kecamatan and posts of the operation: read once, indexed, kept as rows. */
import type { FeatureCollection } from 'geojson';
import { get } from '$lib/api/client';
import { asApiError, type ApiError } from '$lib/api/errors';
import type { Category, Certainty, Desa, Operation, Place, Post, TpsColumns } from './types';

export interface Tps {
  readonly code: string;
  readonly desa: string;
  readonly desaName: string;
  readonly kecamatan: string;
  readonly kecamatanName: string;
  readonly number: number;
  readonly khusus: boolean;
  readonly lon: number | null;
  readonly lat: number | null;
  readonly position: string | null;
  readonly dpt: number | null;
  /** Null for accounts that may not see classes. */
  readonly category: Category | null;
  readonly certainty: Certainty | null;
  readonly override: boolean;
  readonly score: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** What the text search looks in, in small letters. */
  readonly search: string;
}

export interface Land {
  readonly operation: Operation | null;
  readonly tps: readonly Tps[];
  readonly desa: readonly Desa[];
  readonly posts: readonly Post[];
  readonly shapes: FeatureCollection | null;
  /** The shapes were made from points, not from boundaries. */
  readonly approximate: boolean;
}

const EMPTY: Land = {
  operation: null,
  tps: [],
  desa: [],
  posts: [],
  shapes: null,
  approximate: false,
};

let now = $state.raw<Land>(EMPTY);
let failed = $state.raw<ApiError | null>(null);

const tpsByCode = $derived(new Map(now.tps.map((row) => [row.code, row])));
const desaByCode = $derived(new Map(now.desa.map((row) => [row.code, row])));
const postByCode = $derived(new Map(now.posts.map((row) => [row.code, row])));
const kecamatanByCode = $derived(
  new Map((now.operation?.kecamatan ?? []).map((row) => [row.code, row])),
);

export const land = {
  get now(): Land {
    return now;
  },
  get error(): ApiError | null {
    return failed;
  },
  tps: (code: string): Tps | undefined => tpsByCode.get(code),
  desa: (code: string): Desa | undefined => desaByCode.get(code),
  post: (code: string): Post | undefined => postByCode.get(code),
  kecamatan: (code: string): Place | undefined => kecamatanByCode.get(code),
  /** Name of a kecamatan, or its code where it has none. */
  kecamatanName: (code: string): string => kecamatanByCode.get(code)?.name ?? code,
};

/** `TPS 004 Kotabaru`: how people call it. */
export function tpsName(tps: Tps): string {
  return `TPS ${String(tps.number).padStart(3, '0')} ${tps.desaName}`;
}

/**
 * Reads everything; the shell stands before the shapes of the map arrive.
 *
 * `arrived` is called when the line is free again, before the lists are drawn.
 */
export async function loadLand(arrived: () => void): Promise<void> {
  failed = null;
  try {
    const [operation, desa, columns, posts] = await Promise.all([
      get<Operation>('/api/operation'),
      get<{ desa: Desa[] }>('/api/desa'),
      get<{ columns: TpsColumns }>('/api/tps'),
      get<{ posts: Post[] }>('/api/posts'),
    ]);
    arrived();
    now = {
      ...now,
      operation,
      desa: desa.desa,
      tps: rows(columns.columns, desa.desa, operation.kecamatan),
      posts: posts.posts,
    };
    void loadShapes();
  } catch (thrown) {
    failed = asApiError(thrown);
  }
}

/** Reads operation and TPS again: classes, or the head of the versions, have changed. */
export async function refreshLand(): Promise<void> {
  const [operation, desa, columns] = await Promise.all([
    get<Operation>('/api/operation'),
    get<{ desa: Desa[] }>('/api/desa'),
    get<{ columns: TpsColumns }>('/api/tps'),
  ]);
  const tps = rows(columns.columns, desa.desa, operation.kecamatan);
  now = { ...now, operation, desa: desa.desa, tps };
}

async function loadShapes(): Promise<void> {
  try {
    let shapes = await get<FeatureCollection & { approximate?: boolean }>('/api/map/desa.geojson');
    let approximate = shapes.approximate ?? false;
    if (shapes.features.length === 0) {
      shapes = await get('/api/map/desa.geojson?shapes=1');
      approximate = true;
    }
    now = { ...now, shapes, approximate };
  } catch {
    // the map then shows points only; lists carry everything
  }
}

function rows(columns: TpsColumns, desa: readonly Desa[], kecamatan: readonly Place[]): Tps[] {
  const desaName = new Map(desa.map((one) => [one.code, one.name]));
  const kecamatanName = new Map(kecamatan.map((one) => [one.code, one.name]));
  return columns.code.map((code, i) => {
    const ofDesa = columns.desa[i] ?? '';
    const ofKecamatan = columns.kecamatan[i] ?? '';
    const number = columns.number[i] ?? 0;
    const names = [desaName.get(ofDesa) ?? ofDesa, kecamatanName.get(ofKecamatan) ?? ofKecamatan];
    const padded = String(number).padStart(3, '0');
    return {
      code,
      desa: ofDesa,
      desaName: names[0] ?? '',
      kecamatan: ofKecamatan,
      kecamatanName: names[1] ?? '',
      number,
      khusus: columns.khusus[i] ?? false,
      lon: columns.lon[i] ?? null,
      lat: columns.lat[i] ?? null,
      position: columns.position[i] ?? null,
      dpt: columns.dpt[i] ?? null,
      category: category(columns, i),
      certainty: columns.certainty?.[i] ?? null,
      override: columns.override?.[i] ?? false,
      score: columns.score?.[i] ?? null,
      low: columns.low?.[i] ?? null,
      high: columns.high?.[i] ?? null,
      search: `${code} tps ${padded} ${names.join(' ')}`.toLowerCase(),
    };
  });
}

function category(columns: TpsColumns, i: number): Category | null {
  if (!columns.class) return null;
  return columns.khusus[i] ? 'khusus' : (columns.class[i] ?? null);
}
