/** Moments of forms: typed as WIB (UTC+7, no summer time), sent as UTC. */

const WIB_MS = 7 * 3600 * 1000;

/** `2024-02-14T07:00` of an ISO time, for a field of date and time. */
export function toWib(iso: string | null): string {
  if (!iso) return '';
  const at = Date.parse(iso);
  return Number.isNaN(at) ? '' : new Date(at + WIB_MS).toISOString().slice(0, 16);
}

/** The ISO time in UTC of such a field; null when it is empty. */
export function fromWib(text: string): string | null {
  const at = Date.parse(`${text}:00Z`);
  return text && !Number.isNaN(at) ? new Date(at - WIB_MS).toISOString().replace('.000', '') : null;
}
