/** Versions of the traffic plan, the one that is open, and the making of another. */
import { get, send } from '$lib/api/client';
import { ApiError, asApiError } from '$lib/api/errors';
import { Cancelled, runJob, type Step } from '$lib/api/jobs';
import type { PlanState, StateEvent, TrafficPlan, Verdict, Version, Versions } from './types';

let versions = $state.raw<readonly Version[] | null>(null);
let failed = $state.raw<ApiError | null>(null);
let open = $state.raw<TrafficPlan | null>(null);
let openFailed = $state.raw<ApiError | null>(null);

export const plans = {
  get versions(): readonly Version[] {
    return versions ?? [];
  },
  get read(): boolean {
    return versions !== null;
  },
  get error(): ApiError | null {
    return failed;
  },
  get open(): TrafficPlan | null {
    return open;
  },
  get openError(): ApiError | null {
    return openFailed;
  },
  version(plan: string): Version | null {
    return versions?.find((one) => one.plan === plan) ?? null;
  },
};

const pathOf = (plan: string): string => `/api/plans/${encodeURIComponent(plan)}`;

export async function loadVersions(): Promise<void> {
  try {
    const found = await get<{ traffic: Versions | null }>('/api/plans');
    versions = found.traffic?.versions ?? [];
    failed = null;
  } catch (thrown) {
    failed = asApiError(thrown);
  }
}

let wanted = '';

export async function openPlan(plan: string): Promise<void> {
  wanted = plan;
  if (open?.plan === plan) return;
  open = null;
  openFailed = null;
  try {
    const body = await get<TrafficPlan>(pathOf(plan));
    if (wanted === plan) open = body;
  } catch (thrown) {
    if (wanted === plan) openFailed = asApiError(thrown);
  }
}

export function verify(plan: string): Promise<Verdict> {
  return get<Verdict>(`${pathOf(plan)}/verify`);
}

export async function changeState(plan: string, state: PlanState, reason: string): Promise<void> {
  await send<StateEvent>('POST', `${pathOf(plan)}/state`, { state, reason });
  await loadVersions();
}

interface Made {
  readonly plan: string;
  readonly version: number;
  /** The same inputs had been planned before: the version that stands. */
  readonly known: boolean;
}

let busy = $state(false);
let step = $state.raw<Step>({ step: '', part: 0 });
let stopped = $state.raw<ApiError | null>(null);
let stop: AbortController | null = null;

export const making = {
  get busy(): boolean {
    return busy;
  },
  get step(): Step {
    return step;
  },
  get error(): ApiError | null {
    return stopped;
  },
  cancel(): void {
    stop?.abort();
  },
};

/** Makes a plan for these events; null when it was cancelled or refused (`making.error`). */
export async function makePlan(events: readonly string[], seed: number): Promise<Made | null> {
  if (busy) return null;
  stop = new AbortController();
  busy = true;
  step = { step: '', part: 0 };
  stopped = null;
  try {
    const body = { kind: 'traffic', events, seed };
    const made = await runJob<Made>(body, (now) => (step = now), stop.signal);
    await loadVersions();
    return made;
  } catch (thrown) {
    if (!(thrown instanceof Cancelled)) stopped = asApiError(thrown);
    return null;
  } finally {
    busy = false;
    stop = null;
  }
}
