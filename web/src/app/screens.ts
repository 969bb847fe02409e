/** The screens, in the order of the navigation, each a chunk of its own: `screens/ID/Screen.svelte`. */
import type { Component } from 'svelte';
import { getEarly } from '$lib/api/client';
import type { Right, SessionBody } from '$lib/api/session';

export type ScreenId = 'plan' | 'traffic' | 'import' | 'check' | 'roster' | 'users' | 'audit' | 'account';

interface Screen {
  readonly id: ScreenId;
  readonly folder: string;
  /** What an account needs to see it; null = anybody signed in. */
  readonly right: Right | null;
  /** What it reads first: asked for while its code is still on the way. */
  readonly reads?: readonly string[];
}

const ALL: readonly Screen[] = [
  {
    id: 'plan',
    folder: 'planning',
    right: 'territory.read',
    reads: ['/api/operation', '/api/desa', '/api/tps', '/api/posts'],
  },
  {
    id: 'traffic',
    folder: 'traffic',
    right: 'roads.read',
    reads: ['/api/operation', '/api/desa', '/api/tps', '/api/posts', '/api/closures'],
  },
  { id: 'import', folder: 'import', right: 'import.write' },
  { id: 'check', folder: 'check', right: 'check.read' },
  { id: 'roster', folder: 'roster', right: 'roster.read' },
  { id: 'users', folder: 'users', right: 'user.manage' },
  { id: 'audit', folder: 'audit', right: 'audit.read' },
  { id: 'account', folder: 'account', right: null },
];

const files = import.meta.glob<{ default: Component }>('../screens/*/Screen.svelte');
const fileOf = (folder: string) => files[`../screens/${folder}/Screen.svelte`];

/** Screens an account with these rights may open. */
export function screensFor(rights: readonly Right[]): readonly Screen[] {
  return ALL.filter((s) => fileOf(s.folder) && (s.right === null || rights.includes(s.right)));
}

/** The screen of an address; the first one where it names none. */
const screenOf = (id: string) => ALL.find((one) => one.id === id) ?? ALL[0];

/** Fetches the code of a screen while the server is asked who we are. */
export function fetchCode(id: string): void {
  void fileOf(screenOf(id)?.folder ?? '')?.().catch(() => null); // `load` asks again, and says why not
}

/** Begins what a screen reads first while its code is on the way; settles when all is read. */
export async function readFirst(id: string, { account, rights }: SessionBody): Promise<void> {
  const screen = screenOf(id);
  if (!screen || account.must_change || !screensFor(rights).includes(screen)) return;
  await Promise.allSettled((screen.reads ?? []).map(getEarly));
}

export async function load(screen: Screen): Promise<Component> {
  const file = fileOf(screen.folder);
  if (!file) throw new Error(screen.folder);
  return (await file()).default;
}
