/** Writes the licences of everything that the built pages carry to assets/licences.txt. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//;
const FONT = '@fontsource-variable/ibm-plex-sans';

export function licences(modules) {
  const found = new Set();
  return {
    name: 'licences',
    transform(_code, id) {
      const [, folder] = PACKAGE.exec(id) ?? [];
      if (folder) found.add(folder);
      return null;
    },
    generateBundle() {
      const folders = [...found, join(modules, FONT)].sort();
      const source = folders.map(notice).join('\n');
      this.emitFile({ type: 'asset', fileName: 'assets/licences.txt', source });
    },
  };
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
  return `${name} ${version} (${license})\n\n${text.trim()}\n\n`;
}
