"""In which order the states of a turn graph are contracted: nested dissection of the map.

The map of junctions is cut in two, then each half, and so on. A cut of roads parts the states
too: its arcs, both ways, separate the arcs of one side from those of the other. So they come
last, as proposed by Buchhold, Wagner, Zeitz & Zündorf, "Customizable Contraction Hierarchies with
Turn Costs" (ATMOS 2020).
"""

from __future__ import annotations

import numpy as np

from sispamkota.roads.graph import TurnGraph
from sispamkota.roads.graph_kernels import (
    adjacency,
    chains_kernel,
    depths_kernel,
    dissect_kernel,
)
from sispamkota.roads.network import Bools, Floats, Ints

DIRECTIONS = 4


def contraction_order(graph: TurnGraph) -> Ints:
    """Return the states in the order of contraction, the most important last."""
    links, ends = _links(graph)
    nodes = len(graph.node_lon)
    first, other, edge = adjacency(nodes, ends)
    chain, place, flipped, tips, lengths = chains_kernel(nodes, ends, first, other, edge)
    begins = np.cumsum(lengths) - lengths
    depth = depths_kernel(lengths, begins, int(lengths.sum()))[begins[chain] + place]
    cut, ahead = _cuts(graph, tips)
    return _sorted(links, chain, flipped, depth, np.stack((cut, ahead), axis=1))


def _links(graph: TurnGraph) -> tuple[Ints, Ints]:
    """Segments in use: (n, 2) the states along and against (-1 = none), and (n, 2) both ends."""
    _, one, which = np.unique(graph.segment, return_index=True, return_inverse=True)
    links = np.full((len(one), 2), -1, np.int32)
    links[:, 0] = one
    rest = np.setdiff1d(np.arange(graph.states), one)
    links[which[rest], 1] = rest
    return links, np.stack((graph.tail[one], graph.head[one]), axis=1).astype(np.int32)


def _cuts(graph: TurnGraph, tips: Ints) -> tuple[Ints, Bools]:
    """Per chain the cut that it is in, the outermost first, and which way it crosses."""
    kept, ends = np.unique(tips, return_inverse=True)
    ends = ends.reshape(-1, 2).astype(np.int32)
    first, other, edge = adjacency(len(kept), ends)
    flat = _flat(graph.node_lon[kept], graph.node_lat[kept])
    angles = np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    directions = np.stack((np.cos(angles), np.sin(angles)), axis=1)
    cut, ahead = dissect_kernel(ends, first, other, edge, flat[0], flat[1], directions)
    return cut, ahead


def _flat(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    middle = np.radians(lat.mean()) if len(lat) else 0.0
    return lon * np.cos(middle), lat.copy()


def _sorted(links: Ints, chain: Ints, flipped: Bools, depth: Ints, crossing: Ints) -> Ints:
    """Sort states: inner links of chains, from their ends inwards; then cuts, the outermost last.

    One link stands for its chain in a cut. Within a cut those that cross one way come before the
    others: contracting them then joins none of their own kind.
    """
    state = links.ravel()
    cut = np.repeat(crossing[chain, 0], 2)
    against = np.tile([False, True], len(links)) ^ np.repeat(flipped, 2)
    back = against ^ np.repeat(crossing[chain, 1].astype(bool), 2)
    inner = np.repeat((depth > 0) | (crossing[chain, 0] < 0), 2)
    deep = np.where(inner, np.repeat(depth, 2), cut)
    order = np.lexsort((back, -deep, ~inner))
    ranked = state[order]
    return ranked[ranked >= 0]
