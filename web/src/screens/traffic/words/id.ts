/** Indonesian: the source. */

/** The screen and its map. */
export const screen = {
  title: 'Pengaturan lalu lintas',
  sections: 'Bagian lalu lintas',
  section_closures: 'Penutupan',
  section_events: 'Kegiatan',
  section_plan: 'Rencana',
  section_roads: 'Jalan',
  version: 'jaringan v{version}',
  version_hint: 'Nomor ini naik setiap kali jalan ditutup atau dibuka; setiap jawaban menyebutnya.',
  network_of: '{source}, {date}',
  stand_in: 'Perkiraan, bukan jaringan jalan',
  stand_in_short: 'Perkiraan, bukan jaringan jalan',
  stand_in_remedy: 'Impor berkas jalan (OpenStreetMap, GeoJSON atau GraphML) pada layar Impor data.',
  smaller: 'Perbesar peta',
  larger: 'Perbesar daftar',
  resize: 'Lebar panel',
  undo: 'Urungkan',
  undo_failed: 'Tidak dapat diurungkan: {why}',
  map: 'Peta jalan dan penutupan; panah menggeser, + dan − mengubah skala',
  no_webgl:
    'Peramban ini tidak menyediakan WebGL: peta garis sederhana, jalan tidak digambar. Daftar dan formulir di samping memuat semuanya.',
  zoom_in: 'Perbesar',
  zoom_out: 'Perkecil',
  whole: 'Seluruh wilayah',
  layers: 'Lapisan',
  layer_roads: 'Jalan',
  layer_tps: 'TPS',
  layer_posts: 'Pos',
  layer_names: 'Nama tempat',
  legend: 'Keterangan peta',
  pick_bar: 'Memilih di peta',
  pick_end: 'Selesai (Esc)',
  corners: '{count} titik',
  keys_point: 'Klik di peta; papan tik: panah menggeser, spasi memilih titik tengah, Esc selesai.',
  keys_shape:
    'Klik menambah titik (papan tik: spasi di titik tengah), Backspace menghapus yang terakhir, Enter atau klik ganda menyelesaikan, Esc batal.',
  draw_finish: 'Selesai (Enter)',
  draw_undo: 'Hapus titik terakhir',
  draw_cancel: 'Batal (Esc)',
  role_reach: 'terjangkau, makin gelap makin dekat',
  role_load: 'beban, makin lebar makin padat',
  role_critical: 'ruas kritis',
  role_alternate: 'jalan lain',
  role_before: 'tanpa penutupan',
  role_patrol: 'patroli',
  'role_escort-alternate': 'kawal, jalan cadangan',
  role_escort: 'kawal',
  'role_approach-a': 'massa, jalan pertama',
  'role_approach-b': 'massa, jalan kedua',
  'role_approach-c': 'massa, jalan ketiga',
  role_corridor: 'koridor ambulans',
  role_diversion: 'pengalihan',
  role_route: 'rute',
  role_lifted: 'sudah dibuka atau lewat',
  role_planned: 'akan ditutup',
  role_closed: 'ditutup',
  role_conflict: 'bentrok',
  role_isolated: 'TPS terputus',
  role_draft: 'sedang dipilih',
  role_mark: 'tempat',
  role_post: 'pos pengaturan',
};

/** Closures: the list, the form, the preview. */
export const closures = {
  close_road: 'Tutup jalan…',
};

/** Tools on the roads. */
export const tools = {
  tool: 'Alat',
};
