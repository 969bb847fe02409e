/** When something is, in WIB: `21 Jan 2024, 11.00–16.00 WIB`. */
import { clock, moment, NONE } from '$lib/i18n/format';

const ZONE = ' WIB';

/** The day is said once where it is one. */
export function spanOf(begins: string | null | undefined, ends: string | null | undefined): string {
  if (!begins || !ends) return begins ? moment(begins) : NONE;
  const [from, to] = [moment(begins), moment(ends)];
  const [first, last] = [clock(begins), clock(ends)];
  const day = from.slice(0, -first.length).trim();
  if (day !== to.slice(0, -last.length).trim()) return `${from.replace(ZONE, '')} – ${to}`;
  return `${day}, ${first.replace(ZONE, '')}–${last}`;
}
