/** How the plan's roads, events and people are called. */
import { said } from '$lib/i18n/language.svelte';
import type { Profile } from '../data/types';
import { plans } from './store.svelte';
import { t } from './words';

const FIRST = 6;

export function roadsOf(roads: readonly string[]): string {
  const named = roads.map((one) => one || t('unnamed'));
  const shown = named.slice(0, FIRST).join(', ');
  return named.length > FIRST ? `${shown} … (+${named.length - FIRST})` : shown;
}

export function eventName(id: string): string {
  return plans.open?.events.find((one) => one.id === id)?.name ?? id;
}

export function kindName(id: string): string {
  return said(plans.open?.events.find((one) => one.id === id)?.kind_name);
}

export function profilesOf(profiles: readonly Profile[]): string {
  return profiles.map((one) => t(`profile_${one}`)).join(', ');
}
