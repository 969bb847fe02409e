// Holds the built pages to their budgets, by file size after gzip (docs/benchmarks.md).
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = new URL('../../src/sispamkota/server/dist/', import.meta.url).pathname;
const KB = 1000;
const BUDGETS = {
  shell: 60 * KB, // JS and CSS that the sign-in screen waits for
  planning: 480 * KB, // all JS of the planning screen: shell, screen, map and its worker
  traffic: 480 * KB, // the same of the traffic screen with its largest section; the map is one chunk for both
  font: 50 * KB,
};

if (!existsSync(join(dist, 'app/index.html'))) {
  console.error('Nothing is built yet: run `npm run build` first.');
  process.exit(1);
}
const assets = readdirSync(join(dist, 'assets')).filter((n) => !n.endsWith('.br'));
const gz = new Map(assets.map((n) => [n, gzipSync(readFileSync(join(dist, 'assets', n))).length]));
const html = readFileSync(join(dist, 'app/index.html'), 'utf8');
const first = assets.filter((n) => html.includes(`/assets/${n}`));

/** Everything a file imports statically, itself included. */
function closure(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  if (!name.endsWith('.js')) return seen;
  const text = readFileSync(join(dist, 'assets', name), 'utf8');
  for (const [, next] of text.matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+)["'`]/g)) {
    if (gz.has(next)) closure(next, seen);
  }
  return seen;
}
const sum = (names) => [...names].reduce((total, name) => total + gz.get(name), 0);
const starting = (...stems) => assets.filter((n) => stems.some((s) => n.startsWith(`${s}-`)));

const shell = new Set(first.flatMap((n) => [...closure(n)]));

/** The JS a screen needs beside the shell: its own chunks, named by their stems, and the map. */
function screen(...stems) {
  const found = new Set(shell);
  for (const name of starting(...stems, 'worker')) {
    for (const part of closure(name)) found.add(part);
  }
  return sum([...found].filter((n) => n.endsWith('.js')));
}
const sizes = {
  shell: sum(shell),
  planning: screen('planning', 'canvas'),
  traffic: Math.max(...starting('section').map((one) => screen('traffic', 'sheet', one.replace(/-[^-]*$/, '')))),
  font: sum(assets.filter((n) => n.endsWith('.woff2'))),
};
let over = false;
for (const [what, budget] of Object.entries(BUDGETS)) {
  const size = sizes[what];
  const mapless = starting('canvas').length !== 1 || starting('sheet').length !== 1;
  const bad = size > budget || (mapless && (what === 'planning' || what === 'traffic'));
  over ||= bad;
  const figure = `${(size / KB).toFixed(1)} kB of ${budget / KB} kB gz`;
  console.log(`${what.padEnd(9)} ${figure}${bad ? '  OVER BUDGET' : ''}`);
}
process.exit(over ? 1 : 0);
