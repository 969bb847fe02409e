/** The screens, in the order of the navigation, each a chunk of its own: `screens/ID/Screen.svelte`. */
import type { Component } from 'svelte';
import type { Right } from '$lib/api/session';

export type ScreenId = 'plan' | 'import' | 'check' | 'roster' | 'users' | 'audit' | 'account';

interface Screen {
  readonly id: ScreenId;
  readonly folder: string;
  /** What an account needs to see it; null = anybody signed in. */
  readonly right: Right | null;
}

const ALL: readonly Screen[] = [
  { id: 'plan', folder: 'planning', right: 'territory.read' },
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

export async function load(screen: Screen): Promise<Component> {
  const file = fileOf(screen.folder);
  if (!file) throw new Error(screen.folder);
  return (await file()).default;
}
