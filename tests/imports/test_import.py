from __future__ import annotations

import datetime as dt
import gzip
import json
import resource

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from sispamkota.actions.check import check
from sispamkota.actions.imports import Request, import_file, list_imports, undo_imports
from sispamkota.actions.territory import load_territory
from sispamkota.cli.check import check as check_command
from sispamkota.cli.import_ import import_
from sispamkota.kernel.errors import DomainError
from sispamkota.storage.workspace import create_workspace

NOW = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
DAY = dt.date(2024, 1, 1)
GOOD = "kode_desa_kpu,nama_desa,kode_kec_kpu,nama_kec\n1608011007,DUSUN,160801,MARTAPURA\n"


@pytest.fixture
def workspace(tmp_path):
    with create_workspace(
        tmp_path / "w", name="uji", election="pemilu", voting_day=dt.date(2024, 2, 14)
    ) as made:
        yield made


def bring(workspace, kind, path, **options):
    return import_file(workspace, Request(kind=kind, path=path, **{"as_of": DAY} | options), NOW)


def put(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(tmp_path, sheets, name="daftar.xlsx"):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


@pytest.mark.parametrize("source", ["Tim PDIP", "data agama", "3201" + "011203450001"])
def test_a_source_names_no_contestant_and_no_person(workspace, tmp_path, source):
    with pytest.raises(DomainError) as refused:
        bring(workspace, "areas", put(tmp_path, "wilayah.csv", GOOD), source=source)

    assert refused.value.code == "forbidden_source"
    assert workspace.store.imports().is_empty()


class TestGoodFiles:
    """Files as people have them."""

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    def test_csv_of_any_delimiter_and_encoding(self, workspace, tmp_path, delimiter, encoding):
        text = GOOD.replace("DUSUN", "DÉSA").replace(",", delimiter)
        report = bring(workspace, "areas", put(tmp_path, "a.csv", text.encode(encoding)))
        assert report.rows == {"areas": 2}
        assert "DÉSA" in load_territory(workspace).areas["name"].to_list()

    def test_gzip_and_quoted_line_breaks(self, workspace, tmp_path):
        text = 'kode,nama\n160801,"Mar\ntapura"\n16o802,X\n'
        with pytest.raises(DomainError) as caught:
            bring(workspace, "areas", put(tmp_path, "a.csv.gz", gzip.compress(text.encode())))
        assert caught.value.problems[0].row == 4

    def test_xlsx_as_staff_have_it(self, workspace, tmp_path):
        bring(workspace, "areas", put(tmp_path, "a.csv", GOOD))
        rows = [
            ["REKAPITULASI TPS PEMILU 2024"], ["KABUPATEN OGAN KOMERING ULU TIMUR"], [],
            ["No", "Kode Desa", "Desa/Kelurahan", "TPS", None], [None, None, None, "TPS Reguler", "n_tps_khusus"],  # noqa: E501
            [1, 2, 3, 4, 5],
            [1, 1608011007.0, "DUSUN", 12.0, None], [None, "JUMLAH", None, "2.180", 2], [], [None, None],  # noqa: E501
        ]  # fmt: skip
        report = bring(workspace, "tps", workbook(tmp_path, {"Rekap": rows}))
        assert report.rows == {"tps": 12, "figures": 1}
        [mismatch] = check(workspace)["mismatches"]
        assert (mismatch["stated"], mismatch["computed"]) == (2180, 12)

    def test_sheet_choice(self, workspace, tmp_path):
        rows = [["kode", "nama"], ["16.08.01", "Martapura"]]
        path = workbook(tmp_path, {"A": rows, "Kosong": [], "B": rows})
        with pytest.raises(DomainError) as several:
            bring(workspace, "areas", path)
        assert several.value.code == "several_sheets"
        assert bring(workspace, "areas", path, sheet="B").rows == {"areas": 1}
        with pytest.raises(DomainError) as none:
            bring(workspace, "areas", path, sheet="C")
        assert none.value.code == "no_such_sheet"

    def test_geojson_properties_are_areas_too(self, workspace, tmp_path):
        body = {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"kode": "16.08.01", "nama": "Martapura"}, "geometry": None}]}  # fmt: skip  # noqa: E501
        assert bring(workspace, "areas", put(tmp_path, "a.geojson", json.dumps(body))).rows == {
            "areas": 1
        }

    def test_file_date_is_used_only_with_a_note(self, workspace, tmp_path):
        path = put(tmp_path, "a.csv", GOOD)
        assert bring(workspace, "areas", path).notes[0].id.startswith("1 kecamatan")
        assert "--as-of" in bring(workspace, "areas", path, as_of=None).notes[0].en

    def test_a_later_figure_stands_beside_the_earlier_and_undo_brings_it_back(
        self, workspace, tmp_path
    ):
        bring(workspace, "figures", put(tmp_path, "f.csv", "kode,dpt\n1608,100\n"), source="kpu")
        later = bring(
            workspace,
            "figures",
            put(tmp_path, "g.csv", "kode,dpt\n1608,90\n"),
            source="kpu",
            as_of=dt.date(2024, 2, 1),
        )
        assert check(workspace)["counts"]["dpt"] == 90
        assert workspace.store.history("figures").height == 2
        undo_imports(workspace, later.import_ids, NOW)
        assert check(workspace)["counts"]["dpt"] == 100
        assert len(list_imports(workspace)) == 2

    def test_a_crossreference_does_not_erase_coordinates_and_undo_removes_it(
        self, workspace, tmp_path
    ):
        bring(
            workspace,
            "areas",
            put(
                tmp_path,
                "a.csv",
                GOOD.replace("nama_kec", "nama_kec,lat,lng").replace(
                    "MARTAPURA", "MARTAPURA,-4.3,104.3"
                ),
            ),
        )
        cross = bring(
            workspace,
            "areas",
            put(
                tmp_path,
                "b.csv",
                "kode_desa_bps,nmdesa,kode_desa_kpu\n1609010012,X,1608011007\n1609010099,Y,\n",
            ),
            as_of=dt.date(2024, 2, 1),
        )
        assert cross.warnings
        row = (
            load_territory(workspace)
            .areas.filter(pl.col("code") == "1608011007")
            .row(0, named=True)
        )
        assert (row["lon"], row["bps"], row["name"]) == (104.3, "1609010012", "DUSUN")
        undo_imports(workspace, cross.import_ids, NOW)
        assert load_territory(workspace).areas["bps"].null_count() == 2


