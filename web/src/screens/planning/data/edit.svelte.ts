/** Moves by hand on one plan: undo, redo, the server's check, and a copy on this machine. */
import { send } from '$lib/api/client';
import { asApiError, type ApiError } from '$lib/api/errors';
import { session } from '$lib/state/session.svelte';
import type { EditResult, Op } from './types';

interface Kept {
  readonly ops: readonly Op[];
  readonly seen: number;
}

let plan = $state('');
let seen = $state(0);
let ops = $state.raw<readonly Op[]>([]);
let undone = $state.raw<readonly Op[]>([]);
let result = $state.raw<EditResult | null>(null);
let failed = $state.raw<ApiError | null>(null);
let checking = $state(false);
let running: AbortController | null = null;

export const edit = {
  get ops(): readonly Op[] {
    return ops;
  },
  get undone(): readonly Op[] {
    return undone;
  },
  /** The server's word on the present moves; null while it is asked, or without moves. */
  get result(): EditResult | null {
    return result;
  },
  get error(): ApiError | null {
    return failed;
  },
  get checking(): boolean {
    return checking;
  },
  get plan(): string {
    return plan;
  },
  /** Takes up a plan; moves that were left unsaved on this machine come back. */
  open(id: string, version: number): void {
    if (id === plan) return;
    running?.abort();
    plan = id;
    const kept = read(id);
    ops = kept?.ops ?? [];
    seen = kept?.seen ?? version;
    undone = [];
    result = null;
    failed = null;
    if (ops.length) void check();
  },
  add(op: Op): void {
    undone = [];
    change([...ops, op]);
  },
  undo(): void {
    const last = ops.at(-1);
    if (!last) return;
    undone = [...undone, last];
    change(ops.slice(0, -1));
  },
  redo(): void {
    const next = undone.at(-1);
    if (!next) return;
    undone = undone.slice(0, -1);
    change([...ops, next]);
  },
  /** Drops every move. */
  clear(): void {
    undone = [];
    change([]);
  },
  check: (): Promise<void> => check(),
  /** Saves as a new draft version; throws `newer_version` when somebody saved since. */
  async save(reason: string, beside: boolean): Promise<{ version: number; plan: string }> {
    const body = { ops, reason, seen_version: seen, beside };
    const path = `/api/plans/${encodeURIComponent(plan)}/save`;
    const saved = await send<{ version: number; plan: string }>('POST', path, body);
    edit.clear();
    return saved;
  },
  /** Keeps these moves for another plan, to be found when that one is opened. */
  carryTo(id: string, version: number): void {
    write(id, { ops, seen: version });
    forget(plan);
    plan = '';
  },
};

function change(to: readonly Op[]): void {
  ops = to;
  result = null;
  if (to.length) write(plan, { ops: to, seen });
  else forget(plan);
  void check();
}

async function check(): Promise<void> {
  running?.abort();
  failed = null;
  if (!ops.length) {
    checking = false;
    return;
  }
  const mine = new AbortController();
  running = mine;
  checking = true;
  try {
    const path = `/api/plans/${encodeURIComponent(plan)}/check`;
    const answer = await send<EditResult>('POST', path, { ops }, { signal: mine.signal });
    if (running === mine) result = answer;
  } catch (thrown) {
    if (running === mine) failed = asApiError(thrown);
  } finally {
    if (running === mine) checking = false;
  }
}

function key(id: string): string {
  return `sispamkota.edit.${session.body?.account.id ?? ''}.${id}`;
}

function read(id: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key(id)) ?? 'null') as Kept | null;
    return kept && Array.isArray(kept.ops) ? kept : null;
  } catch {
    return null;
  }
}

function write(id: string, kept: Kept): void {
  try {
    localStorage.setItem(key(id), JSON.stringify(kept));
  } catch {
    // a full disk: the moves stay on the screen
  }
}

function forget(id: string): void {
  localStorage.removeItem(key(id));
}
