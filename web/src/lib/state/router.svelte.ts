/** Hash routes: `#/plan/guards-1a2b?tps=…`. */

export interface Route {
  readonly screen: string;
  readonly rest: readonly string[];
  readonly query: URLSearchParams;
}

function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [screen = '', ...rest] = path.split('/').map(decodeURIComponent);
  return { screen, rest, query: new URLSearchParams(query) };
}

let now = $state.raw<Route>(read());
addEventListener('hashchange', () => {
  now = read();
});

export function route(): Route {
  return now;
}

/** Address of a screen, for `href`. */
export function to(screen: string, ...rest: string[]): string {
  return `#/${[screen, ...rest].map(encodeURIComponent).join('/')}`;
}

/** Goes to an address; `replace` leaves no entry in the history. */
export function go(hash: string, replace = false): void {
  if (replace) {
    history.replaceState(null, '', hash);
    now = read();
  } else {
    location.hash = hash;
  }
}
