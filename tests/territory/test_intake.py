from __future__ import annotations

import pytest

from sispamkota.kernel.errors import DomainError
from sispamkota.territory.intake.areas import parse_areas
from sispamkota.territory.intake.boundaries import parse_boundaries
from sispamkota.territory.intake.figures import parse_figures, stage_of
from sispamkota.territory.intake.posts import parse_posts, post_kind
from sispamkota.territory.intake.tps import parse_tps
from sispamkota.territory.model import Territory

from .helpers import SOURCE, TWO_DESA, area, known, raw

NOTHING = Territory()
STAGE = "pemilu_2024"


def problems(call):
    with pytest.raises(DomainError) as caught:
        call()
    assert caught.value.code == "bad_input"
    for p in caught.value.problems:
        assert p.message.id
        assert p.message.en
        assert p.remedy.id
        assert p.remedy.en
    return [(p.code, p.row, p.column, p.value) for p in caught.value.problems]


def tps(table, territory=TWO_DESA, mapping=None):
    return parse_tps(table, SOURCE, mapping or {}, territory, STAGE)


class TestTps:
    """TPS lists and counts."""

    def test_a_list_with_codes(self):
        got = tps(raw("Kode TPS,Jenis", "16.08.01.1007.001,reguler", "1608011007901,khusus"))
        frame = got.frames["tps"]
        assert frame["code"].to_list() == ["1608011007001", "1608011007901"]
        assert frame["khusus"].to_list() == [False, True]
        assert frame["kecamatan"].unique().to_list() == ["160801"]
        assert frame["position"].null_count() == 2

    def test_desa_by_name_where_codes_are_missing(self):
        got = tps(
            raw(
                "No,Kecamatan,Desa,No TPS",
                "1,MARTAPURA,DUSUN MARTAPURA,1",
                "2,Kec. Buay Madang,Sukaraja,2",
            )
        )
        assert got.frames["tps"]["code"].to_list() == ["1608011007001", "1608022001002"]

    def test_codes_under_the_plain_header_desa(self):
        assert tps(raw("Desa,No TPS", "1608011007,3")).frames["tps"]["number"].to_list() == [3]

    def test_counts_become_rows(self):
        got = tps(
            raw(
                "kode_desa_kpu,n_tps_reguler,n_tps_khusus,tps_khusus_awal",
                "1608011007,2,1,904",
                "1608022001,1,,",
            )
        )
        assert got.frames["tps"]["code"].to_list() == [
            "1608011007001",
            "1608011007002",
            "1608011007904",
            "1608022001001",
        ]
        assert got.notes

    def test_a_bare_tps_column_with_each_desa_once_is_a_count(self):
        got = tps(raw("Kode Desa,TPS", "1608011007,3", "1608022001,2"))
        assert got.frames["tps"].height == 5

    def test_total_unlike_its_parts_is_imported_and_warned(self):
        got = tps(raw("kode_desa_kpu,n_tps_reguler,n_tps_khusus,n_tps_total", "1608011007,2,1,4"))
        assert got.frames["tps"].height == 3
        assert got.warnings

    def test_footer_is_a_stated_total_not_a_desa(self):
        got = tps(
            raw("Kode Desa,Desa,Jumlah TPS", "1608011007,A,12", "1608022001,B,9", ",JUMLAH,2.180")
        )
        figure = got.frames["figures"].row(0, named=True)
        assert (figure["subject"], figure["measure"], figure["value"]) == ("1608", "tps", 2180)
        assert got.frames["tps"].height == 21

    def test_duplicate_code_names_the_first_row(self):
        table = raw("kode_tps", "1608011007001", "1608011007002", "1608011007001")
        assert problems(lambda: tps(table)) == [("duplicate_tps", 4, "kode_tps", "1608011007001")]

    def test_desa_not_in_its_kecamatan(self):
        table = raw("kode_tps,kode_desa_kpu,kode_kec_kpu", "1608011007001,1608011007,160802")
        assert problems(lambda: tps(table)) == [("wrong_kecamatan", 2, "kode_kec_kpu", "160802")]

    def test_tps_not_in_its_desa(self):
        table = raw("kode_tps,kode_desa_kpu", "1608011007001,1608022001")
        assert problems(lambda: tps(table))[0][:2] == ("wrong_desa", 2)

    def test_unknown_desa(self):
        assert problems(lambda: tps(raw("kode_tps", "1608019999001")))[0][0] == "unknown_desa"

    def test_number_against_code(self):
        assert (
            problems(lambda: tps(raw("kode_tps,no_tps", "1608011007001,2")))[0][0] == "wrong_number"
        )

    def test_everything_wrong_is_told_at_once(self):
        table = raw(
            "kode_tps,no_tps,lon,lat,akses",
            "1608011007001,satu,,,",
            "16080110070,2,,,",
            "1608011007003,3,-4.3,104.3,",
            "1608011007004,4,4.3,48.3,",
            "1608011007005,5,104.3,,",
            "1608011007006,6,,,kuda",
        )
        found = problems(lambda: tps(table))
        codes = [p[0] for p in sorted(found, key=lambda p: p[1])]
        assert codes == [
            "bad_cell",
            "bad_code",
            "bad_position",
            "bad_position",
            "bad_position",
            "bad_access",
        ]
        assert {p[1] for p in found} == {2, 3, 4, 5, 6, 7}

    def test_swapped_coordinates_say_so(self):
        with pytest.raises(DomainError) as caught:
            tps(raw("kode_tps,lon,lat", "1608011007001,-4.3,104.3"))
        assert "swapped" in caught.value.problems[0].message.en

    def test_missing_columns(self):
        assert problems(lambda: tps(raw("apa,itu", "1,2")))[0][0] == "missing_column"

    def test_mapping_wins_and_is_checked(self):
        got = tps(raw("Nomor Aneh,kode_tps", "1608011007001,9"), mapping={"code": "Nomor Aneh"})
        assert got.frames["tps"]["code"].to_list() == ["1608011007001"]
        wrong = problems(
            lambda: tps(raw("kode_tps", "1608011007001"), mapping={"code": "X", "foo": "kode_tps"})
        )
        assert {w[0] for w in wrong} >= {"mapping_unknown_header", "mapping_unknown_column"}

    def test_header_met_twice(self):
        assert (
            problems(lambda: tps(raw("kode_tps,kode tps", "1608011007001,1608011007002")))[0][0]
            == "duplicate_column"
        )

    def test_no_rows(self):
        assert problems(lambda: tps(raw("kode_tps")))[0][0] == "no_rows"


