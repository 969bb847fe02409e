"""The columns that territory files may have, with the headers that KPU, Polres and others use."""

from __future__ import annotations

from sispamkota.kernel.table import Column
from sispamkota.kernel.text import Text

_DESA_CODE = (
    "kode_desa_kpu", "kode_desa_kelurahan", "kode_kpu_style", "kode_kpu", "kode_desa", "kode_kel",
    "kode_kelurahan", "kode_wilayah", "kode_kemendagri", "kode_desa_kpu_2024", "village_code",
    "kddesa_kpu",
)  # fmt: skip
_KEC_CODE = ("kode_kec_kpu", "kode_kecamatan", "kode_kec", "district_code")
_KEC_NAME = ("nama_kec", "nama_kecamatan", "kecamatan", "kec", "district", "district_name")
_DESA_NAME = (
    "nama_desa", "nama_desa_kelurahan", "nama_kelurahan", "nama_kel", "desa", "kelurahan",
    "desa_kelurahan", "kelurahan_desa", "kel_desa", "village", "village_name",
)  # fmt: skip
_LON = ("lng", "long", "longitude", "bujur", "garis_bujur", "x")
_LAT = ("latitude", "lintang", "garis_lintang", "y")

LON = Column(name="lon", aliases=_LON, meaning=Text("bujur, derajat", "longitude, degrees"))
LAT = Column(name="lat", aliases=_LAT, meaning=Text("lintang, derajat", "latitude, degrees"))

AREAS = (
    Column(
        name="code",
        aliases=(*_DESA_CODE, "kode", *_KEC_CODE, "id"),
        required=True,
        meaning=Text("kode KPU wilayah, 2/4/6/10 digit", "KPU area code, 2/4/6/10 digits"),
    ),
    Column(name="name", aliases=("nama", "nama_wilayah", *_DESA_NAME, *_KEC_NAME)),
    Column(name="kind", aliases=("jenis", "type", "tipe", "status_pemerintahan")),
    Column(
        name="parent",
        aliases=("kode_induk", *_KEC_CODE, "parent_code"),
        meaning=Text("kode wilayah di atasnya", "code of the area above"),
    ),
    Column(name="parent_name", aliases=_KEC_NAME),
    Column(
        name="kemendagri", aliases=("kode_kemendagri", "kode_kemendagri_2025", "kode_dagri", "kode")
    ),
    Column(name="bps", aliases=("kode_desa_bps", "kode_bps", "kode_wilayah_bps")),
    Column(name="bps_name", aliases=("nmdesa", "nama_desa_bps")),
    Column(name="bps_parent_name", aliases=("nmkec", "nama_kec_bps")),
    LON,
    LAT,
    Column(name="rep_lon", aliases=("rep_lng",)),
    Column(name="rep_lat"),
    Column(name="area_km2", aliases=("luas_km2", "luas", "luas_wilayah_km2", "luas_wilayah")),
)

TPS = (
    Column(
        name="code",
        aliases=("kode_tps", "tps_code", "id_tps"),
        meaning=Text("kode TPS, 13 digit", "TPS code, 13 digits"),
    ),
    Column(
        name="desa_code", aliases=_DESA_CODE, meaning=Text("kode KPU desa", "KPU code of the desa")
    ),
    Column(name="desa_name", aliases=_DESA_NAME),
    Column(name="kecamatan_code", aliases=_KEC_CODE),
    Column(name="kecamatan_name", aliases=_KEC_NAME),
    Column(
        name="number", aliases=("no_tps", "nomor_tps", "nomor", "no_urut_tps", "tps_number", "tps")
    ),
    Column(
        name="khusus", aliases=("jenis", "jenis_tps", "tps_khusus", "special", "kategori_lokasi")
    ),
    LON,
    LAT,
    Column(name="access", aliases=("akses", "akses_tps", "jalan")),
    Column(
        name="name", aliases=("nama_tps", "lokasi", "lokasi_tps", "tempat", "nama_lokasi", "alamat")
    ),
    Column(name="regular_count", aliases=("n_tps_reguler", "jumlah_tps_reguler", "tps_reguler")),
    Column(name="khusus_count", aliases=("n_tps_khusus", "jumlah_tps_khusus")),
    Column(
        name="total_count", aliases=("n_tps_total", "n_tps", "jumlah_tps", "jml_tps", "total_tps")
    ),
    Column(name="khusus_first", aliases=("tps_khusus_awal",)),
)

