"""A large road network made of a small one: copies side by side, linked, with turns forbidden.

The roads within a copy are real; how many there are, the links between copies and the forbidden
turns are not. It stands for the size of a network, not for any place.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sispamkota.roads.connect import components
from sispamkota.roads.graph import turn_graph
from sispamkota.roads.network import PROFILES, Bools, Floats, Network

SEED = 4
LINKS = 5  # roads between neighbouring copies
GAP = 0.02  # of a copy's width, between it and the next
LINK_KMH = 60.0
BANNED = 0.01  # of all turns, besides those forbidden in the source
EVERYONE = np.uint8((1 << len(PROFILES)) - 1)


def tiled(network: Network, nodes: int) -> Network:
    """Return copies of a network in a square, as many as give at least so many junctions."""
    copies = max(1, -(-nodes // network.nodes))
    columns = int(np.ceil(np.sqrt(copies)))
    if copies == 1:
        return network
    tiles = [(i % columns, i // columns) for i in range(copies)]
    west, south = network.shape.min(axis=0)
    east, north = network.shape.max(axis=0)
    step = np.array([(east - west) * (1 + GAP), (north - south) * (1 + GAP)])
    pairs = _links(network, tiles)
    return _joined(network, np.array(tiles) * step, pairs)


def _links(network: Network, tiles: list[tuple[int, int]]) -> NDArray[np.int64]:
    """Junctions to be linked: on the sides where two copies face each other."""
    place = {tile: i for i, tile in enumerate(tiles)}
    found = []
    for axis, (right, up) in enumerate(((1, 0), (0, 1))):
        near, far = _facing(network, axis)
        for (x, y), i in place.items():
            j = place.get((x + right, y + up))
            if j is not None:
                found += [
                    (i * network.nodes + a, j * network.nodes + b)
                    for a, b in zip(far, near, strict=True)
                ]
    return np.array(found, np.int64)


def _facing(network: Network, axis: int) -> tuple[list[int], list[int]]:
    """The outermost junctions on both sides, in bands across, of the part that holds together."""
    held = np.unique(network.tail[components(network, "car").arcs_within(network)])
    along = (network.node_lon, network.node_lat)[axis][held]
    across = (network.node_lat, network.node_lon)[axis][held]
    low, high = np.quantile(across, (0.1, 0.9))
    band = np.clip(((across - low) / (high - low) * LINKS).astype(int), 0, LINKS - 1)
    near, far = [], []
    for i in range(LINKS):
        here = np.flatnonzero(band == i)
        near.append(int(held[here[along[here].argmin()]]))
        far.append(int(held[here[along[here].argmax()]]))
    return near, far


def _joined(network: Network, offsets: Floats, pairs: NDArray[np.int64]) -> Network:
    copies, links = len(offsets), len(pairs)
    lon = (offsets[:, :1] + network.node_lon).ravel()
    lat = (offsets[:, 1:] + network.node_lat).ravel()
    ends = np.concatenate((pairs, pairs[:, ::-1]))
    length = _length_m(lon, lat, pairs)
    shape = np.concatenate(
        (
            (offsets[:, None, :] + network.shape).reshape(-1, 2),
            np.stack((lon[pairs], lat[pairs]), axis=2).reshape(-1, 2),
        )
    )
    vertices = copies * len(network.shape)
    starts = _shifted(network.shape_start[:-1], copies, len(network.shape))
    link_segments = copies * network.segments + np.arange(links)
    speed = np.full((len(PROFILES), 2 * links), LINK_KMH, np.float32)
    return Network(
        node_lon=lon,
        node_lat=lat,
        node_id=np.arange(len(lon)),
        tail=_with(_shifted(network.tail, copies, network.nodes), ends[:, 0]),
        head=_with(_shifted(network.head, copies, network.nodes), ends[:, 1]),
        segment=_with(
            _shifted(network.segment, copies, network.segments), np.tile(link_segments, 2)
        ),
        forward=np.concatenate((np.tile(network.forward, copies), np.repeat([True, False], links))),
        length_m=np.concatenate((np.tile(network.length_m, copies), np.tile(length, 2))),
        access=np.concatenate((np.tile(network.access, copies), np.full(2 * links, EVERYONE))),
        speed_kmh=np.concatenate((np.tile(network.speed_kmh, copies), speed), axis=1),
        way=np.concatenate((np.tile(network.way, copies), -1 - np.arange(links))),
        highway=_with(np.tile(network.highway, copies), np.zeros(links, np.int64)),
        name=_with(np.tile(network.name, copies), np.zeros(links, np.int64)),
        shape_start=np.concatenate((starts, vertices + 2 * np.arange(links + 1))),
        shape=shape,
        banned=_shifted(network.banned.ravel(), copies, network.arcs)
        .reshape(-1, 2)
        .astype(np.int32),
        banned_access=np.tile(network.banned_access, copies),
        highways=network.highways,
        names=network.names,
        estimated=True,
        source=network.source,
        as_of=network.as_of,
        report={"copies": copies, "links": links},
    )


def _shifted(values: NDArray[np.integer], copies: int, size: int) -> NDArray[np.int64]:
    return (values + size * np.arange(copies)[:, None]).ravel()


def _with(values: NDArray[np.int64], more: NDArray[np.int64]) -> NDArray[np.int32]:
    return np.concatenate((values, more)).astype(np.int32)


def _length_m(lon: Floats, lat: Floats, pairs: NDArray[np.int64]) -> Floats:
    x = (lon[pairs[:, 1]] - lon[pairs[:, 0]]) * np.cos(np.radians(lat[pairs[:, 0]]))
    y = lat[pairs[:, 1]] - lat[pairs[:, 0]]
    return np.hypot(x, y) * 111_195.0


def more_banned(network: Network, share: float = BANNED) -> Network:
    """Return the network with a share of all turns of cars forbidden for everyone, drawn anew."""
    graph = turn_graph(network, "car")
    choice: Bools = graph.first[1:] - graph.first[:-1] > 1
    turns = np.flatnonzero(choice[graph.begins])
    drawn = np.random.default_rng(SEED).choice(turns, int(len(turns) * share), replace=False)
    drawn.sort()
    banned = np.stack((graph.arc[graph.begins[drawn]], graph.arc[graph.ends[drawn]]), axis=1)
    return replace(
        network,
        banned=np.concatenate((network.banned, banned)).astype(np.int32),
        banned_access=np.concatenate((network.banned_access, np.full(len(drawn), EVERYONE))),
    )
