/** The closures there are, and what the map shows of them. */
import { get, send } from '$lib/api/client';
import { asApiError, type ApiError } from '$lib/api/errors';
import { heard } from '../data/network.svelte';
import { areaOf, boundsOf, linesOf, overlay } from '../data/overlay.svelte';
import type { Bounds, Closed, Closure, Closures, ClosureState, Preview, Wish } from '../data/types';

let rows = $state.raw<readonly Closure[] | null>(null);
let failed = $state.raw<ApiError | null>(null);

export const closures = {
  get rows(): readonly Closure[] {
    return rows ?? [];
  },
  get read(): boolean {
    return rows !== null;
  },
  get error(): ApiError | null {
    return failed;
  },
};

export async function loadClosures(): Promise<void> {
  try {
    rows = heard(await get<Closures>('/api/closures')).closures;
    failed = null;
  } catch (thrown) {
    failed = asApiError(thrown);
  }
}

export async function preview(wish: Wish): Promise<Preview> {
  return heard(await send<Preview>('POST', '/api/closures/preview', wish));
}

export async function close(wish: Wish, reason: string, publicReason: string): Promise<Closed> {
  const body = { ...wish, reason, public_reason: publicReason };
  const made = heard(await send<Closed>('POST', '/api/closures', body));
  rows = [made.closure, ...closures.rows];
  return made;
}

export async function lift(id: string, reason: string): Promise<Closure> {
  const path = `/api/closures/${encodeURIComponent(id)}/lift`;
  const { closure } = heard(await send<Closed>('POST', path, { reason }));
  rows = closures.rows.map((one) => (one.id === id ? closure : one));
  return closure;
}

/** Whether a closure holds now or will. */
export function stands({ state }: Closure): boolean {
  return state === 'in_force' || state === 'planned';
}

export const ROLE_OF = {
  in_force: 'closed',
  planned: 'planned',
  past: 'lifted',
  lifted: 'lifted',
} as const satisfies Record<ClosureState, string>;

/** Lines and areas of these closures by state; those over only when one of them is open. */
export function drawClosures(
  prefix: string,
  shown: readonly Closure[],
  onpress: (id: string) => void,
): void {
  for (const role of ['closed', 'planned', 'lifted'] as const) {
    const features = shown
      .filter((one) => ROLE_OF[one.state] === role)
      .flatMap((one) => [
        ...(one.area ? [areaOf(one.area, { key: one.id, width: 1.4 })] : []),
        linesOf(one.lines, { key: one.id }),
      ]);
    overlay.show(`${prefix}-${role}`, features, role, onpress);
  }
}

export function boundsOfClosure(one: Closure): Bounds | null {
  return boundsOf(...one.lines, ...(one.area ? [one.area] : []));
}
