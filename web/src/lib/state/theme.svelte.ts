/** Light or dark: as the system says, until somebody chooses. */

export type Choice = 'system' | 'light' | 'dark';

const KEPT = 'sispamkota.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

function first(): Choice {
  const old = localStorage.getItem(KEPT);
  return old === 'light' || old === 'dark' ? old : 'system';
}

let choice = $state<Choice>(first());
let systemDark = $state(system.matches);

export function themeChoice(): Choice {
  return choice;
}

/** Whether the screen is dark now. */
export function dark(): boolean {
  return choice === 'system' ? systemDark : choice === 'dark';
}

export function setTheme(to: Choice): void {
  choice = to;
  if (to === 'system') localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, to);
  apply();
}

/** Puts the theme on the page; called before the first paint. */
export function apply(): void {
  document.documentElement.dataset['theme'] = dark() ? 'dark' : 'light';
}

system.addEventListener('change', () => {
  systemDark = system.matches;
  apply();
});
