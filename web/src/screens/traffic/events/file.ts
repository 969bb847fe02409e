/** Event files: JSON with one event, a list, or `{"events": [...]}`. */
import { ApiError } from '$lib/api/errors';
import type { EventBody } from './types';
import { t } from './words';

const MOST_BYTES = 5_000_000;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The events of a file, as they stand; the server looks at each of their fields. */
export async function readFile(file: File): Promise<readonly Record<string, unknown>[]> {
  if (file.size > MOST_BYTES) throw refused(file.name);
  let body: unknown;
  try {
    body = JSON.parse((await file.text()).replace(/^\uFEFF/, ''));
  } catch {
    throw refused(file.name);
  }
  if (isObject(body) && ('events' in body || 'event' in body)) body = body['events'] ?? body['event'];
  const rows = Array.isArray(body) ? body : [body];
  if (!rows.length || !rows.every(isObject)) throw refused(file.name);
  return rows;
}

function refused(name: string): ApiError {
  return new ApiError(0, {
    code: 'bad_event_file',
    message: t('bad_file', { name }),
    remedy: t('bad_file_remedy'),
  });
}

/** Hands events to the browser to save, as a file that can be read again. */
export function saveFile(name: string, events: readonly EventBody[]): void {
  const text = `${JSON.stringify({ events }, null, 2)}\n`;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
