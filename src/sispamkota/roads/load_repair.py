"""Lines drawn without common points are joined: where they cross, and where an end almost meets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
import shapely
from scipy.sparse.csgraph import connected_components

from sispamkota.roads.load_ways import EARTH_M, Ways, on_grid
from sispamkota.roads.network import Floats, Longs

_SAME_M = 0.5  # a crossing this near to a vertex is at the vertex


@dataclass(slots=True, kw_only=True)
class _Meetings:
    """Places on edges, and what is to become one place with what.

    Attributes:
        edge: edge of each new vertex.
        part: how far along the edge.
        a, b: pairs of vertices to be one; a number past the old vertices is a new one.
    """

    edge: Longs
    part: Floats
    a: Longs
    b: Longs


def joined(ways: Ways, tolerance_m: float) -> tuple[Ways, dict[str, Any]]:
    """Give lines common points where they cross, and where an end is near another line.

    Args:
        ways: lines whose vertices are one place only where their positions are equal.
        tolerance_m: how far an end may be from the line it is joined to.

    Returns:
        The ways with new vertices and common nodes, and the counts of what was repaired.
    """
    before = _pieces_of(ways)
    ways, crossings = _apply(ways, _crossings(ways))
    ways, ends = _apply(ways, _loose_ends(ways, tolerance_m))
    return ways, {
        "tolerance_m": tolerance_m,
        "pieces_before": before,
        "pieces_after": _pieces_of(ways),
        "crossings_joined": crossings,
        "ends_joined": ends,
    }


def _flat(position: Floats) -> Floats:
    degree = np.radians(1.0) * EARTH_M
    middle = (np.nanmin(position, axis=0) + np.nanmax(position, axis=0)) / 2
    scale = np.array([degree * np.cos(np.radians(middle[1])), degree])
    flat: Floats = (position - middle) * scale
    return flat


def _way_of(ways: Ways) -> Longs:
    return np.repeat(np.arange(len(ways.id)), np.diff(ways.start))


def _edges(ways: Ways) -> Longs:
    """The first vertex of every edge."""
    way = _way_of(ways)
    return np.flatnonzero((way[1:] == way[:-1]) & (ways.node[1:] != ways.node[:-1]))


def _pieces_of(ways: Ways) -> int:
    numbers, node = np.unique(ways.node, return_inverse=True)
    edge = _edges(ways)
    ones = np.ones(len(edge), np.int8)
    graph = sp.csr_matrix((ones, (node[edge], node[edge + 1])), shape=(len(numbers),) * 2)
    return int(connected_components(graph, directed=False)[0])


def _crossings(ways: Ways) -> _Meetings:
    """Edges that cut each other without a common node."""
    flat, edge = _flat(ways.position), _edges(ways)
    lines = shapely.linestrings(np.stack([flat[edge], flat[edge + 1]], axis=1))
    one, two = shapely.STRtree(lines).query(lines, predicate="intersects")
    one, two = one[one < two], two[one < two]
    first, second = edge[one], edge[two]
    ends = [(i, j) for i in (0, 1) for j in (0, 1)]
    strange = ~np.any([ways.node[first + i] == ways.node[second + j] for i, j in ends], axis=0)
    one, two, first, second = one[strange], two[strange], first[strange], second[strange]
    t, u, clean = _cuts(flat, first, second)
    return _meet(ways, flat, (first[clean], t[clean]), (second[clean], u[clean]), _SAME_M)


def _cuts(flat: Floats, first: Longs, second: Longs) -> tuple[Floats, Floats, Any]:
    """How far along each edge they cut; parallel ones lie on each other and do not."""
    p, q = flat[first], flat[second]
    r, s = flat[first + 1] - p, flat[second + 1] - q
    across = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
    clean = np.abs(across) > 1e-9  # noqa: PLR2004
    safe = np.where(clean, across, 1.0)
    w = q - p
    t = (w[:, 0] * s[:, 1] - w[:, 1] * s[:, 0]) / safe
    u = (w[:, 0] * r[:, 1] - w[:, 1] * r[:, 0]) / safe
    return np.clip(t, 0, 1), np.clip(u, 0, 1), clean


def _loose_ends(ways: Ways, tolerance_m: float) -> _Meetings:
    """Ends that meet nothing, each with the nearest place of another way within the tolerance."""
    flat, edge, way = _flat(ways.position), _edges(ways), _way_of(ways)
    ends = np.unique(np.concatenate([ways.start[:-1], ways.start[1:] - 1]))
    _, node, counts = np.unique(ways.node, return_inverse=True, return_counts=True)
    ends = ends[counts[node[ends]] == 1]
    lines = shapely.linestrings(np.stack([flat[edge], flat[edge + 1]], axis=1))
    points = shapely.points(flat[ends])
    asked, found = shapely.STRtree(lines).query(points, predicate="dwithin", distance=tolerance_m)
    other = way[ends[asked]] != way[edge[found]]
    asked, found = asked[other], found[other]
    away = shapely.distance(points[asked], lines[found])
    ranked = np.lexsort((found, away, asked))
    asked, found = asked[ranked], found[ranked]
    _, nearest = np.unique(asked, return_index=True)
    asked, found = asked[nearest], found[nearest]
    length = shapely.length(lines[found])
    along = shapely.line_locate_point(lines[found], points[asked])
    part = np.divide(along, length, out=np.zeros(len(found)), where=length > 0)
    meeting = _meet(ways, flat, (edge[found], part), None, min(_SAME_M, tolerance_m))
    return replace(meeting, b=ends[asked])


def _meet(
    ways: Ways,
    flat: Floats,
    one: tuple[Longs, Floats],
    two: tuple[Longs, Floats] | None,
    same_m: float,
) -> _Meetings:
    """Places on edges become vertices: the edge's own where one is near, else new ones."""
    edge, part = (
        one if two is None else tuple(np.concatenate(c) for c in zip(one, two, strict=True))
    )
    length = np.hypot(*(flat[edge + 1] - flat[edge]).T)
    at_tail, at_head = part * length <= same_m, (1 - part) * length <= same_m
    vertex = np.where(at_tail, edge, np.where(at_head, edge + 1, -1))
    fresh = np.flatnonzero(vertex < 0)
    vertex[fresh] = len(ways.node) + np.arange(len(fresh))
    half = len(vertex) // 2
    a, b = (vertex, vertex) if two is None else (vertex[:half], vertex[half:])
    return _Meetings(edge=edge[fresh], part=part[fresh], a=a, b=b)


