"""Travel times and routes: by definition, by SciPy and by the hierarchy they are the same."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sispamkota.roads.network import Network
from sispamkota.roads.router import Route, Router
from sispamkota.roads.snap import Snapped

from .grown import CAR, ByHand, Street, grid, network_of, places_on, some_places

CROSS = ((104.0, -4.0), (104.01, -4.0), (103.99, -4.0), (104.0, -3.99), (104.0, -4.01))
ROUTERS = (Router, Router.exact)


@st.composite
def tiny(draw) -> Network:
    nodes = draw(st.integers(1, 6))
    node = st.integers(0, nodes - 1)
    street = st.builds(
        Street,
        st.tuples(node, node),
        st.integers(0, 9).map(float),
        st.booleans(),
        st.sampled_from((CAR, CAR, CAR, 0)),
    )
    streets = draw(st.lists(street, min_size=1, max_size=8))
    at = [(104.0 + i * 0.01, -4.0 + (i * i % 5) * 0.01) for i in range(nodes)]
    arcs = network_of(streets, at).arcs
    arc = st.integers(0, arcs - 1)
    return network_of(streets, at, draw(st.lists(st.tuples(arc, arc), max_size=6)))


@st.composite
def asked(draw, network: Network) -> tuple[int, float]:
    return draw(st.integers(-1, network.arcs - 1)), draw(st.sampled_from((0.0, 0.3, 0.5, 0.8, 1.0)))


def snapped(network: Network, places: list[tuple[int, float]]) -> Snapped:
    return places_on(network, [p[0] for p in places], [p[1] for p in places])


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_times_are_those_of_the_definition(data):
    network = data.draw(tiny())
    origins = data.draw(st.lists(asked(network), min_size=1, max_size=4))
    destinations = data.draw(st.lists(asked(network), min_size=1, max_size=4))
    closed = data.draw(st.lists(st.integers(0, network.arcs - 1), max_size=4))
    by_hand = ByHand(network, closed)
    expected = [[by_hand.trip(o, d) for d in destinations] for o in origins]
    begin, end = snapped(network, origins), snapped(network, destinations)
    for router in (made(network) for made in ROUTERS):
        router.close(closed)
        assert router.matrix(begin, end).seconds.tolist() == expected
        for i, j in np.ndindex(len(origins), len(destinations)):
            way = router.route(begin.take([i]), end.take([j]))
            assert (way.seconds if way else np.inf) == expected[i][j]
            if way:
                assert_drivable(network, by_hand, way)
        done = by_hand.times(origins[0])
        reached = [done.get(a, np.inf) / 10 for a in range(network.arcs)]
        assert router.reach(begin).tolist() == reached


def assert_drivable(network: Network, by_hand: ByHand, way: Route) -> None:
    """Arcs follow one another, are open, may be turned into, and take as long as was said."""
    assert set(way.arcs) <= set(by_hand.open)
    steps = [by_hand.turns[a][b] + by_hand.time[b] for a, b in pairwise(way.arcs)]
    first, last = by_hand.time[way.arcs[0]], by_hand.time[way.arcs[-1]]
    if len(way.arcs) > 1:
        begun = round((1 - way.begins) * first)
        assert way.seconds * 10 == begun + sum(steps) - round((1 - way.ends) * last)
        driven = [1 - way.begins, *(1.0 for _ in way.arcs[1:-1]), way.ends]
    else:
        assert way.seconds * 10 == round((way.ends - way.begins) * first)
        driven = [way.ends - way.begins]
    metres = [network.length_m[a] * part for a, part in zip(way.arcs, driven, strict=True)]
    assert way.length_m == pytest.approx(sum(metres))


@given(st.integers(0, 10**6), st.integers(3, 12))
@settings(max_examples=40, deadline=None)
def test_the_hierarchy_answers_what_scipy_answers_through_any_closures(seed, side):
    network = grid(side, seed)
    fast, exact = Router(network), Router.exact(network)
    origins, destinations = some_places(network, 23, seed), some_places(network, 31, seed + 1)
    rng = np.random.default_rng(seed)
    for share in (0.0, 0.02, 0.3, 0.05, 0.0):
        closed = rng.random(network.arcs) < share
        assert fast.set_closed(closed) == exact.set_closed(closed)
        assert_equal(fast, exact, origins, destinations)


def assert_equal(fast: Router, exact: Router, origins: Snapped, destinations: Snapped) -> None:
    expected = exact.matrix(origins, destinations).seconds
    assert np.array_equal(fast.matrix(origins, destinations).seconds, expected)
    few = origins.take(slice(1, 4))
    assert np.array_equal(fast.matrix(few, destinations).seconds, expected[1:4])
    for targets in (destinations, destinations.take(slice(2, 5))):
        one, other = fast.nearest(targets, origins, 4), exact.nearest(targets, origins, 4)
        assert np.array_equal(one.units, other.units)
        assert np.array_equal(one.seconds, other.seconds)
    assert np.array_equal(fast.reach(few, 200.0), exact.reach(few, 200.0))
    for i in range(1, 8):
        ways = [r.route(origins.take([i]), destinations.take([i])) for r in (fast, exact)]
        assert [w.seconds if w else np.inf for w in ways] == [expected[i, i]] * 2


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_reopening_restores_every_answer(seed):
    network = grid(9, seed)
    router = Router(network)
    places = some_places(network, 40, seed)
    before = router.matrix(places, places)
    rng = np.random.default_rng(seed)
    batches = [rng.integers(network.arcs, size=12) for _ in range(6)]
    for arcs in batches:
        router.close(arcs)
    closed = router.closed
    assert np.array_equal(np.flatnonzero(closed), np.unique(np.concatenate(batches)))
    for arcs in batches[::-1]:
        router.reopen(arcs)
    after = router.matrix(places, places)
    assert np.array_equal(before.seconds, after.seconds)
    assert after.version > before.version
    assert not router.closed.any()


@pytest.mark.parametrize("made", ROUTERS)
def test_nearest_is_the_matrix_sorted(made):
    network = grid(10, 7)
    router = made(network)
    units, targets = some_places(network, 60, 1), some_places(network, 20, 2)
    times = router.matrix(units, targets).seconds.T
    found = router.nearest(targets, units, 5)
    order = np.argsort(times, axis=1, kind="stable")[:, :5]
    best = np.take_along_axis(times, order, axis=1)
    assert np.array_equal(found.seconds, best)
    assert np.array_equal(found.units, np.where(np.isfinite(best), order, -1))


@pytest.mark.parametrize("made", ROUTERS)
def test_fewer_units_than_asked_for_are_told_as_none(made):
    network = grid(5, 1)
    units = places_on(network, [3, -1], [0.5, 0.5])
    found = made(network).nearest(places_on(network, [3], [0.5]), units, 4)
    assert found.units.tolist() == [[0, -1, -1, -1]]
    assert found.seconds.tolist() == [[0.0, np.inf, np.inf, np.inf]]


@pytest.mark.parametrize("made", ROUTERS)
def test_each_change_is_one_version_and_nothing_else_is(made):
    network = grid(5, 2)
    router = made(network)
    places = some_places(network, 5, 2)
    assert router.version == router.matrix(places, places).version == 0
    assert router.close([1, 2, 3]) == 1
    assert router.close([2, 3]) == 1  # they were closed
    assert router.reopen(np.array([9])) == 1  # it was open
    mask = np.zeros(network.arcs, np.bool_)
    mask[5] = True
    assert router.set_closed(mask) == 2
    assert router.close(mask) == 2
    assert router.nearest(places, places, 2).version == 2
    assert router.reopen(mask) == router.version == 3


@pytest.mark.parametrize("made", ROUTERS)
def test_a_fork_asks_what_if_and_leaves_the_rest_alone(made):
    network = grid(8, 3)
    router, places = made(network), some_places(network, 20, 3)
    router.close([4, 5])
    before = router.matrix(places, places).seconds
    fork = router.fork()
    fork.close(range(0, network.arcs, 3))
    assert np.array_equal(router.matrix(places, places).seconds, before)
    fork.set_closed(router.closed)
    assert np.array_equal(fork.matrix(places, places).seconds, before)
    assert (router.version, fork.version) == (1, 3)


@pytest.mark.parametrize("made", ROUTERS)
def test_a_forbidden_turn_is_driven_round(made):
    # from the west the turn north is forbidden; at the end of the road east one may turn round
    streets = [Street((0, i), 10.0) for i in (1, 2, 3)]
    free = network_of(streets, CROSS)
    from_west, to_north = 3, 4
    barred = network_of(streets, CROSS, [(from_west, to_north)])
    begin, end = places_on(free, [from_west], [0.0]), places_on(free, [to_north], [1.0])
    assert made(free).matrix(begin, end).seconds.tolist() == [[20.0]]
    assert made(barred).matrix(begin, end).seconds.tolist() == [[10.0 + 10.0 + 10.0 + 10.0 + 10.0]]
    way = made(barred).route(begin, end)
    assert way is not None
    assert way.arcs == (from_west, 0, 1, to_north)


@pytest.mark.parametrize("made", ROUTERS)
def test_a_place_behind_on_a_one_way_street_is_reached_round_the_block(made):
    ring = [Street(((0, 1, 3, 4)[i], (1, 3, 4, 0)[i]), 10.0, one_way=True) for i in range(4)]
    network = network_of(ring, CROSS)
    ahead, behind = places_on(network, [0], [0.8]), places_on(network, [0], [0.2])
    router = made(network)
    assert router.matrix(behind, ahead).seconds.tolist() == [[6.0]]
    assert router.matrix(ahead, behind).seconds.tolist() == [[34.0]]
    way = router.route(ahead, behind)
    assert way is not None
    assert way.arcs == (0, 1, 2, 3, 0)
    assert way.length_m == pytest.approx(340.0)
    assert way.line[0] == pytest.approx([104.008, -4.0])
    assert way.line[-1] == pytest.approx([104.002, -4.0])
    router.close([2])
    assert np.isinf(router.matrix(ahead, behind).seconds).all()
    assert router.route(ahead, behind) is None


@pytest.mark.parametrize("made", ROUTERS)
def test_a_closed_street_is_neither_left_nor_entered_that_way(made):
    network = network_of([Street((1, 0), 10.0), Street((0, 2), 10.0)], CROSS)
    router = made(network)
    begin, end = places_on(network, [0], [0.5]), places_on(network, [2], [0.5])
    assert router.matrix(begin, end).seconds.tolist() == [[10.0]]
    router.close([0])  # towards the end; the other way leads to the dead end, where one turns round
    assert np.isinf(router.matrix(begin, end).seconds).all()
    assert router.matrix(end, begin).seconds.tolist() == [[10.0]]
    assert np.isinf(router.reach(begin)[2])


def test_profiles_see_their_own_roads():
    network = network_of([Street((1, 0), 10.0), Street((0, 2), 10.0, access=EVERY_BUT_CAR)], CROSS)
    begin, end = places_on(network, [0], [0.5]), places_on(network, [2], [0.5])
    assert np.isinf(Router(network, "car").matrix(begin, end).seconds).all()
    assert Router(network, "motorcycle").matrix(begin, end).seconds.tolist() == [[10.0]]


EVERY_BUT_CAR = 0b11111 ^ CAR


@pytest.mark.parametrize("made", ROUTERS)
def test_no_roads_and_no_places_are_answered_too(made):
    network = network_of([Street((0, 1), 5.0, access=EVERY_BUT_CAR)], CROSS)
    router = made(network, "car")
    nowhere = places_on(network, [0, -1], [0.5, 0.5])
    assert np.isinf(router.matrix(nowhere, nowhere).seconds).all()
    assert router.matrix(nowhere.take([]), nowhere).seconds.shape == (0, 2)
    assert router.nearest(nowhere, nowhere.take([]), 2).units.tolist() == [[-1, -1]] * 2
    assert router.route(nowhere, nowhere) is None
    assert np.isinf(router.reach(nowhere)).all()
    assert router.close([0]) == 1


def test_threads_see_closures_wholly_or_not_at_all():
    network = grid(12, 5)
    router, exact = Router(network), Router.exact(network)
    places = some_places(network, 20, 5)
    arcs = np.random.default_rng(5).permutation(network.arcs)[:60]
    opened = exact.matrix(places, places).seconds
    exact.close(arcs)
    shut = exact.matrix(places, places).seconds

    def ask(_: int) -> bool:
        answer = router.matrix(places, places)
        return np.array_equal(answer.seconds, shut if answer.version % 2 else opened)

    def change(_: int) -> bool:
        router.close(arcs)
        router.reopen(arcs)
        return True

    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(change if i % 5 == 0 else ask, i) for i in range(100)]
        assert all(d.result() for d in done)


def test_an_unknown_arc_is_refused():
    router = Router(grid(4, 1))
    with pytest.raises(IndexError):
        router.close([10**6])
    with pytest.raises(IndexError):
        router.close([-1])
    assert router.version == 0


def test_where_nothing_can_be_compiled_scipy_answers():
    program = (
        "import sys; sys.modules['numba'] = None\n"
        "from sispamkota.roads import router\n"
        "print(router._usual.__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("Dijkstra", "")
