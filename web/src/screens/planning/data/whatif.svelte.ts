/** The form of a what-if: kept while other things are looked at, sent as what differs from today. */
import { land } from '$lib/land/territory.svelte';

export interface WhatIf {
  kecamatan: string;
  pattern: string;
  /** Minutes. */
  limit: number | null;
  postWeight: number | null;
  speed: number | null;
  detour: number | null;
  dutyHours: number | null;
  mixed: '' | 'yes' | 'no';
  grouping: '' | 'kecamatan' | 'desa';
  available: number | null;
  delta: { post: string; officers: number }[];
  closedBeats: string[];
  closedPosts: string[];
}

export const whatIf = $state<WhatIf>(blank());

export function blank(): WhatIf {
  return {
    kecamatan: '',
    pattern: '',
    limit: null,
    postWeight: null,
    speed: null,
    detour: null,
    dutyHours: null,
    mixed: '',
    grouping: '',
    available: null,
    delta: [],
    closedBeats: [],
    closedPosts: [],
  };
}

export function resetWhatIf(): void {
  Object.assign(whatIf, blank());
}

/** Adds a beat or post to those that are closed, once. */
export function close(kind: 'beat' | 'post', code: string): void {
  const list = kind === 'beat' ? whatIf.closedBeats : whatIf.closedPosts;
  if (code && !list.includes(code)) list.push(code);
}

/** The `changes` of the API: only what was filled in and differs from the settings in force. */
export function changesOf(form: WhatIf): Record<string, unknown> {
  const now = land.now.operation?.settings?.planning;
  const changes: Record<string, unknown> = {};
  const put = (key: string, value: unknown, old: unknown): void => {
    if (value !== null && value !== '' && value !== old) changes[key] = value;
  };
  put('pattern', form.pattern, land.now.operation?.pattern);
  put('beat_limit_s', form.limit === null ? null : form.limit * 60, now?.beat_limit_s);
  put('post_weight', form.postWeight, now?.post_weight);
  put('speed_kmh', form.speed, now?.speed_kmh);
  put('detour_factor', form.detour, now?.detour_factor);
  put('duty_hours', form.dutyHours, now?.duty_hours);
  put('mixed_classes', form.mixed === '' ? null : form.mixed === 'yes', now?.mixed_classes);
  put('grouping', form.grouping, now?.grouping);
  if (form.available !== null) changes['available'] = { polri: form.available };
  const delta = form.delta.filter((one) => one.post && one.officers);
  if (delta.length) {
    changes['strength_delta'] = Object.fromEntries(delta.map((one) => [one.post, one.officers]));
  }
  if (form.closedBeats.length) changes['closed_beats'] = [...form.closedBeats];
  if (form.closedPosts.length) changes['closed_posts'] = [...form.closedPosts];
  return changes;
}