def _apply(ways: Ways, found: _Meetings) -> tuple[Ways, int]:
    """Put the new vertices in and make one node of all that meet; the first tells the place."""
    count = len(found.a)
    if not count:
        return ways, 0
    old = len(ways.node)
    tail, head = ways.position[found.edge], ways.position[found.edge + 1]
    placed = on_grid(tail + (head - tail) * found.part[:, None])
    lowest = min(0, int(ways.node.min())) - 1
    node = np.concatenate([ways.node, lowest - np.arange(len(found.edge))])
    position = np.concatenate([ways.position, placed])
    numbers, index = np.unique(node, return_inverse=True)
    pairs = (np.ones(count, np.int8), (index[found.a], index[found.b]))
    graph = sp.csr_matrix(pairs, shape=(len(numbers),) * 2)
    _, group = connected_components(graph, directed=False)
    # an old node keeps its number and its place rather than a new one
    first = np.full(group.max() + 1, len(node))
    np.minimum.at(first, group[index], np.arange(len(node)))
    chosen = first[group[index]]
    node, position = node[chosen], position[chosen]
    order = np.argsort(
        np.concatenate([np.arange(old, dtype=np.float64), found.edge + 0.5]), kind="stable"
    )
    order = _by_part(order, old, found.part)
    added = np.bincount(_way_of(ways)[found.edge], minlength=len(ways.id))
    start = ways.start + np.concatenate(([0], np.cumsum(added)))
    return replace(ways, node=node[order], position=position[order], start=start), count


def _by_part(order: Longs, old: int, part: Floats) -> Longs:
    """Order the new vertices of one edge by how far along they are."""
    fresh = order >= old
    run = np.cumsum(~fresh)
    along = np.full(len(order), -1.0)
    along[fresh] = part[order[fresh] - old]
    ranked = np.lexsort((order, along, run))
    sorted_: Longs = order[ranked]
    return sorted_
