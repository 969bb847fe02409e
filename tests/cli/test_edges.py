"""What a hostile or unlucky person meets at the edge: one clear message, never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys

import openpyxl
import pytest


def run(*words):
    done = subprocess.run(
        [sys.executable, "-m", "sispamkota", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("edges") / "ws"
    assert run("init", made).returncode == 0
    return made


def refusal(*words):
    done = run(*words, "--json")
    assert done.returncode == 2
    return json.loads(done.stdout)["error"]


@pytest.mark.parametrize(
    "words", [("check", "--wrong"), ("nosuch",), ("import", "tps"), ("serve", "--port", "80000")]
)
def test_usage_errors_are_told_in_json(words):
    assert refusal(*words).keys() >= {"code", "message", "where", "remedy"}


def test_a_stray_cell_far_outside_is_refused(folder, tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "Kode Desa", "x"
    book.save(tmp_path / "sparse.xlsx")
    error = refusal("import", "tps", tmp_path / "sparse.xlsx", "-w", folder)
    assert error["code"] == "too_many_cells"


@pytest.mark.parametrize("header", ["agama", "PDIP", "perolehan suara", "nik"])
def test_every_kind_refuses_what_the_police_must_not_have(folder, tmp_path, header):
    file = tmp_path / "desa.csv"
    file.write_text(f"kode,nama,{header}\n1608011007,Dusun,x\n", encoding="utf-8")
    assert refusal("import", "areas", file, "-w", folder)["code"] == "forbidden_column"
    listed = json.loads(run("import", "--list", "-w", folder, "--json").stdout)
    assert "desa.csv" not in json.dumps(listed)


@pytest.mark.parametrize("body", ["[" * 200_000, "{}", "x" * 10])
def test_a_file_that_is_no_plan(folder, tmp_path, body):
    file = tmp_path / "plan.json"
    file.write_text(body, encoding="utf-8")
    assert refusal("verify", file, "-w", folder)["code"] in {"damaged_plan", "unknown_format"}


def test_a_number_without_end():
    assert refusal("need", "--counts", "rawan=" + "9" * 5000)["code"] == "bad_counts"


def test_a_wrong_clock_does_not_lock_a_tps(folder, tmp_path):
    """Decisions stand in the order they were made, whatever a clock said."""
    areas = tmp_path / "areas.csv"
    areas.write_text("kode,nama\n160801,Martapura\n1608011007,Dusun\n", encoding="utf-8")
    tps = tmp_path / "tps.csv"
    tps.write_text("kode_tps,kode_desa_kpu\n1608011007001,1608011007\n", encoding="utf-8")
    assert run("import", "areas", areas, "-w", folder).returncode == 0
    assert run("import", "tps", tps, "-w", folder).returncode == 0
    decide = ("override", "1608011007001")
    who = ("--by", "AKP Uji", "--reason", "banjir", "-w", folder)
    future = run(*decide, "rawan", *who, "--clock", "2999-01-01T00:00:00+00:00")
    assert future.returncode == 0
    assert run(*decide, "sangat_rawan", *who).returncode == 0
    told = run("vulnerability", "--tps", "1608011007001", "-w", folder, "--json")
    assert '"sangat_rawan"' in told.stdout
    (entry,) = json.loads(told.stdout)["tps"]
    assert entry["class"] == "sangat_rawan"
