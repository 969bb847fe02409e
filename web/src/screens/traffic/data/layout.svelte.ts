/** Sizes of the traffic screen, kept on this machine. */

const KEPT = 'sispamkota.traffic.panel';
const FIRST = 440;

/** On a phone: how much of the screen the sheet under the map takes. */
export type SheetSize = 'low' | 'half' | 'high';

export const layout = $state({
  panel: Number(localStorage.getItem(KEPT)) || FIRST,
  sheet: 'half' as SheetSize,
});

export function resize(to: number): void {
  layout.panel = to;
  localStorage.setItem(KEPT, String(to));
}
