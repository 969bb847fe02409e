"""Closing roads: named, previewed, in force at once and for its window, lifted without a trace."""

from __future__ import annotations

import datetime as dt

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sispamkota.actions import closure_effect
from sispamkota.actions.closures import (
    close_roads,
    closures_geojson,
    lift_closure,
    list_closures,
    preview_closure,
)
from sispamkota.actions.imports import list_imports, undo_imports
from sispamkota.actions.road_places import find_place, load_places, one_point
from sispamkota.actions.roads import load_roads
from sispamkota.actions.roads_network import points_of
from sispamkota.kernel.errors import DomainError
from sispamkota.roads.reach_rules import reach_rules

from .road_world import DAY, NOW, ROADS, add_places, at, bring_roads, road

HOUR = dt.timedelta(hours=1)
BY = {"by": "AKP Contoh", "reason": "jembatan rusak"}
BOTH_BRIDGES = [at(1, 1.5), at(7, 1.5), at(7, 2.5), at(1, 2.5)]


@pytest.fixture
def world(empty_workspace, tmp_path):
    add_places(empty_workspace)
    bring_roads(empty_workspace, tmp_path)
    return empty_workspace


def seconds(workspace, start, end, *, when=NOW, profile="car", exempt=None):
    roads = load_roads(workspace)
    ends = [roads.snap(one_point(find_place(workspace, p)), profile) for p in (start, end)]
    return float(roads.router(profile, at=when, exempt=exempt).matrix(*ends).seconds[0, 0])


def refused(call):
    with pytest.raises(DomainError) as caught:
        call()
    assert caught.value.remedy.id
    assert caught.value.remedy.en
    return caught.value


class TestClose:
    def test_the_next_question_goes_round(self, world):
        before = seconds(world, "polsek-1", "desa:1608021003")
        version = load_roads(world).version
        made, effect = close_roads(world, {"road": "jembatan barat"}, **BY, now=NOW)
        assert load_roads(world).version == version + 1
        assert seconds(world, "polsek-1", "desa:1608021003") > before
        assert made.state(NOW) == "in_force"
        assert (made.person, made.reason) == ("AKP Contoh", "jembatan rusak")
        assert effect.isolated.is_empty()

    def test_who_is_cut_off_is_counted_with_voters(self, world):
        close_roads(world, {"road": "Jembatan Barat"}, **BY, now=NOW)
        _, effect = close_roads(world, {"road": "Jembatan Timur"}, **BY, now=NOW)
        told = effect.as_json()["isolated"]
        assert (told["tps"], told["voters"]) == (4, 800)
        assert {row["kecamatan"] for row in told["list"]} == {"160802"}
        assert seconds(world, "polsek-1", "desa:1608021003") == np.inf

    def test_longer_ways_are_counted(self, world, monkeypatch):
        looser = msgspec.structs.replace(reach_rules(), slower_factor=1.2, slower_least_s=60.0)
        monkeypatch.setattr(closure_effect, "reach_rules", lambda: looser)  # it grows 10 to 14
        told = preview_closure(world, {"road": "Jembatan Timur"}, NOW, "id")
        assert told["isolated"] == {"tps": 0, "voters": 0, "on_closed_road": 0, "list": []}
        assert told["slower"] == {"tps": 2, "voters": 400}

    def test_tps_on_the_closed_road_itself_are_told_apart(self, world):
        told = preview_closure(world, {"segments": first_of(world, "Jalan Selatan")}, NOW, "id")
        assert (told["isolated"]["tps"], told["isolated"]["on_closed_road"]) == (2, 2)

    def test_lifting_restores_every_answer(self, world):
        before = times(world)
        made, _ = close_roads(world, {"road": "Jembatan Barat"}, **BY, now=NOW)
        assert not np.array_equal(times(world), before)
        found = lift_closure(world, made.id, by="AKP B", reason="sudah diperbaiki", now=NOW + HOUR)
        assert found.lifted.person == "AKP B"
        assert np.array_equal(times(world), before)
        assert (
            refused(lambda: lift_closure(world, made.id, by="AKP B", reason="lagi", now=NOW)).code
            == "closure_lifted"
        )

    def test_taking_back_a_lifting_closes_again(self, world):
        made, _ = close_roads(world, {"road": "Jembatan Barat"}, **BY, now=NOW)
        lift_closure(world, made.id, **BY, now=NOW)
        undo_imports(world, [list_imports(world)[0]["id"]], NOW)
        (row,) = list_closures(world, NOW, "id")["closures"]
        assert row["state"] == "in_force"

    def test_it_holds_in_its_window_alone(self, world):
        wish = {
            "road": "Jembatan Barat",
            "begins": (NOW + HOUR).isoformat(),
            "ends": (NOW + 2 * HOUR).isoformat(),
        }
        made, _ = close_roads(world, wish, **BY, now=NOW)
        free = seconds(world, "polsek-1", "desa:1608021003")
        assert [made.state(NOW + h * HOUR) for h in (0, 1, 2)] == ["planned", "in_force", "past"]
        shut = seconds(world, "polsek-1", "desa:1608021003", when=NOW + HOUR)
        assert shut > free
        assert seconds(world, "polsek-1", "desa:1608021003", when=NOW + 2 * HOUR) == free

    def test_an_ambulance_passes_where_it_is_let_through(self, world):
        wish = {"road": "Jembatan Barat", "exempt": ["emergency"]}
        before = seconds(world, "polsek-1", "desa:1608021003")
        close_roads(world, wish, **BY, now=NOW)
        assert seconds(world, "polsek-1", "desa:1608021003", exempt="emergency") == before
        assert seconds(world, "polsek-1", "desa:1608021003") > before

    def test_walkers_pass_a_closure_but_no_flood(self, world):
        before = seconds(world, "polsek-1", "desa:1608021003", profile="foot")
        close_roads(world, {"area": BOTH_BRIDGES}, **BY, now=NOW)
        assert seconds(world, "polsek-1", "desa:1608021003", profile="foot") == before
        assert seconds(world, "polsek-1", "desa:1608021003") == np.inf
        close_roads(world, {"area": BOTH_BRIDGES, "flood": True}, **BY, now=NOW)
        assert seconds(world, "polsek-1", "desa:1608021003", profile="foot") == np.inf

    def test_what_is_told_of_it(self, world):
        made, _ = close_roads(
            world, {"area": BOTH_BRIDGES}, **BY, public_reason="Perbaikan jembatan", now=NOW
        )
        (row,) = list_closures(world, NOW, "en")["closures"]
        assert row["id"] == made.id
        assert set(row["roads"]) == {"Jembatan Barat", "Jembatan Timur"}
        assert row["title"] in {"Jembatan Barat, Jembatan Timur", "Jembatan Timur, Jembatan Barat"}
        assert row["length_m"] == pytest.approx(8 * 0.005 * 111_195, rel=0.01)
        assert row["public_reason"] == "Perbaikan jembatan"
        kinds = [f["geometry"]["type"] for f in closures_geojson(world, NOW, "id")["features"]]
        assert kinds == ["MultiLineString", "Polygon"]


