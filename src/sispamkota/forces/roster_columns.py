"""The columns that rosters and training lists may have, with the headers that agencies use."""

from __future__ import annotations

from sispamkota.kernel.table import Column
from sispamkota.kernel.text import Text

_ID = ("kode_personel", "id_personel", "no_personel", "personel", "person", "person_id", "kode")

PERSONNEL_COLUMNS = (
    Column(
        name="id",
        aliases=_ID,
        required=True,
        meaning=Text("id tanpa identitas, unik", "opaque id, unique"),
    ),
    Column(name="agency", aliases=("instansi", "lembaga", "asal", "kekuatan"), required=True),
    Column(name="unit", aliases=("satuan", "kesatuan", "unit_kerja", "satker")),
    Column(name="rank", aliases=("pangkat", "golongan", "pangkat_golongan", "grade")),
    Column(name="leader", aliases=("ketua_tim", "pimpinan", "dapat_memimpin", "katim", "may_lead")),
    Column(
        name="home_post",
        aliases=("pos", "pos_asal", "pos_induk", "kantor", "post", "mako", "tempat_tugas"),
        required=True,
        meaning=Text("kode atau nama pos asal", "code or name of the home post"),
    ),
    Column(
        name="home_desa",
        aliases=("desa", "desa_asal", "desa_domisili", "domisili", "kode_desa", "home_village"),
        meaning=Text("kode KPU desa tempat tinggal", "KPU code of the home desa"),
    ),
    Column(name="duty", aliases=("tugas", "penugasan", "jenis_tugas", "assignment")),
    Column(name="transport", aliases=("kendaraan", "transportasi", "sarana", "vehicle")),
    Column(name="qualifications", aliases=("kualifikasi", "keahlian", "kejuruan", "skills")),
    Column(name="available", aliases=("tersedia", "ketersediaan", "siap", "availability")),
)

TRAINING_COLUMNS = (
    Column(name="person", aliases=("id", *_ID), required=True),
    Column(
        name="kind",
        aliases=("jenis", "pelatihan", "latihan", "jenis_pelatihan", "training"),
        required=True,
    ),
    Column(
        name="date",
        aliases=("tanggal", "tanggal_pelatihan", "tgl", "held_on"),
        required=True,
    ),
    Column(
        name="expires",
        aliases=("berlaku_sampai", "kedaluwarsa", "masa_berlaku", "expiry", "valid_until"),
    ),
)
