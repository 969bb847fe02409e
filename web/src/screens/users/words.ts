/** Words of the user screen. */
import { words } from '$lib/i18n/language.svelte';

const id = {
  title: 'Pengguna',
  about:
    'Tiap akun milik satu orang yang namanya tertulis pada tiap tindakannya. Akun tidak dihapus, hanya dicabut.',
  add: 'Buat akun',
  name: 'Nama pengguna',
  name_hint: '3 sampai 40 huruf kecil, angka, titik atau garis.',
  person: 'Nama orang',
  function: 'Jabatan',
  agency: 'Instansi',
  areas: 'Kecamatan yang menjadi tanggung jawabnya',
  areas_hint: 'Kode KPU 6 angka, dipisah koma.',
  whole: 'seluruh kabupaten',
  rights: 'Hak jabatan ini',
  create: 'Buat akun',
  creating: 'Membuat…',
  list: 'Semua akun',
  state: 'Keadaan',
  active: 'aktif',
  waiting: 'belum mengganti kata sandi pertama',
  revoked: 'dicabut {at}',
  demo: 'akun contoh',
  made: 'Dibuat',
  made_by: '{at} oleh {by}',
  show_revoked: 'Tampilkan juga yang dicabut',
  revoke: 'Cabut',
  revoke_title: 'Cabut akun {name}?',
  revoke_about:
    '{person} tidak dapat masuk lagi dan semua sesinya berakhir sekarang. Yang sudah ditandatanganinya tetap tercatat. Ini tidak dapat dibatalkan.',
  reset: 'Atur ulang',
  reset_title: 'Atur ulang akun {name}?',
  reset_about:
    'Kata sandi dan kode autentikator {person} diganti, dan semua sesinya berakhir. Pakai bila ponsel hilang atau kata sandi terlupa.',
  once_title: 'Serahkan kepada {person}',
  once_about:
    'Ini hanya tampil sekali dan tidak tersimpan. Serahkan langsung, jangan lewat pesan yang dapat dibaca orang lain.',
  once_name: 'Nama pengguna',
  once_password: 'Kata sandi sekali pakai',
  once_qr: 'Kode QR autentikator untuk {person}',
  once_key: 'Tidak dapat memindai? Ketik kunci ini di aplikasi:',
  once_steps:
    'Masuk dengan kata sandi ini dan kode dari aplikasi; kata sandi harus diganti saat pertama masuk.',
  print: 'Cetak',
  handed: 'Sudah diserahkan',
  revoked_said: 'Akun {name} dicabut.',
};

const en: Record<keyof typeof id, string> = {
  title: 'Users',
  about:
    'Every account belongs to one person, whose name stands on each of its acts. Accounts are not deleted, only revoked.',
  add: 'New account',
  name: 'User name',
  name_hint: '3 to 40 lower-case letters, digits, dots or dashes.',
  person: 'Name of the person',
  function: 'Function',
  agency: 'Agency',
  areas: 'Kecamatan the person answers for',
  areas_hint: '6-digit KPU codes, separated by commas.',
  whole: 'the whole regency',
  rights: 'Rights of this function',
  create: 'Make the account',
  creating: 'Making…',
  list: 'All accounts',
  state: 'State',
  active: 'active',
  waiting: 'first password not changed yet',
  revoked: 'revoked {at}',
  demo: 'demo account',
  made: 'Made',
  made_by: '{at} by {by}',
  show_revoked: 'Show revoked ones too',
  revoke: 'Revoke',
  revoke_title: 'Revoke account {name}?',
  revoke_about:
    '{person} can sign in no longer and every session ends now. What the account signed stays on record. This cannot be undone.',
  reset: 'Reset',
  reset_title: 'Reset account {name}?',
  reset_about:
    'Password and authenticator code of {person} are replaced, and every session ends. Use it for a lost phone or a forgotten password.',
  once_title: 'Hand over to {person}',
  once_about:
    'This is shown once and kept nowhere. Hand it over in person, not by a message that others may read.',
  once_name: 'User name',
  once_password: 'One-time password',
  once_qr: 'Authenticator QR code for {person}',
  once_key: 'Cannot scan? Type this key in the app:',
  once_steps:
    'Sign in with this password and the code of the app; the password must be changed at the first sign-in.',
  print: 'Print',
  handed: 'Handed over',
  revoked_said: 'Account {name} is revoked.',
};

export const t = words(id, en);
