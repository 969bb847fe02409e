/**
 * Talks to the server: session cookie, CSRF header, language, ETag; an expired session is asked for
 * again over the screen and the request repeated, so that nothing typed is lost.
 */
import { language } from '../i18n/language.svelte';
import { refused, unreachable, type ApiError } from './errors';

interface Keeper {
  /** The CSRF token of the session, or null when nobody is signed in. */
  csrf(): string | null;
  /** Reads the session anew; another tab may have changed it. */
  refresh(): Promise<void>;
  /** Asks the person to sign in again; false when they decline. */
  signInAgain(): Promise<boolean>;
}

interface Options {
  readonly signal?: AbortSignal;
  /** Leave a missing session to the caller: sign-in itself. */
  readonly anonymous?: boolean;
  /** The tab closes: let the browser finish the request on its own. */
  readonly keepalive?: boolean;
}

interface Kept {
  readonly etag: string;
  readonly body: unknown;
}

let keeper: Keeper = {
  csrf: () => null,
  refresh: () => Promise.resolve(),
  signInAgain: () => Promise.resolve(false),
};
const kept = new Map<string, Kept>();
const early = new Map<string, Promise<unknown>>();

/** Tells the client who keeps the session. */
export function keepSessionWith(one: Keeper): void {
  keeper = one;
}

/** Forgets what was read under another account. */
export function forgetAnswers(): void {
  kept.clear();
  early.clear();
}

/** Address with its query; null and undefined values are left out. */
export function address(
  path: string,
  query: Readonly<Record<string, string | number | null | undefined>> = {},
): string {
  const given = Object.entries(query).filter(([, value]) => value != null && value !== '');
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

/** The bare exchange, with one repetition after a new sign-in or a new CSRF token. */
async function exchange(
  method: string,
  path: string,
  body: BodyInit | undefined,
  headers: Record<string, string>,
  options: Options,
): Promise<Response> {
  for (let turn = 0; ; turn += 1) {
    const asked = keeper.csrf();
    const answer = await once(method, path, body, headers, options);
    if (answer.ok || answer.status === 304 || options.anonymous) return answer;
    const error = await refused(answer);
    if (turn === 2 || !(await mended(error, asked))) throw error;
  }
}

async function once(
  method: string,
  path: string,
  body: BodyInit | undefined,
  headers: Record<string, string>,
  options: Options,
): Promise<Response> {
  const sent: Record<string, string> = { 'Accept-Language': language(), ...headers };
  const csrf = keeper.csrf();
  if (method !== 'GET' && csrf) sent['X-CSRF-Token'] = csrf;
  try {
    return await fetch(path, {
      method,
      headers: sent,
      body: body ?? null,
      credentials: 'same-origin',
      cache: 'no-cache',
      signal: options.signal ?? null,
      keepalive: options.keepalive ?? false,
    });
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw unreachable();
  }
}

/** Whether the request may be repeated; `asked` is the CSRF token of the session it was sent in. */
async function mended(error: ApiError, asked: string | null): Promise<boolean> {
  // a late answer to the former session: the person has signed in again meanwhile
  if (error.status === 401 && keeper.csrf() !== asked) return true;
  if (error.status === 401) return keeper.signInAgain();
  if (error.status === 403 && error.code.includes('csrf')) {
    await keeper.refresh();
    return true;
  }
  return false;
}

/** Begins to read what will be asked for soon; the first `get` of the same path takes the answer. */
export function getEarly(path: string): Promise<unknown> {
  const key = keyOf(path);
  early.delete(key);
  const begun = get(path);
  begun.catch(() => undefined); // for whoever takes it
  early.set(key, begun);
  return begun;
}

function keyOf(path: string): string {
  return `${language()} ${path}`;
}

/** Reads JSON; an answer the server calls unchanged comes from memory. */
export async function get<T>(path: string, options: Options = {}): Promise<T> {
  const key = keyOf(path);
  const begun = early.get(key);
  if (begun) {
    early.delete(key);
    return begun as Promise<T>;
  }
  const old = kept.get(key);
  const headers: Record<string, string> = old ? { 'If-None-Match': old.etag } : {};
  const answer = await exchange('GET', path, undefined, headers, options);
  if (answer.status === 304 && old) return old.body as T;
  if (!answer.ok) throw await refused(answer);
  const body = (await answer.json()) as T;
  const etag = answer.headers.get('ETag');
  if (etag) kept.set(key, { etag, body });
  return body;
}

/** Sends a command with a JSON body. */
export async function send<T>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  options: Options = {},
): Promise<T> {
  const headers: Record<string, string> =
    body === undefined ? {} : { 'Content-Type': 'application/json' };
  const text = body === undefined ? undefined : JSON.stringify(body);
  return parsed<T>(await exchange(method, path, text, headers, options));
}

/** Sends a form with files. */
export async function upload<T>(path: string, form: FormData, options: Options = {}): Promise<T> {
  return parsed<T>(await exchange('POST', path, form, {}, options));
}

/** Fetches a file and hands it to the browser to save, under the name the server gave it. */
export async function download(path: string, fallback: string): Promise<void> {
  const answer = await exchange('GET', path, undefined, {}, {});
  const named = /filename="?([^";]+)"?/.exec(answer.headers.get('Content-Disposition') ?? '');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = named?.[1] ?? fallback;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Fetches text that is not JSON (an SVG map). */
export async function text(path: string, options: Options = {}): Promise<string> {
  return (await exchange('GET', path, undefined, {}, options)).text();
}

async function parsed<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw await refused(answer);
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}
