/** The event in the form: texts as typed until it is sent, so that turning away loses nothing. */
import { pointIn, pointText, spotAt, type Spot } from '../data/places';
import type { At, Line } from '../data/types';
import { VEHICLES, type ClosureWish, type EventBody, type Group, type Kind, type Vehicle } from './types';

export interface GroupDraft {
  label: string;
  size: string;
  spot: Spot | null;
}

interface Draft {
  /** Of the event that is changed; '' for a new one. */
  id: string;
  kind: Kind;
  name: string;
  starts: string | null;
  ends: string | null;
  setup: string | null;
  spot: Spot | null;
  placeName: string;
  route: Line;
  expected: string;
  low: string;
  high: string;
  crowdSource: string;
  vehicles: Record<Vehicle, string>;
  sttpNumber: string;
  sttpDate: string;
  groups: GroupDraft[];
  closures: readonly ClosureWish[];
  propose: boolean;
  officersMin: string;
  note: string;
}

const empty = (): Draft => ({
  id: '',
  kind: 'campaign_rally',
  name: '',
  starts: null,
  ends: null,
  setup: null,
  spot: null,
  placeName: '',
  route: [],
  expected: '',
  low: '',
  high: '',
  crowdSource: '',
  vehicles: { car: '', motorcycle: '', bus: '', truck: '' },
  sttpNumber: '',
  sttpDate: '',
  groups: [],
  closures: [],
  propose: true,
  officersMin: '',
  note: '',
});

export const draft = $state<Draft>(empty());

const shown = (value: number | null | undefined): string => (value ? String(value) : '');

/** Sets the form to an event, or to nothing. */
export function fillDraft(event: EventBody | null): void {
  Object.assign(draft, empty(), event ? draftOf(event) : {});
}

function draftOf(event: EventBody): Draft {
  const spot = event.place ? spotAt(event.place) : null;
  return {
    id: event.id,
    kind: event.kind,
    name: event.name,
    starts: event.starts_at,
    ends: event.ends_at,
    setup: event.setup_at ?? null,
    spot,
    placeName: event.place_name ?? '',
    route: event.route ?? [],
    expected: shown(event.crowd?.expected),
    low: shown(event.crowd?.low),
    high: shown(event.crowd?.high),
    crowdSource: event.crowd?.source ?? '',
    vehicles: {
      car: shown(event.vehicles?.car),
      motorcycle: shown(event.vehicles?.motorcycle),
      bus: shown(event.vehicles?.bus),
      truck: shown(event.vehicles?.truck),
    },
    sttpNumber: event.sttp?.number ?? '',
    sttpDate: event.sttp?.issued_on ?? '',
    groups: (event.groups ?? []).map((one) => ({
      label: one.label,
      size: shown(one.size),
      spot: spotAt(one.gathering),
    })),
    closures: event.closures ?? [],
    propose: event.propose_closures ?? !event.closures?.length,
    officersMin: shown(event.officers_min),
    note: event.note ?? '',
  };
}

/** A whole number as typed; what is none goes to the server as it is, which says why not. */
function numberOf(text: string): number {
  const typed = String(text ?? '').trim();
  return (/^\d+$/.test(typed) ? Number(typed) : typed) as number;
}

const given = (text: string): boolean => String(text ?? '').trim() !== '';

/** What is typed, as an event file holds it; what is empty is left out. */
export function bodyNow(): Record<string, unknown> {
  const body: Record<string, unknown> = {
    id: draft.id || undefined,
    kind: draft.kind,
    name: draft.name.trim(),
    starts_at: draft.starts ?? undefined,
    ends_at: draft.ends ?? undefined,
    setup_at: draft.setup ?? undefined,
    place: draft.spot?.at ?? undefined,
    place_name: draft.placeName.trim() || undefined,
    route: draft.route.length ? draft.route : undefined,
    sttp: given(draft.sttpNumber)
      ? { number: draft.sttpNumber.trim(), ...(draft.sttpDate ? { issued_on: draft.sttpDate } : {}) }
      : undefined,
    groups: draft.groups.length ? draft.groups.map(groupOf) : undefined,
    closures: draft.closures.length ? draft.closures : undefined,
    propose_closures: draft.propose,
    officers_min: given(draft.officersMin) ? numberOf(draft.officersMin) : undefined,
    note: draft.note.trim() || undefined,
  };
  if (given(draft.expected)) {
    body['crowd'] = {
      expected: numberOf(draft.expected),
      ...(given(draft.low) ? { low: numberOf(draft.low) } : {}),
      ...(given(draft.high) ? { high: numberOf(draft.high) } : {}),
      ...(given(draft.crowdSource) ? { source: draft.crowdSource.trim() } : {}),
    };
  }
  const vehicles = VEHICLES.filter((one) => given(draft.vehicles[one]));
  if (vehicles.length) {
    body['vehicles'] = Object.fromEntries(vehicles.map((one) => [one, numberOf(draft.vehicles[one])]));
  }
  return body;
}

function groupOf(one: GroupDraft): Partial<Group> {
  return {
    label: one.label.trim(),
    ...(given(one.size) ? { size: numberOf(one.size) } : {}),
    ...(one.spot?.at ? { gathering: one.spot.at } : {}),
  };
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Groups are called by letters, never by what they stand for. */
export function nextLabel(): string {
  const taken = new Set(draft.groups.map((one) => one.label.trim()));
  const free = [...LETTERS].map((letter) => `Kelompok ${letter}`).find((label) => !taken.has(label));
  return free ?? `Kelompok ${draft.groups.length + 1}`;
}

/** Way points as text, one a line, and back; null where a line is no point. */
export function routeText(route: Line): string {
  return route.map(pointText).join('\n');
}

export function routeOf(text: string): Line | null {
  const points = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map(pointIn);
  return points.every((at): at is At => at !== null) ? points : null;
}
