from __future__ import annotations

import datetime as dt
import zipfile

import openpyxl
import polars as pl
import pytest

from sispamkota.actions.imports import KINDS, Request, import_file, undo_imports
from sispamkota.actions.imports.preview import (
    accept_import,
    preview_import,
    upload_name,
)
from sispamkota.actions.imports.titles import TITLES, title_of
from sispamkota.kernel.errors import DomainError
from sispamkota.storage.workspace import create_workspace

from .test_import import FILES

NOW = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
DAY = dt.date(2024, 1, 1)
GOOD = "kode_desa_kpu,nama_desa,kode_kec_kpu,nama_kec\n1608011007,DUSUN,160801,MARTAPURA\n"


@pytest.fixture
def workspace(tmp_path):
    with create_workspace(
        tmp_path / "w", name="uji", election="pemilu", voting_day=dt.date(2024, 2, 14)
    ) as made:
        yield made


def put(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def ask(path, kind="areas", **options):
    return Request(kind=kind, path=path, **{"as_of": DAY, "source": "uji"} | options)


def book(tmp_path, sheets, name="a.xlsx"):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(tmp_path / name)
    return tmp_path / name


class TestPreview:
    """A dry run shows what an import would do and changes nothing."""

    def test_a_good_file_is_shown_and_nothing_is_kept(self, workspace, tmp_path):
        shown = preview_import(workspace, ask(put(tmp_path, "a.csv", GOOD)))
        assert shown.acceptable
        assert workspace.store.imports().is_empty()
        body = shown.as_json("id")
        assert body["rows"] == {"areas": 2}
        assert body["sample_rows"] == [
            {"row": 2, "cells": ["1608011007", "DUSUN", "160801", "MARTAPURA"]}
        ]
        mapped = {c["known"]: c["header"] for c in body["columns"]}
        assert mapped["code"] == "kode_desa_kpu"
        assert mapped["bps"] is None
        assert next(c for c in body["columns"] if c["known"] == "code")["required"]
        assert body["changes"][0] | {"examples": 0} == {
            "kind": "areas", "new": 2, "changed": 0, "same": 0, "older": 0, "examples": 0,
        }  # fmt: skip

    def test_accept_keeps_the_same_as_a_direct_import(self, workspace, tmp_path):
        path = put(tmp_path, "a.csv", GOOD)
        shown = preview_import(workspace, ask(path))
        report = accept_import(workspace, shown.request, shown.sha256, NOW)
        assert dict(report.rows) == dict(shown.rows)
        assert workspace.store.imports()["source"].to_list() == ["uji"]

    def test_changed_bytes_are_not_accepted(self, workspace, tmp_path):
        path = put(tmp_path, "a.csv", GOOD)
        shown = preview_import(workspace, ask(path))
        path.write_text(GOOD.replace("DUSUN", "LAIN"))
        with pytest.raises(DomainError) as caught:
            accept_import(workspace, shown.request, shown.sha256, NOW)
        assert caught.value.code == "file_changed"
        assert workspace.store.imports().is_empty()

    def test_every_problem_with_place_and_remedy_free_of_options(self, workspace, tmp_path):
        rows = "".join(f"16080{n}x,A{n}\n" for n in range(1200))
        body = preview_import(workspace, ask(put(tmp_path, "a.csv", "kode,nama\n" + rows))).as_json(
            "en"
        )
        assert not body["acceptable"]
        assert body["problem_count"] == 1200
        assert len(body["problems"]) == 1000
        first = body["problems"][0]
        assert (first["row"], first["column"], first["value"]) == (2, "kode", "160800x")
        assert first["remedy"]
        assert body["changes"] == []

    def test_unknown_headers_are_shown_so_that_they_can_be_mapped(self, workspace, tmp_path):
        path = put(tmp_path, "a.csv", "satu,dua\n160801,MARTAPURA\n")
        shown = preview_import(workspace, ask(path))
        assert shown.headers == ("satu", "dua")
        assert shown.sample_rows[0][1] == ("160801", "MARTAPURA")
        body = shown.as_json("id")
        assert "--map" not in str(body)
        mapped = preview_import(workspace, ask(path, mapping={"code": "satu", "name": "dua"}))
        assert mapped.acceptable
        assert dict(mapped.rows) == {"areas": 1}

    def test_a_column_may_be_left_out(self, workspace, tmp_path):
        path = put(tmp_path, "a.csv", "kode,nama,,luas\n160801,A,x,luas sekali\n")
        assert not preview_import(workspace, ask(path)).acceptable
        shown = preview_import(workspace, ask(path, mapping={"area_km2": ""}))
        assert shown.acceptable
        assert shown.headers == ("kode", "nama", "luas")
        assert shown.sample_rows[0][1] == ("160801", "A", "luas sekali")
        without = preview_import(workspace, ask(path, mapping={"code": "", "area_km2": ""}))
        assert without.problems[0].code == "missing_column"

    def test_a_letter_among_the_data_is_no_header(self, workspace, tmp_path):
        path = put(tmp_path, "a.csv", "nomor;tempat;k\n160801;MARTAPURA;x\n160802;B;l\n")
        shown = preview_import(workspace, ask(path))
        assert shown.headers == ("nomor", "tempat", "k")
        assert preview_import(
            workspace, ask(path, mapping={"code": "nomor", "name": "tempat"})
        ).acceptable

    def test_several_sheets_are_offered(self, workspace, tmp_path):
        rows = [["kode", "nama"], ["160801", "A"]]
        path = book(tmp_path, {"Satu": rows, "Dua": [["kode", "nama"], ["160802", "B"]]})
        shown = preview_import(workspace, ask(path))
        assert [p.code for p in shown.problems] == ["several_sheets"]
        assert shown.sheets == ("Satu", "Dua")
        chosen = preview_import(workspace, ask(path, sheet="Dua"))
        assert chosen.acceptable
        assert chosen.sample_rows[0][1] == ("160802", "B")

    def test_what_would_change(self, workspace, tmp_path):
        import_file(workspace, ask(put(tmp_path, "a.csv", GOOD)), NOW)
        later = GOOD.replace("DUSUN", "DUSUN BARU") + "1608011008,LAIN,160801,MARTAPURA\n"
        shown = preview_import(
            workspace, ask(put(tmp_path, "b.csv", later), as_of=dt.date(2024, 1, 5))
        )
        [change] = shown.changes
        assert (change.new, change.changed, change.same) == (1, 1, 1)
        assert [(e.key, e.column, e.before, e.after) for e in change.examples] == [
            ("1608011007", "name", "DUSUN", "DUSUN BARU")
        ]
        older = preview_import(
            workspace, ask(put(tmp_path, "c.csv", later), as_of=dt.date(2023, 1, 5))
        )
        assert older.changes[0].older == 2

    def test_the_same_file_again_is_told_not_refused(self, workspace, tmp_path):
        path = put(tmp_path, "a.csv", GOOD)
        first = import_file(workspace, ask(path), NOW)
        shown = preview_import(workspace, ask(path))
        assert shown.acceptable
        assert shown.as_json("en")["already_imported"]["id"] == first.import_ids[0]
        again = import_file(workspace, ask(path), NOW)
        assert any(first.import_ids[0] in n.en for n in again.notes)
        undo_imports(workspace, [*first.import_ids, *again.import_ids], NOW)
        assert preview_import(workspace, ask(path)).already_imported is None

    def test_identity_numbers_are_refused_and_never_repeated(self, workspace, tmp_path):
        nik = "1608012345670001"
        shown = preview_import(
            workspace,
            ask(put(tmp_path, "a.csv", f"id,instansi,nik\nP1,polri,{nik}\n"), "personnel"),
        )
        assert [p.code for p in shown.problems] == ["identity_numbers"]
        assert nik not in str(shown.as_json("id"))

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "empty_file"),
            (b"\x00\x01" * 9000, "not_a_table"),
            (b"PK\x03\x04xx", "damaged_file"),
        ],
    )
    def test_a_file_that_cannot_be_shown_is_refused(self, workspace, tmp_path, content, code):
        with pytest.raises(DomainError) as caught:
            preview_import(workspace, ask(put(tmp_path, "a.csv", content)))
        assert caught.value.code == code

    def test_every_column_has_a_title_in_both_languages(self):
        for kind in KINDS.values():
            for column in kind.columns("pemilu"):
                title = title_of(column)
                assert title.id
                assert title.en
                assert column.name in TITLES or column.meaning.en, column.name


