"""The hierarchy: mended weights are those made anew, and real networks agree with SciPy."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sispamkota.roads.cch import Hierarchy
from sispamkota.roads.graph import UNREACHED_DS, turn_graph
from sispamkota.roads.load import read_roads
from sispamkota.roads.network import Network
from sispamkota.roads.router import Router
from sispamkota.roads.seeds import Seeds
from sispamkota.roads.snap import snap
from sispamkota.roads.warmup import warm_up

from .grown import grid

AS_OF = dt.date(2026, 1, 1)


def every_state(graph) -> Seeds:
    states = np.arange(graph.states, dtype=np.int32)[:, None]
    return Seeds(state=states, cost_ds=np.zeros_like(states))


@given(st.integers(0, 10**6), st.integers(4, 9))
@settings(max_examples=30, deadline=None)
def test_weights_that_rise_and_fall_at_once_are_as_if_made_anew(seed, side):
    graph = turn_graph(grid(side, seed), "car")
    mended = Hierarchy(graph)
    rng = np.random.default_rng(seed)
    weights = graph.weight_ds.copy()
    for _ in range(6):
        turns = rng.choice(graph.turns, rng.integers(1, 9), replace=False).astype(np.int32)
        drawn = rng.integers(1, 400, len(turns))
        weights[turns] = np.where(rng.random(len(turns)) < 0.3, UNREACHED_DS, drawn)
        mended.reweigh(turns, weights[turns])
    anew = Hierarchy(graph)
    anew.reweigh(np.arange(graph.turns, dtype=np.int32), weights)
    some = every_state(graph).take(rng.choice(graph.states, 30))
    every = every_state(graph)
    assert np.array_equal(mended.table(some, every), anew.table(some, every))
    assert np.array_equal(mended._weight, anew._weight)


@given(st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_one_by_one_side_by_side_and_in_pairs_are_the_same(seed):
    graph = turn_graph(grid(8, seed), "car")
    hierarchy = Hierarchy(graph)
    every = every_state(graph)
    table = hierarchy.table(every, every)
    rows = np.random.default_rng(seed).choice(graph.states, 7)
    assert np.array_equal(hierarchy.table(every.take(rows), every), table[rows])
    assert np.array_equal(hierarchy.to_each(every.take(rows), every), table[:, rows].T)
    assert np.array_equal(hierarchy.to_each(every, every), table.T)
    assert np.array_equal(hierarchy.spread(every.take(rows[:1])), table[rows[0]])
    columns = np.random.default_rng(seed + 1).choice(graph.states, 7)
    pairs = hierarchy.pairs(every.take(rows), every.take(columns))
    assert np.array_equal(pairs, table[rows, columns])


def test_sets_of_places_come_and_go_without_mixing():
    network = grid(9, 4)
    router, exact = Router(network), Router.exact(network)
    rng = np.random.default_rng(4)
    sets = [_anywhere(network, rng, 12) for _ in range(7)]
    for _ in range(2):
        for one in sets:
            for other in sets[:3]:
                found = router.matrix(one, other).seconds
                assert np.array_equal(found, exact.matrix(one, other).seconds)
    assert len(router._engine._pins) <= 4


def _anywhere(network: Network, rng: np.random.Generator, count: int):
    west, south = network.shape.min(axis=0)
    east, north = network.shape.max(axis=0)
    points = rng.uniform((west, south), (east, north), (count, 2))
    return snap(network, points, "car")


def test_what_is_compiled_at_set_up_answers():
    warm_up()


@pytest.mark.data
@pytest.mark.parametrize("name", ["andorra.osm.pbf", "helsinki.osm.pbf"])
@pytest.mark.parametrize("profile", ["car", "foot"])
def test_real_roads_agree_with_scipy_before_and_after_a_thousand_closures(data_dir, name, profile):
    content = (data_dir / "roads" / name).read_bytes()
    network = read_roads(name, content, source="OpenStreetMap", as_of=AS_OF)
    router, exact = Router(network, profile), Router.exact(network, profile)
    rng = np.random.default_rng(1)
    west, south = network.shape.min(axis=0)
    east, north = network.shape.max(axis=0)
    points = rng.uniform((west, south), (east, north), (80, 2))
    places = snap(network, points, profile)
    before = router.matrix(places, places).seconds
    assert np.array_equal(before, exact.matrix(places, places).seconds)
    batches = rng.choice(np.flatnonzero(network.usable(profile)), (50, 20))
    for arcs in batches:
        router.close(arcs)
    exact.close(batches.ravel())
    shut = router.matrix(places, places).seconds
    assert np.array_equal(shut, exact.matrix(places, places).seconds)
    assert (shut >= before).all()
    assert (shut > before).any()
    near = [r.nearest(places, places.take(slice(0, 30)), 5) for r in (router, exact)]
    assert np.array_equal(near[0].units, near[1].units)
    router.reopen(batches.ravel())
    assert np.array_equal(router.matrix(places, places).seconds, before)
