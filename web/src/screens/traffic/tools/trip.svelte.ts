/** How somebody travels, and between which places: shared by the tools, kept while one looks around. */
import type { Spot } from '../data/places';
import type { Exempt, Profile } from '../data/types';

export const TOOLS = ['route', 'reach', 'nearest', 'critical', 'network'] as const;
export type Tool = (typeof TOOLS)[number];

export const trip = $state({
  profile: 'car' as Profile,
  /** Null = now. */
  at: null as string | null,
  exempt: '' as Exempt | '',
  from: null as Spot | null,
  to: null as Spot | null,
});

export function tripQuery(): Readonly<Record<string, string>> {
  return { profile: trip.profile, at: trip.at ?? '', exempt: trip.exempt };
}
