/** Keyboard shortcuts; those of a single letter can be switched off (WCAG 2.1.4). */

const KEPT = 'sispamkota.keys';
let single = $state(localStorage.getItem(KEPT) !== 'off');

export const keys = {
  get single(): boolean {
    return single;
  },
  set(on: boolean): void {
    single = on;
    localStorage.setItem(KEPT, on ? 'on' : 'off');
  },
};

export interface Actions {
  readonly search: () => void;
  readonly panel: (number: number) => void;
  readonly move: (by: number) => void;
  readonly enter: () => void;
  readonly escape: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly help: () => void;
}

/** Acts on a key; leaves fields, dialogs and the keys of the map alone. */
export function onKey(event: KeyboardEvent, actions: Actions): void {
  const target = event.target as HTMLElement;
  const typing = target.matches('input, select, textarea') && !target.matches('[type=checkbox]');
  if (document.querySelector('dialog[open]')) return;
  const key = event.key.toLowerCase();
  if (inList(target) && step(key, actions)) {
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey) {
    if (typing || event.altKey || (key !== 'z' && key !== 'y')) return;
    event.preventDefault();
    if (key === 'y' || event.shiftKey) actions.redo();
    else actions.undo();
    return;
  }
  if (key === 'escape') {
    if (typing) target.blur();
    else actions.escape();
    return;
  }
  const searching = target.matches('[data-search]');
  if (key === 'enter' && (searching || (!typing && !target.closest('button, a, summary')))) {
    actions.enter();
    return;
  }
  if (typing || event.altKey) return;
  if (single && letter(key, actions)) event.preventDefault();
}

/** The search field and the list beside it: arrows choose a row, Enter opens it. */
function inList(target: HTMLElement): boolean {
  return target.closest('[data-search], [data-panel="4"]') !== null;
}

function step(key: string, actions: Actions): boolean {
  if (key === 'arrowdown') actions.move(1);
  else if (key === 'arrowup') actions.move(-1);
  else return false;
  return true;
}

function letter(key: string, actions: Actions): boolean {
  if (key === '/') actions.search();
  else if (key === '?') actions.help();
  else if (key === 'j') actions.move(1);
  else if (key === 'k') actions.move(-1);
  else if (/^[1-4]$/.test(key)) actions.panel(Number(key));
  else return false;
  return true;
}
