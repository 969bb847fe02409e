"""The stand-in where no roads are known: connected, flat, and never taken for a road network."""

from __future__ import annotations

import csv
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roads.drawn import AS_OF
from sispamkota.kernel.errors import DomainError
from sispamkota.roads.codec import decode, encode, inconsistency
from sispamkota.roads.connect import components
from sispamkota.roads.fallback import STAND_IN, fallback_network, gabriel_pairs
from sispamkota.roads.network import Network
from sispamkota.roads.snap import snap

SAID = {"detour_factor": 1.4, "speed_kmh": 25.0, "as_of": AS_OF, "source": "Kepmendagri"}


def stand_in(points, **told) -> Network:
    count = len(points)
    ids, names = [str(100 + i) for i in range(count)], [f"Desa {i}" for i in range(count)]
    return fallback_network(np.array(points, float), ids, names, **{**SAID, **told})


def test_three_villages():
    network = stand_in([(104, -4), (104.1, -4), (104.2, -4.001)])
    assert network.segments == 2  # the third link's circle holds the middle village
    assert network.estimated
    assert network.node_id.tolist() == [100, 101, 102]
    assert network.length_m[0] == pytest.approx(1.4 * 11_092.4, rel=1e-4)
    assert network.times_ds("car")[0] == pytest.approx(network.length_m[0] * 36 / 25, abs=1)
    assert network.usable("truck").all()
    assert network.usable("foot").all()
    assert not network.usable("boat").any()
    assert network.speed_kmh[3].tolist() == [5.0] * 4
    assert network.name_of(0) == "Desa 0 - Desa 1"


def test_it_says_what_it_is():
    network = stand_in([(104, -4), (104.1, -4)])
    assert STAND_IN in network.source
    assert "Kepmendagri" in network.source
    assert network.highways == ("estimated",)
    assert network.report["estimated"] is True
    assert "bukan jaringan jalan" in network.report["note"]["id"]
    assert network.report["detour_factor"] == 1.4


def test_a_post_in_its_village_is_one_node():
    network = stand_in([(104, -4), (104.1, -4), (104, -4)])
    assert network.nodes == 2
    assert network.report["points_at_one_place"] == 1


def test_points_without_position_are_counted():
    network = stand_in([(104, -4), (np.nan, np.nan), (104.1, -4)])
    assert network.nodes == 2
    assert network.report["points_without_position"] == 1


def test_codes_that_are_no_numbers_count_down():
    network = fallback_network(
        np.array([(104.0, -4), (104.1, -4), (104.2, -4)]), ["POLRES-1", "7", "7"], ["a"] * 3, **SAID
    )
    assert network.node_id.tolist() == [-1, 7, -3]


@pytest.mark.parametrize("points", [[], [(104, -4)], [(104, -4)] * 3, [(np.nan, 1), (104, -4)]])
def test_fewer_than_two_places_are_refused(points):
    with pytest.raises(DomainError) as caught:
        stand_in(np.array(points, float).reshape(-1, 2))
    assert caught.value.code == "too_few_points"


@pytest.mark.parametrize("told", [{"detour_factor": 0.9}, {"speed_kmh": 0}, {"speed_kmh": np.nan}])
def test_assumptions_that_cannot_be_are_refused(told):
    with pytest.raises(DomainError) as caught:
        stand_in([(104, -4), (104.1, -4)], **told)
    assert caught.value.code == "bad_assumption"


coordinate = st.integers(0, 40)


@given(st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=25, unique=True))
def test_it_is_connected_whatever_the_points(cells):
    network = stand_in([(104 + x * 0.01, -4 + y * 0.01) for x, y in cells])
    assert components(network, "car").count == 1
    assert network.nodes == len(cells)
    assert network.segments >= len(cells) - 1
    assert inconsistency(network) is None


@given(
    st.lists(
        st.tuples(st.floats(104, 104.5), st.floats(-4.5, -4)), min_size=3, max_size=15, unique=True
    )
)
def test_links_are_those_whose_circle_is_empty(points):
    at = np.array(points)
    flat = (at - at.mean(axis=0)) * [np.cos(np.radians(at[:, 1].mean())), 1]
    apart = np.linalg.norm(flat[:, None] - flat[None], axis=2)
    if apart[~np.eye(len(at), dtype=bool)].min() < 1e-6:
        return
    links = {tuple(pair) for pair in gabriel_pairs(at).tolist()}
    for a, b in combinations(range(len(at)), 2):
        others = [c for c in range(len(at)) if c not in (a, b)]
        slack = [(flat[a] - flat[c]) @ (flat[b] - flat[c]) for c in others]
        if all(s > 1e-9 for s in slack):
            assert (a, b) in links
        elif any(s < -1e-9 for s in slack):
            assert (a, b) not in links


@pytest.mark.data
def test_the_villages_of_oku_timur(data_dir):
    with (data_dir / "okut_desa_master.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    at = np.array([(float(r["rep_lng"]), float(r["rep_lat"])) for r in rows])
    codes = [r["kode_desa_kpu"] for r in rows]
    network = fallback_network(at, codes, [r["nama_desa"] for r in rows], **SAID)
    assert network.nodes == 312
    assert sorted(network.node_id.tolist()) == sorted(map(int, codes))
    assert components(network, "car").count == 1
    assert 311 <= network.segments <= 3 * 312 - 8  # as dense as a Gabriel graph can be
    assert encode(decode(encode(network))) == encode(network)
    found = snap(network, at, "car")
    assert not found.far.any()
    assert found.distance_m.max() < 1