def first_of(workspace, name):
    network = load_roads(workspace).network
    return [int(np.flatnonzero(network.name == network.names.index(name))[0])]


def times(workspace):
    roads, places = load_roads(workspace), load_places(workspace)
    ends = [roads.snap(points_of(places.of(kind)), "car") for kind in ("post", "tps")]
    return roads.router("car", at=NOW).matrix(*ends).seconds


class TestPreview:
    def test_it_keeps_nothing(self, world):
        before, version = times(world), load_roads(world).version
        told = preview_closure(world, {"area": BOTH_BRIDGES}, NOW, "id")
        assert told["isolated"]["tps"] == 4
        assert any("tidak terjangkau" in w for w in told["warnings"])
        west, south, east, north = told["bounds"]
        assert west < east
        assert south < north
        assert load_roads(world).version == version
        assert np.array_equal(times(world), before)

    def test_on_a_stand_in_it_is_said(self, empty_workspace):
        add_places(empty_workspace)
        told = preview_closure(empty_workspace, {"segments": [0]}, NOW, "id")
        assert told["estimated"]
        assert told["estimated_text"] in told["warnings"]


class TestRefused:
    @pytest.mark.parametrize(
        ("wish", "code"),
        [
            ({}, "bad_closure"),
            ({"way": 1, "road": "x"}, "bad_closure"),
            ({"way": True}, "bad_closure"),
            ({"way": "12"}, "bad_closure"),
            ({"way": 10**30}, "bad_closure"),
            ({"segments": []}, "bad_closure"),
            ({"segments": "12"}, "bad_closure"),
            ({"segments": [10**6]}, "closure_on_no_road"),
            ({"way": 987654321}, "closure_on_no_road"),
            ({"road": "Jembatan Bara"}, "unknown_road"),
            ({"area": [[1, 2]]}, "bad_closure"),
            ({"area": "kotak"}, "bad_closure"),
            ({"area": [[104, -4], [float("nan"), -4], [104, -4.2]]}, "bad_closure"),
            ({"area": [[1, 1], [1, 2], [2, 2]]}, "closure_outside"),
            ({"area": [at(3, 1), at(4, 1), at(4, 2)]}, "closure_on_no_road"),
            ({"road": "Jembatan Barat", "flood": True}, "bad_closure"),
            ({"road": "Jembatan Barat", "profiles": ["gajah"]}, "bad_closure"),
            ({"road": "Jembatan Barat", "profiles": ["boat"]}, "closure_on_no_road"),
            ({"road": "Jembatan Barat", "exempt": ["teman"]}, "bad_closure"),
            ({"road": "Jembatan Barat", "direction": "atas"}, "bad_closure"),
            ({"road": "Jembatan Barat", "until": "besok"}, "bad_closure"),
            ({"road": "Jembatan Barat", "begins": "besok"}, "bad_time"),
            ({"road": "Jembatan Barat", "begins": "2024-02-10T08:00"}, "bad_time"),
            ({"road": "Jembatan Barat", "begins": "0001-01-01T00:00+14:00"}, "bad_time"),
            ({"road": "Jembatan Barat", "ends": "2024-02-01T08:00+07:00"}, "bad_window"),
        ],
    )
    def test_what_is_not_clear(self, world, wish, code):
        assert refused(lambda: preview_closure(world, wish, NOW, "id")).code == code

    def test_a_name_nearly_right_is_answered_with_the_right_one(self, world):
        error = refused(lambda: preview_closure(world, {"road": "Jembatan Bara"}, NOW, "id"))
        assert error.where["near"][0] == "Jembatan Barat"

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"by": " "}, "missing_name"),
            ({"reason": ""}, "missing_reason"),
            ({"reason": "kampanye PDI Perjuangan"}, "forbidden_reason"),
            ({"reason": "massa pendukung paslon 2"}, "forbidden_reason"),
            ({"public_reason": "massa pendukung paslon 2"}, "forbidden_reason"),
            ({"public_reason": "x" * 300}, "reason_too_long"),
            ({"now": dt.datetime(2024, 2, 10)}, "naive_time"),  # noqa: DTZ001
        ],
    )
    def test_who_and_why(self, world, given, code):
        call = {**BY, "now": NOW} | given
        assert refused(lambda: close_roads(world, {"road": "Jembatan Barat"}, **call)).code == code
        assert list_closures(world, NOW, "id")["closures"] == []

    def test_an_unknown_one_is_not_lifted(self, world):
        assert refused(lambda: lift_closure(world, "c-0", **BY, now=NOW)).code == "unknown_closure"