def rubbish_binary():
    return b"\x00\x01\x02\xff" * 1_000_000


BAD = {
    "wrong column": ("a.csv", "satu,dua\n1,2\n", "no_known_column"),
    "missing column": ("a.csv", "nama,jenis\nA,desa\n", "bad_input"),
    "duplicate": ("a.csv", "kode,nama\n160801,A\n160801,B\n", "bad_input"),
    "not in its kecamatan": (
        "a.csv",
        "kode_desa_kpu,nama,kode_kec_kpu\n1608022001,A,160801\n",
        "bad_input",
    ),
    "text in a number": ("a.csv", "kode,nama,luas_km2\n160801,A,luas sekali\n", "bad_input"),
    "swapped coordinates": ("a.csv", "kode,nama,lon,lat\n160801,A,-4.3,104.3\n", "bad_input"),
    "too many cells": ("a.csv", "kode,nama\n160801,A,B\n", "bad_input"),
    "empty": ("a.csv", "", "empty_file"),
    "blank": ("a.csv", "\n \n\n", "empty_file"),
    "header only": ("a.csv", "kode,nama\n", "bad_input"),
    "binary": ("a.csv", rubbish_binary(), "not_a_table"),
    "one endless line": ("a.csv", b"x" * 3_000_000, "not_a_table"),
    "damaged gzip": ("a.csv.gz", b"\x1f\x8b\x08" + b"abc" * 20, "damaged_file"),
    "damaged workbook": ("a.xlsx", b"PK\x03\x04" + b"abc" * 50, "damaged_file"),
    "old excel": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_excel"),
    "json without features": ("a.json", '{"a": 1}', "not_geojson"),
    "broken json": ("a.geojson", '{"features": [', "damaged_file"),
    "json without end": ("a.geojson", "[" * 100_000, "damaged_file"),
}


