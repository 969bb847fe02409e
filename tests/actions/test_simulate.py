"""A traffic plan in SUMO: always written, run where the program is, told plainly where not."""

from __future__ import annotations

import json
import os
import shutil
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from sispamkota.actions.roads import load_roads
from sispamkota.actions.simulate import find_sumo, simulate_traffic
from sispamkota.actions.sumo import NET, export_sumo, routes_file
from sispamkota.actions.traffic_events import add_event
from sispamkota.actions.traffic_plan import make_traffic_plan
from sispamkota.cli.main import main
from sispamkota.kernel.errors import DomainError

from .test_traffic_plan import BY, event, world

__all__ = ["world"]


@pytest.fixture
def plan(world):
    return make_traffic_plan(world).plan


def edges_of(folder):
    return {e.get("id") for e in ET.parse(folder / NET[1]).getroot()}


def turns_of(folder):
    rows = ET.parse(folder / NET[2]).getroot()
    return {(c.get("from"), c.get("to")) for c in rows}


def vehicles_of(folder, case):
    rows = ET.parse(folder / routes_file(case)).getroot().iter("vehicle")
    return [v.find("route").get("edges").split() for v in rows]


class TestExport:
    def test_the_traffic_of_the_plan_on_its_roads(self, world, plan, tmp_path):
        name, (scenario,) = export_sumo(world, None, tmp_path)
        assert name == plan["plan"]
        assert scenario.folder == tmp_path / "kampanye-1"
        edges, turns = edges_of(scenario.folder), turns_of(scenario.folder)
        for case in ("before", "after"):
            ways = vehicles_of(scenario.folder, case)
            assert len(ways) == scenario.vehicles[case] > 0
            for way in ways:
                assert set(way) <= edges
                assert set(pairwise(way)) <= turns
        (row,) = plan["assignment"]
        # who stays on one piece of road is counted as a trip and drives over no other
        assert 0 < scenario.vehicles["before"] <= row["trips_pcu_h"] + 1
        assert scenario.vehicles["before"] == pytest.approx(scenario.vehicles["after"], abs=1)

    def test_nobody_drives_over_closed_roads(self, world, plan, tmp_path):
        assert plan["closures"]
        closed = {s for c in plan["closures"] for s in c["segments"]}
        _, (scenario,) = export_sumo(world, plan["plan"], tmp_path)
        ways = vehicles_of(scenario.folder, "after")
        segment = _segments(world)
        assert not closed & {segment[int(e[1:])] for way in ways for e in way if e[-1] != "b"}

    def test_made_anew_it_is_the_same(self, world, plan, tmp_path):
        for folder in ("a", "b"):
            export_sumo(world, None, tmp_path / folder)
        for name in (*NET, routes_file("before"), routes_file("after")):
            first, second = (tmp_path / f / "kampanye-1" / name for f in ("a", "b"))
            assert first.read_bytes() == second.read_bytes()

    def test_of_another_state_of_things_nothing_is_written(self, world, plan, tmp_path):
        add_event(world, event(crowd=900), **BY)
        with pytest.raises(DomainError) as caught:
            export_sumo(world, plan["plan"], tmp_path / "x")
        assert caught.value.code == "inputs_changed"
        assert not (tmp_path / "x").exists()

    def test_no_plan(self, world, tmp_path):
        with pytest.raises(DomainError) as caught:
            export_sumo(world, None, tmp_path)
        assert caught.value.code == "no_plan"

    def test_command(self, world, plan, tmp_path):
        out = tmp_path / "sumo"
        done = CliRunner().invoke(
            main, ["export", "sumo", "--out", str(out), "-w", str(world.folder), "--json"]
        )
        assert done.exit_code == 0, done.output
        body = json.loads(done.stdout)
        assert body["plan"] == plan["plan"]
        assert (out / "kampanye-1" / NET[0]).exists()


def _segments(workspace):
    return load_roads(workspace).network.segment.tolist()


class TestWithoutSumo:
    def test_it_says_how_to_get_it(self, world, plan, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.delenv("SUMO_HOME", raising=False)
        done = CliRunner().invoke(main, ["simulate", "-w", str(world.folder), "--json"])
        assert done.exit_code == 2
        error = json.loads(done.stdout)["error"]
        assert error["code"] == "no_sumo"
        assert "eclipse-sumo" in error["remedy"]

    def test_what_it_complains_of_is_told(self, world, plan, tmp_path):
        """A program of that name that fails: its words, no trace, nothing kept."""
        folder = tmp_path / "bin"
        folder.mkdir()
        for name in ("sumo", "netconvert"):
            file = folder / name
            file.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('Error: no licence')\n")
            file.chmod(0o755)
        with pytest.raises(DomainError) as caught:
            simulate_traffic(world, None, sumo=folder)
        assert caught.value.code == "sumo_failed"
        assert "no licence" in caught.value.message.en


def sumo_folder():
    """Return the folder of SUMO on this machine, None without one."""
    named = os.environ.get("SISPAMKOTA_SUMO")
    found = shutil.which("sumo", path=named) if named else shutil.which("sumo")
    return Path(found).parent if found else None


@pytest.mark.slow
@pytest.mark.skipif(
    sumo_folder() is None,
    reason="SUMO is optional and not installed here; set SISPAMKOTA_SUMO to its folder to run this",
)
class TestWithSumo:
    def test_run_before_and_under_the_closures(self, world, plan, tmp_path):
        found = simulate_traffic(world, None, out=tmp_path / "out", sumo=sumo_folder())
        runs = found.runs["kampanye-1"]
        for case in ("before", "after"):
            run = runs[case]
            assert run.loaded == found.scenarios[0].vehicles[case]
            assert run.completed + run.running + run.waiting == run.loaded
            assert run.completed > 0
            assert run.travel_s > 0
        assert "SUMO" in found.version
        assert found.page.read_text(encoding="utf-8").count("<svg") == 2
        again = simulate_traffic(world, None, sumo=sumo_folder())
        assert again.runs == found.runs
        assert again.page is None

    def test_find(self):
        assert find_sumo(sumo_folder()).sumo.endswith("sumo")
