from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sispamkota.roads.alternates import alternates, disjoint_pair, shared_m
from sispamkota.roads.network import Network
from sispamkota.roads.router import Route, Router
from sispamkota.roads.search import ways_to
from sispamkota.roads.snap import Snapped, snap

from .made_networks import Road, grid, line_of, made, networks, place


def at(network: Network, column: float, row: float, profile="car") -> Snapped:
    return snap(network, np.array([place(column, row)]), profile, within_component=False)


def on(arc: int, fraction: float) -> Snapped:
    return Snapped(
        arc=np.array([arc], np.int32),
        fraction=np.array([fraction]),
        distance_m=np.zeros(1),
        far=np.zeros(1, np.bool_),
        place=np.zeros((1, 2)),
        limit_m=500.0,
    )


@st.composite
def trips(draw):
    """A network, an origin and a destination on streets of cars."""
    network = draw(networks(most_places=7))
    usable = np.flatnonzero(network.usable("car")).tolist()
    assume(usable)
    ends = [
        on(draw(st.sampled_from(usable)), draw(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])))
        for _ in range(2)
    ]
    return network, *ends


def may_be_driven(router: Router, route: Route, origin: Snapped, destination: Snapped) -> None:
    """A route begins and ends where it should, and each turn of it is one of the graph's."""
    network, graph = router.network, router.graph
    for place_, arc, part in (
        (origin, route.arcs[0], route.begins),
        (destination, route.arcs[-1], route.ends),
    ):
        assert network.segment[arc] == network.segment[place_.arc[0]]
        same = network.forward[arc] == network.forward[place_.arc[0]]
        assert part == pytest.approx(place_.fraction[0] if same else 1 - place_.fraction[0])
    assert not router.closed[list(route.arcs)].any()
    for a, b in zip(route.arcs[:-1], route.arcs[1:], strict=True):
        turns = slice(graph.first[graph.state[a]], graph.first[graph.state[a] + 1])
        assert graph.state[b] in graph.ends[turns]


def every_way(router: Router, origin: Snapped, destination: Snapped, most=400) -> list[Route]:
    """All ways that use no piece of road twice, by trying."""
    ways = ways_to(router, destination)
    segment = ways.network.segment[ways.arc]
    nodes = ways.leaving(origin)[0]
    arrivals = set(ways.arrivals(0).tolist())
    found = []
    stack = [([n], {int(segment[n])}) for n in set(nodes.tolist())]
    while stack:
        way, used = stack.pop()
        if way[-1] in arrivals:
            found.append(ways.route(origin, way))
            assume(len(found) < most)
            continue
        for edge in range(ways.first[way[-1]], ways.first[way[-1] + 1]):
            there = int(ways.ends[edge])
            # round and back into the segment one began on is a way too, if one arrives there
            if segment[there] not in used or (there in arrivals and there not in way):
                stack.append(([*way, there], used | {int(segment[there])}))
    return found


class TestSearch:
    """The graph with places in it gives what the router gives."""

    @given(trips(), st.data())
    def test_quickest_is_the_routers(self, trip, data):
        network, origin, destination = trip
        router = Router.exact(network, "car")
        shut = data.draw(st.lists(st.integers(0, network.arcs - 1), max_size=4))
        router.close(shut)
        best = router.matrix(origin, destination).seconds[0, 0]
        found = alternates(router, origin, destination, 1)
        assert bool(found) == np.isfinite(best)
        if found:
            assert found[0].route.seconds == best
            assert found[0].route.version == router.version
            may_be_driven(router, found[0].route, origin, destination)

    @given(trips())
    def test_length_is_that_of_the_line(self, trip):
        network, origin, destination = trip
        router = Router.exact(network, "car")
        routed = router.route(origin, destination)
        found = alternates(router, origin, destination, 1)
        if routed is not None:
            assert found[0].route.length_m >= 0
            if found[0].route.arcs == routed.arcs:
                assert found[0].route.length_m == pytest.approx(routed.length_m)
                assert found[0].route.line == pytest.approx(routed.line)


