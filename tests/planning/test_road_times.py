"""Times on roads: router and verifier agree, whatever is closed; the way to the road counts."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.planning.road_times import RoadTimes
from sispamkota.planning.travel import great_circle_m
from sispamkota.planning.verify.roads import RoadFacts
from sispamkota.roads.load import read_roads
from sispamkota.roads.router import Router
from sispamkota.roads.snap import snap

DAY = dt.date(2024, 2, 14)


def grid(size=5, step=0.01):
    """A grid of streets, the middle one of each direction one-way, as GeoJSON features."""

    def at(i, j):
        return [round(104 + step * i, 6), round(-4 + step * j, 6)]

    lines = [([at(i, j), at(i + 1, j)], j == 2) for i in range(size - 1) for j in range(size)]
    lines += [([at(i, j), at(i, j + 1)], i == 2) for i in range(size) for j in range(size - 1)]
    return [
        {
            "type": "Feature",
            "properties": {"highway": "secondary", "oneway": "yes" if oneway else "no"},
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for line, oneway in lines
    ]


@pytest.fixture(scope="module")
def network():
    body = json.dumps({"type": "FeatureCollection", "features": grid()}).encode()
    return read_roads(
        "grid.geojson", body, clip=None, source="uji", as_of=DAY, progress=lambda _s, _p: None
    )


def times(network, closed=None, *, access_kmh=10.0, profile="motorcycle"):
    closed = np.zeros(network.arcs, np.bool_) if closed is None else closed
    router = Router.exact(network, profile)
    router.set_closed(closed)
    return RoadTimes(
        network=network, sha256="0" * 64, profile=profile, access_kmh=access_kmh, far_m=500.0,
        closed=closed, closures=(), version=0, day=DAY,
        snap=lambda points: snap(network, points, profile),
        matrix=lambda a, b: router.matrix(a, b).seconds,
    )  # fmt: skip


def facts(travel, places, limit_s=1200.0):
    return RoadFacts(
        network=travel.network, network_sha256="0" * 64, closed=travel.closed,
        profile=travel.profile, access_kmh=travel.access_kmh, stated={},
        places=[tuple(p) for p in places.tolist()], limit_s=limit_s,
    )  # fmt: skip


PLACES = st.lists(
    st.tuples(st.floats(103.99, 104.05), st.floats(-4.01, -3.95)), min_size=2, max_size=8
).map(lambda found: np.round(np.array(found), 4))


@given(PLACES, st.floats(0, 0.5), st.integers(0, 1000), st.sampled_from(["car", "motorcycle"]))
def test_planner_and_verifier_find_the_same(network, places, share, seed, profile):
    closed = np.random.default_rng(seed).random(network.arcs) < share
    travel = times(network, closed, profile=profile)
    found = travel.seconds(places, places)
    check = facts(travel, places)
    for i, a in enumerate(map(tuple, places.tolist())):
        for j, b in enumerate(map(tuple, places.tolist())):
            assert check.seconds(a, b) == found[i, j]
            near = check.within(a, b)
            assert near == found[i, j] if found[i, j] <= check.limit_s else near > check.limit_s


@given(PLACES)
def test_shape_of_times(network, places):
    found = times(network).seconds(places, places)
    assert found.shape == (len(places), len(places))
    assert (found == found.round()).all()
    assert (np.diag(found) == 0).all()
    assert (found >= 0).all()


def test_the_way_to_the_road_is_counted(network):
    """A kilometre off the grid at 10 km/h is six minutes, on both ends."""
    off = np.array([[104.0, -4.0 - 1 / 111.195], [104.04, -4.0 - 1 / 111.195]])
    on = np.array([[104.0, -4.0], [104.04, -4.0]])
    travel = times(network)
    there, beside = travel.seconds(off, off)[0, 1], travel.seconds(on, on)[0, 1]
    assert there - beside == pytest.approx(720, abs=2)
    slow = times(network, access_kmh=5.0).seconds(off, off)[0, 1]
    assert slow - beside == pytest.approx(1440, abs=3)


def test_two_places_off_the_road_are_joined_directly(network):
    pair = np.array([[104.01, -4.02], [104.011, -4.02]])
    seconds = times(network).seconds(pair, pair)[0, 1]
    metres = great_circle_m(pair, pair)[0, 1]
    assert seconds == pytest.approx(metres * 0.36, abs=0.5)


def test_closed_all_round_is_infinite(network):
    """Places off the closed roads stay reachable from one another, not from the rest."""
    closed = np.ones(network.arcs, np.bool_)
    places = np.array([[104.0, -4.0], [104.04, -3.96]])
    found = times(network, closed).seconds(places, places)
    assert np.isinf(found[0, 1])
    assert found[0, 0] == 0


def test_what_a_plan_says_of_them(network):
    frame = pl.DataFrame({"code": ["a", "b"], "lon": [104.0, 104.0], "lat": [-4.0, -4.1]})
    closed = np.zeros(network.arcs, np.bool_)
    closed[:3] = True
    travel = times(network, closed)
    stated = travel.stated(frame, frame.head(1))
    assert stated["far_tps"] == ["b"]
    assert stated["far_posts"] == []
    assert stated["closed_arcs"] == 3
    assert travel.settings() == facts(travel, np.array([[104.0, -4.0]])).settings()
    assert travel.settings() != times(network).settings()
    assert "uji" in travel.assumption().id
    assert "10 km/jam" in travel.assumption().id
    assert "motorcycle" in travel.assumption().en
