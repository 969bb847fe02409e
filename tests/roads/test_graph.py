"""The turn graph: what may be turned into, what it costs, in which order it is contracted."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.roads.graph import TurnRules, turn_graph
from sispamkota.roads.load import read_roads
from sispamkota.roads.network import CLOSED_DS, PROFILES, Network
from sispamkota.roads.order import contraction_order

from .grown import CAR, EVERYONE, ByHand, Street, grid, network_of

AS_OF = dt.date(2026, 1, 1)
LINE = ((104.0, -4.0), (104.01, -4.0), (104.02, -4.0), (104.03, -4.0))


def turns_of(network: Network, profile="car", **rules) -> dict[tuple[int, int], int]:
    graph = turn_graph(network, profile, **rules)
    begins, ends = graph.arc[graph.begins], graph.arc[graph.ends]
    return dict(
        zip(zip(begins.tolist(), ends.tolist(), strict=True), graph.weight_ds.tolist(), strict=True)
    )


@given(st.integers(0, 10**6))
def test_turns_are_those_of_the_definition(seed):
    network = grid(5, seed)
    by_hand = ByHand(network)
    expected = {
        (a, b): cost + by_hand.time[b]
        for a in by_hand.turns
        for b, cost in by_hand.turns[a].items()
    }
    assert turns_of(network) == expected


def test_turning_round_is_for_dead_ends_and_takes_its_time():
    # arcs 0, 1 join the first two junctions, 2, 3 the next two
    network = network_of([Street((0, 1), 5.0), Street((1, 2), 7.0)], LINE)
    assert turns_of(network) == {(0, 2): 70, (3, 1): 50, (2, 3): 170, (1, 0): 150}
    assert turns_of(network, rules=TurnRules(u_turn_s=0.0))[2, 3] == 70
    assert turns_of(network, "foot")[2, 3] == 70


def test_where_all_else_is_forbidden_one_turns_round():
    streets = [Street((0, 1), 5.0), Street((1, 2), 7.0)]
    assert turns_of(network_of(streets, LINE, [(0, 2)]))[0, 1] == 150
    # unless that is forbidden too
    assert not [t for t in turns_of(network_of(streets, LINE, [(0, 2), (0, 1)])) if t[0] == 0]


def test_a_dead_end_is_one_for_those_who_cannot_go_on():
    streets = [Street((0, 1), 5.0), Street((1, 2), 7.0, access=EVERYONE ^ CAR)]
    network = network_of(streets, LINE)
    assert turns_of(network, "car") == {(0, 1): 150, (1, 0): 150}
    assert (0, 2) in turns_of(network, "motorcycle")
    assert (0, 1) not in turns_of(network, "motorcycle")


def test_a_ban_holds_for_those_it_names():
    network = network_of([Street((0, 1), 5.0), Street((1, 2), 7.0)], LINE, [(0, 2)])
    network.banned_access[:] = CAR
    assert (0, 2) not in turns_of(network, "car")
    assert (0, 2) in turns_of(network, "truck")


def test_an_arc_that_nobody_gets_to_the_end_of_is_left_out():
    network = network_of([Street((0, 1), 2e8), Street((1, 2), 7.0)], LINE)
    graph = turn_graph(network, "car")
    assert (network.times_ds("car")[:2] < CLOSED_DS).all()
    assert graph.arc.tolist() == [2, 3]
    assert graph.state.tolist() == [-1, -1, 0, 1]


@given(st.integers(0, 10**6), st.integers(1, 10))
def test_every_state_is_contracted_once(seed, side):
    network = grid(side, seed)
    if not network.segments:
        return
    graph = turn_graph(network, "car")
    assert np.array_equal(np.sort(contraction_order(graph)), np.arange(graph.states))


def test_the_outermost_cut_is_contracted_last():
    # two towns joined by one bridge
    west, east = grid(6, 1), grid(6, 2)
    bridge = Street((5, west.nodes), 9.0)
    streets = [
        *(Street(pair, 5.0) for pair in _pairs(west)),
        *(Street((a + west.nodes, b + west.nodes), 5.0) for a, b in _pairs(east)),
        bridge,
    ]
    at = [
        *zip(west.node_lon, west.node_lat, strict=True),
        *zip(east.node_lon + 0.1, east.node_lat, strict=True),
    ]
    network = network_of(streets, at)
    graph = turn_graph(network, "car")
    last = contraction_order(graph)[-2:]
    assert graph.segment[last].tolist() == [len(streets) - 1] * 2


def _pairs(network: Network) -> list[tuple[int, int]]:
    ahead = network.forward
    return list(zip(network.tail[ahead].tolist(), network.head[ahead].tolist(), strict=True))


@pytest.mark.data
@pytest.mark.parametrize("profile", PROFILES)
def test_restrictions_of_helsinki_are_in_its_turn_graph(data_dir, profile):
    content = (data_dir / "roads" / "helsinki.osm.pbf").read_bytes()
    network = read_roads("helsinki.osm.pbf", content, source="OpenStreetMap", as_of=AS_OF)
    holds = (network.banned_access & (1 << PROFILES.index(profile))) != 0
    usable = network.usable(profile)
    for a, b in network.banned[holds].tolist():
        if usable[a] and usable[b]:
            assert network.head[a] == network.tail[b]
            assert (a, b) not in turns_of(network, profile)