class TestAreas:
    """Area lists and BPS cross-references."""

    def test_kecamatan_is_derived_from_desa(self):
        got = parse_areas(
            raw(
                "kode_desa_kpu,nama_desa,kode_kec_kpu,nama_kec,lat,lng,rep_lat,rep_lng",
                "1608011007,DUSUN,160801,MARTAPURA,-4.1,104.1,-4.2,104.2",
            ),
            SOURCE,
            {},
            NOTHING,
        )
        rows = {r["code"]: r for r in got.frames["areas"].iter_rows(named=True)}
        assert rows["160801"]["name"] == "MARTAPURA"
        assert (rows["1608011007"]["lon"], rows["1608011007"]["position"]) == (
            104.2,
            "representative_point",
        )
        assert rows["1608011007"]["kind"] == "kelurahan"

    def test_dotted_codes_are_kept_as_kemendagri(self):
        got = parse_areas(
            raw("kode,nama", "16.08.01,Martapura", "16.08.01.2001,A"), SOURCE, {}, NOTHING
        )
        assert got.frames["areas"]["kemendagri"].to_list() == ["16.08.01", "16.08.01.2001"]
        assert got.frames["areas"]["code"].to_list() == ["160801", "1608012001"]

    def test_bps_rows_without_kpu_code_are_named_not_dropped_silently(self):
        got = parse_areas(
            raw(
                "kode_desa_bps,nmdesa,kode_desa_kpu",
                "1609010012,DUSUN,1608011007",
                "1609031032,WONODADI ASRI,",
            ),
            SOURCE,
            {},
            TWO_DESA,
        )
        assert got.frames["areas"].select("code", "bps", "name").row(0) == (
            "1608011007",
            "1609010012",
            None,
        )
        assert "1609031032 WONODADI ASRI" in got.warnings[0].en

    def test_bps_numbers_are_never_taken_for_kpu_codes(self):
        table = raw("kode_desa,nama_desa,kode_kec_kpu", "1609010012,DUSUN,160801")
        assert problems(lambda: parse_areas(table, SOURCE, {}, TWO_DESA))[0][0] == "wrong_parent"

    def test_unknown_parent_duplicate_and_missing_code(self):
        table = raw("kode,nama", "1608992001,A", "1608011007,B", "1608011007,B", ",C")
        assert [p[0] for p in problems(lambda: parse_areas(table, SOURCE, {}, TWO_DESA))] == [
            "duplicate_code", "missing_code", "unknown_parent",
        ]  # fmt: skip


