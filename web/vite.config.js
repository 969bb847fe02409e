import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { brotli } from './scripts/brotli.js';
import { licences } from './scripts/licences.js';
import { slimAlias, slimMapLibre } from './scripts/slim/plugin.js';

/** Where the server of `sispamkota serve` stands while the pages are developed. */
const server = process.env.SISPAMKOTA_SERVER ?? 'http://127.0.0.1:8123';

/** Every screen's entry is called Screen.svelte, of its parts Section.svelte; chunks are named after the folders. */
function nameOf(chunk) {
  const entry = /screens\/(\w+\/)?(\w+)\/(Screen|Section)\.svelte$/.exec(chunk.facadeModuleId ?? '');
  if (!entry) return chunk.name;
  return entry[3] === 'Screen' ? entry[2] : `section-${entry[2]}`;
}

export default defineConfig({
  base: '/',
  plugins: [
    svelte(),
    slimMapLibre(),
    licences(fileURLToPath(new URL('node_modules', import.meta.url))),
    brotli(),
  ],
  // MapLibre's sources mean their class fields as TypeScript did before ES2022
  oxc: {
    typescript: { removeClassFieldsWithoutInitializer: true },
    assumptions: { setPublicClassFields: true },
  },
  worker: { plugins: () => [slimMapLibre()] },
  resolve: {
    alias: [
      { find: '$lib', replacement: fileURLToPath(new URL('src/lib', import.meta.url)) },
      ...slimAlias,
    ],
  },
  build: {
    outDir: '../src/sispamkota/server/dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false }, // a strict CSP allows no inline script
    assetsInlineLimit: 0, // nor data: fonts
    chunkSizeWarningLimit: 1100, // the map; scripts/size.mjs holds the real budgets
    rollupOptions: {
      input: { app: 'app/index.html' },
      output: { chunkFileNames: (chunk) => `assets/${nameOf(chunk)}-[hash].js` },
    },
  },
  server: { proxy: { '/api': server, '/map': server } },
});
