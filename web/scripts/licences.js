/** Writes the licences of everything that the built pages carry to assets/licences.txt. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The innermost package of a path: some packages carry copies of others. */
const PACKAGE = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const FONT = '@fontsource-variable/ibm-plex-sans';

export function licences(modules) {
  const found = new Set([FONT]);
  return {
    name: 'licences',
    transform(_code, id) {
      const [, name] = PACKAGE.exec(id) ?? [];
      if (name) found.add(name);
      return null;
    },
    generateBundle() {
      const folders = [...found].sort().map((name) => join(modules, name));
      const source = folders.filter((one) => existsSync(join(one, 'package.json'))).map(notice).join('\n');
      this.emitFile({ type: 'asset', fileName: 'assets/licences.txt', source });
    },
  };
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file ? readFileSync(join(folder, file), 'utf8') : '';
  return `${name} ${version} (${license})\n\n${text.trim()}\n\n`;
}
