"""Compile the router once (at set-up), so that the first question is as fast as the next."""

from __future__ import annotations

import datetime as dt

import numpy as np

from sispamkota.roads.cch import FEW
from sispamkota.roads.fallback import fallback_network
from sispamkota.roads.network import Network
from sispamkota.roads.router import Router
from sispamkota.roads.snap import snap


def warm_up() -> None:
    """Ask a toy network every kind of question; numba keeps the compiled kernels on disk."""
    network = _toy()
    router = Router(network)
    at = np.stack((network.node_lon, network.node_lat), axis=1)
    many, few = snap(network, at, "car"), snap(network, at[:FEW], "car")
    for version in range(3):
        # a few roads, none, all: weights are mended, mended back, made anew
        router.set_closed(np.arange(network.arcs) < (2, 0, network.arcs)[version])
        router.matrix(many, many)
        router.nearest(many, few, 1)
        router.nearest(few, many, 1)
    router.set_closed(np.zeros(network.arcs, np.bool_))
    _same_road(router)
    router.route(few, few.take(slice(1, None)))
    router.reach(few)


def _same_road(router: Router) -> None:
    """Ask for the way round to a place that lies behind."""
    ends = np.flatnonzero(router.network.forward)[:1].astype(np.int32)
    one = snap(router.network, router.network.shape[:1], "car")
    behind, ahead = (one.take([0, 0]) for _ in range(2))
    behind.arc[:], ahead.arc[:] = ends, ends
    behind.fraction[:], ahead.fraction[:] = 0.1, 0.9
    router.matrix(ahead, behind)
    router.matrix(behind, ahead)


def _toy() -> Network:
    """A stand-in of a hundred villages."""
    points = np.random.default_rng(1).uniform((104.0, -4.0), (105.0, -3.0), (100, 2))
    return fallback_network(
        points,
        [str(i) for i in range(len(points))],
        [""] * len(points),
        detour_factor=1.3,
        speed_kmh=36.0,
        as_of=dt.date(2026, 1, 1),
        source="toy",
    )


if __name__ == "__main__":
    warm_up()
