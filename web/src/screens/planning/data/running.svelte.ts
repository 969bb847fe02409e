/** The job that runs for this screen, if any: one at a time, cancellable, wherever one looks. */
import { asApiError, type ApiError } from '$lib/api/errors';
import { Cancelled, runJob, type Step } from '$lib/api/jobs';

type Kind = 'plan' | 'simulate';

let kind = $state<Kind | null>(null);
let step = $state.raw<Step>({ step: '', part: 0 });
let failed = $state.raw<ApiError | null>(null);
let stop: AbortController | null = null;

export const running = {
  get kind(): Kind | null {
    return kind;
  },
  get step(): Step {
    return step;
  },
  get error(): ApiError | null {
    return failed;
  },
  cancel(): void {
    stop?.abort();
  },
};

/** Runs a job; returns its result, or null when it was cancelled or failed (`running.error`). */
export async function run<T>(body: { kind: Kind } & Record<string, unknown>): Promise<T | null> {
  if (kind) return null;
  stop = new AbortController();
  kind = body.kind;
  step = { step: '', part: 0 };
  failed = null;
  try {
    return await runJob<T>(body, (now) => (step = now), stop.signal);
  } catch (thrown) {
    if (!(thrown instanceof Cancelled)) failed = asApiError(thrown);
    return null;
  } finally {
    kind = null;
    stop = null;
  }
}
