/** What each list shows of its rows, and by what it sorts. */
import { c } from '$lib/i18n/common';
import { figure, minutes, NONE } from '$lib/i18n/format';
import { CATEGORY_RANK } from '../data/filter';
import type { View } from '../data/ops';
import { land, type Tps } from '$lib/land/territory.svelte';
import type { Beat, Category, Desa, Place, Post, Team } from '../data/types';
import { t } from '../words';

export interface Column<T> {
  readonly key: string;
  readonly label: string;
  /** What it sorts by. */
  readonly value: (row: T) => string | number | null | undefined;
  /** What it shows, when that is another text. */
  readonly show?: (row: T) => string;
  /** Figures stand right. */
  readonly number?: boolean;
  /** Draws a class sign. */
  readonly category?: (row: T) => Category | null | undefined;
  /** The TPS of this row has no team. */
  readonly open?: (row: T) => boolean;
}

export function tpsColumns(view: View | null, classes: boolean, scores: boolean): Column<Tps>[] {
  const dpt = land.now.tps.some((row) => row.dpt !== null);
  const team = (row: Tps): string | null => {
    const beat = view?.beats.get(view.beatOf.get(row.code) ?? '');
    return beat?.team ?? null;
  };
  const columns: (Column<Tps> | false)[] = [
    {
      key: 'name',
      label: t('col_tps'),
      value: (row) => `${row.desaName} ${String(row.number).padStart(3, '0')}`,
      show: (row) => `${String(row.number).padStart(3, '0')} ${row.desaName}`,
    },
    { key: 'kecamatan', label: t('col_kecamatan'), value: (row) => row.kecamatanName },
    classes && {
      key: 'class',
      label: t('col_class'),
      value: (row) => (row.category ? CATEGORY_RANK[row.category] : null),
      category: (row) => row.category,
      open: (row) => view !== null && !view.beatOf.has(row.code),
    },
    scores && {
      key: 'score',
      label: t('col_score'),
      value: (row) => row.score,
      show: (row) => scoreText(row),
      number: true,
    },
    classes && {
      key: 'certainty',
      label: t('col_certainty'),
      value: (row) => row.certainty,
      show: (row) => (row.certainty ? t(row.certainty) : NONE),
    },
    classes && {
      key: 'override',
      label: t('col_override'),
      value: (row) => (row.override ? 0 : 1),
      show: (row) => (row.override ? c('yes') : ''),
    },
    dpt && { key: 'dpt', label: t('col_dpt'), value: (row) => row.dpt, show: (r) => figure(r.dpt), number: true },
    view !== null && {
      key: 'team',
      label: t('col_team'),
      value: team,
      show: (row) => team(row) ?? (view.beatOf.has(row.code) ? NONE : t('open')),
    },
    view !== null && {
      key: 'beat',
      label: t('col_beat'),
      value: (row) => view.beatOf.get(row.code),
      show: (row) => view.beatOf.get(row.code) ?? NONE,
    },
    { key: 'code', label: t('col_code'), value: (row) => row.code },
  ];
  return columns.filter((column) => column !== false);
}

/** `12,4` or, while answers are missing, `8,0–24,5`. */
export function scoreText(row: { score: number | null; low: number | null; high: number | null }): string {
  if (row.score === null) return NONE;
  const known = row.low === null || row.high === null || row.high - row.low < 0.05;
  return known ? figure(row.score, 1) : `${figure(row.low, 1)}–${figure(row.high, 1)}`;
}

export function desaColumns(classes: boolean): Column<Desa>[] {
  const columns: Column<Desa>[] = [
    { key: 'name', label: t('col_desa'), value: (row) => row.name },
    { key: 'kecamatan', label: t('col_kecamatan'), value: (row) => land.kecamatanName(row.kecamatan) },
    { key: 'tps', label: 'TPS', value: (row) => row.tps, show: (r) => figure(r.tps), number: true },
    { key: 'dpt', label: t('col_dpt'), value: (row) => row.dpt, show: (r) => figure(r.dpt), number: true },
    { key: 'code', label: t('col_code'), value: (row) => row.code },
  ];
  if (classes) {
    columns.splice(2, 0, {
      key: 'class',
      label: t('col_top_class'),
      value: (row) => (row.top_class ? CATEGORY_RANK[row.top_class] : null),
      category: (row) => row.top_class,
    });
  }
  return columns;
}

export interface KecamatanRow extends Place {
  readonly tps: number;
  readonly raised: number;
  readonly teams: number | null;
  readonly open: number | null;
  readonly gap: number | null;
}