class TestBadFiles:
    """Each gets one clear error, and the workspace stays as it was."""

    @pytest.mark.parametrize("case", BAD)
    def test_refused_and_nothing_changed(self, workspace, tmp_path, case):
        name, content, code = BAD[case]
        bring(workspace, "areas", put(tmp_path, "good.csv", GOOD))
        before = workspace.store.history("areas")
        with pytest.raises(DomainError) as caught:
            bring(workspace, "areas", put(tmp_path, name, content))
        error = caught.value
        assert error.code == code
        assert error.message.id != error.message.en
        assert error.remedy.id
        assert workspace.store.history("areas").equals(before)
        assert len(list_imports(workspace)) == 1

    def test_empty_sheet(self, workspace, tmp_path):
        with pytest.raises(DomainError) as caught:
            bring(workspace, "areas", workbook(tmp_path, {"Kosong": []}))
        assert caught.value.code == "empty_file"

    def test_missing_file_and_unknown_kind(self, workspace, tmp_path):
        for kind, path, code in (
            ("areas", tmp_path / "no.csv", "no_such_file"),
            ("candi", tmp_path, "unknown_kind"),
        ):
            with pytest.raises(DomainError) as caught:
                bring(workspace, kind, path)
            assert caught.value.code == code

    @pytest.mark.parametrize("kind", ["binary", "words", "zeros in gzip"])
    def test_200_mb_of_rubbish_is_refused_in_little_memory(self, workspace, tmp_path, kind):
        path = tmp_path / "besar.csv"
        block = {
            "binary": bytes(range(256)) * 4096,
            "words": b"lorem ipsum dolor, sit amet\n" * 37_000,
            "zeros in gzip": b"kode,nama\n160801,A\n" * 55_000,
        }[kind]
        with gzip.open(path, "wb", compresslevel=1) if "gzip" in kind else path.open("wb") as out:
            for _ in range(200_000_000 // len(block)):
                out.write(block)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(DomainError) as caught:
            bring(workspace, "areas", path, limit_mb=100 if "gzip" in kind else 1000)
        assert caught.value.code in {"not_a_table", "no_known_column", "too_large"}
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000

    def test_size_limit_is_configurable(self, workspace, tmp_path):
        path = put(tmp_path, "a.csv", GOOD + " \n" * 1_000_000)
        with pytest.raises(DomainError) as caught:
            bring(workspace, "areas", path, limit_mb=1)
        assert caught.value.code == "too_large"
        assert bring(workspace, "areas", path, limit_mb=10).rows == {"areas": 2}


class TestCommands:
    """The words on the command line and their exit codes."""

    def run(self, command, *args):
        result = CliRunner().invoke(command, [str(a) for a in args])
        return result.exit_code, result.stdout, result.stderr

    def test_import_check_list_undo(self, workspace, tmp_path):
        place = ("-w", workspace.folder, "--json")
        code, out, _ = self.run(
            import_, "areas", put(tmp_path, "a.csv", GOOD), "--as-of", "2024-01-01", *place
        )
        assert code == 0
        first = json.loads(out)
        assert first["rows"] == {"areas": 2}
        code, out, _ = self.run(
            import_,
            "figures",
            put(tmp_path, "f.csv", "kode,desa_x\n1608,3\n"),
            "--map",
            "desa_count=desa_x",
            *place,
        )
        assert code == 0
        code, out, _ = self.run(check_command, *place)
        assert code == 1
        body = json.loads(out)
        assert body["counts"]["desa"] == 1
        assert body["mismatches"][0]["difference"] == 2
        code, out, _ = self.run(import_, "--undo", first["imports"][0], *place)
        assert code == 0
        assert self.run(import_, "--list", "-w", workspace.folder)[0] == 0

    def test_bad_input_is_told_with_row_and_exit_2(self, workspace, tmp_path):
        path = put(tmp_path, "a.csv", "kode,nama\n16080x,A\n")
        code, out, _ = self.run(import_, "areas", path, "-w", workspace.folder, "--json")
        assert code == 2
        assert json.loads(out)["error"]["problems"][0]["row"] == 2
        code, _, err = self.run(import_, "areas", path, "-w", workspace.folder)
        assert (code, "16080x" in err) == (2, True)
        assert self.run(import_, "areas", path, "--map", "x", "-w", workspace.folder)[0] == 2
        assert self.run(import_, "-w", workspace.folder)[0] == 2

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_readable_output(self, workspace, tmp_path, lang):
        bring(
            workspace,
            "figures",
            put(tmp_path, "f.csv", "kode,dpt,dpt_l,dpt_p\n1608,500338,254299,246054\n"),
        )
        code, out, _ = self.run(check_command, "-w", workspace.folder, "--lang", lang)
        assert code == 1
        assert ("500.353" if lang == "id" else "500,353") in out


FILES = (
    ("areas", "okut_desa_master.csv", {"areas": 332}),
    ("areas", "admin/okut_wilayah_2025.csv", {"areas": 334}),
    ("areas", "admin/okut_crosswalk_bps_kpu.csv", {"areas": 312}),
    ("boundaries", "boundaries/okut_desa.geojson", {"boundaries": 312}),
    ("boundaries", "boundaries/okut_kecamatan.geojson", {"boundaries": 20}),
    ("tps", "tps/okut_tps_2024.csv", {"tps": 2180}),
    ("tps", "tps/okut_tps_per_desa_2024.csv", {"tps": 2180}),
    ("posts", "facilities/okut_facilities.csv", {"posts": 18}),
    ("figures", "tps/okut_dpt_per_desa_2024_ESTIMATE.csv", {"figures": 2808}),
    ("figures", "tps/okut_dpt_per_desa_2024_sirekap.csv", {"figures": 936}),
    ("figures", "tps/okut_dpt_totals.csv", {"figures": 8}),
    ("figures", "tps/okut_dpt_per_kecamatan.csv", {"figures": 120}),
)


@pytest.mark.data
class TestRealFiles:
    """The files of the data folder import as they are."""

    @pytest.mark.parametrize(("kind", "name", "rows"), FILES, ids=[f[1] for f in FILES])
    def test_alone_in_an_empty_workspace(self, workspace, data_dir, kind, name, rows):
        if name == "tps/okut_dpt_totals.csv":
            bring(workspace, "areas", data_dir / "okut_desa_master.csv")
        if "crosswalk" in name:
            rows = {"areas": 332}  # the 20 kecamatan are derived where nothing is known yet
        assert bring(workspace, kind, data_dir / name).rows == rows

    def test_together(self, workspace, data_dir):
        reports = {name: bring(workspace, kind, data_dir / name) for kind, name, _ in FILES}
        assert "20 BPS rows" in reports["admin/okut_crosswalk_bps_kpu.csv"].warnings[0].en
        body = check(workspace)
        assert body["counts"] == {
            "kecamatan": 20,
            "desa": 312,
            "tps": 2180,
            "tps_khusus": 2,
            "dpt": 498762,
            "dpt_estimated": 43553,
        }
        assert [m["difference"] for m in body["mismatches"]] == [15]
        territory = load_territory(workspace)
        assert territory.tps["position"].unique().to_list() == ["approximate"]
        assert territory.areas.filter(pl.col("level") == "desa_kelurahan").select(
            "bps", "lon", "kemendagri"
        ).null_count().row(0) == (0, 0, 0)
        assert (
            territory.posts.filter(pl.col("code") == "polsek-martapura")["serves"].item()
            == "160801;160811;160816"
        )

    def test_indicators_personnel_and_training_come_in_by_the_same_word(
        self, workspace, data_dir, tmp_path
    ):
        bring(workspace, "areas", data_dir / "okut_desa_master.csv")
        bring(workspace, "posts", data_dir / "facilities/okut_facilities.csv")
        answers = bring(workspace, "indicators", data_dir / "vulnerability/okut_desa_icraf.csv")
        assert answers.rows["answers"] > 312
        people = put(
            tmp_path,
            "p.csv",
            "id,agency,home_post\nP-1,polri,polsek-martapura\nP-2,polri,polres-oku-timur\n",
        )
        assert bring(workspace, "personnel", people).rows == {"personnel": 2}
        training = put(tmp_path, "t.csv", "person,kind,date\nP-1,sispamkota,2024-01-10\n")
        assert bring(workspace, "training", training).rows == {"training": 1}

    def test_both_tps_files_give_the_same_list(self, workspace, data_dir):
        bring(workspace, "tps", data_dir / "tps/okut_tps_2024.csv")
        once = load_territory(workspace).tps
        bring(workspace, "tps", data_dir / "tps/okut_tps_per_desa_2024.csv")
        assert load_territory(workspace).tps.drop("source").equals(once.drop("source"))

    @pytest.mark.slow
    def test_the_nation(self, workspace, data_dir):
        report = bring(workspace, "tps", data_dir / "tps/tps_per_desa_indonesia_2024.csv.gz")
        assert report.rows == {"tps": 820_161}
