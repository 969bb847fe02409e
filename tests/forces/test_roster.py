"""Import of rosters and training lists."""

from __future__ import annotations

import datetime as dt

import pytest

from sispamkota.forces.frames import PERSONNEL, TRAINING
from sispamkota.forces.roster import parse_personnel, parse_training
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.sources import Source
from sispamkota.kernel.table import RawTable

from .places import DAY, territory

SOURCE = Source(name="Bag Ops", as_of=DAY)
PLACE = territory(kecamatan=2, polsek=2, desa=2)
HEAD = ("ID Personel", "Instansi", "Pangkat", "Pos Asal")


def table(columns, *rows):
    return RawTable(
        file="personel.xlsx",
        columns=tuple(columns),
        rows=[tuple(row) for row in rows],
        row_numbers=list(range(2, len(rows) + 2)),
    )


def personnel(columns, *rows, mapping=None):
    intake = parse_personnel(table(columns, *rows), SOURCE, mapping or {}, PLACE)
    return intake.frames["personnel"].to_dicts()


def problems(columns, *rows):
    with pytest.raises(DomainError) as caught:
        personnel(columns, *rows)
    return {(p.code, p.row, p.column) for p in caught.value.problems}


class TestPersonnel:
    """One row per person, keyed by an opaque id."""

    def test_indonesian_headers_and_words(self):
        columns = (
            *HEAD,
            "Satuan",
            "Desa",
            "Tugas",
            "Kendaraan",
            "Kualifikasi",
            "Tersedia",
            "Katim",
        )
        row = ("P1", "Polisi", "BRIPKA", "Polsek Kec 1", "Polsek", "16.08.01.2001", "Pam TPS",
               "Motor, mobil", "P3K; Negosiasi", "ya", "tidak")  # fmt: skip

        (person,) = personnel(columns, row)

        assert set(person) == set(PERSONNEL)
        assert person == {
            "id": "P1", "agency": "polri", "unit": "polsek", "rank": "bripka", "leader": False,
            "home_post": "polsek-kec-1", "home_desa": "1608012001", "duty": "tps",
            "transport": "motorcycle;car", "qualifications": "negosiator;p3k", "available": True,
            "source": "Bag Ops", "as_of": DAY, "sample": False,
        }  # fmt: skip

    def test_english_headers_and_mapping(self):
        columns = ("id", "agency", "rank", "Where")
        (person,) = personnel(
            columns, ("P1", "army", "Serda", "polres-contoh"), mapping={"home_post": "Where"}
        )

        assert (person["agency"], person["rank"], person["duty"]) == ("tni", "serda", "reserve")

    def test_what_a_roster_leaves_out_is_assumed_and_noted(self):
        intake = parse_personnel(
            table(
                HEAD,
                ("P1", "polri", "Aipda", "Polres Contoh"),
                ("P2", "polri", "Bripda", "Polres Contoh"),
            ),
            SOURCE, {}, PLACE,
        )  # fmt: skip
        rows = intake.frames["personnel"].to_dicts()

        assert [(r["leader"], r["unit"], r["available"]) for r in rows] == [
            (True, "polres", True),
            (False, "polres", True),
        ]
        assert len(intake.notes) == 3

    def test_names_are_not_kept(self):
        intake = parse_personnel(
            table((*HEAD, "Nama"), ("P1", "polri", "Aipda", "Polres Contoh", "Fulan")),
            SOURCE, {}, PLACE,
        )  # fmt: skip

        assert intake.ignored == ("Nama",)
        assert "Fulan" not in str(intake.frames["personnel"].to_dicts())

    def test_all_problems_are_told_at_once(self):
        found = problems(
            (*HEAD, "Desa", "Kendaraan", "Tersedia", "Tugas"),
            (
                "P1",
                "polri",
                "Jenderal Muda",
                "Polsek Lain",
                "1608019999",
                "gajah",
                "mungkin",
                "main",
            ),
            ("P1", "partai", "Bripka", "Polres Contoh", None, None, None, None),
            (None, "polri", None, None, "12", None, None, None),
        )

        assert found == {
            ("unknown_word", 2, "Pangkat"),
            ("unknown_post", 2, "Pos Asal"),
            ("unknown_desa", 2, "Desa"),
            ("unknown_word", 2, "Kendaraan"),
            ("bad_cell", 2, "Tersedia"),
            ("unknown_word", 2, "Tugas"),
            ("duplicate_id", 3, "ID Personel"),
            ("unknown_word", 3, "Instansi"),
            ("missing_id", 4, "ID Personel"),
            ("unknown_post", 4, "Pos Asal"),
            ("bad_code", 4, "Desa"),
        }

    def test_missing_columns_and_empty_sheet(self):
        codes = {code for code, _, _ in problems(("Nama",))}

        assert codes == {"missing_column", "no_rows"}

    @pytest.mark.parametrize("header", ["NIK", "No. KTP", "NIK Personel"])
    def test_a_nik_header_is_refused(self, header):
        with pytest.raises(DomainError) as caught:
            personnel((*HEAD, header), ("P1", "polri", "Aipda", "Polres Contoh", None))

        assert caught.value.code == "identity_numbers"
        assert "opaque id" in caught.value.remedy.en

    @pytest.mark.parametrize("spelling", ["{}", " {}", "'{}", "{}.0"])
    def test_a_16_digit_number_is_refused_and_never_repeated(self, spelling):
        number = "9" * 16

        with pytest.raises(DomainError) as caught:
            personnel(HEAD, (spelling.format(number), "polri", "Aipda", "Polres Contoh"))

        assert caught.value.code == "identity_numbers"
        assert number not in str(caught.value.as_json())


class TestTraining:
    """One row per person and kind."""

    COLUMNS = ("id", "Jenis Pelatihan", "Tanggal", "Berlaku sampai")

    def parse(self, *rows):
        intake = parse_training(table(self.COLUMNS, *rows), SOURCE, {}, ["P1", "P2"])
        return intake.frames["training"]

    def test_known_spellings_are_unified_and_the_set_is_open(self):
        frame = self.parse(
            ("P1", "Latpraops", "2024-01-05", None), ("P1", "SAR Air", "5/1/2024", "2025-01-05")
        )

        assert dict(frame.schema) == TRAINING
        assert frame["kind"].to_list() == ["latihan_pra_operasi", "sar_air"]
        assert frame["date"].to_list() == [dt.date(2024, 1, 5)] * 2

    def test_the_latest_record_of_a_kind_is_kept(self):
        frame = self.parse(("P1", "p3k", "2023-01-05", None), ("P1", "p3k", "2024-01-05", None))

        assert frame["date"].to_list() == [dt.date(2024, 1, 5)]

    def test_problems(self):
        with pytest.raises(DomainError) as caught:
            self.parse(("P9", "p3k", "2024-01-05", "2023-01-05"), ("P1", None, None, None))

        assert {(p.code, p.row) for p in caught.value.problems} == {
            ("unknown_person", 2),
            ("expires_before_date", 2),
            ("missing_cell", 3),
            ("missing_date", 3),
        }
