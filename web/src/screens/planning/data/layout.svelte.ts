/** Sizes of the desk, kept on this machine. */

export interface Layout {
  left: number;
  panel: number;
  table: number;
}

const KEPT = 'sispamkota.planning.layout';
const FIRST: Layout = { left: 210, panel: 340, table: 232 };

function read(): Layout {
  try {
    return { ...FIRST, ...(JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Layout>) };
  } catch {
    return { ...FIRST };
  }
}

export const layout = $state<Layout>(read());

export function resize(part: keyof Layout, to: number): void {
  layout[part] = to;
  localStorage.setItem(KEPT, JSON.stringify(layout));
}
