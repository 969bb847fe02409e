"""The export command on a small workspace; reports themselves are tested beside this file."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from sispamkota.cli.export import export
from sispamkota.kernel.sources import Source
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.workspace import create_workspace

DAY = dt.date(2024, 2, 14)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, situation):
    folder = tmp_path_factory.mktemp("operasi")
    record = ImportRecord(
        file="uji.csv",
        sha256="0" * 64,
        source=Source(name="Uji", as_of=DAY, sample=True),
        imported_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    )
    with create_workspace(folder, name="Operasi Uji", election="pemilu", voting_day=DAY) as space:
        space.store.append_all(
            [(kind, getattr(situation, kind), record) for kind in ("areas", "tps", "posts")]
        )
        space.save_plan("guards-1", "guards", json.dumps(situation.plan).encode())
    return folder


def run(folder, *arguments):
    return CliRunner().invoke(export, [*arguments, "-w", str(folder), "--json"])


@pytest.mark.parametrize("kind", ["xlsx", "geojson", "csv", "html"])
def test_writes_each_format_and_says_so(folder, tmp_path, kind):
    out = tmp_path / f"hasil.{kind}"
    done = run(folder, kind, "--out", str(out))
    assert done.exit_code == 0, done.output
    body = json.loads(done.stdout)
    assert body == {"file": str(out), "format": kind, "size_bytes": out.stat().st_size}


def test_uses_the_latest_plan_and_labels_generated_data(folder, tmp_path):
    out = tmp_path / "tps.geojson"
    assert run(folder, "geojson", "--out", str(out)).exit_code == 0
    body = json.loads(out.read_text(encoding="utf-8"))
    assert body["sample"] is True
    assert body["features"][0]["properties"]["team"] == "T-990101-01"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--plan", "tidak-ada"), "unknown_plan"),
        (("--plan", "../rahasia"), "bad_plan_id"),
    ],
)
def test_bad_plan_is_one_clear_error(folder, tmp_path, arguments, code):
    failed = run(folder, "html", "--out", str(tmp_path / "x.html"), *arguments)
    assert failed.exit_code == 2
    assert json.loads(failed.stdout)["error"]["code"] == code


def test_a_place_that_cannot_be_written_is_one_clear_error(folder, tmp_path):
    failed = run(folder, "csv", "--out", str(tmp_path / "tidak" / "ada.csv"))
    assert failed.exit_code == 2
    assert json.loads(failed.stdout)["error"]["code"] == "cannot_write"


def test_no_workspace_is_one_clear_error(tmp_path):
    failed = run(tmp_path, "csv", "--out", str(tmp_path / "a.csv"))
    assert json.loads(failed.stdout)["error"]["code"] == "no_workspace"
