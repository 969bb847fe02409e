"""Each benchmark answers on a tiny instance with the keys that others rely on (no timings)."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from sispamkota.actions.demo import make_demo
from sispamkota.kernel.sources import Source
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.workspace import create_workspace

ROOT = Path(__file__).resolve().parents[2]
KECAMATAN = ["160816", "160820"]
NOW = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)

TINY = """ 1 4
 6 2 10
 1 0 0 3
 2 1 0 3
 3 2 0 3
 4 10 0 3
 5 11 0 3
 6 12 0 3
"""


def bench(module: str, *arguments: str | Path) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    """Two kecamatan of the demo with twelve officers at each of two posts."""
    folder = tmp_path_factory.mktemp("bench")
    record = ImportRecord(
        file="demo",
        sha256="0" * 64,
        source=Source(name="demo", as_of=dt.date(2024, 2, 1), sample=True),
        imported_at=NOW,
    )
    with make_demo(folder / "demo", NOW) as demo:
        kinds = ("areas", "tps", "posts", "answers", "personnel")
        frames = {kind: demo.store.current(kind) for kind in kinds}
    tps = frames["tps"].filter(pl.col("kecamatan").is_in(KECAMATAN))
    people = frames["personnel"].filter(pl.col("duty") == "tps")
    crowded = people.group_by("home_post").len().sort("len", "home_post")["home_post"].tail(2)
    frames["tps"] = tps
    frames["answers"] = frames["answers"].filter(
        pl.col("subject").is_in([*tps["code"], *tps["desa"], *KECAMATAN])
    )
    frames["personnel"] = (
        people.filter(pl.col("home_post").is_in(crowded.to_list()))
        .sort("leader", "id", descending=[True, False])
        .with_columns(turn=pl.col("id").cum_count().over("home_post", "leader"))
        .filter(pl.col("turn") <= 6)
        .drop("turn")
    )
    with create_workspace(
        folder / "tiny", name="CONTOH", election="pemilu", voting_day=dt.date(2024, 2, 14)
    ) as workspace:
        workspace.store.append_all([(kind, f, record) for kind, f in frames.items()])
    return folder / "tiny"


@pytest.mark.slow
def test_guards(tiny):
    result = bench("guards", "--workspace", tiny, "--runs", "2")

    assert result["lower_bound"] <= result["cost"] <= result["greedy_cost"]
    assert result["gap"] == pytest.approx(1 - result["lower_bound"] / result["cost"], abs=1e-5)
    assert result["uncovered_risk_lower_bound"] <= result["uncovered_risk"]
    assert sorted(result["kecamatan_gap"]) == KECAMATAN
    assert result["saving_vs_greedy"] < 1
    assert result["same_plan_every_run"]
    assert result["elapsed_s"] > 0
    assert result["process_s"] > 0
    assert result["peak_mb"] > 0
    assert not (tiny / "plans").exists()


@pytest.mark.slow
def test_cpsat(tiny):
    pytest.importorskip("ortools", reason="the peer is in requirements-bench.lock only")
    result = bench("cpsat", "--workspace", tiny, "--seconds", "5", "--kecamatan", "160820")

    assert result["ratio"] == pytest.approx(result["ours_total"] / result["cpsat_total"], abs=1e-5)
    (row,) = result["kecamatan"]
    assert row["kecamatan"] == "160820"
    assert row["cpsat_bound"] <= min(row["ours"], row["cpsat"])
    assert row["cpsat_status"] in {"OPTIMAL", "FEASIBLE"}


@pytest.mark.slow
def test_repair(tiny):
    result = bench("repair", "--workspace", tiny, "--sample", "2")

    assert 0 < result["p50_ms"] <= result["p95_ms"] <= result["max_ms"]
    assert result["teams"] > 0
    assert result["tps_moved_mean"] <= result["tps_moved_max"]
    assert len(result["sample"]) == 2
    for row in result["sample"]:
        assert row["cost"] > 0
        assert row["cost_anew"] > 0


@pytest.mark.slow
def test_the_cost_of_arrays_is_the_cost_of_the_plan(tiny):
    guards = bench("guards", "--workspace", tiny, "--no-process")
    repair = bench("repair", "--workspace", tiny, "--sample", "0")

    assert repair["cost_before"] == pytest.approx(guards["cost"])


def test_pmedcap(tmp_path):
    file = tmp_path / "tiny.txt"
    file.write_text(TINY)

    result = bench("pmedcap", file, "--starts", "2", "--moves", "500", "--rounds", "100")

    assert result["cost"] == result["best_known"] == 4
    assert result["feasible"]
    assert result["lower_bound"] <= 4
    assert result["elapsed_s"] > 0


def test_pmedcap_refuses_another_file(tmp_path):
    file = tmp_path / "other.txt"
    file.write_text("nothing of the kind")

    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.pmedcap", str(file), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "not an OR-Library pmedcap file" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.data
@pytest.mark.usefixtures("data_dir")
def test_flow():
    result = bench("flow", "--no-process")

    assert result["tps"] == 2180
    whole = result["import_s"] + result["vulnerability_s"] + result["need_s"]
    assert result["total_s"] == pytest.approx(whole, abs=1e-5)
    assert result["peak_mb"] > 0


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.usefixtures("data_dir")
def test_national():
    result = bench("national", "--kecamatan-limit", "2")

    assert result["tps"] == 820_161
    assert result["need_linmas"] == 2 * 820_161
    assert result["country_extrapolated_s"] > 0
    assert result["assumption"]
    assert result["province_kecamatan"] == 2
    (regency,) = result["regencies"]
    assert 0 <= regency["gap"] < 1
    assert result["peak_mb"] > 0
