"""Real extracts: losses, pairs and shapes against closing, searching and looking one by one."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sispamkota.roads.alternates import alternates, disjoint_pair, shared_m
from sispamkota.roads.bridges import bridges
from sispamkota.roads.closures import Closure, closed_arcs
from sispamkota.roads.critical import critical_links, losses
from sispamkota.roads.critical_reach import hard_to_reach, reach_classes
from sispamkota.roads.isochrones import isochrones
from sispamkota.roads.load import read_roads
from sispamkota.roads.network import Network
from sispamkota.roads.router import Router
from sispamkota.roads.snap import Snapped, snap

FILES = (
    "andorra.osm.pbf",
    "helsinki.osm.pbf",
    "balikpapan_kota_drive.graphml.gz",
    "labusel_sumut_osm_main_roads.geojson.gz",
)
DAY = dt.date(2026, 11, 24)

pytestmark = pytest.mark.data


@cache
def read(file: Path) -> Network:
    return read_roads(
        file.name, file.read_bytes(), clip=None, source="uji", as_of=DAY, progress=lambda *_: None
    )


@pytest.fixture(params=FILES)
def network(request, data_dir) -> Network:
    return read(data_dir / "roads" / request.param)


def scattered(network: Network, count: int, seed: int) -> tuple[np.ndarray, Snapped]:
    """Places near roads, as TPS are."""
    rng = np.random.default_rng(seed)
    vertices = rng.integers(0, len(network.shape), count)
    points = network.shape[vertices] + rng.normal(0, 2e-4, (count, 2))
    return points, snap(network, points, "car")


def test_losses_are_closings(network):
    router = Router.exact(network, "car")
    _, tps = scattered(network, 200, 1)
    _, posts = scattered(network, 8, 2)
    before, told = losses(router, tps, posts)
    assert before.tolist() == router.matrix(posts, tps).seconds.min(axis=0).tolist()
    rng = np.random.default_rng(3)
    touched = rng.choice(np.unique(told.segment), 25, replace=False)
    others = rng.integers(0, network.segments, 15)
    on_tps, on_posts = network.segment[tps.arc], network.segment[posts.arc]
    for lost in np.setdiff1d([*touched, *others], on_posts).tolist():
        mine = told.segment == lost
        expected = before.copy()
        expected[told.tps[mine]] = told.seconds[mine]
        router.set_closed(network.segment == lost)
        after = router.matrix(posts, tps).seconds.min(axis=0)
        away = on_tps != lost
        assert expected[away].tolist() == after[away].tolist()


def test_bridges_are_what_parts_the_roads(network):
    found = bridges(network, "car")
    usable = network.usable("car")

    def pieces(without: int) -> int:
        keep = usable & (network.segment != without)
        shape = (network.nodes, network.nodes)
        graph = coo_array((np.ones(keep.sum()), (network.tail[keep], network.head[keep])), shape)
        return connected_components(graph.tocsr(), directed=False)[0]

    whole = pieces(-1)
    rng = np.random.default_rng(5)
    chosen = rng.integers(0, network.segments, 60).tolist() + np.flatnonzero(found)[:30].tolist()
    for segment in chosen:
        assert found[segment] == (pieces(segment) > whole)


def test_links_are_ranked_and_told(network):
    router = Router.exact(network, "car")
    _, tps = scattered(network, 300, 6)
    _, posts = scattered(network, 5, 7)
    voters = np.full(300, 250.0)
    found = critical_links(router, tps, posts, voters)
    assert found.links
    ranks = [(len(c.isolated), c.isolated_voters) for c in found.links]
    assert ranks == sorted(ranks, reverse=True)
    for link in found.links:
        assert link.isolated_voters == 250 * len(link.isolated)
        assert not set(link.isolated) & set(link.slower)
        assert set(link.isolated_on_it) <= set(link.isolated)
        assert link.reason.id
    assert router.version == 0


def test_pairs_share_only_what_every_way_uses(network):
    router = Router.exact(network, "car")
    _, ends = scattered(network, 40, 8)
    open_ = np.zeros(network.arcs, np.bool_)
    for i in range(0, 40, 2):
        trip = ends.take([i]), ends.take([i + 1])
        pair, quickest = disjoint_pair(router, *trip), router.route(*trip)
        assert (pair is None) == (quickest is None)
        if pair is None or quickest is None:
            continue
        assert pair.primary.seconds >= quickest.seconds
        if pair.backup is None:
            continue
        assert pair.shared_m == pytest.approx(shared_m(network, pair.primary, pair.backup))
        assert pair.link_disjoint == (pair.shared_m == 0)
        for arc in set(pair.primary.arcs[1:-1]) & set(pair.backup.arcs[1:-1]):
            only = open_.copy()
            only[arc] = True
            router.set_closed(only)
            assert router.route(*trip) is None
        router.set_closed(open_)


def test_alternates_keep_their_promise(network):
    router = Router.exact(network, "car")
    _, ends = scattered(network, 20, 9)
    for i in range(0, 20, 2):
        found = alternates(router, ends.take([i]), ends.take([i + 1]), 3, max_shared=0.6)
        assert found[0].route.seconds == pytest.approx(
            router.matrix(ends.take([i]), ends.take([i + 1])).seconds[0, 0]
        )
        for other in found[1:]:
            assert other.shared_most_m <= 0.6 * other.route.length_m + 0.1
            assert other.route.seconds <= 1.6 * found[0].route.seconds


def test_isochrones_hold_the_places_reached(network):
    router = Router.exact(network, "car")
    points, tps = scattered(network, 300, 10)
    found = isochrones(router, tps.take([0]), [300, 600, 900], targets=tps)
    areas = [i.area_km2 for i in found]
    assert areas == sorted(areas)
    for isochrone in found:
        shape = shapely.union_all([shapely.Polygon(p[0], p[1:]) for p in isochrone.polygons])
        near = np.flatnonzero(tps.distance_m < isochrone.width_m - 5)
        inside = shapely.contains(shape, shapely.points(points))
        assert inside[np.intersect1d(near, isochrone.reached)].all()


def test_an_area_closes_what_meets_it(network):
    rng = np.random.default_rng(11)
    lon, lat = network.shape[rng.integers(0, len(network.shape))].tolist()
    area = tuple(
        (lon + 0.01 * float(np.cos(a)), lat + 0.01 * float(np.sin(a)))
        for a in np.linspace(0, 2 * np.pi, 9)[:-1]
    )
    flood = Closure(id="B-1", reason="banjir", kind="flood", area=area)
    mask = closed_arcs(network, [flood], profile="car", at=None)
    polygon = shapely.Polygon(area)
    lines = [shapely.LineString(network.line(a)) for a in range(network.arcs)]
    assert mask.tolist() == [line.intersects(polygon) for line in lines]
    assert mask.any()


def test_reach_answers_for_every_place_once(network):
    points, _ = scattered(network, 120, 12)
    asked = {
        p: Router.exact(network, p)
        for p in ("car", "motorcycle", "foot", "boat")
        if network.usable(p).any()
    }
    reach = reach_classes(asked, points, points[:4])
    codes = [str(i) for i in range(len(points))]
    answers = hard_to_reach(reach, codes, source="uji", as_of=DAY)
    told = [r["subject"] for r in answers.rows] + [c for c, _ in answers.unknown]
    assert sorted(told) == sorted(codes)
    assert (np.isfinite(reach.seconds) == np.array([n != "none" for n in reach.need])).all()
