/** Moves by hand, applied at once on the screen; the server's check then gives the true figures. */
import type { Beat, EditResult, Op, Plan, Team } from './types';

/** A plan as the screen looks things up in it. */
export interface View {
  readonly plan: Plan;
  readonly beats: ReadonlyMap<string, Beat>;
  readonly beatOf: ReadonlyMap<string, string>;
  readonly teams: ReadonlyMap<string, Team>;
  readonly beatOfTeam: ReadonlyMap<string, string>;
  /** Beats that an edit touched. */
  readonly changed: ReadonlySet<string>;
}

/** Returns how a plan looks after some moves; `result` is the server's word on the same moves. */
export function viewOf(plan: Plan, ops: readonly Op[], result: EditResult | null): View {
  const beats = new Map(plan.beats.map((beat) => [beat.id, beat]));
  const changed = new Set<string>();
  for (const op of ops) step(beats, changed, op, plan);
  for (const beat of result?.changed_beats ?? []) {
    beats.set(beat.id, { ...beat, tps: beat.tps.map((one) => one.tps), travel: beat.tps });
    changed.add(beat.id);
  }
  const shown = result ? named(beats, result) : beats;
  const beatOf = new Map<string, string>();
  const beatOfTeam = new Map<string, string>();
  for (const beat of shown.values()) {
    for (const tps of beat.tps) beatOf.set(tps, beat.id);
    if (beat.team) beatOfTeam.set(beat.team, beat.id);
  }
  const teams = new Map([...plan.teams_detail, ...(plan.spare_teams ?? [])].map((t) => [t.id, t]));
  return { plan, beats: shown, beatOf, teams, beatOfTeam, changed };
}

/** Beats made on the screen get their lasting id from the server: drop the stand-ins. */
function named(beats: Map<string, Beat>, result: EditResult): Map<string, Beat> {
  const known = new Set(result.changed_beats.map((beat) => beat.id));
  return new Map([...beats].filter(([id]) => !id.startsWith(NEW) || known.has(id)));
}

const NEW = '+';

function step(beats: Map<string, Beat>, changed: Set<string>, op: Op, plan: Plan): void {
  const put = (beat: Beat, change: Partial<Beat>): void => {
    beats.set(beat.id, { ...beat, ...change });
    changed.add(beat.id);
  };
  if (op.op === 'move_tps') moveTps(beats, put, op.tps, op.to);
  else if (op.op === 'move_team') moveTeam(beats, put, op.team, op.to);
  else {
    for (const tps of op.tps) moveTps(beats, put, tps, null);
    moveTeam(beats, put, op.team, null);
    const id = `${NEW}${op.team}`;
    beats.set(id, fresh(id, op.tps, op.team, plan));
    changed.add(id);
  }
}

type Put = (beat: Beat, change: Partial<Beat>) => void;

function moveTps(beats: Map<string, Beat>, put: Put, tps: string, to: string | null): void {
  for (const beat of beats.values()) {
    if (beat.id !== to && beat.tps.includes(tps)) {
      put(beat, { tps: beat.tps.filter((one) => one !== tps) });
    }
  }
  const target = to === null ? undefined : beats.get(to);
  if (target && !target.tps.includes(tps)) put(target, { tps: [...target.tps, tps] });
}

function moveTeam(beats: Map<string, Beat>, put: Put, team: string, to: string | null): void {
  const from = [...beats.values()].find((beat) => beat.team === team);
  const target = to === null ? undefined : beats.get(to);
  if (from) put(from, { team: target?.team ?? null });
  if (target) put(target, { team });
}

function fresh(id: string, tps: readonly string[], team: string, plan: Plan): Beat {
  const kecamatan = tps[0]?.slice(0, 6) ?? '';
  const post = plan.spare_teams?.find((one) => one.id === team)?.post ?? null;
  const anchor = tps[0] ?? null;
  return { id, kecamatan, anchor, tps, team, post, way_s: null, travel_s: null, load: '' };
}

/** A SIMULASI of one kecamatan set into its base plan, whose other kecamatan stay as they are. */
export function within(base: Plan, simulated: Plan): Plan {
  const only = simulated.what_if?.kecamatan;
  if (!only) return simulated;
  const elsewhere = <T extends { readonly kecamatan?: string }>(rows: readonly T[]): T[] =>
    rows.filter((row) => row.kecamatan !== only);
  return {
    ...simulated,
    beats: [...elsewhere(base.beats), ...simulated.beats],
    teams_detail: [...elsewhere(base.teams_detail), ...simulated.teams_detail],
    uncovered: [...elsewhere(base.uncovered), ...simulated.uncovered],
    kecamatan: [...elsewhere(base.kecamatan), ...simulated.kecamatan],
    padal: base.padal,
  };
}

/** Teams that have no beat now. */
export function idleTeams(view: View): Team[] {
  return [...view.teams.values()].filter((team) => !view.beatOfTeam.has(team.id));
}