POSTS = (
    Column(
        name="name",
        aliases=("nama", "nama_pos", "pos", "satuan", "kantor", "facility"),
        required=True,
    ),
    Column(name="kind", aliases=("jenis", "tipe", "type", "kategori")),
    Column(name="kecamatan_code", aliases=_KEC_CODE),
    Column(name="kecamatan_name", aliases=_KEC_NAME),
    LON,
    LAT,
    Column(name="position", aliases=("presisi_lokasi", "presisi", "precision", "ketelitian")),
    Column(name="serves", aliases=("kecamatan_dilayani", "wilayah_hukum", "melayani", "wilkum")),
    Column(name="phone", aliases=("telepon_kantor", "telepon", "telp", "no_telepon", "telephone")),
    Column(name="code", aliases=("kode_pos_jaga", "kode_satuan", "post_code_id")),
)

BOUNDARIES = (
    Column(
        name="code",
        aliases=("kode", *_DESA_CODE, *_KEC_CODE, "kode_kab", "kdepum", "id"),
        required=True,
        meaning=Text("kode wilayah", "area code"),
    ),
)

FIGURES = (
    Column(
        name="subject",
        aliases=(*_DESA_CODE, "kode_tps", *_KEC_CODE, "kode_kab_kpu", "kode_kab", "kode", "code"),
    ),
    Column(name="stage", aliases=("tahap", "tahapan", "pemilihan", "election")),
    Column(name="measure", aliases=("ukuran", "uraian")),
    Column(name="value", aliases=("nilai", "pemilih", "jumlah_pemilih")),
    Column(name="estimated", aliases=("dpt_tps_lain_estimasi", "perkiraan")),
    Column(name="basis", aliases=("dasar", "keterangan", "catatan")),
    Column(name="source", aliases=("sumber",)),
    Column(name="url", aliases=("tautan",)),
    Column(name="as_of", aliases=("tanggal", "per_tanggal")),
    Column(name="male", aliases=("laki_laki", "l", "pria", "lk", "jumlah_laki_laki")),
    Column(name="female", aliases=("perempuan", "p", "wanita", "pr", "jumlah_perempuan")),
    Column(name="total", aliases=("l_p", "l_dan_p", "jumlah", "total_pemilih")),
    Column(
        name="dpt",
        aliases=("dpt_2024_estimasi", "dpt_estimasi", "jumlah_dpt", "dpt_2024", "dpt_total"),
    ),
    Column(name="dpt_male", aliases=("dpt_l", "dpt_laki_laki")),
    Column(name="dpt_female", aliases=("dpt_p", "dpt_perempuan")),
    Column(name="dpt_read", aliases=("dpt_2024_tps_valid", "dpt_tps_valid")),
    Column(name="tps_read", aliases=("n_tps_valid", "n_tps_valid_2024")),
    Column(name="tps", aliases=("n_tps_total", "n_tps", "jumlah_tps", "jml_tps")),
    Column(name="tps_regular", aliases=("n_tps_reguler", "tps_reguler")),
    Column(name="tps_khusus", aliases=("n_tps_khusus",)),
    Column(name="desa_count", aliases=("n_desa", "jumlah_desa", "jml_desa")),
    Column(name="dpt_read_2019", aliases=("dpt_tps_valid_2019", "dpt_2019_tps_valid")),
    Column(name="tps_2019", aliases=("n_tps_2019",)),
    Column(name="tps_read_2019", aliases=("n_tps_valid_2019",)),
)
