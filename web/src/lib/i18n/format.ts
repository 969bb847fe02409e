/** Figures, times and distances as Indonesian officers write them; times of day are WIB. */
import { language, type Language } from './language.svelte';

const LOCALES: Record<Language, string> = { id: 'id-ID', en: 'en-GB' };
const MARKS: Record<Language, readonly [thousands: string, comma: string]> = {
  id: ['.', ','],
  en: [',', '.'],
};
const ZONE = 'Asia/Jakarta';
export const NONE = '–';

function locale(): string {
  return LOCALES[language()];
}

/** A figure with thousands marks; `digits` after the comma. */
export function figure(value: number | null | undefined, digits = 0): string {
  if (value == null || Number.isNaN(value)) return NONE;
  // by hand: the first Intl.NumberFormat costs more than the rows of a table
  const [thousands, comma] = MARKS[language()];
  const [whole = '', fraction] = value.toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  return fraction === undefined ? grouped : `${grouped}${comma}${fraction}`;
}

/** A figure with its sign: a difference. */
export function signed(value: number | null | undefined, digits = 0): string {
  if (value == null) return NONE;
  const rounded = Number(value.toFixed(digits));
  if (rounded === 0) return figure(0, digits);
  return `${rounded > 0 ? '+' : '−'}${figure(Math.abs(rounded), digits)}`;
}

/** 0.031 as 3,1 %. */
export function percent(share: number | null | undefined, digits = 1): string {
  return share == null ? NONE : `${figure(share * 100, digits)} %`;
}

/** 840 m, 2,4 km, 31 km. */
export function lengthOf(metres: number | null | undefined): string {
  if (metres == null) return NONE;
  if (metres < 995) return `${figure(metres)} m`;
  const km = metres / 1000;
  return `${figure(km, km < 20 ? 1 : 0)} km`;
}

/** Seconds as minutes: 754 as `13 mnt`. */
export function minutes(seconds: number | null | undefined, digits = 0): string {
  if (seconds == null) return NONE;
  return `${figure(seconds / 60, digits)} ${language() === 'en' ? 'min' : 'mnt'}`;
}

/** Seconds as hours, for sums. */
export function hours(seconds: number | null | undefined, digits = 1): string {
  if (seconds == null) return NONE;
  return `${figure(seconds / 3600, digits)} ${language() === 'en' ? 'h' : 'jam'}`;
}

/** `24 Nov 2026 09.42 WIB` of an ISO time. */
export function moment(iso: string | null | undefined): string {
  if (!iso) return NONE;
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = new Intl.DateTimeFormat(locale(), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: ZONE,
  }).format(date);
  return `${day} ${clock(iso)}`;
}

/** `09.42 WIB` of an ISO time. */
export function clock(iso: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: ZONE,
  }).format(new Date(iso));
  return `${parts.replace(':', '.')} WIB`;
}

/** `14 Februari 2024` of an ISO date. */
export function day(iso: string | null | undefined): string {
  if (!iso) return NONE;
  const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeZone: 'UTC' }).format(date);
}