class TestPostsFiguresBoundaries:
    """The other kinds."""

    def test_posts(self):
        got = parse_posts(
            raw("jenis,nama,kecamatan,lat,lng,presisi_lokasi,kecamatan_dilayani",
                "Polsek,Polsek Martapura,Martapura,-4.3,104.3,representative_point,Martapura; Buay Madang; Antah"),  # noqa: E501
            SOURCE, {}, TWO_DESA,
        )  # fmt: skip
        row = got.frames["posts"].row(0, named=True)
        assert (row["code"], row["kind"], row["kecamatan"], row["serves"], row["position"]) == (
            "polsek-martapura", "polsek", "160801", "160801;160802", "representative_point",
        )  # fmt: skip
        assert "Antah" in got.warnings[0].id

    def test_posts_twice_or_nameless(self):
        table = raw("jenis,nama", "Polsek,A", "Polsek,A", "Polsek,")
        assert [p[0] for p in problems(lambda: parse_posts(table, SOURCE, {}, NOTHING))] == [
            "duplicate_post",
            "missing_name",
        ]

    @pytest.mark.parametrize(
        ("words", "kind"),
        [
            ("RSUD", "hospital"),
            ("Rumah Sakit Umum", "hospital"),
            ("Polres OKU", "polres"),
            ("Pasar", "other"),
        ],
    )
    def test_post_kinds(self, words, kind):
        assert post_kind(words) == kind

    def test_estimated_part_of_dpt(self):
        got = parse_figures(
            raw("kode_desa_kpu,dpt_2024_tps_valid,dpt_2024_estimasi", "1608011007,100,120"),
            SOURCE,
            {},
            TWO_DESA,
            STAGE,
        )
        rows = {r["measure"]: r for r in got.frames["figures"].iter_rows(named=True)}
        assert (rows["dpt"]["value"], rows["dpt"]["estimated"], rows["dpt_read"]["value"]) == (
            120,
            20,
            100,
        )

    def test_stages_in_rows_and_subject_from_the_workspace(self):
        got = parse_figures(
            raw(
                "tahap,tanggal,pemilih,laki_laki,perempuan",
                "DPT Pilkada 2024,2024-09-19,500.338,254299,246054.0",
            ),
            SOURCE,
            {},
            TWO_DESA,
            STAGE,
        )
        frame = got.frames["figures"]
        assert set(frame.select("subject", "measure", "stage", "value").rows()) == {
            ("1608", "dpt", "pilkada_2024", 500338),
            ("1608", "dpt_male", "pilkada_2024", 254299),
            ("1608", "dpt_female", "pilkada_2024", 246054),
        }
        assert str(frame["as_of"][0]) == "2024-09-19"

    def test_long_form_and_footer(self):
        got = parse_figures(
            raw("subject,measure,stage,value,source", "1608,ballot_boxes,pemilu_2024,10940,KPU"),
            SOURCE,
            {},
            NOTHING,
            STAGE,
        )
        assert got.frames["figures"].row(0, named=True)["source"] == "KPU"
        footed = parse_figures(
            raw("Kode Kec,L,P,L+P", "160801,10,20,30", "160802,1,2,3", "JUMLAH,11,22,34"),
            SOURCE,
            {},
            NOTHING,
            STAGE,
        )
        totals = footed.frames["figures"].filter(footed.frames["figures"]["subject"] == "1608")
        assert dict(totals.select("measure", "value").rows()) == {
            "dpt_male": 11,
            "dpt_female": 22,
            "dpt": 34,
        }

    def test_figures_without_area_or_number(self):
        assert (
            problems(
                lambda: parse_figures(
                    raw("tahap,pemilih", "DPT Pemilu 2024,1"), SOURCE, {}, NOTHING, STAGE
                )
            )[0][0]
            == "no_subject"
        )
        assert (
            problems(lambda: parse_figures(raw("kode,nama", "1608,A"), SOURCE, {}, NOTHING, STAGE))[
                0
            ][0]
            == "missing_column"
        )
        assert problems(
            lambda: parse_figures(raw("kode,dpt", "1608,banyak"), SOURCE, {}, NOTHING, STAGE)
        )[0][:2] == ("bad_cell", 2)

    def test_stage_words(self):
        assert stage_of("DPS Pemilu 2024") == "pemilu_2024"
        assert stage_of("dulu") is None

    def test_boundaries(self):
        square = {
            "type": "Polygon",
            "coordinates": [[[104, -4], [104.1, -4], [104.1, -4.1], [104, -4.1], [104, -4]]],
        }
        bow = {
            "type": "Polygon",
            "coordinates": [[[104, -4], [104.1, -4.1], [104.1, -4], [104, -4.1], [104, -4]]],
        }
        got = parse_boundaries(
            raw("kode", "16.08.01.1007", "16.08.02.2001", geometries=[square, bow]),
            SOURCE,
            {},
            TWO_DESA,
        )
        assert got.frames["boundaries"].height == 2
        assert "1608022001" in got.warnings[0].en

    def test_bad_boundaries(self):
        swapped = {
            "type": "Polygon",
            "coordinates": [[[-4, 104], [-4, 104.1], [-4.1, 104.1], [-4, 104]]],
        }
        point = {"type": "Point", "coordinates": [104, -4]}
        table = raw(
            "kode", "1608011007", "1608022001", "1608011007", geometries=[swapped, point, {}]
        )
        found = {p[0] for p in problems(lambda: parse_boundaries(table, SOURCE, {}, TWO_DESA))}
        assert found == {"bad_position", "bad_geometry", "duplicate_code"}
        assert (
            problems(
                lambda: parse_boundaries(raw("kode", "1608"), SOURCE, {}, known(area("1608", "A")))
            )[0][0]
            == "no_geometry"
        )
