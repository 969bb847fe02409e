/** The colours of the map, the same as tokens.css; a map takes values, not custom properties. */
import type { Category } from '$lib/land/types';

export interface Colours {
  readonly land: string;
  readonly water: string;
  readonly border: string;
  readonly panel: string;
  readonly ink: string;
  readonly ink2: string;
  readonly unit: string;
  readonly alarm: string;
  readonly ok: string;
  readonly caution: string;
  readonly classes: Readonly<Record<Category, string>>;
}

export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    land: token('land'),
    water: token('water'),
    border: token('border'),
    panel: token('panel'),
    ink: token('ink'),
    ink2: token('ink-2'),
    unit: token('unit'),
    alarm: token('alarm'),
    ok: token('ok'),
    caution: token('caution'),
    classes: {
      kurang_rawan: token('kurang-rawan'),
      rawan: token('rawan'),
      sangat_rawan: token('sangat-rawan'),
      khusus: token('khusus'),
    },
  };
}