export function kecamatanColumns(planned: boolean, classes: boolean): Column<KecamatanRow>[] {
  const columns: (Column<KecamatanRow> | false)[] = [
    { key: 'name', label: t('col_kecamatan'), value: (row) => row.name },
    { key: 'tps', label: 'TPS', value: (row) => row.tps, show: (r) => figure(r.tps), number: true },
    classes && {
      key: 'raised',
      label: t('col_raised'),
      value: (row) => row.raised,
      show: (row) => figure(row.raised),
      number: true,
    },
    planned && {
      key: 'teams',
      label: t('col_teams'),
      value: (row) => row.teams,
      show: (row) => figure(row.teams),
      number: true,
    },
    planned && {
      key: 'open',
      label: t('col_open'),
      value: (row) => row.open,
      show: (row) => figure(row.open),
      number: true,
    },
    { key: 'code', label: t('col_code'), value: (row) => row.code },
  ];
  return columns.filter((column) => column !== false);
}

export function beatColumns(): Column<Beat>[] {
  return [
    { key: 'id', label: t('col_beat'), value: (row) => row.id },
    { key: 'kecamatan', label: t('col_kecamatan'), value: (row) => land.kecamatanName(row.kecamatan) },
    { key: 'team', label: t('col_team'), value: (row) => row.team, show: (row) => row.team ?? NONE },
    { key: 'tps', label: 'TPS', value: (row) => row.tps.length, show: (r) => figure(r.tps.length), number: true },
    { key: 'load', label: t('col_load'), value: (row) => row.load, number: true },
    {
      key: 'travel',
      label: t('col_travel'),
      value: (row) => row.travel_s,
      show: (row) => minutes(row.travel_s),
      number: true,
    },
    {
      key: 'way',
      label: t('col_way'),
      value: (row) => row.way_s,
      show: (row) => minutes(row.way_s),
      number: true,
    },
  ];
}

export function teamColumns(view: View): Column<Team>[] {
  return [
    { key: 'id', label: t('col_team'), value: (row) => row.id },
    { key: 'post', label: t('col_post'), value: (row) => land.post(row.post)?.name ?? row.post },
    {
      key: 'beat',
      label: t('col_beat'),
      value: (row) => view.beatOfTeam.get(row.id),
      show: (row) => view.beatOfTeam.get(row.id) ?? t('idle'),
    },
    {
      key: 'kecamatan',
      label: t('col_kecamatan'),
      value: (row) => kecamatanOf(row, view),
      show: (row) => kecamatanOf(row, view) ?? NONE,
    },
    { key: 'leave', label: t('col_leave'), value: (row) => row.leave_at, show: (r) => dotted(r.leave_at) },
    {
      key: 'officers',
      label: t('col_officers'),
      value: (row) => row.members?.length,
      show: (row) => figure(row.members?.length),
      number: true,
    },
  ];
}

function kecamatanOf(team: Team, view: View): string | null {
  const beat = view.beats.get(view.beatOfTeam.get(team.id) ?? '');
  return beat ? land.kecamatanName(beat.kecamatan) : null;
}

/** A clock time of the plan file (`05:50`, WIB) as it is written here. */
export function dotted(time: string | undefined): string {
  return time ? `${time.replace(':', '.')} WIB` : NONE;
}

export function postColumns(): Column<Post>[] {
  return [
    { key: 'name', label: t('col_post'), value: (row) => row.name },
    { key: 'kind', label: t('col_kind'), value: (row) => row.kind, show: (row) => postKind(row.kind) },
    {
      key: 'kecamatan',
      label: t('col_kecamatan'),
      value: (row) => (row.kecamatan ? land.kecamatanName(row.kecamatan) : null),
      show: (row) => (row.kecamatan ? land.kecamatanName(row.kecamatan) : NONE),
    },
    { key: 'phone', label: t('col_phone'), value: (row) => row.phone, show: (row) => row.phone ?? NONE },
  ];
}

const KINDS = {
  polres: 'post_polres',
  polsek: 'post_polsek',
  koramil: 'post_koramil',
  hospital: 'post_hospital',
  damkar: 'post_damkar',
  bpbd: 'post_bpbd',
  pemda: 'post_pemda',
} as const;

export function postKind(kind: string): string {
  return t(kind in KINDS ? KINDS[kind as keyof typeof KINDS] : 'post_other');
}

export function positionWord(position: string | null): string {
  if (position === null) return t('position_none');
  return position === 'surveyed' ? t('position_surveyed') : t('position_approximate');
}
