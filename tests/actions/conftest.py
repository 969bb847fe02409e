from __future__ import annotations

import datetime as dt
import json
import shutil

import polars as pl
import pytest
from planning.helpers import two_kecamatan

from sispamkota.actions.plan import make_guard_plan
from sispamkota.kernel.sources import Source
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.workspace import create_workspace, open_workspace
from sispamkota.territory.frames import AREAS, TPS

NOW = dt.datetime(2024, 2, 10, 1, 0, tzinfo=dt.UTC)
DENSE = "pemilu-2024-2.4.8"


def record(name="uji"):
    return ImportRecord(
        file=name,
        sha256=name.encode().hex().ljust(64, "0"),
        source=Source(name="uji", as_of=dt.date(2024, 2, 1), sample=True),
        imported_at=NOW,
    )


def frame(rows, schema):
    source = {"source": "uji", "as_of": dt.date(2024, 2, 1)}
    full = [
        dict.fromkeys(schema) | {k: source.get(k) for k in schema if k in source} | r for r in rows
    ]
    return pl.DataFrame(full, schema=schema)


def fill(workspace):
    """The two small kecamatan of the planning tests, through the store."""
    given = two_kecamatan(officers=(12, 12))
    sites = given.sites.to_dicts()
    areas = [
        {"code": k, "level": "kecamatan", "name": f"Kecamatan {k}", "parent": "1608"}
        for k in sorted({s["kecamatan"] for s in sites})
    ]
    areas += [
        {"code": d, "level": "desa_kelurahan", "name": f"Desa {d}", "parent": d[:6]}
        for d in sorted({s["desa"] for s in sites})
    ]
    tps = [
        {
            "code": s["code"], "desa": s["desa"], "kecamatan": s["kecamatan"],
            "number": int(s["code"][10:]), "khusus": s["khusus"], "lon": s["lon"],
            "lat": s["lat"], "position": "surveyed",
        }
        for s in sites
    ]  # fmt: skip
    workspace.store.append_all(
        [
            ("areas", frame(areas, AREAS), record("areas")),
            ("tps", frame(tps, TPS), record("tps")),
            ("posts", given.posts, record("posts")),
            ("personnel", given.personnel, record("personnel")),
        ]
    )


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A workspace with one computed plan."""
    folder = tmp_path_factory.mktemp("actions") / "uji"
    with create_workspace(
        folder, name="Uji", election="pemilu", voting_day=dt.date(2024, 2, 14)
    ) as workspace:
        fill(workspace)
        make_guard_plan(workspace, pattern=DENSE)
    return folder


@pytest.fixture
def folder(made, tmp_path):
    """A workspace of one's own."""
    target = tmp_path / "ruang"
    shutil.copytree(made, target)
    return target


@pytest.fixture
def workspace(folder):
    with open_workspace(folder) as opened:
        yield opened


@pytest.fixture
def plan(workspace):
    return json.loads(workspace.load_plan(workspace.latest_plan("guards")))


@pytest.fixture
def empty_workspace(tmp_path):
    """A workspace without any import."""
    with create_workspace(
        tmp_path / "kosong", name="Kosong", election="pemilu", voting_day=dt.date(2024, 2, 14)
    ) as made:
        yield made
