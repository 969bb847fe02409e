"""The closures of a plan are ordered by name, once, all or none, and lifted together."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from sispamkota.actions import traffic_orders
from sispamkota.actions.closures import close_roads, lift_closure, list_closures
from sispamkota.actions.plan import plan_bytes
from sispamkota.actions.road_places import find_place, one_point
from sispamkota.actions.roads import load_roads
from sispamkota.actions.traffic_events import add_event, remove_event
from sispamkota.actions.traffic_orders import lift_order, order_closures, preview_order
from sispamkota.actions.traffic_plan import make_traffic_plan
from sispamkota.actions.verify import verify
from sispamkota.actions.versions import change_state
from sispamkota.kernel.errors import DomainError
from sispamkota.territory.frames import POSTS

from .conftest import frame, record
from .road_world import NOW, ROADS, add_places, at, bring_roads, road

LATER = NOW + dt.timedelta(days=9)
BY = {"by": "AKP Contoh", "reason": "rapat umum", "now": NOW}
EVENT = {
    "id": "kampanye-1",
    "kind": "campaign_rally",
    "name": "Rapat umum lapangan",
    "starts_at": "2024-02-12T09:00:00+07:00",
    "ends_at": "2024-02-12T12:00:00+07:00",
    "place": at(4),
    "crowd": 800,
    "closures": [
        {"line": [at(3), at(5)]},
        {"line": [at(2, 1), at(2, 3)], "crowd": False},
    ],
}
"""The south street before the place, and the western bridge."""


@pytest.fixture
def world(empty_workspace, tmp_path):
    add_places(empty_workspace)
    lon, lat = at(1)
    hospital = {"code": "rsud", "name": "RSUD Uji", "kind": "hospital", "kecamatan": "160802",
                "lon": lon, "lat": lat, "position": "surveyed"}  # fmt: skip
    empty_workspace.store.append("posts", frame([hospital], POSTS), record("rs"))
    bring_roads(empty_workspace, tmp_path)
    add_event(empty_workspace, EVENT, by="AKP Contoh", now=NOW)
    return empty_workspace


def approve(workspace, plan_id):
    for state in ("reviewed", "approved"):
        change_state(workspace, plan_id, state, person="AKBP Contoh", reason="uji", now=NOW)


@pytest.fixture
def plan(world):
    made = make_traffic_plan(world).plan
    approve(world, made["plan"])
    return made


def refused(call):
    with pytest.raises(DomainError) as caught:
        call()
    assert caught.value.remedy.id
    assert caught.value.remedy.en
    return caught.value.code


def seconds(workspace, when):
    roads = load_roads(workspace)
    ends = [roads.snap(one_point(find_place(workspace, p)), "car")
            for p in ("polsek-1", "desa:1608021003")]  # fmt: skip
    return float(roads.router("car", at=when).matrix(*ends).seconds[0, 0])


class TestOrder:
    def test_nothing_is_closed_before_somebody_orders_it(self, world, plan):
        begins = dt.datetime.fromisoformat(plan["closures"][0]["begins"])
        assert list_closures(world, begins, "id")["closures"] == []
        seen = preview_order(world, plan["plan"], NOW, "id")
        assert seen["counts"] == {"new": len(plan["closures"]), "ordered": 0, "past": 0}
        assert [(c["closure"], c["begins"], c["ends"]) for c in seen["closures"]] == [
            (c["id"], c["begins"], c["ends"]) for c in plan["closures"]
        ]
        assert list_closures(world, begins, "id")["closures"] == []

    def test_it_closes_what_the_plan_says_in_its_hours(self, world, plan):
        version, free = load_roads(world).version, seconds(world, NOW)
        made = order_closures(world, plan["plan"], **BY)
        assert load_roads(world).version == version + 1  # one transaction
        rows = list_closures(world, NOW, "id")["closures"]
        assert {r["origin"]["closure"] for r in rows} == {c["id"] for c in plan["closures"]}
        assert {r["origin"]["plan"] for r in rows} == {plan["plan"]}
        assert {r["origin"]["event"] for r in rows} == {"kampanye-1"}
        assert {r["person"] for r in rows} == {"AKP Contoh"}
        for planned in plan["closures"]:
            (row,) = (r for r in rows if r["origin"]["closure"] == planned["id"])
            for key in ("begins", "ends", "profiles", "exempt", "direction"):
                assert row[key] == planned[key]
            assert row["segments"] == sorted(planned["segments"])
        bridge = dt.datetime.fromisoformat(EVENT["starts_at"])
        assert seconds(world, NOW) == free
        assert seconds(world, bridge) > free
        assert made.effect.isolated.is_empty()

    def test_what_stands_is_not_ordered_twice(self, world, plan):
        order_closures(world, plan["plan"], **BY)
        assert preview_order(world, plan["plan"], NOW, "en")["counts"]["new"] == 0
        assert refused(lambda: order_closures(world, plan["plan"], **BY)) == "nothing_to_order"

    def test_one_lifted_alone_can_be_ordered_again(self, world, plan):
        first = order_closures(world, plan["plan"], **BY)
        lift_closure(world, first.made[0].id, by="AKP B", reason="dibuka", now=NOW)
        again = order_closures(world, plan["plan"], **BY)
        assert len(again.made) == 1
        assert again.id != first.id
        assert len(again.skipped) == len(plan["closures"]) - 1

    def test_hours_that_have_passed_are_left_alone(self, world, plan):
        over = {**BY, "now": LATER}
        assert preview_order(world, plan["plan"], LATER, "id")["counts"]["past"]
        assert refused(lambda: order_closures(world, plan["plan"], **over)) == "nothing_to_order"

    def test_other_closures_on_the_same_road_are_shown(self, world, plan):
        planned = plan["closures"][0]
        other, _ = close_roads(world, {"segments": planned["segments"]}, **BY)
        seen = preview_order(world, plan["plan"], NOW, "id")
        assert [c["id"] for c in seen["standing"]] == [other.id]

    def test_the_plan_still_verifies_once_it_is_ordered(self, world, plan):
        order_closures(world, plan["plan"], **BY)
        assert verify(world, plan["plan"]) == (plan["plan"], ())

    def test_who_is_cut_off_is_told_before(self, world, plan):
        close_roads(world, {"road": "Jembatan Timur"}, **BY)  # the other way across
        seen = preview_order(world, plan["plan"], NOW, "id")
        assert seen["isolated"]["tps"] == 4
        assert any("tidak terjangkau" in w for w in seen["warnings"])


class TestLift:
    @pytest.mark.parametrize("by_plan", [False, True])
    def test_all_of_it_is_opened_in_one_transaction(self, world, plan, by_plan):
        rush = dt.datetime.fromisoformat(EVENT["starts_at"])
        free = seconds(world, rush)
        made = order_closures(world, plan["plan"], **BY)
        assert seconds(world, rush) > free
        version = load_roads(world).version
        name = plan["plan"] if by_plan else made.id
        lifted = lift_order(world, name, by="AKP B", reason="batal", now=NOW)
        assert load_roads(world).version == version + 1
        assert {c.id for c in lifted} == {c.id for c in made.made}
        assert {c.lifted.person for c in lifted} == {"AKP B"}
        assert seconds(world, rush) == free
        again = {"by": "AKP B", "reason": "lagi", "now": NOW}
        assert refused(lambda: lift_order(world, name, **again)) == "order_lifted"

    def test_an_unknown_one(self, world, plan):
        assert refused(lambda: lift_order(world, "o-0", **BY)) == "unknown_order"


class TestRefused:
    def test_a_plan_that_is_not_approved(self, world):
        made = make_traffic_plan(world).plan
        assert refused(lambda: order_closures(world, made["plan"], **BY)) == "plan_not_approved"
        change_state(world, made["plan"], "reviewed", person="AKP", reason="uji", now=NOW)
        assert refused(lambda: preview_order(world, made["plan"], NOW, "id")) == "plan_not_approved"

    def test_a_plan_whose_event_was_withdrawn(self, world, plan):
        remove_event(world, "kampanye-1", by="AKP", now=NOW)
        assert refused(lambda: order_closures(world, plan["plan"], **BY)) == "event_withdrawn"

    def test_a_plan_made_on_other_roads(self, world, plan, tmp_path):
        extra = road([at(0, 6), at(8, 6)], "Jalan Baru")
        bring_roads(world, tmp_path, (extra, *ROADS), "baru.geojson")
        assert refused(lambda: order_closures(world, plan["plan"], **BY)) == "plan_on_other_roads"

    def test_a_file_changed_since(self, world, plan):
        file = world.plan_file(plan["plan"])
        body = json.loads(file.read_bytes())
        body["closures"][0]["segments"] = [0]
        file.write_bytes(plan_bytes(body))
        assert refused(lambda: order_closures(world, plan["plan"], **BY)) == "plan_file_changed"

    def test_an_unknown_plan(self, world):
        assert refused(lambda: order_closures(world, "traffic-none", **BY)) == "unknown_plan"

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"by": " "}, "missing_name"),
            ({"reason": ""}, "missing_reason"),
            ({"public_reason": "x" * 300}, "reason_too_long"),
            ({"now": dt.datetime(2024, 2, 10)}, "naive_time"),  # noqa: DTZ001
        ],
    )
    def test_who_and_why(self, world, plan, given, code):
        assert refused(lambda: order_closures(world, plan["plan"], **BY | given)) == code
        assert list_closures(world, NOW, "id")["closures"] == []

    def test_a_closure_that_fails_leaves_nothing(self, world, plan, monkeypatch):
        calls = []

        def breaks(roads, closure):
            calls.append(closure)
            if len(calls) == 2:
                raise MemoryError
            return real(roads, closure)

        real = traffic_orders.spec_of
        monkeypatch.setattr(traffic_orders, "spec_of", breaks)
        with pytest.raises(MemoryError):
            order_closures(world, plan["plan"], **BY)
        assert list_closures(world, NOW, "id")["closures"] == []
        assert np.isfinite(seconds(world, NOW))
