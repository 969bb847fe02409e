/** Parts of the screen, by their address: `#/traffic/closures/ID`. */
import type { Right } from '$lib/api/session';
import { go, route, to } from '$lib/state/router.svelte';

export const SECTIONS = ['closures', 'events', 'plan', 'roads'] as const;
export type SectionId = (typeof SECTIONS)[number];

export const NEEDS: Readonly<Record<SectionId, Right>> = {
  closures: 'roads.read',
  events: 'traffic.read',
  plan: 'traffic.read',
  roads: 'roads.read',
};

export function sectionNow(): SectionId {
  return SECTIONS.find((one) => one === route().rest[0]) ?? 'closures';
}

/** What is open inside the section: an id, `new`, or a tool. */
export function openNow(): string {
  return route().rest[1] ?? '';
}

export function sectionAt(section: SectionId, open = ''): string {
  return open ? to('traffic', section, open) : to('traffic', section);
}

export function goSection(section: SectionId, open = '', replace = false): void {
  go(sectionAt(section, open), replace);
}
