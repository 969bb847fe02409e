"""Places on the nearest road: against brute force, far ones flagged, dead pieces left out."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from roads.drawn import AS_OF, PLACES, osm, read
from sispamkota.roads.load import read_roads
from sispamkota.roads.network import Network
from sispamkota.roads.snap import Snapper, snap

ROAD = {"highway": "residential"}
METRE = 1 / 111_195  # degrees of latitude


def street(**tags: str) -> Network:
    return read(osm({1: ([1, 2, 3, 4], {**ROAD, **tags}), 2: ([2, 5], ROAD)}))


def brute(network: Network, point: tuple[float, float], segments: set[int]) -> float:
    """Distance to the nearest of the segments, line by line, on a plane at the middle."""
    west, south = network.shape.min(axis=0)
    east, north = network.shape.max(axis=0)
    x0, y0 = (west + east) / 2, (south + north) / 2
    k = math.radians(1) * 6_371_008.8
    c = k * math.cos(math.radians(y0))
    px, py = (point[0] - x0) * c, (point[1] - y0) * k
    best = math.inf
    for segment in segments:
        line = network.shape[network.shape_start[segment] : network.shape_start[segment + 1]]
        flat = [((x - x0) * c, (y - y0) * k) for x, y in line.tolist()]
        for (ax, ay), (bx, by) in pairwise(flat):
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            t = 0 if length == 0 else max(0, min(1, ((px - ax) * dx + (py - ay) * dy) / length))
            best = min(best, math.hypot(ax + t * dx - px, ay + t * dy - py))
    return best


def along(network: Network, arc: int, fraction: float) -> tuple[float, float]:
    """The place at a fraction of an arc, walked vertex by vertex (small maps: degrees do)."""
    line = network.line(arc)
    scale = np.array([math.cos(math.radians(line[:, 1].mean())), 1])
    steps = np.hypot(*(np.diff(line, axis=0) * scale).T)
    left = fraction * steps.sum()
    for a, b, step in zip(line, line[1:], steps, strict=False):
        if left <= step and step > 0:
            return tuple(a + (b - a) * left / step)
        left -= step
    return tuple(line[-1])


lon = st.floats(104.49, 104.51)
lat = st.floats(-4.31, -4.29)


@given(
    nodes=st.lists(st.tuples(lon, lat), min_size=4, max_size=9, unique=True),
    points=st.lists(st.tuples(lon, lat), min_size=1, max_size=5),
    oneway=st.booleans(),
)
def test_the_nearest_is_the_nearest(nodes, points, oneway):
    places = dict(enumerate(nodes, 1))
    numbers = list(places)
    ways = {
        1: (numbers, {**ROAD, "oneway": "yes" if oneway else "no"}),
        2: ([numbers[-1], numbers[1], numbers[0]], ROAD),
    }
    network = read(osm(ways, places=places))
    assume((network.length_m > 0.01).all())
    found = snap(network, np.array(points), "car", within_component=False)
    usable = set(network.segment[network.usable("car")].tolist())
    for i, point in enumerate(points):
        best = brute(network, point, usable)
        assert found.distance_m[i] == pytest.approx(best, abs=0.05, rel=1e-4)
        assert network.usable("car")[found.arc[i]]
        assert 0 <= found.fraction[i] <= 1
        place = along(network, int(found.arc[i]), float(found.fraction[i]))
        assert place == pytest.approx(found.place[i], abs=2e-7)


def test_a_point_beside_the_street():
    network = street()
    found = snap(network, np.array([[104.5015, -4.3 + 20 * METRE]]), "car")
    assert found.distance_m[0] == pytest.approx(20, abs=0.01)
    assert found.place[0] == pytest.approx((104.5015, -4.3))
    assert network.way[network.segment[found.arc[0]]] == 1
    assert network.forward[found.arc[0]]
    assert found.fraction[0] == pytest.approx(0.25, abs=1e-4)
    assert not found.far[0]


def test_against_a_one_way_road_the_fraction_counts_from_its_start():
    network = street(oneway="-1")
    found = snap(network, np.array([[104.5005, -4.3]]), "car", within_component=False)
    assert not network.forward[found.arc[0]]
    assert found.fraction[0] == pytest.approx(0.5, abs=1e-4)


def test_a_place_in_a_lake_is_far_and_says_how_far():
    found = snap(street(), np.array([[104.501, -4.3 - 800 * METRE], [104.501, -4.3]]), "car")
    assert found.far.tolist() == [True, False]
    assert found.distance_m[0] == pytest.approx(800, abs=0.1)
    assert found.arc[0] >= 0
    nearer = snap(street(), np.array([[104.501, -4.3 - 800 * METRE]]), "car", limit_m=900)
    assert not nearer.far[0]


def test_a_piece_one_cannot_leave_is_left_out_unless_asked_for():
    ways = {1: ([1, 2, 3], ROAD), 2: ([7, 4], ROAD)}
    network = read(osm(ways))
    at = np.array([PLACES[7]])
    kept = snap(network, at, "car")
    assert network.way[network.segment[kept.arc[0]]] == 1
    assert kept.distance_m[0] > 100
    free = snap(network, at, "car", within_component=False)
    assert network.way[network.segment[free.arc[0]]] == 2
    assert free.distance_m[0] == pytest.approx(0, abs=1e-3)


def test_nothing_is_snapped_to_a_barrier():
    network = read(osm({1: ([1, 2, 3], ROAD)}, nodes={2: {"barrier": "bollard"}}))
    found = snap(network, np.array([PLACES[2]]), "foot")
    assert network.length_m[found.arc[0]] > 0


def test_where_the_profile_has_no_road_there_is_none():
    found = snap(street(), np.array([PLACES[1], PLACES[2]]), "boat")
    assert found.arc.tolist() == [-1, -1]
    assert found.far.all()
    assert np.isinf(found.distance_m).all()
    assert np.isnan(found.place).all()


def test_a_point_without_position_is_nowhere():
    found = snap(street(), np.array([[np.nan, 1.0], PLACES[1], [np.inf, 2.0]]), "car")
    assert found.arc.tolist()[0] == found.arc.tolist()[2] == -1
    assert found.far.tolist() == [True, False, True]


def test_no_points():
    assert len(snap(street(), np.empty((0, 2)), "car")) == 0


def test_rows_can_be_taken():
    found = snap(street(), np.array([PLACES[1], PLACES[5]]), "car")
    assert found.take([1]).arc.tolist() == [found.arc[1]]
    assert len(found.take(found.far)) == 0


def test_equally_near_roads_are_told_apart_by_number():
    network = street()
    at = np.array([PLACES[2]] * 3)
    assert len(set(snap(network, at, "car").arc.tolist())) == 1


@pytest.mark.data
def test_thousands_of_places_on_real_roads_agree_with_brute_force(data_dir):
    path = data_dir / "roads" / "labusel_sumut_osm_main_roads.geojson.gz"
    network = read_roads(path.name, path.read_bytes(), source="OSM", as_of=AS_OF)
    rng = np.random.default_rng(1)
    low, high = network.shape.min(axis=0), network.shape.max(axis=0)
    points = low + rng.random((2180, 2)) * (high - low)
    snapper = Snapper(network=network, profile="car")
    found = snapper.snap(points)
    arcs = np.flatnonzero(found.arc >= 0)
    assert len(arcs) == 2180
    eligible = set(network.segment[snapper.network.usable("car")].tolist())
    free = snap(network, points, "car", within_component=False)
    for i in range(0, 2180, 400):
        best = brute(network, tuple(points[i]), eligible)
        assert free.distance_m[i] == pytest.approx(best, rel=2e-3)
    assert (found.distance_m >= free.distance_m - 1e-6).all()
