/** Long work on the server: start, follow, cancel. */
import { get, send } from '$lib/api/client';
import { ApiError, unreachable, type ErrorBody } from '$lib/api/errors';

export interface Step {
  /** What is being worked on: a phase, or the code of a kecamatan. */
  readonly step: string;
  /** Share done, 0 to 1. */
  readonly part: number;
}

interface JobBody<T> {
  readonly state: string;
  readonly step?: string;
  readonly part?: number;
  readonly result?: T;
  readonly error?: ErrorBody;
}

export class Cancelled extends Error {}

const ASK_AGAIN_MS = 1500;

/** Runs a job to its end; `onstep` hears of its progress; aborting `signal` cancels it. */
export async function runJob<T>(
  body: Readonly<Record<string, unknown>>,
  onstep: (step: Step) => void,
  signal: AbortSignal,
): Promise<T> {
  const { job } = await send<{ job: string }>('POST', '/api/jobs', body);
  const path = `/api/jobs/${encodeURIComponent(job)}`;
  const cancel = (): void => void send('DELETE', path).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await follow<T>(path, onstep, signal);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** Listens to the stream; where it breaks for good, asks for the state instead. */
function follow<T>(path: string, onstep: (step: Step) => void, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stream = new EventSource(`${path}/events`);
    const on = (kind: string, act: (data: unknown) => void): void =>
      stream.addEventListener(kind, (event) => {
        act(JSON.parse((event as MessageEvent<string>).data || '{}'));
      });
    const end = (act: () => void): void => {
      stream.close();
      act();
    };
    signal.addEventListener('abort', () => end(() => reject(new Cancelled())), { once: true });
    on('progress', (data) => onstep(data as Step));
    on('done', (data) => end(() => resolve((data as { result: T }).result)));
    on('failed', (data) => end(() => reject(failure((data as { error: ErrorBody }).error))));
    on('cancelled', () => end(() => reject(new Cancelled())));
    stream.onerror = () => {
      if (stream.readyState !== EventSource.CLOSED) return;
      ask<T>(path, onstep, signal).then(resolve, reject);
    };
  });
}

async function ask<T>(
  path: string,
  onstep: (step: Step) => void,
  signal: AbortSignal,
): Promise<T> {
  for (let failures = 0; ; ) {
    if (signal.aborted) throw new Cancelled();
    try {
      const body = await get<JobBody<T>>(path);
      if (body.state === 'done') return body.result as T;
      if (body.state === 'failed') throw failure(body.error);
      if (body.state === 'cancelled') throw new Cancelled();
      onstep({ step: body.step ?? '', part: body.part ?? 0 });
      failures = 0;
    } catch (thrown) {
      const lost = thrown instanceof ApiError && thrown.code === 'unreachable' && failures < 5;
      if (!lost) throw thrown;
      failures += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

function failure(error: ErrorBody | undefined): ApiError {
  return error ? new ApiError(400, error) : unreachable();
}
