/** The events of the workspace: read, kept, withdrawn, and as a file. */
import { get, send } from '$lib/api/client';
import { asApiError, type ApiError } from '$lib/api/errors';
import type { EventBody, KeptEvent } from './types';

const PATH = '/api/traffic/events';
let rows = $state.raw<readonly KeptEvent[] | null>(null);
let gone = $state.raw<readonly KeptEvent[]>([]);
let failed = $state.raw<ApiError | null>(null);

export const events = {
  get rows(): readonly KeptEvent[] {
    return rows ?? [];
  },
  /** Those that were withdrawn, newest first. */
  get withdrawn(): readonly KeptEvent[] {
    return gone;
  },
  get read(): boolean {
    return rows !== null;
  },
  get error(): ApiError | null {
    return failed;
  },
  find(id: string): KeptEvent | null {
    return rows?.find((one) => one.id === id) ?? gone.find((one) => one.id === id) ?? null;
  },
};

export async function loadEvents(): Promise<void> {
  try {
    const all = (await get<{ events: KeptEvent[] }>(`${PATH}?all=true`)).events;
    gone = all
      .filter((one) => one.state === 'withdrawn')
      .sort((a, b) => b.made_at.localeCompare(a.made_at));
    rows = all.filter((one) => one.state === 'active');
    failed = null;
  } catch (thrown) {
    failed = asApiError(thrown);
  }
}

export interface Kept {
  readonly event: KeptEvent;
  readonly replaced: boolean;
  readonly warnings?: readonly string[];
}

/** Keeps an event; one of the same id gets a new version. Without an id the server gives one. */
export async function keepEvent(body: object): Promise<Kept> {
  const made = await send<Kept>('POST', PATH, { event: body });
  await loadEvents();
  return made;
}

/** Keeps several events, all of them or none: at the first refusal what was kept is taken back. */
export async function keepAll(bodies: readonly object[]): Promise<readonly KeptEvent[]> {
  const kept: KeptEvent[] = [];
  const before = new Map(events.rows.map((one) => [one.id, one]));
  try {
    for (const event of bodies) {
      kept.push((await send<Kept>('POST', PATH, { event })).event);
    }
  } catch (thrown) {
    for (const { id } of kept.reverse()) {
      const old = before.get(id);
      if (old) await send('POST', PATH, { event: bodyOf(old) });
      else await send('DELETE', `${PATH}/${encodeURIComponent(id)}`);
    }
    throw thrown;
  } finally {
    await loadEvents();
  }
  return kept;
}

export async function withdrawEvent(id: string): Promise<void> {
  await send('DELETE', `${PATH}/${encodeURIComponent(id)}`);
  await loadEvents();
}

/** The event as a file holds it: without who kept it and when. */
export function bodyOf({ state: _, person: __, made_at: ___, ...body }: KeptEvent): EventBody {
  return body;
}
