/** A browser's own description in few words: `Chrome · Android`. */

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

const first = (agent: string, names: readonly (readonly [RegExp, string])[]) =>
  names.find(([mark]) => mark.test(agent))?.[1];

export function device(agent: string): string {
  const parts = [first(agent, BROWSERS), first(agent, SYSTEMS)].filter(Boolean);
  return parts.length ? parts.join(' · ') : agent.slice(0, 60);
}
