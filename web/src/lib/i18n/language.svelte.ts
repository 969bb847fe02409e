/** The language of the screen, and dictionaries that follow it. */

export type Language = 'id' | 'en';
type Words = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, string | number>>;

const KEPT = 'sispamkota.language';

function first(): Language {
  return localStorage.getItem(KEPT) === 'en' ? 'en' : 'id';
}

let now = $state<Language>(first());

/** The language in force: 'id' until somebody chooses otherwise. */
export function language(): Language {
  return now;
}

/** Chooses the language, here and after the next start. */
export function setLanguage(to: Language): void {
  now = to;
  localStorage.setItem(KEPT, to);
}

/** Fills `{name}` places of a text. */
export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/**
 * Makes the `t(key, values)` of one area from its two dictionaries. Indonesian is the source:
 * a key missing in English, or too many, fails the type check.
 */
export function words<D extends Words>(
  id: D,
  en: { readonly [K in keyof D]: string },
): (key: keyof D & string, values?: Values) => string {
  return (key, values) => fill((now === 'en' ? en : id)[key], values);
}

/** A text of the server in both languages, in the one in force. */
export interface Both {
  readonly id: string;
  readonly en: string;
}

export function said(text: Both | string | null | undefined): string {
  if (text == null) return '';
  return typeof text === 'string' ? text : text[now];
}