class TestOtherRoads:
    """A closure outlives the import of another road file."""

    def test_it_is_found_again_by_place(self, world, tmp_path):
        made, _ = close_roads(world, {"road": "Jembatan Barat"}, **BY, now=NOW)
        extra = road([at(0, 6), at(8, 6)], "Jalan Baru")
        bring_roads(world, tmp_path, (extra, *reversed(ROADS)), "baru.geojson")
        (row,) = list_closures(world, NOW, "id")["closures"]
        assert row["outdated"]
        assert row["lost_segments"] == 0
        assert row["roads"] == ["Jembatan Barat"]
        assert row["id"] == made.id

    def test_what_is_not_there_any_more_is_said(self, world, tmp_path):
        close_roads(world, {"road": "Jalan Buntu"}, **BY, now=NOW)
        bring_roads(world, tmp_path, ROADS[:-1], "tanpa.geojson")
        (row,) = list_closures(world, NOW, "id")["closures"]
        assert row["outdated"]
        assert row["lost_segments"] >= 1
        assert row["lines"] == []
        assert np.isfinite(seconds(world, "polsek-1", "desa:1608021003"))

    def test_the_former_file_again_is_the_same_closure(self, world, tmp_path):
        close_roads(world, {"road": "Jembatan Barat"}, **BY, now=NOW)
        shut = times(world)
        later = bring_roads(world, tmp_path, ROADS[:-1], "tanpa.geojson")
        undo_imports(world, [later.import_id], NOW)
        assert np.array_equal(times(world), shut)
        (row,) = list_closures(world, NOW, "id")["closures"]
        assert not row["outdated"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.data())
def test_any_closings_lifted_in_any_order_restore_every_answer(world, data):
    count = load_roads(world).network.segments
    picks = data.draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=5))
    order = data.draw(st.permutations(range(len(picks))))
    before = times(world)
    made = [
        close_roads(world, {"segments": [pick]}, **BY, now=NOW + i * HOUR)[0].id
        for i, pick in enumerate(picks)
    ]
    for i in order:
        lift_closure(world, made[i], **BY, now=NOW)
    assert np.array_equal(times(world), before)


def test_the_day_of_the_world_is_told(world):
    assert load_roads(world).network.as_of == DAY
