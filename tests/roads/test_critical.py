from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sispamkota.roads.bridges import bridges
from sispamkota.roads.critical import critical_links, losses
from sispamkota.roads.network import Network
from sispamkota.roads.router import Router
from sispamkota.roads.snap import Snapped, snap

from .made_networks import Road, grid, line_of, made, networks, place


def pieces(network: Network, profile: str, without: int = -1) -> int:
    keep = network.usable(profile) & (network.segment != without)
    ones = np.ones(keep.sum())
    shape = (network.nodes, network.nodes)
    graph = coo_array((ones, (network.tail[keep], network.head[keep])), shape=shape)
    return connected_components(graph.tocsr(), directed=False)[0]


class TestBridges:
    """A bridge is what leaves more pieces when it is gone."""

    @given(networks(most_places=10), st.sampled_from(["car", "motorcycle", "foot", "boat"]))
    def test_agrees_with_taking_each_away(self, network, profile):
        whole = pieces(network, profile)
        tried = [pieces(network, profile, s) > whole for s in range(network.segments)]
        assert bridges(network, profile).tolist() == tried

    def test_a_second_road_beside_it_makes_it_none(self):
        one = made([(0, 0), (1, 0)], [Road(ends=(0, 1))])
        two = made([(0, 0), (1, 0)], [Road(ends=(0, 1)), Road(ends=(0, 1), via=((0.5, 0.2),))])
        assert bridges(one, "car").tolist() == [True]
        assert bridges(two, "car").tolist() == [False, False]
        shut = np.array([True, False, True, False])
        assert bridges(two, "car", shut).tolist() == [False, True]


def spots(*places: tuple[int, float]) -> Snapped:
    return Snapped(
        arc=np.array([a for a, _ in places], np.int32),
        fraction=np.array([f for _, f in places]),
        distance_m=np.zeros(len(places)),
        far=np.zeros(len(places), np.bool_),
        place=np.zeros((len(places), 2)),
        limit_m=500.0,
    )


