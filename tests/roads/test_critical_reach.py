from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given

from sispamkota.roads.closures import Closure, closed_arcs
from sispamkota.roads.critical_reach import (
    compare_reach,
    compare_seconds,
    hard_to_reach,
    reach_classes,
)
from sispamkota.roads.reach_rules import reach_rules
from sispamkota.roads.router import Router
from sispamkota.roads.snap import snap
from sispamkota.vulnerability.frames import ANSWERS

from .made_networks import Road, made, place
from .test_critical import situations, soonest

AS_OF = dt.date(2026, 11, 24)
# west to east: a road, a lane for motorcycles, a footpath; a river to a house, a lonely lane
PLACES = [(0, 0), (2, 0), (3, 0), (4, 0), (2, -0.1), (2, -2), (6, 6), (7, 6)]
ROADS = [
    Road(ends=(0, 1), name="Jalan Lintas"),
    Road(ends=(1, 2), profiles=("motorcycle", "foot"), highway="path"),
    Road(ends=(2, 3), profiles=("foot",), highway="footway", speed=5),
    Road(ends=(4, 5), profiles=("boat",), highway="river", speed=10),
    Road(ends=(6, 7), profiles=("motorcycle",), highway="path"),
]
TPS = np.array([place(*p) for p in [(1, 0), (2.9, 0), (3.9, 0), (2, -1.9), (9, 9), (6.5, 6)]])
POST = np.array([place(0.1, 0)])


def village(**changes):
    return made(PLACES, [replace(r, **changes) for r in ROADS])


def routers(network, closures=()):
    made_ = {p: Router.exact(network, p) for p in ("car", "motorcycle", "boat", "foot")}
    for profile, router in made_.items():
        router.set_closed(closed_arcs(network, closures, profile=profile, at=None))
    return made_


class TestNeeds:
    """The least that gets there."""

    def test_each_by_what_it_needs(self):
        reach = reach_classes(routers(village()), TPS, POST)
        assert reach.need == ("car", "motorcycle", "foot", "boat", "none", "none")
        assert reach.count("none") == 2
        # 0.9 km at 10 m/s; 2.8 km; 2.9 km and 1 km at 5 km/h
        assert reach.seconds[:3] == pytest.approx([100, 311, 322 + 0.9 * 1110 / 5 * 3.6], rel=0.02)
        assert np.isinf(reach.seconds[4:]).all()
        # by road to the end of it, 111 m to the river on foot, then 2 km by boat
        by_boat = 211 + 111 / 5 * 3.6 + 1.8 * 1112 / 10 * 3.6
        assert reach.seconds[3] == pytest.approx(by_boat, rel=0.03)
        assert reach.distance_m[:4] == pytest.approx([0, 0, 0, 0], abs=1)
        assert reach.distance_m[4] > 10_000

    def test_without_boats_the_river_is_no_way(self):
        asked = routers(village())
        del asked["boat"]
        assert reach_classes(asked, TPS, POST).need[3] == "none"

    def test_a_ferry_is_a_boat_and_not_a_walk(self):
        network = made(
            [(0, 0), (1, 0), (2, 0), (3, 0)],
            [
                Road(ends=(0, 1)),
                Road(ends=(1, 2), highway="ferry", profiles=("foot", "boat"), speed=10),
                Road(ends=(2, 3), profiles=("foot",), speed=5),
            ],
        )
        reach = reach_classes(routers(network), np.array([place(2.9, 0)]), POST)
        assert reach.need == ("boat",)
        seconds = 100 + 1110 / 10 * 3.6 + 0.9 * 1110 / 5 * 3.6
        assert reach.seconds[0] == pytest.approx(seconds, rel=0.02)

    @given(situations())
    def test_by_car_is_what_the_router_says(self, situation):
        network, tps, posts, closed = situation
        router = Router.exact(network, "car")
        router.close(closed)
        lines = [network.line(a) for a in range(network.arcs)]
        points = [
            np.array([lines[a][0] + f * (lines[a][-1] - lines[a][0]) for a, f in
                      zip(s.arc.tolist(), s.fraction.tolist(), strict=True)])
            for s in (tps, posts)
        ]  # fmt: skip
        reach = reach_classes({"car": router}, *points)
        snapped = [snap(network, p, "car") for p in points]
        expected = np.where(snapped[0].far, np.inf, soonest(router, *snapped))
        assert reach.by["car"].tolist() == expected.tolist()
        assert reach.versions == {"car": router.version}


