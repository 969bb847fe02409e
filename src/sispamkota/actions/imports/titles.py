"""What the columns of an import are called on a screen, in both languages."""

from __future__ import annotations

from sispamkota.kernel.table import Column
from sispamkota.kernel.text import Text

TITLES: dict[str, Text] = {
    "access": Text("akses jalan", "road access"),
    "agency": Text("instansi", "agency"),
    "area_km2": Text("luas, km²", "area, km²"),
    "as_of": Text("tanggal data", "as-of date"),
    "available": Text("tersedia", "available"),
    "basis": Text("dasar angka", "basis of the figure"),
    "bps": Text("kode BPS", "BPS code"),
    "bps_name": Text("nama menurut BPS", "name at BPS"),
    "bps_parent_name": Text("kecamatan menurut BPS", "kecamatan at BPS"),
    "code": Text("kode", "code"),
    "date": Text("tanggal latihan", "date of training"),
    "desa": Text("kode KPU desa", "KPU code of the desa"),
    "desa_code": Text("kode KPU desa", "KPU code of the desa"),
    "desa_count": Text("jumlah desa", "number of desa"),
    "desa_name": Text("nama desa", "name of the desa"),
    "dpt": Text("DPT", "DPT"),
    "dpt_female": Text("DPT perempuan", "DPT, women"),
    "dpt_male": Text("DPT laki-laki", "DPT, men"),
    "dpt_read": Text("DPT dari TPS terbaca", "DPT of the TPS that were read"),
    "dpt_read_2019": Text("DPT 2019 dari TPS terbaca", "DPT 2019 of the TPS that were read"),
    "duty": Text("tugas", "duty"),
    "estimated": Text("bagian perkiraan", "estimated part"),
    "expires": Text("berlaku sampai", "valid until"),
    "female": Text("perempuan", "women"),
    "home_desa": Text("kode KPU desa tempat tinggal", "KPU code of the home desa"),
    "home_post": Text("pos asal", "home post"),
    "id": Text("id tanpa identitas", "opaque id"),
    "kecamatan": Text("kode KPU kecamatan", "KPU code of the kecamatan"),
    "kecamatan_code": Text("kode KPU kecamatan", "KPU code of the kecamatan"),
    "kecamatan_name": Text("nama kecamatan", "name of the kecamatan"),
    "kemendagri": Text("kode Kemendagri", "Kemendagri code"),
    "khusus": Text("TPS khusus", "TPS khusus (special site)"),
    "khusus_count": Text("jumlah TPS khusus", "number of TPS khusus"),
    "khusus_first": Text("nomor TPS khusus pertama", "number of the first TPS khusus"),
    "kind": Text("jenis", "kind"),
    "lat": Text("lintang, derajat", "latitude, degrees"),
    "leader": Text("boleh memimpin tim", "may lead a team"),
    "lon": Text("bujur, derajat", "longitude, degrees"),
    "male": Text("laki-laki", "men"),
    "measure": Text("ukuran", "measure"),
    "name": Text("nama", "name"),
    "number": Text("nomor TPS", "TPS number"),
    "parent": Text("kode wilayah di atasnya", "code of the area above"),
    "parent_name": Text("nama kecamatan", "name of the kecamatan"),
    "person": Text("id personel", "id of the person"),
    "phone": Text("telepon kantor", "office telephone"),
    "position": Text("ketelitian posisi", "precision of the position"),
    "qualifications": Text("kualifikasi", "qualifications"),
    "rank": Text("pangkat", "rank"),
    "regular_count": Text("jumlah TPS reguler", "number of regular TPS"),
    "rep_lat": Text("lintang titik wakil", "latitude of the representative point"),
    "rep_lon": Text("bujur titik wakil", "longitude of the representative point"),
    "serves": Text("kecamatan yang dilayani", "kecamatan served"),
    "source": Text("sumber", "source"),
    "stage": Text("pemilihan", "election"),
    "subject": Text("kode wilayah atau TPS", "code of area or TPS"),
    "total": Text("jumlah pemilih", "number of voters"),
    "total_count": Text("jumlah TPS", "number of TPS"),
    "tps": Text("TPS", "TPS"),
    "tps_2019": Text("jumlah TPS 2019", "number of TPS in 2019"),
    "tps_khusus": Text("jumlah TPS khusus", "number of TPS khusus"),
    "tps_read": Text("jumlah TPS terbaca", "number of TPS read"),
    "tps_read_2019": Text("jumlah TPS 2019 terbaca", "number of TPS of 2019 read"),
    "tps_regular": Text("jumlah TPS reguler", "number of regular TPS"),
    "transport": Text("sarana angkut", "means of transport"),
    "unit": Text("satuan", "unit"),
    "url": Text("tautan", "link"),
    "value": Text("nilai", "value"),
}


def title_of(column: Column) -> Text:
    """Return what a column is called: the catalogue's words for indicators, else `TITLES`."""
    return TITLES.get(column.name) or (column.meaning if column.meaning.en else _plain(column))


def _plain(column: Column) -> Text:
    words = column.name.replace("_", " ")
    return Text(words, words)
