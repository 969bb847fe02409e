// No source file grows past what one can read in one sitting.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const LIMIT = 450;
const root = new URL('../src/', import.meta.url).pathname;
const long = readdirSync(root, { recursive: true })
  .filter((name) => /\.(svelte|ts|css)$/.test(name))
  .map((name) => [name, readFileSync(join(root, name), 'utf8').split('\n').length])
  .filter(([, lines]) => lines > LIMIT);
for (const [name, lines] of long) console.error(`web/src/${name}: ${lines} lines, over ${LIMIT}`);
process.exit(long.length ? 1 : 0);
