/** What the person asks to import, kept while the file is checked again and again. */
import { upload } from '$lib/api/client';
import type { Preview } from './types';

export interface Asked {
  file: File | null;
  /** Kind of import; empty = recognise it. */
  kind: string;
  /** Kind chosen after a first check of this file; empty = as in `kind`. */
  settled: string;
  source: string;
  /** ISO day the figures hold for. */
  day: string;
  sample: boolean;
  /** Sheet of a workbook; empty = the one that fits. */
  sheet: string;
  /** Known column → header, where recognition does not do; an empty header = not used. */
  mapping: Record<string, string>;
}

/** Today in WIB as an ISO day. */
export function today(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' }).format(new Date());
}

export function nothingAsked(): Asked {
  return { file: null, kind: '', settled: '', source: '', day: today(), sample: false, sheet: '', mapping: {} };
}

/** Sends the file to be checked; nothing is kept. */
export async function inspect(asked: Asked, signal: AbortSignal): Promise<Preview> {
  const form = new FormData();
  const kind = asked.settled || asked.kind;
  if (kind) form.set('kind', kind);
  if (asked.source.trim()) form.set('source', asked.source.trim());
  if (asked.day) form.set('as_of', asked.day);
  if (asked.sample) form.set('sample', 'true');
  if (asked.sheet) form.set('sheet', asked.sheet);
  if (Object.keys(asked.mapping).length) form.set('mapping', JSON.stringify(asked.mapping));
  if (asked.file) form.set('file', asked.file, asked.file.name);
  return upload<Preview>('/api/imports', form, { signal });
}
