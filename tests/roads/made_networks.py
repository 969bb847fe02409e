"""Small networks made for a test: towns named by where they lie, roads as one says them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from sispamkota.roads.load_ways import distances_m
from sispamkota.roads.network import PROFILES, Network

WEST, SOUTH = 104.0, -4.0
STEP = 0.01  # degrees between two places, about 1,1 km
LAND = ("car", "motorcycle", "truck", "foot")


@dataclass(frozen=True, kw_only=True)
class Road:
    """One piece of road between two places (column, row of the made grid)."""

    ends: tuple[int, int]
    two_way: bool = True
    profiles: tuple[str, ...] = LAND
    speed: float = 36.0  # 10 m/s: a time in seconds is a tenth of the metres
    name: str = ""
    highway: str = "residential"
    way: int | None = None
    via: tuple[tuple[float, float], ...] = ()


def place(column: float, row: float) -> tuple[float, float]:
    return WEST + STEP * column, SOUTH + STEP * row


def made(
    places: Sequence[tuple[float, float]],
    roads: Sequence[Road],
    banned: Sequence[tuple[int, int]] = (),
) -> Network:
    """Return the network of places (grid columns, rows) and the roads between them."""
    nodes = np.array([place(*p) for p in places]).reshape(-1, 2)
    names = ["", *dict.fromkeys(r.name for r in roads if r.name)]
    highways = list(dict.fromkeys(r.highway for r in roads))
    shapes, arcs = [], []
    for number, road in enumerate(roads):
        a, b = road.ends
        shape = np.array([nodes[a], *(place(*v) for v in road.via), nodes[b]])
        shapes.append(shape)
        metres = float(distances_m(shape[:-1], shape[1:]).sum())
        arcs.append((a, b, number, True, metres, road))
    arcs += [(b, a, n, False, m, r) for a, b, n, _, m, r in arcs if r.two_way]
    speeds = np.array([[a[5].speed if p in a[5].profiles else 0.0 for a in arcs] for p in PROFILES])
    return Network(
        node_lon=nodes[:, 0],
        node_lat=nodes[:, 1],
        node_id=np.arange(len(nodes), dtype=np.int64),
        tail=np.array([a[0] for a in arcs], np.int32),
        head=np.array([a[1] for a in arcs], np.int32),
        segment=np.array([a[2] for a in arcs], np.int32),
        forward=np.array([a[3] for a in arcs], np.bool_),
        length_m=np.array([a[4] for a in arcs], np.float64),
        access=np.array(
            [sum(1 << i for i, p in enumerate(PROFILES) if p in a[5].profiles) for a in arcs],
            np.uint8,
        ),
        speed_kmh=speeds.astype(np.float32).reshape(len(PROFILES), -1),
        way=np.array([100 + n if r.way is None else r.way for n, r in enumerate(roads)], np.int64),
        highway=np.array([highways.index(r.highway) for r in roads], np.int32),
        name=np.array([names.index(r.name) for r in roads], np.int32),
        shape_start=np.concatenate(([0], np.cumsum([len(s) for s in shapes]))).astype(np.int64),
        shape=np.concatenate([*shapes, np.empty((0, 2))]),
        banned=np.array(banned, np.int32).reshape(-1, 2),
        banned_access=np.full(len(banned), 0b01111, np.uint8),
        highways=tuple(highways),
        names=tuple(names),
        estimated=False,
        source="dibuat untuk uji",
        as_of=dt.date(2026, 11, 24),
        report={},
    )


def line_of(count: int, **road) -> Network:
    """Return places in a row, each joined to the next."""
    return made(
        [(i, 0) for i in range(count)], [Road(ends=(i, i + 1), **road) for i in range(count - 1)]
    )


def grid(columns: int, rows: int, **road) -> Network:
    """Return a grid of streets."""
    places = [(c, r) for r in range(rows) for c in range(columns)]
    at = {p: i for i, p in enumerate(places)}
    roads = [
        Road(ends=(at[c, r], at[c + dc, r + dr]), **road)
        for c, r in places
        for dc, dr in ((1, 0), (0, 1))
        if (c + dc, r + dr) in at
    ]
    return made(places, roads)


@st.composite
def networks(draw, *, most_places=8, two_way=None):
    """Draw networks, joined or not, with parallel roads, one-way streets and forbidden turns."""
    count = draw(st.integers(2, most_places))
    cells = [(c, r) for c in range(4) for r in range(4)]
    places = draw(st.permutations(cells))[:count]
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
        lambda e: e[0] != e[1]
    )
    one = st.builds(
        Road,
        ends=ends,
        two_way=st.booleans() if two_way is None else st.just(two_way),
        speed=st.sampled_from([18.0, 36.0, 54.0]),
        way=st.integers(1, 5),
        name=st.sampled_from(["", "Jalan Merdeka", "Jalan Lintas"]),
        profiles=st.sampled_from([LAND, LAND, LAND, ("motorcycle", "foot"), ("foot", "boat")]),
    )
    roads = draw(st.lists(one, min_size=1, max_size=14))
    network = made(places, roads)
    meet = np.argwhere(network.head[:, None] == network.tail[None, :]).tolist()
    turns = st.lists(st.sampled_from(meet), max_size=3) if meet else st.just([])
    return made(places, roads, banned=draw(turns))
