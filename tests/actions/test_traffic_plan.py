"""Traffic plans through the workspace: made, verified, approved; kinds of plans do not mix."""

from __future__ import annotations

import datetime as dt
import json
from copy import deepcopy

import polars as pl
import pytest
from click.testing import CliRunner

from sispamkota.actions.closures import close_roads
from sispamkota.actions.compare import compare_guard_plans
from sispamkota.actions.edit import check_edit
from sispamkota.actions.export import gather
from sispamkota.actions.plans import one_plan
from sispamkota.actions.repair import repair_guard_plan
from sispamkota.actions.traffic_events import add_event, remove_event
from sispamkota.actions.traffic_facts import VOTERS_OF_TPS, gather_traffic
from sispamkota.actions.traffic_plan import make_traffic_plan
from sispamkota.actions.verify import verify
from sispamkota.actions.versions import change_state, list_versions
from sispamkota.actions.whatif import simulate
from sispamkota.cli.main import main
from sispamkota.forces.frames import PERSONNEL
from sispamkota.kernel.errors import DomainError
from sispamkota.storage.versions import TRAFFIC
from sispamkota.territory.frames import AREAS, POSTS

from .conftest import frame, record
from .road_world import NOW, add_places, at, bring_roads

BY = {"by": "AKP Contoh", "now": NOW}


def event(name="kampanye-1", **options):
    return {
        "id": name,
        "kind": "campaign_rally",
        "name": "Rapat umum lapangan",
        "starts_at": "2024-02-10T09:00:00+07:00",
        "ends_at": "2024-02-10T12:00:00+07:00",
        "place": at(4),
        "crowd": 800,
    } | options


def officer(i, **other):
    return {
        "id": f"L{i:02d}", "agency": "polri", "unit": "polres", "rank": "bripka", "leader": i == 0,
        "home_post": "polsek-1", "duty": "traffic", "transport": "motorcycle", "available": True,
        "sample": False,
    } | other  # fmt: skip


@pytest.fixture
def world(empty_workspace, tmp_path):
    add_places(empty_workspace)
    lon, lat = at(0, 4)
    hospital = {"code": "rsud", "name": "RSUD Uji", "kind": "hospital", "kecamatan": "160802",
                "lon": lon, "lat": lat, "position": "surveyed"}  # fmt: skip
    people = [officer(i) for i in range(40)]
    people += [officer(40, available=False), officer(41, duty="tps"), officer(42, agency="dishub")]
    empty_workspace.store.append_all(
        [
            ("posts", frame([hospital], POSTS), record("rs")),
            ("personnel", frame(people, PERSONNEL), record("lantas")),
        ]
    )
    bring_roads(empty_workspace, tmp_path)
    add_event(empty_workspace, event(), **BY)
    return empty_workspace


@pytest.fixture
def plan(world):
    return make_traffic_plan(world).plan


def refused(call):
    with pytest.raises(DomainError) as caught:
        call()
    assert caught.value.remedy.id
    return caught.value.code


class TestGathered:
    def test_what_a_plan_hangs_on(self, world):
        inputs = gather_traffic(world)
        assert [e.id for e in inputs.events] == ["kampanye-1"]
        assert [h.name for h in inputs.hospitals] == ["RSUD Uji"]
        assert inputs.officers == tuple(f"L{i:02d}" for i in range(40))
        assert inputs.zones["people"].to_list() == [400] * 4
        assert inputs.sources == ("uji",)
        assert not inputs.network.estimated

    def test_people_without_a_figure_are_assumed_and_said(self, world):
        desa = {"code": "1608021009", "level": "desa_kelurahan", "name": "Baru",
                "parent": "160802", "lon": at(3)[0], "lat": at(3, 4)[1]}  # fmt: skip
        world.store.append("areas", frame([desa], AREAS), record("baru"))
        tps = (
            world.store.current("tps")
            .head(1)
            .with_columns(code=pl.lit("1608021009001"), desa=pl.lit("1608021009"))
        )
        world.store.append("tps", tps, record("tps baru"))
        inputs = gather_traffic(world)
        people = dict(inputs.zones.select("code", "people").iter_rows())
        assert people["1608021009"] == VOTERS_OF_TPS
        assert any("asumsi" in s for s in inputs.sources)

    def test_events_by_name(self, world):
        add_event(world, event("kampanye-2", starts_at="2024-02-11T09:00:00+07:00",
                               ends_at="2024-02-11T12:00:00+07:00"), **BY)  # fmt: skip
        assert len(gather_traffic(world).events) == 2
        assert [e.id for e in gather_traffic(world, ["kampanye-2"]).events] == ["kampanye-2"]
        assert refused(lambda: gather_traffic(world, ["tidak-ada"])) == "unknown_event"


