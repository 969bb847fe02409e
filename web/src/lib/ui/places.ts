/** Names of the facts that locate an error (`where`). */
import { words } from '../i18n/language.svelte';

const id = {
  file: 'Berkas',
  row: 'Baris',
  column: 'Kolom',
  value: 'Isi',
  sheet: 'Lembar',
  tps: 'TPS',
  plan: 'Rencana',
  version: 'Versi',
  person: 'Oleh',
  at: 'Waktu',
  reason: 'Alasan',
  beat: 'Beat',
  team: 'Tim',
  kecamatan: 'Kecamatan',
  retry_after_s: 'Tunggu (detik)',
  word: 'Kata',
  count: 'Jumlah masalah',
  field: 'Isian',
  account: 'Akun',
  name: 'Nama',
  import: 'Impor',
};

const en: Record<keyof typeof id, string> = {
  file: 'File',
  row: 'Row',
  column: 'Column',
  value: 'Content',
  sheet: 'Sheet',
  tps: 'TPS',
  plan: 'Plan',
  version: 'Version',
  person: 'By',
  at: 'Time',
  reason: 'Reason',
  beat: 'Beat',
  team: 'Team',
  kecamatan: 'Kecamatan',
  retry_after_s: 'Wait (seconds)',
  word: 'Word',
  count: 'Problems',
  field: 'Field',
  account: 'Account',
  name: 'Name',
  import: 'Import',
};

const t = words(id, en);

export function placeWord(key: string): string {
  return key in id ? t(key as keyof typeof id) : key.replaceAll('_', ' ');
}