@st.composite
def situations(draw):
    """A network with closures, TPS and posts somewhere on it."""
    network = draw(networks(most_places=9))
    usable = np.flatnonzero(network.usable("car")).tolist()
    assume(usable)
    spot = st.tuples(st.sampled_from(usable), st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    tps = draw(st.lists(spot, min_size=1, max_size=5))
    posts = draw(st.lists(spot, min_size=1, max_size=3))
    closed = draw(st.lists(st.integers(0, network.arcs - 1), max_size=2))
    return network, spots(*tps), spots(*posts), closed


def soonest(router: Router, tps: Snapped, posts: Snapped) -> np.ndarray:
    return router.matrix(posts, tps).seconds.min(axis=0)


class TestLosses:
    """What the loss of a piece of road does is what closing it does."""

    @given(situations())
    def test_agrees_with_closing_each(self, situation):
        network, tps, posts, closed = situation
        router = Router.exact(network, "car")
        router.close(closed)
        before, told = losses(router, tps, posts)
        assert before.tolist() == soonest(router, tps, posts).tolist()
        found = {
            (int(s), int(t)): float(x)
            for s, t, x in zip(told.segment, told.tps, told.seconds, strict=True)
        }
        on_tps, on_posts = network.segment[tps.arc], network.segment[posts.arc]
        was = router.closed
        for lost in range(network.segments):
            if lost in on_posts:
                continue  # closing shuts a post in, a break does not
            router.close(np.flatnonzero(network.segment == lost))
            after = soonest(router, tps, posts)
            router.set_closed(was)
            for row in np.flatnonzero(on_tps != lost).tolist():
                assert found.get((lost, row), before[row]) == after[row]

    @given(situations())
    def test_asking_leaves_the_router_as_it_was(self, situation):
        network, tps, posts, closed = situation
        router = Router.exact(network, "car")
        version = router.close(closed)
        mask, seconds = router.closed, router.matrix(posts, tps).seconds
        critical_links(router, tps, posts, np.ones(len(tps)))
        assert router.version == version
        assert (router.closed == mask).all()
        assert (router.matrix(posts, tps).seconds == seconds).all()

    @given(situations(), st.data())
    def test_closing_and_opening_again_restores_every_answer(self, situation, data):
        network, tps, posts, closed = situation
        router = Router.exact(network, "car")
        router.close(closed)
        first = critical_links(router, tps, posts, np.ones(len(tps)))
        more = data.draw(st.lists(st.integers(0, network.arcs - 1), max_size=4))
        opened = [a for a in more if not router.closed[a]]
        router.close(opened)
        router.reopen(opened)
        again = critical_links(router, tps, posts, np.ones(len(tps)))
        assert again.links == first.links
        assert again.seconds.tolist() == first.seconds.tolist()


class TestCriticalLinks:
    """Named, counted, ranked, with the reason."""

    def village(self) -> Network:
        # post at the west end; the river road 1-2 is the only way to the two villages beyond
        return made(
            [(0, 0), (1, 0), (2, 0), (3, 1), (3, -1), (4, 0), (-1, 0)],
            [
                Road(ends=(0, 1), name="Jalan Lintas"),
                Road(ends=(1, 2), name="Jalan Jembatan", highway="primary", way=77),
                Road(ends=(2, 3)),
                Road(ends=(2, 4)),
                Road(ends=(3, 5)),
                Road(ends=(4, 5)),
                Road(ends=(6, 0)),
            ],
        )

    def test_the_only_way_comes_first(self):
        network = self.village()
        router = Router.exact(network, "car")
        tps = snap(network, np.array([place(2.5, 0.5), place(3.5, 0.5), place(0.2, 0)]), "car")
        posts = snap(network, np.array([place(-0.9, 0)]), "car")
        found = critical_links(router, tps, posts, [200, 300, 250])
        first = found.links[0]
        assert (first.name, first.way, first.highway) == ("Jalan Lintas", 100, "residential")
        # the TPS at 0.2 lies on this road itself: a break may lie between it and the post
        assert first.isolated == (0, 1, 2)
        assert first.isolated_on_it == (2,)
        second = found.links[1]
        assert (second.name, second.way, second.isolated) == ("Jalan Jembatan", 77, (0, 1))
        assert (second.isolated_voters, second.bridge) == (500, True)
        assert second.lon == pytest.approx(104.015)
        assert "2 TPS (500 pemilih) tidak terjangkau" in second.reason.id
        assert "2 TPS (500 voters) out of reach of every post" in second.reason.en
        assert "no other road joins its two ends" in second.reason.en
        assert found.examined == 7
        assert found.unreachable == ()

    def test_a_long_way_round_slows(self):
        network = self.village()
        router = Router.exact(network, "car")
        tps = snap(network, np.array([place(3.1, 0.9)]), "car")
        posts = snap(network, np.array([place(2, 0)]), "car")
        found = critical_links(router, tps, posts, [200])
        slowing = [c for c in found.links if c.slower and not c.isolated]
        assert [c.segment for c in slowing] == [2, 4] or [c.segment for c in slowing] == [2]
        assert slowing[0].slower_voters == 200
        assert "much slower" in slowing[0].reason.en

    def test_a_ring_has_no_critical_link_but_where_it_is_far_round(self):
        network = grid(3, 3)
        router = Router.exact(network, "car")
        tps = snap(network, np.array([place(2, 2)]), "car")
        posts = snap(network, np.array([place(0, 0)]), "car")
        assert critical_links(router, tps, posts, [100]).links == ()

    def test_what_is_out_of_reach_before_is_not_counted_against_a_link(self):
        network = made([(0, 0), (1, 0), (5, 5), (6, 5)], [Road(ends=(0, 1)), Road(ends=(2, 3))])
        router = Router.exact(network, "car")
        found = critical_links(router, spots((1, 0.5)), spots((0, 0.0)), [100])
        assert found.links == ()
        assert found.unreachable == (0,)

    def test_one_way_street_is_critical_though_no_bridge(self):
        # round and round one way: without the street ahead there is no way at all
        network = made(
            [(0, 0), (1, 0), (1, 1), (0, 1)],
            [Road(ends=(i, (i + 1) % 4), two_way=False) for i in range(4)],
        )
        router = Router.exact(network, "car")
        found = critical_links(router, spots((2, 0.5)), spots((0, 0.5)), [100])
        assert [(c.segment, c.bridge, c.isolated) for c in found.links] == [(1, False, (0,))]

    def test_nothing_to_ask(self):
        network = line_of(3)
        router = Router.exact(network, "car")
        assert critical_links(router, spots(), spots((0, 0.5)), []).links == ()
        alone = critical_links(router, spots((0, 0.5)), spots(), [10])
        assert alone.links == ()
        assert alone.unreachable == (0,)
