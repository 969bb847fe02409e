"""Guard plans on real roads: planned, verified without the router, closed roads and tampering."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from copy import deepcopy
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from sispamkota.actions.closures import close_roads, lift_closure
from sispamkota.actions.edit import check_edit, save_edit
from sispamkota.actions.imports import undo_imports
from sispamkota.actions.plan import gather_guards, make_guard_plan, plan_bytes
from sispamkota.actions.repair import repair_guard_plan
from sispamkota.actions.travel_words import travel_words
from sispamkota.actions.verify import facts_of, verify
from sispamkota.actions.versions import change_state, list_versions
from sispamkota.actions.whatif import simulate
from sispamkota.cli.main import main
from sispamkota.kernel.errors import DomainError
from sispamkota.planning.greedy import naive_greedy
from sispamkota.planning.guards import plan_guards, team_share
from sispamkota.planning.problem import build_problem
from sispamkota.planning.road_times import RoadTimes
from sispamkota.planning.travel import StraightLine
from sispamkota.planning.verify import verify_plan
from sispamkota.storage.workspace import create_workspace, open_workspace

from .labusel import MIDDLES, NOW, build

pytestmark = pytest.mark.data
VOTING_DAY = dt.date(2024, 2, 14)
LATER = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
"""After any plan of these tests was kept: those stand under the clock of the machine."""


@pytest.fixture(scope="module")
def regency(tmp_path_factory, data_dir):
    folder = tmp_path_factory.mktemp("labusel") / "rekaan"
    with create_workspace(
        folder, name="Rekaan", election="pemilu", voting_day=VOTING_DAY
    ) as workspace:
        build(workspace, data_dir)
        make_guard_plan(workspace)
    return folder


@pytest.fixture(scope="module")
def facts(regency):
    with open_workspace(regency) as workspace:
        return facts_of(gather_guards(workspace))


@pytest.fixture
def folder(regency, tmp_path):
    target = tmp_path / "rekaan"
    shutil.copytree(regency, target)
    return target


@pytest.fixture
def roads(folder):
    with open_workspace(folder) as workspace:
        yield workspace


@pytest.fixture
def plan(roads):
    return json.loads(roads.load_plan(roads.latest_plan("guards")))


def rules_of(violations):
    return {v.rule for v in violations}


def ring(lon, lat, half=0.03):
    """The border of a square as a strip with a slit of a metre: no road leads in or out."""
    a, b, slit = half, half + 0.004, 1e-5
    corners = [
        (-b, -b), (b, -b), (b, b), (-b, b), (-b, -b + slit + 0.004), (-a, -a + slit),
        (-a, a), (a, a), (a, -a), (-a, -a),
    ]  # fmt: skip
    return [[lon + x, lat + y] for x, y in corners]


class TestPlanned:
    def test_the_plan_says_its_roads_and_passes(self, roads, plan):
        inputs = gather_guards(roads)
        assert isinstance(inputs.travel, RoadTimes)
        assert plan["travel"]["network"]["sha256"] == inputs.travel.sha256
        assert plan["travel"]["profile"] == "motorcycle"
        assert plan["settings"]["roads"]["network_sha256"] == inputs.travel.sha256
        assert plan["settings"]["travel"] == inputs.travel.assumption().en
        assert any("OSM (uji)" in a["en"] for a in plan["certificate"]["assumptions"])
        assert verify(roads, None)[1] == ()

    def test_far_places_are_told(self, plan):
        assert plan["travel"]["far_tps"]
        assert any("500 m" in t["id"] for t in plan["travel"]["remarks"])

    def test_same_inputs_same_bytes(self, roads, plan):
        assert plan_bytes(make_guard_plan(roads).plan) == plan_bytes(plan)

    def test_the_difference_to_straight_lines(self, plan):
        found = plan["roads_difference"]
        assert found["roads"]["travel_s"] == plan["objective_parts"]["travel_s"]
        assert found["roads"]["way_s"] == plan["objective_parts"]["way_s"]
        assert [r["kecamatan"] for r in found["kecamatan"]] == sorted(MIDDLES)
        for case in ("roads", "straight", "straight_on_roads"):
            for key in ("travel_s", "way_s", "tps_covered"):
                assert found[case][key] == sum(r[case][key] for r in found["kecamatan"])
        real, imagined = found["straight_on_roads"], found["straight"]
        gone = real["tps_over_limit"] + real["tps_unreachable"]
        assert real["tps_covered"] + gone == imagined["tps_covered"]
        assert real["travel_s"] > imagined["travel_s"]
        assert found["words"]

    def test_better_than_greedy_on_the_same_roads(self, roads, plan):
        inputs = gather_guards(roads)
        _, share = team_share(inputs.pattern)
        teams = dict.fromkeys(inputs.posts["code"], 8)
        problem = build_problem(
            inputs.sites, inputs.posts, teams, share=share, rules=inputs.rules, travel=inputs.travel
        )
        ranks = [np.zeros(b.size, np.int64) for b in problem.blocks]
        assert plan["objective"] <= naive_greedy(problem, ranks)[1]

    def test_edited_and_repaired_on_the_same_roads(self, roads, plan):
        beats = plan["beats"]
        giver = next(b for b in beats if len(b["tps"]) > 2)
        taker = next(b for b in beats if b["kecamatan"] == giver["kecamatan"] and b is not giver)
        tps = next(t for t in giver["tps"] if t != giver["anchor"])
        ops = [{"op": "move_tps", "tps": tps, "to": taker["id"]}]
        checked = check_edit(roads, plan["plan"], ops)
        assert "travel_stated" not in {v["rule"] for v in checked["violations"]}
        saved = save_edit(roads, plan["plan"], ops, person="Kompol Uji", reason="uji", now=NOW)
        assert saved["objective"] == checked["objective"]
        assert "travel_stated" not in rules_of(verify(roads, saved["plan"])[1])
        edited = json.loads(roads.load_plan(saved["plan"]))
        assert edited["travel"] == plan["travel"]
        assert "roads_difference" not in edited
        repaired = repair_guard_plan(roads, plan["plan"], beats[0]["team"])
        assert verify(roads, repaired.plan["plan"])[1] == ()


class TestCommand:
    def test_it_tells_what_the_roads_change(self, folder):
        done = CliRunner().invoke(main, ["plan", "guards", "-w", str(folder), "--lang", "en"])
        assert done.exit_code == 0, done.output
        assert "On real roads" in done.output
        assert "500 m from any mapped road" in done.output
        assert "really guarded" in done.output

    def test_json(self, folder):
        done = CliRunner().invoke(main, ["plan", "guards", "-w", str(folder), "--json"])
        body = json.loads(done.stdout)
        assert body["travel"]["kind"] == "roads"
        assert body["roads_difference"]["kecamatan"]


class TestTampered:
    def forged(self, plan, facts, change):
        forged = deepcopy(plan)
        change(forged)
        return rules_of(verify_plan(forged, facts))

    def test_a_shorter_time(self, plan, facts):
        def change(body):
            body["beats"][0]["travel_s"] -= 30

        assert "travel_stated" in self.forged(plan, facts, change)

    def test_a_shorter_way(self, plan, facts):
        def change(body):
            body["beats"][0]["way_s"] -= 2

        assert "way_stated" in self.forged(plan, facts, change)

    @pytest.mark.parametrize("key", ["profile", "closures", "far_tps", "unreachable_tps", "day"])
    def test_what_is_said_of_the_roads(self, plan, facts, key):
        def change(body):
            body["travel"][key] = ["x"]

        assert "roads_stated" in self.forged(plan, facts, change)

    def test_another_network(self, plan, facts):
        def change(body):
            body["travel"]["network"]["sha256"] = "0" * 64

        assert "roads_stated" in self.forged(plan, facts, change)

    def test_no_word_of_roads(self, plan, facts):
        assert "roads_stated" in self.forged(plan, facts, lambda body: body.pop("travel"))

    def test_a_nicer_difference(self, plan, facts):
        def change(body):
            body["roads_difference"]["roads"]["travel_s"] *= 0.5

        assert "roads_stated" in self.forged(plan, facts, change)

    def test_times_of_another_vehicle(self, roads, plan):
        inputs = gather_guards(roads)
        slower = replace(inputs, travel=replace(inputs.travel, access_kmh=5.0))
        assert {"same_inputs", "roads_stated"} <= rules_of(verify_plan(plan, facts_of(slower)))


class TestClosures:
    def close(self, roads, lon, lat, now=LATER, **window):
        wish = {"area": ring(lon, lat), **window}
        return close_roads(roads, wish, by="Iptu Uji", reason="uji", now=now)[0]

    def test_what_is_cut_off_stays_open_and_is_told(self, roads, plan):
        kecamatan = "122204"  # its post lies inside the ring, too: the teams there go on
        lon, lat = MIDDLES[kecamatan]
        self.close(roads, lon, lat)
        assert "same_inputs" in rules_of(verify(roads, plan["plan"])[1])
        made = make_guard_plan(roads).plan
        assert made["travel"]["closed_arcs"] > 0
        assert len(made["travel"]["closures"]) == 1
        assert verify(roads, made["plan"])[1] == ()
        assert made["plan"] != plan["plan"]

    def test_cut_off_from_every_post(self, roads, plan):
        inputs = gather_guards(roads)
        site = max(inputs.sites.iter_rows(named=True), key=lambda r: r["lon"] if r["code"] else 0)
        self.close(roads, site["lon"], site["lat"], begins=None)
        made = make_guard_plan(roads).plan
        lost = made["travel"]["unreachable_tps"]
        assert lost
        assert set(lost) <= {u["tps"] for u in made["uncovered"]}
        assert any("tidak terjangkau" in t["id"] for t in made["travel"]["remarks"])
        assert verify(roads, made["plan"])[1] == ()
        forged = deepcopy(made)
        beat, teams = forged["beats"][0], forged["teams_detail"]
        assert teams
        beat["tps"].append(lost[0])
        forged["uncovered"] = [u for u in forged["uncovered"] if u["tps"] != lost[0]]
        broken = verify_plan(forged, facts_of(gather_guards(roads)))
        assert "unreachable" in rules_of(broken)

    def test_a_closed_road_changes_no_plan_by_straight_lines(self, roads, plan):
        self.close(roads, *MIDDLES["122204"])
        assert list_versions(roads)["versions"][0]["plan"] == plan["plan"]
        assert list_versions(roads)["versions"][0]["data_newer"]
        planning = msgspec.structs.replace(roads.config.planning, travel="straight")
        straight = replace(roads, config=msgspec.structs.replace(roads.config, planning=planning))
        assert not list_versions(straight)["versions"][0]["data_newer"]

    def test_another_day_changes_nothing_and_lifting_restores(self, roads, plan):
        lon, lat = MIDDLES["122204"]
        self.close(
            roads,
            lon,
            lat,
            begins="2024-02-01T00:00:00+00:00",
            ends="2024-02-12T00:00:00+00:00",
            now=NOW,
        )
        assert verify(roads, plan["plan"])[1] == ()
        assert not list_versions(roads)["versions"][0]["data_newer"]
        closed = self.close(roads, lon, lat)
        assert list_versions(roads)["versions"][0]["data_newer"]
        assert verify(roads, plan["plan"])[1] != ()
        lift_closure(roads, closed.id, by="Iptu Uji", reason="uji", now=LATER)
        assert verify(roads, plan["plan"])[1] == ()

    def test_a_plan_is_not_approved_over_closed_roads(self, roads, plan):
        lon, lat = MIDDLES["122204"]
        self.close(roads, lon, lat)
        with pytest.raises(DomainError) as caught:
            change_state(roads, plan["plan"], "reviewed", person="AKP Uji", reason="uji", now=NOW)
        assert caught.value.code == "plan_not_valid"


class TestSettings:
    def set(self, folder, line):
        file = folder / "sispamkota.toml"
        file.write_text(file.read_text().replace('travel = "auto"', line, 1))

    def test_straight_lines_on_wish(self, folder):
        self.set(folder, 'travel = "straight"')
        with open_workspace(folder) as workspace:
            inputs = gather_guards(workspace)
            assert isinstance(inputs.travel, StraightLine)
            made = plan_guards(inputs)
            assert "travel" not in made
            assert "no road network" in travel_words(workspace).en

    def test_roads_or_nothing(self, folder):
        self.set(folder, 'travel = "roads"')
        with open_workspace(folder) as workspace:
            assert isinstance(gather_guards(workspace).travel, RoadTimes)
            assert "OSM (uji)" in travel_words(workspace).id
            undo_imports(workspace, ["roads-0005"], NOW)
            with pytest.raises(DomainError) as caught:
                gather_guards(workspace)
            assert caught.value.code == "no_imported_roads"

    def test_without_an_import_the_stand_in_is_not_used(self, roads):
        undo_imports(roads, ["roads-0005"], NOW)
        assert isinstance(gather_guards(roads).travel, StraightLine)

    def test_what_if(self, roads):
        with pytest.raises(DomainError) as caught:
            simulate(roads, {"speed_kmh": 60})
        assert caught.value.code == "bad_change"
        found = simulate(roads, {"travel": "straight"}, kecamatan="122201")
        assert "travel" not in found["plan"]
        by_car = simulate(roads, {"road_profile": "car"}, kecamatan="122201")
        assert by_car["plan"]["travel"]["profile"] == "car"
