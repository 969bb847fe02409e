"""Strong components per profile: against reachability by search, and what the report tells."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roads.drawn import PLACES, osm, read
from sispamkota.roads.connect import components, connectivity
from sispamkota.roads.network import Network, Profile

ROAD = {"highway": "residential"}


def reached(network: Network, profile: Profile, start: int) -> set[int]:
    usable = network.usable(profile)
    found, open_ = {start}, [start]
    while open_:
        node = open_.pop()
        for head in network.head[usable & (network.tail == node)].tolist():
            if head not in found:
                found.add(head)
                open_.append(head)
    return found


roads = st.lists(
    st.tuples(
        st.sampled_from(sorted(PLACES)),
        st.sampled_from(sorted(PLACES)),
        st.sampled_from(["residential", "path", "footway", "motorway"]),
        st.sampled_from(["yes", "no", "-1"]),
    ).filter(lambda road: road[0] != road[1]),
    min_size=1,
    max_size=10,
)


@given(roads)
def test_components_are_who_reaches_whom(drawn):
    ways = {
        i: ([a, b], {"highway": highway, "oneway": oneway})
        for i, (a, b, highway, oneway) in enumerate(drawn, 1)
    }
    network = read(osm(ways))
    for profile in ("car", "motorcycle", "foot"):
        found = components(network, profile)
        usable = network.usable(profile)
        touched = set(network.tail[usable].tolist()) | set(network.head[usable].tolist())
        assert {n for n in range(network.nodes) if found.label[n] >= 0} == touched
        whom = {n: reached(network, profile, n) for n in touched}
        for a in touched:
            for b in touched:
                together = b in whom[a] and a in whom[b]
                assert (found.label[a] == found.label[b]) == together
        assert found.nodes.sum() == len(touched)
        assert (np.diff(found.length_m) <= 1e-9).all()


def test_a_one_way_dead_end_is_a_component_of_its_own():
    ways = {1: ([1, 2, 3], ROAD), 2: ([3, 4], {**ROAD, "oneway": "yes"})}
    network = read(osm(ways))
    found = components(network, "car")
    assert found.count == 2
    assert found.pieces == 1
    within = found.arcs_within(network)
    assert set(network.way[network.segment[within]].tolist()) == {1}
    assert components(network, "foot").count == 1


def test_the_longest_road_comes_first_and_the_rest_is_listed():
    ways = {
        1: ([7, 8], {**ROAD, "name": "Gang Pendek"}),
        2: ([1, 2, 5], {**ROAD, "name": "Jalan Utama"}),
        3: ([5, 6, 3, 4], ROAD),
    }
    told = connectivity(read(osm(ways)))["car"]
    assert told["strong_components"] == told["pieces"] == 2
    assert told["outside"] == [
        {
            "lon": 104.502,
            "lat": pytest.approx(-4.3, abs=0.002),
            "nodes": 2,
            "length_km": 0.222,
            "roads": ["Gang Pendek"],
        }
    ]
    assert told["outside_length_km"] == pytest.approx(0.222, abs=0.001)
    json.dumps(told)


def test_profiles_without_a_road_are_not_told_of():
    assert set(connectivity(read(osm({1: ([1, 2], {"highway": "footway"})})))) == {"foot"}
    assert components(read(osm({1: ([1, 2], {"highway": "footway"})})), "car").count == 0