class TestKinds:
    """The kind is guessed from the headers when nobody says it."""

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            (GOOD, "areas"),
            ("kode_tps,no_tps,kode_desa\n1608011007001,1,1608011007\n", "tps"),
            ("id,instansi,pangkat,pos\nP1,polri,bripka,polsek-a\n", "personnel"),
            ("person,jenis_pelatihan,tanggal\nP1,pam_tps,2024-01-01\n", "training"),
            ("kode,dpt,dpt_l,dpt_p\n1608,500338,254299,246054\n", "figures"),
            ("nama_pos,jenis,telepon,kecamatan\nPolsek A,polsek,1,MARTAPURA\n", "posts"),
        ],
    )
    def test_guess(self, workspace, tmp_path, text, kind):
        shown = preview_import(workspace, ask(put(tmp_path, "a.csv", text), ""))
        assert shown.request.kind == kind

    @pytest.mark.data
    def test_guess_of_real_files(self, workspace, data_dir):
        # the master list is of every kind at once
        for kind, name, _ in FILES[1:]:
            shown = preview_import(workspace, ask(data_dir / name, ""))
            assert shown.request.kind == kind, name


class TestWorkbooks:
    """Traps in archives and formulas without a result."""

    def test_formula_without_result_is_a_problem_only_where_it_is_used(self, workspace, tmp_path):
        rows = [["kode", "nama", "lain"], ["160801", '="A"&"B"', "=1+1"], ["160802", "C", "=2+2"]]
        shown = preview_import(workspace, ask(book(tmp_path, {"Satu": rows})))
        assert [(p.code, p.row, p.column) for p in shown.problems] == [
            ("formula_without_value", 2, "nama")
        ]

    def test_a_total_by_formula_does_not_matter(self, workspace, tmp_path):
        rows = [["kode", "nama", "luas"], ["160801", "A", 3], ["JUMLAH", None, "=SUM(C2:C2)"]]
        assert preview_import(workspace, ask(book(tmp_path, {"Satu": rows}))).acceptable

    def test_bombs_are_refused(self, workspace, tmp_path):
        dense = tmp_path / "dense.xlsx"
        with zipfile.ZipFile(dense, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr("xl/workbook.xml", b"0" * 30_000_000)
        many = tmp_path / "many.xlsx"
        with zipfile.ZipFile(many, "w") as out:
            for n in range(6000):
                out.writestr(f"p{n}", "")
        large = tmp_path / "large.xlsx"
        with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr("xl/worksheets/sheet1.xml", b"0" * 120_000_000)
        for path, code in ((dense, "zip_bomb"), (many, "zip_bomb"), (large, "too_large")):
            with pytest.raises(DomainError) as caught:
                preview_import(workspace, ask(path))
            assert caught.value.code == code, path

    def test_an_entry_larger_than_it_says_is_damaged(self, workspace, tmp_path):
        path = book(tmp_path, {"Satu": [["kode", "nama"], ["160801", "A" * 5000]]})
        body = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo("xl/worksheets/sheet1.xml")
        size = entry.file_size.to_bytes(4, "little")
        at = body.rindex(size)
        body[at : at + 4] = (100).to_bytes(4, "little")
        path.write_bytes(bytes(body))
        with pytest.raises(DomainError) as caught:
            preview_import(workspace, ask(path))
        assert caught.value.code == "damaged_file"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\tps.xlsx", "tps.xlsx"),
        ("..", "berkas"),
        ("", "berkas"),
        ("a\x00b<i>.csv", "a_b_i_.csv"),
        ("x" * 300 + ".csv", "x" * 96 + ".csv"),
    ],
)
def test_upload_names_stay_inside_their_folder(given, kept):
    assert upload_name(given) == kept


def test_preview_of_the_columns_of_an_unchanged_store(workspace, tmp_path):
    """A preview of answers needs a territory and tells what is unknown."""
    shown = preview_import(
        workspace,
        ask(put(tmp_path, "a.csv", "kode_desa,rawan_banjir\n1608011007,ya\n"), "indicators"),
    )
    assert not shown.acceptable
    assert workspace.store.current("answers").equals(
        pl.DataFrame(schema=workspace.store.current("answers").schema)
    )