class TestAlternates:
    """Different enough, not much slower, quickest first."""

    def test_the_other_side_of_a_block(self):
        network = grid(3, 3)
        router = Router.exact(network, "car")
        found = alternates(router, at(network, 0, 0), at(network, 2, 2), 3, max_shared=0.3)
        assert len(found) >= 2
        assert found[1].shared_m <= 0.3 * found[1].route.length_m + 1e-6

    def test_one_road_has_no_alternate(self):
        network = line_of(4)
        router = Router.exact(network, "car")
        assert len(alternates(router, at(network, 0, 0), at(network, 3, 0), 3)) == 1

    def test_no_way_is_none(self):
        network = made([(0, 0), (1, 0), (5, 5), (6, 5)], [Road(ends=(0, 1)), Road(ends=(2, 3))])
        router = Router.exact(network, "car")
        assert alternates(router, at(network, 0.5, 0), at(network, 5.5, 5)) == ()

    def test_a_long_way_round_is_not_offered(self):
        # one street from B to C, and a way round of three
        network = made(
            [(-1, 0), (0, 0), (1, 0), (2, 0), (0, 1), (1, 1)],
            [Road(ends=e) for e in ((0, 1), (1, 2), (2, 3), (1, 4), (4, 5), (5, 2))],
        )
        router = Router.exact(network, "car")
        ends = at(network, -0.1, 0), at(network, 1.1, 0)
        assert len(alternates(router, *ends, 2, max_shared=0.5)) == 1
        assert len(alternates(router, *ends, 2, max_shared=0.5, max_slower=4)) == 2

    @given(trips(), st.floats(0, 1))
    def test_each_keeps_to_what_it_may_share(self, trip, most):
        network, origin, destination = trip
        router = Router.exact(network, "car")
        found = alternates(router, origin, destination, 3, max_shared=most, max_slower=3)
        for a in found:
            may_be_driven(router, a.route, origin, destination)
            assert a.route.seconds <= 3 * found[0].route.seconds
        for a, b in combinations(found, 2):
            common = shared_m(network, a.route, b.route)
            assert common <= most * max(a.route.length_m, b.route.length_m) + 1e-6
        times = [a.route.seconds for a in found]
        assert times == sorted(times)


class TestDisjointPair:
    """Two ways without a piece of road in common, whenever there are two."""

    def test_where_the_quickest_way_would_block_both(self):
        # the trap of Suurballe: the quickest way takes the middle street and leaves no second
        network = made(
            [(0, 0), (1, 1), (1, -1), (2, 1), (2, -1), (3, 0), (-1, 0), (4, 0)],
            [
                Road(ends=(0, 1), speed=72),
                Road(ends=(1, 4), speed=144),
                Road(ends=(4, 5), speed=72),
                Road(ends=(0, 2)),
                Road(ends=(2, 4)),
                Road(ends=(1, 3)),
                Road(ends=(3, 5)),
                Road(ends=(6, 0)),
                Road(ends=(5, 7)),
            ],
        )
        router = Router.exact(network, "car")
        pair = disjoint_pair(router, at(network, 0, 0), at(network, 3, 0))
        assert pair is not None
        # both begin at the corner, which lies on one street: only its metres may be shared
        assert pair.backup is not None
        assert 1 not in network.segment[[*pair.primary.arcs, *pair.backup.arcs]]
        assert pair.shared_m == pytest.approx(0, abs=1)

    def test_a_dead_end_is_shared_and_said(self):
        network = made(
            [(0, 0), (1, 0), (2, 1), (2, -1), (3, 0), (4, 0)],
            [
                Road(ends=(0, 1)),
                Road(ends=(1, 2)),
                Road(ends=(1, 3)),
                Road(ends=(2, 4)),
                Road(ends=(3, 4)),
                Road(ends=(4, 5)),
            ],
        )
        router = Router.exact(network, "car")
        pair = disjoint_pair(router, at(network, 0.5, 0), at(network, 3.75, 0))
        assert not pair.link_disjoint
        assert pair.shared_segments == (0, 5)
        assert pair.shared_m == pytest.approx((0.5 + 0.75) * 1112, rel=0.01)
        assert set(pair.primary.arcs) & set(pair.backup.arcs) == {0, 5}

    def test_one_road_only(self):
        network = line_of(3)
        router = Router.exact(network, "car")
        pair = disjoint_pair(router, at(network, 0, 0), at(network, 2, 0))
        assert pair.backup is None
        assert pair.shared_m == pytest.approx(pair.primary.length_m)
        assert not pair.link_disjoint

    def test_no_way_is_none(self):
        network = line_of(3, two_way=False)
        router = Router.exact(network, "car")
        assert disjoint_pair(router, at(network, 1.5, 0), at(network, 0.5, 0)) is None

    @given(trips())
    def test_agrees_with_trying_every_pair(self, trip):
        network, origin, destination = trip
        router = Router.exact(network, "car")
        pair = disjoint_pair(router, origin, destination)
        assume(pair is None or pair.primary.seconds > 0)  # from a place to itself
        tried = every_way(router, origin, destination)
        if pair is None:
            assert not tried
            return
        for route in (pair.primary, pair.backup):
            if route is not None:
                may_be_driven(router, route, origin, destination)
        disjoint = [
            a.seconds + b.seconds
            for a, b in combinations(tried, 2)
            if shared_m(network, a, b) < 0.01
        ]
        if len(network.banned):
            return  # with forbidden turns it is nearly always so, and not promised
        assert pair.link_disjoint == bool(disjoint)
        if disjoint:
            assert shared_m(network, pair.primary, pair.backup) < 0.01
            total = pair.primary.seconds + pair.backup.seconds
            assert total == pytest.approx(min(disjoint), abs=0.35)
