"""The report command and its action on a small workspace."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from click.testing import CliRunner

from sispamkota.actions.report import document
from sispamkota.cli.report import report
from sispamkota.kernel.sources import Source
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.workspace import create_workspace, open_workspace

DAY = dt.date(2024, 2, 14)
NOW = dt.datetime(2024, 2, 10, 3, 4, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, situation):
    folder = tmp_path_factory.mktemp("surat")
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
    return CliRunner().invoke(report, [*arguments, "-w", str(folder), "--json"])


@pytest.mark.parametrize("kind", ["renpam", "sprin", "rekap"])
def test_writes_each_kind_and_says_so(folder, tmp_path, kind):
    out = tmp_path / f"{kind}.pdf"
    done = run(folder, kind, "--out", str(out))
    assert done.exit_code == 0, done.output
    body = json.loads(done.stdout)
    assert body["file"] == str(out)
    assert body["size_bytes"] == out.stat().st_size
    assert (body["plan"], body["state"]) == ("guards-1", "draft")
    assert out.read_bytes().startswith(b"%PDF")


def test_the_action_returns_bytes_and_a_telling_name(folder):
    with open_workspace(folder) as space:
        made, again = (document(space, "rekap", now=NOW, lang="en") for _ in range(2))
    assert made == again
    assert made.media_type == "application/pdf"
    assert re.fullmatch(r"rekap-uji-(v\d+|guards-1)-draft-20240210-1004WIB-en\.pdf", made.name)


def test_the_approving_officer_signs_and_a_changed_file_is_a_draft_again(folder, situation):
    body = json.dumps({**situation.plan, "plan": "guards-2"}).encode()
    common = {"account": None, "person": "AKBP Uji", "reason": "uji", "at": NOW}
    with open_workspace(folder) as space:
        space.save_version("guards-2", "guards", body, **common)
        space.versions.add_event("guards-2", "approved", expected_state="draft", **common)
        assert document(space, "rekap", plan="guards-2", now=NOW).state == "approved"
        space.plan_file("guards-2").write_bytes(body + b" ")
        assert document(space, "rekap", plan="guards-2", now=NOW).state == "draft"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--plan", "tidak-ada"), "unknown_plan"),
        (("--plan", "../x"), "bad_plan_id"),
        (("--kecamatan", "990199"), "unknown_kecamatan"),
    ],
)
def test_refuses_by_name_and_writes_nothing(folder, tmp_path, arguments, code):
    out = tmp_path / "x.pdf"
    done = run(folder, "sprin", "--out", str(out), *arguments)
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["code"] == code
    assert not out.exists()


def test_without_a_plan_it_says_so(tmp_path):
    create_workspace(tmp_path / "b", name="B", election="pemilu", voting_day=DAY).close()
    done = run(tmp_path / "b", "renpam", "--out", str(tmp_path / "x.pdf"))
    assert json.loads(done.stdout)["error"]["code"] == "no_plan"
