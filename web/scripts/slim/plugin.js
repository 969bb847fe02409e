/**
 * Builds MapLibre from the sources in its own package instead of its ready bundle, so that what this
 * product never uses is left out: another tile format (MLT), right-to-left text, its package.json.
 * Saves 45 kB gzip of JS that every planner would load (scripts/size.mjs holds the budget).
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const source = here('../../node_modules/maplibre-gl/src/');

export const slimAlias = [
  { find: /^maplibre-gl$/, replacement: `${source}index.ts` },
  { find: /^maplibre-gl\/dist\/maplibre-gl-worker\.mjs/, replacement: `${source}source/worker.ts` },
  { find: '@maplibre/mlt', replacement: here('mlt.ts') },
  { find: 'bidi-js', replacement: here('bidi.ts') },
];

/** Keeps of MapLibre's package.json the version, which is all that its code reads. */
export function slimMapLibre() {
  return {
    name: 'slim-maplibre',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/maplibre-gl/package.json')) return null;
      return JSON.stringify({ version: JSON.parse(readFileSync(id, 'utf8')).version });
    },
  };
}
