/** Words that every screen shares. */
import { words } from './language.svelte';

const id = {
  product: 'Sispamkota',
  save: 'Simpan',
  cancel: 'Batal',
  close: 'Tutup',
  retry: 'Coba lagi',
  loading: 'Memuat…',
  yes: 'ya',
  no: 'tidak',
  all: 'Semua',
  reason: 'Alasan',
  source: 'Sumber',
  as_of: 'per {date}',
  assumption: 'asumsi',
  kurang_rawan: 'Kurang rawan',
  rawan: 'Rawan',
  sangat_rawan: 'Sangat rawan',
  khusus: 'Khusus',
  draft: 'draf',
  reviewed: 'diperiksa',
  approved: 'disahkan',
  superseded: 'digantikan',
  simulation: 'SIMULASI',
  sample: 'CONTOH',
  remedy: 'Yang dapat dilakukan',
  where: 'Di mana',
  unreachable: 'Server tidak dapat dihubungi.',
  unreachable_remedy:
    'Periksa jaringan atau apakah server masih berjalan, lalu coba lagi. Isian di layar ini tidak hilang.',
  not_understood: 'Jawaban server tidak dapat dibaca (status {status}).',
  not_understood_remedy: 'Coba lagi; bila terulang, beri tahu pengelola sistem.',
  page: 'Halaman {page} dari {pages}',
  previous: 'Sebelumnya',
  next: 'Berikutnya',
  rows: '{count} baris',
  nothing: 'Tidak ada yang cocok.',
  actions: 'Tindakan',
  sort: 'Urutkan',
  as_given: 'seperti adanya',
  command_line: 'baris perintah',
};

const en: Record<keyof typeof id, string> = {
  product: 'Sispamkota',
  save: 'Save',
  cancel: 'Cancel',
  close: 'Close',
  retry: 'Try again',
  loading: 'Loading…',
  yes: 'yes',
  no: 'no',
  all: 'All',
  reason: 'Reason',
  source: 'Source',
  as_of: 'as of {date}',
  assumption: 'assumption',
  kurang_rawan: 'Kurang rawan (low)',
  rawan: 'Rawan (raised)',
  sangat_rawan: 'Sangat rawan (high)',
  khusus: 'Khusus (special)',
  draft: 'draft',
  reviewed: 'reviewed',
  approved: 'approved',
  superseded: 'superseded',
  simulation: 'SIMULATION',
  sample: 'SAMPLE',
  remedy: 'What you can do',
  where: 'Where',
  unreachable: 'The server cannot be reached.',
  unreachable_remedy:
    'Check the network, or whether the server still runs, and try again. Nothing on this screen is lost.',
  not_understood: 'The answer of the server could not be read (status {status}).',
  not_understood_remedy: 'Try again; if it happens again, tell who runs the system.',
  page: 'Page {page} of {pages}',
  previous: 'Previous',
  next: 'Next',
  rows: '{count} rows',
  nothing: 'Nothing matches.',
  actions: 'Actions',
  sort: 'Sort by',
  as_given: 'as given',
  command_line: 'command line',
};

export const c = words(id, en);

/** Name of who did something; what a command on the machine did has no account. */
export function doer(person: string): string {
  return person === 'command line' ? c('command_line') : person;
}

export type CommonWord = keyof typeof id;
