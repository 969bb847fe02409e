/** Words of the audit screen. */
import { words } from '$lib/i18n/language.svelte';

const id = {
  title: 'Jejak audit',
  about: 'Siapa melakukan atau membaca apa, dan kapan. Catatan ini tidak dapat diubah dari sini.',
  at: 'Waktu',
  name: 'Akun',
  nobody: 'belum masuk',
  action: 'Tindakan',
  subject: 'Terhadap',
  detail: 'Rincian',
  address: 'Alamat',
  filter_name: 'Akun',
  filter_action: 'Tindakan',
  search: 'Cari dalam yang dimuat',
  more: 'Muat yang lebih lama',
  end: 'Sudah sampai catatan pertama.',
  refresh: 'Muat yang terbaru',
  save: 'Unduh yang ditampilkan (CSV)',
};

const en: Record<keyof typeof id, string> = {
  title: 'Audit trail',
  about: 'Who did or read what, and when. These entries cannot be changed from here.',
  at: 'Time',
  name: 'Account',
  nobody: 'not signed in',
  action: 'Action',
  subject: 'On',
  detail: 'Details',
  address: 'Address',
  filter_name: 'Account',
  filter_action: 'Action',
  search: 'Search what is loaded',
  more: 'Load older entries',
  end: 'This is the first entry.',
  refresh: 'Load the newest',
  save: 'Download what is shown (CSV)',
};

export const t = words(id, en);

const idActions: Record<string, string> = {
  'session.start': 'masuk',
  'session.end': 'keluar',
  'session.refused': 'masuk ditolak',
  'session.revoke': 'sesi dicabut',
  'password.change': 'kata sandi diganti',
  'totp.change': 'autentikator dipasang',
  'user.add': 'akun dibuat',
  'user.reset': 'akun diatur ulang',
  'user.revoke': 'akun dicabut',
  'import.accept': 'impor disimpan',
  'import.withdraw': 'impor dibatalkan',
  'roster.read': 'daftar personel dibaca',
  'roster.change': 'personel diubah',
  'settings.change': 'setelan diubah',
  'reasons.read': 'alasan kerawanan dibaca',
  override: 'kelas ditetapkan',
};

const enActions: Record<string, string> = {
  'session.start': 'signed in',
  'session.end': 'signed out',
  'session.refused': 'sign-in refused',
  'session.revoke': 'session ended',
  'password.change': 'password changed',
  'totp.change': 'authenticator set up',
  'user.add': 'account given',
  'user.reset': 'account reset',
  'user.revoke': 'account revoked',
  'import.accept': 'import kept',
  'import.withdraw': 'import undone',
  'roster.read': 'roster read',
  'roster.change': 'person changed',
  'settings.change': 'settings changed',
  'reasons.read': 'reasons of vulnerability read',
  override: 'class set',
};

/** An action in words, with its code where there are none. */
export function actionWord(action: string, language: 'id' | 'en'): string {
  return (language === 'en' ? enActions : idActions)[action] ?? action;
}