class TestKept:
    def test_made_and_valid(self, world, plan):
        assert plan["kind"] == "traffic"
        assert plan["corridors"]
        assert verify(world, plan["plan"]) == (plan["plan"], ())

    def test_made_again_it_is_the_same_version(self, world, plan):
        again = make_traffic_plan(world)
        assert again.plan["plan"] == plan["plan"]
        assert again.version.version == 1
        assert verify(world, plan["plan"])[1] == ()

    def test_tampered(self, world, plan, tmp_path):
        forged = deepcopy(plan)
        forged["corridors"][0]["travel_closed_s"] -= 60
        file = tmp_path / "rencana.json"
        file.write_text(json.dumps(forged))
        assert verify(world, str(file))[1] != ()

    def test_reviewed_and_approved(self, world, plan):
        for state in ("reviewed", "approved"):
            change_state(world, plan["plan"], state, person="AKP A", reason="uji", now=NOW)
        found = list_versions(world, TRAFFIC)
        assert found["approved"] == {"version": 1, "plan": plan["plan"]}
        row = found["versions"][0]
        assert (row["kind"], row["state"], row["valid"]) == ("traffic", "approved", True)
        assert row["closures"] == len(plan["closures"])
        assert list_versions(world)["versions"] == []

    def test_not_approved_once_the_event_moved(self, world, plan):
        add_event(world, event(place=at(5)), **BY)
        assert verify(world, plan["plan"])[1] != ()
        code = refused(
            lambda: change_state(
                world, plan["plan"], "reviewed", person="AKP A", reason="uji", now=NOW
            )
        )
        assert code == "plan_not_valid"

    def test_an_event_withdrawn(self, world, plan):
        remove_event(world, "kampanye-1", **BY)
        (broken,) = verify(world, plan["plan"])[1]
        assert (broken.rule, broken.where) == ("event_known", "kampanye-1")

    def test_its_own_closures_change_nothing_others_do(self, world, plan):
        wish = (
            {"segments": plan["closures"][0]["segments"]}
            if plan["closures"]
            else {"road": "Jalan Selatan"}
        )
        window = {"begins": "2024-02-10T01:00:00+00:00", "ends": "2024-02-10T06:00:00+00:00"}
        signed = {"by": "AKP A", "reason": "uji", "now": NOW}
        close_roads(
            world, wish | window, origin={"plan": plan["plan"], "event": "kampanye-1"}, **signed
        )
        assert verify(world, plan["plan"])[1] == ()
        close_roads(world, {"road": "Jembatan Timur"} | window, **signed)
        assert verify(world, plan["plan"])[1] != ()

    def test_for_the_screen_without_arcs(self, world, plan):
        shown = one_plan(world, plan["plan"])
        assert shown["state"] == "draft"
        assert '"arcs": [' not in json.dumps(shown)
        assert all("flows" not in row for row in shown["assignment"])
        assert shown["closures"] == plan["closures"]


class TestKinds:
    """A traffic plan handed to what works on guard plans is refused by name."""

    def test_refused(self, workspace, plan_of_traffic):
        guards = workspace.latest_plan("guards")
        name = plan_of_traffic
        for call in (
            lambda: compare_guard_plans(workspace, guards, name),
            lambda: check_edit(workspace, name, []),
            lambda: repair_guard_plan(workspace, name, "x"),
            lambda: simulate(workspace, {}, base=name),
            lambda: gather(workspace, name),
        ):
            assert refused(call) == "other_kind"

    def test_versions_are_counted_apart(self, workspace, plan_of_traffic):
        assert [v["version"] for v in list_versions(workspace)["versions"]] == [1]
        assert [v["version"] for v in list_versions(workspace, TRAFFIC)["versions"]] == [1]

    @pytest.fixture
    def plan_of_traffic(self, workspace):
        body = json.dumps({"format": "sispamkota-traffic-plan/1", "plan": "traffic-x",
                           "kind": "traffic", **SHORT}).encode()  # fmt: skip
        workspace.save_version(
            "traffic-x", TRAFFIC, body, account=None, person="AKP A", reason="", at=NOW
        )
        return "traffic-x"


SHORT = {
    "estimated": False, "sample": False, "network": {}, "events": [],
    "officers": {"available": 0, "needed": 0, "assigned": 0, "gap": 0},
    "closures": [], "diversions": [], "posts": [], "corridors": [], "escorts": [], "patrols": [],
    "conflicts": [], "assignment": [], "remarks": [],
    "certificate": {"relative_gap": 0.0, "posts_gap": 0.0, "elapsed_s": 0.0},
}  # fmt: skip


class TestCommand:
    def run(self, world, *words):
        done = CliRunner().invoke(main, [*words, "-w", str(world.folder), "--json"])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, json.loads(done.stdout)

    def test_plan_verify_list(self, world):
        code, made = self.run(world, "plan", "traffic", "--event", "kampanye-1")
        assert code == (1 if made["officers"]["gap"] or made["conflicts"] else 0)
        assert {"plan", "file", "posts", "closures", "corridors", "conflicts", "relative_gap",
                "elapsed_s", "version"} <= made.keys()  # fmt: skip
        code, checked = self.run(world, "verify", made["plan"])
        assert (code, checked["valid"]) == (0, True)
        _, listed = self.run(world, "plan", "list")
        assert [(p["kind"], p["version"]) for p in listed["plans"]] == [("traffic", 1)]

    def test_for_a_person(self, world):
        for lang in ("id", "en"):
            done = CliRunner().invoke(
                main, ["plan", "traffic", "-w", str(world.folder), "--lang", lang]
            )
            assert done.exit_code in {0, 1}, done.output
            assert "kampanye-1" in done.output
        listed = CliRunner().invoke(main, ["plan", "list", "-w", str(world.folder)])
        assert "rencana lalu" in listed.output

    def test_officers_missing_are_a_finding(self, world):
        code, _ = self.run(world, "plan", "traffic")
        assert code == 0
        gone = frame([officer(i, available=False) for i in range(40)], PERSONNEL)
        world.store.append("personnel", gone.with_columns(as_of=dt.date(2024, 2, 5)), record("x"))
        code, made = self.run(world, "plan", "traffic")
        assert made["officers"]["available"] == 0
        assert code == 1

    def test_nothing_to_plan_for(self, world):
        remove_event(world, "kampanye-1", **BY)
        code, said = self.run(world, "plan", "traffic")
        assert (code, said["error"]["code"]) == (2, "no_events")