class TestAnswers:
    """What the indicator is told, and what it is not."""

    def asked(self, **changes):
        reach = reach_classes(routers(village()), TPS, POST)
        codes = [f"160801200100{i}" for i in range(len(TPS))]
        return hard_to_reach(replace(reach, **changes), codes, source="OSM, ODbL", as_of=AS_OF)

    def test_rows_are_answers(self):
        found = self.asked()
        frame = pl.DataFrame(list(found.rows), schema=ANSWERS)
        assert frame["subject"].str.slice(-1).to_list() == ["0", "1", "2", "3"]
        assert frame["value"].to_list() == [0.0, 0.5, 1.0, 1.0]
        assert frame["value_high"].to_list() == [0.0, 1.0, 1.0, 1.0]
        assert frame["fact"][0] == "mobil, 2 menit dari pos terdekat"
        assert frame["fact_en"][1] == "only by motorcycle, 5 minutes from the nearest post"
        assert frame["source"][0] == "OSM, ODbL; batas waktu: assumption"
        assert frame["as_of"].to_list() == [AS_OF] * 4

    def test_no_mapped_road_is_unknown_and_not_hard(self):
        found = self.asked()
        assert [code[-1] for code, _ in found.unknown] == ["4", "5"]
        assert "the map may lack a road" in found.unknown[0][1].en

    def test_a_stand_in_answers_nothing(self):
        found = self.asked(estimated=True)
        assert found.rows == ()
        assert {why.en for _, why in found.unknown} == {
            "the road network is a stand-in; import roads"
        }

    @pytest.mark.parametrize(
        ("need", "minutes", "answer"),
        [
            ("car", 29, (0, 0)),
            ("car", 30, (0, 0.5)),
            ("car", 60, (0.5, 1)),
            ("motorcycle", 59, (0.5, 1)),
            ("motorcycle", 60, (1, 1)),
            ("boat", 1, (1, 1)),
            ("foot", 1, (1, 1)),
        ],
    )
    def test_the_bands(self, need, minutes, answer):
        rule = next(r for r in reach_rules().hard if r.fits(need, 60 * minutes))
        assert (rule.low, rule.high) == answer

    def test_every_threshold_says_that_it_is_assumed(self):
        assert reach_rules().source == "assumption"


class TestWhatIf:
    """Who is cut off, who is slower, who needs a boat."""

    def test_a_flood(self):
        network = village()
        lane = place(2.5, 0)
        area = tuple(
            (lane[0] + x, lane[1] + y) for x, y in ((-1e-3, -1e-3), (1e-3, -1e-3), (0, 1e-3))
        )
        flood = Closure(id="B-1", reason="banjir", kind="flood", area=area)
        before = reach_classes(routers(network), TPS, POST)
        after = reach_classes(routers(network, [flood]), TPS, POST)
        change = compare_reach(before, after)
        assert change.isolated == (1, 2)
        assert np.isposinf(change.added_s[[1, 2]]).all()
        assert change.added_s[[0, 3, 4, 5]].tolist() == [0, 0, 0, 0]
        assert compare_reach(after, before).restored == (1, 2)

    def test_another_vehicle(self):
        network = village()
        cars = Closure(
            id="C-1", reason="jembatan", kind="segments", segments=(0,), profiles=("car",)
        )
        before = reach_classes(routers(network), TPS, POST)
        change = compare_reach(before, reach_classes(routers(network, [cars]), TPS, POST))
        assert change.needs_more == (0,)
        assert change.isolated == ()

    def test_slower_by_factor_and_by_seconds(self):
        inf = np.inf
        before = np.array([100.0, 100.0, 10.0, inf, inf, 100.0, 50.0])
        after = np.array([200.0, 199.0, 60.0, inf, 5.0, inf, 500.0])
        change = compare_seconds(before, after)
        assert change.slower == (6, 0)
        assert (change.isolated, change.restored) == ((5,), (4,))
        assert change.added_s.tolist() == [100, 99, 50, 0, -inf, inf, 450]
