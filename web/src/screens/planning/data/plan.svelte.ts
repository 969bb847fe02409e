/** The versions, the plan that is open, and the SIMULASI beside it. */
import { get, send } from '$lib/api/client';
import { asApiError, type ApiError } from '$lib/api/errors';
import { may } from '$lib/state/session.svelte';
import { edit } from './edit.svelte';
import { viewOf, within, type View } from './ops';
import type { Plan, PlanEvent, PlanState, Simulation, Version, Versions } from './types';

let versions = $state.raw<Versions | null>(null);
let base = $state.raw<Plan | null>(null);
let failed = $state.raw<ApiError | null>(null);
let loading = $state(false);
let simulation = $state.raw<Simulation | null>(null);
let showSimulation = $state(false);

const view = $derived.by((): View | null => {
  if (showSimulation && simulation) {
    return viewOf(base ? within(base, simulation.plan) : simulation.plan, [], null);
  }
  return base ? viewOf(base, edit.ops, edit.result) : null;
});

const openVersion = $derived(
  versions?.versions.find((version) => version.plan === base?.plan) ?? null,
);

export const plans = {
  get versions(): Versions | null {
    return versions;
  },
  /** The plan as it was opened, without the moves by hand. */
  get base(): Plan | null {
    return base;
  },
  /** What the screen shows: base and moves, or the SIMULASI. */
  get view(): View | null {
    return view;
  },
  get openVersion(): Version | null {
    return openVersion;
  },
  get error(): ApiError | null {
    return failed;
  },
  get loading(): boolean {
    return loading;
  },
  get simulation(): Simulation | null {
    return simulation;
  },
  get simulated(): boolean {
    return showSimulation && simulation !== null;
  },
};

/** Reads the versions and opens the newest, unless one is open already. */
export async function loadPlans(): Promise<void> {
  if (!may('plan.read')) return;
  failed = null;
  loading = true;
  try {
    versions = await get<Versions>('/api/plans');
    const wanted = base?.plan ?? versions.head?.plan;
    if (wanted) await openPlan(wanted);
  } catch (thrown) {
    failed = asApiError(thrown);
  } finally {
    loading = false;
  }
}

export async function refreshVersions(): Promise<void> {
  versions = await get<Versions>('/api/plans');
}

export async function openPlan(id: string): Promise<void> {
  const body = await get<Plan>(`/api/plans/${encodeURIComponent(id)}`);
  if (base?.plan !== body.plan) dropSimulation();
  base = body;
  edit.open(body.plan, versions?.head?.version ?? body.version ?? 0);
}

export async function changeState(
  plan: string,
  state: PlanState,
  reason: string,
): Promise<PlanEvent> {
  const path = `/api/plans/${encodeURIComponent(plan)}/state`;
  const event = await send<PlanEvent>('POST', path, { state, reason });
  await refreshVersions();
  return event;
}

export function keepSimulation(result: Simulation): void {
  simulation = result;
  showSimulation = true;
}

export function setSimulationShown(shown: boolean): void {
  showSimulation = shown;
}

export function dropSimulation(): void {
  simulation = null;
  showSimulation = false;
}

/** The number of open TPS of a version, whichever way it is given. */
export function openCount(version: Version): number {
  const open = version.tps_uncovered;
  if (typeof open === 'number') return open;
  return Object.values(open).reduce((sum: number, one: number) => sum + one, 0);
}
