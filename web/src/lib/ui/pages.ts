/** Rows in pages: the browser draws one page, sorting happens in data. A page is twice a screen. */

export const PAGE = 50;

export function pageCount(rows: number): number {
  return Math.max(1, Math.ceil(rows / PAGE));
}

export function pageOf<T>(rows: readonly T[], page: number): readonly T[] {
  const kept = Math.min(page, pageCount(rows.length) - 1);
  return rows.slice(kept * PAGE, (kept + 1) * PAGE);
}
