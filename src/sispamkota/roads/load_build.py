"""Ways become a network: cut at the box, split where roads meet, one arc per direction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sispamkota.roads.load_report import kept, lengths_by_class
from sispamkota.roads.load_turns import banned_turns
from sispamkota.roads.load_ways import Box, Ways, distances_m
from sispamkota.roads.network import PROFILES, Bools, Floats, Ints, Longs, Network
from sispamkota.roads.profiles import bits_of

_PASSAGE_KMH = 5.0  # through a barrier; its piece has no length, so only "may pass" counts


@dataclass(slots=True, kw_only=True)
class _Pieces:
    """Pieces of road between junctions, before they get directions.

    Attributes:
        tail: node (index into the nodes of the ways) at the first vertex.
        head: node at the last.
        first: first vertex.
        vertices: number of vertices.
        length_m: along the shape.
        way: index of the way.
    """

    tail: Longs
    head: Longs
    first: Longs
    vertices: Longs
    length_m: Floats
    way: Longs


def build(ways: Ways, *, clip: Box | None, source: str, as_of: dt.date) -> Network:
    """Build the network of the ways.

    A node is kept where roads meet, end, or a barrier stops someone; all other vertices are shape.
    Every piece keeps the number and the name of its way. A barrier inside a road becomes a piece
    without length that only those may use whom the barrier lets through.

    Args:
        ways: what a reader found.
        clip: pieces with no vertex in the box are cut off.
        source: who made the data.
        as_of: the day they hold for.
    """
    ways, repeated = _without_repeats(ways)
    numbers, node = np.unique(ways.node, return_inverse=True)
    drawn, cut = _drawn(ways, clip)
    at = np.full((len(numbers), 2), np.nan)
    at[node[::-1]] = ways.position[::-1]  # the first vertex of a node tells its place
    bars = _bars_of(numbers, ways)
    breaks = _breaks(ways, node, drawn, bars)
    pieces, loops = _without_dots(_pieces(ways, node, drawn, breaks))
    end = _Ends(at=at, numbers=numbers, bars=bars)
    pieces, passages, barriers = _with_barriers(pieces, end)
    report: dict[str, Any] = dict(ways.report) | {
        "clipped": cut,
        "repeated_vertices": repeated,
        "zero_length_loops": loops,
        "barriers": barriers,
    }
    network = _network(ways, pieces, passages, end, (source, as_of))
    banned, bars_turns, told = banned_turns(network, ways.restrictions)
    report |= {"restrictions": told}
    report |= kept(network, ways.kinds, ways.kind[pieces.way], len(passages))
    report["length_km"] = lengths_by_class(network)
    return replace(network, banned=banned, banned_access=bars_turns, report=report)


def _way_of(ways: Ways) -> Longs:
    return np.repeat(np.arange(len(ways.id)), np.diff(ways.start))


def _without_repeats(ways: Ways) -> tuple[Ways, int]:
    """Drop a vertex that names the node of the vertex before it."""
    same = np.zeros(len(ways.node), bool)
    same[1:] = ways.node[1:] == ways.node[:-1]
    same[ways.start[:-1]] = False
    if not same.any():
        return ways, 0
    gone = np.concatenate(([0], np.cumsum(same)))
    ways = replace(
        ways,
        start=ways.start - gone[ways.start],
        node=ways.node[~same],
        position=ways.position[~same],
    )
    return ways, int(gone[-1])


def _drawn(ways: Ways, clip: Box | None) -> tuple[Bools, dict[str, int]]:
    """Which vertices have a line to the next: both known and, with a box, one of them inside."""
    way = _way_of(ways)
    line = np.zeros(len(ways.node), bool)
    line[:-1] = way[1:] == way[:-1]
    known = ~np.isnan(ways.position[:, 0])
    whole = line.copy()
    whole[:-1] &= known[1:] & known[:-1]
    lost = np.unique(way[line & ~whole])
    cut = whole.copy()
    if clip is not None:
        west, south, east, north = clip
        lon, lat = ways.position.T
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        cut[:-1] &= inside[1:] | inside[:-1]
    return cut, {
        "ways_missing_nodes": len(lost),
        "ways_cut": len(np.unique(way[whole & ~cut])),
    }


def _bars_of(numbers: Longs, ways: Ways) -> np.ndarray[Any, np.dtype[np.uint8]]:
    bars = np.zeros(len(numbers), np.uint8)
    known = np.array(sorted(ways.barriers), np.int64)
    if len(known) and len(numbers):
        place = np.minimum(np.searchsorted(numbers, known), len(numbers) - 1)
        there = numbers[place] == known
        bars[place[there]] = [ways.barriers[number] for number in known[there].tolist()]
    return bars


def _breaks(ways: Ways, node: Longs, drawn: Bools, bars: Any) -> Bools:
    """Which vertices end a piece: the node is met more than once, a line ends, or a barrier."""
    before = np.zeros(len(drawn), bool)
    before[1:] = drawn[:-1]
    used = drawn | before
    met = np.bincount(node[used], minlength=len(bars)) if len(node) else np.empty(0, np.int64)
    special = bars > 0
    via = np.array([n for r in ways.restrictions for n in r.via_nodes], np.int64)
    breaks: Bools = used & (~(drawn & before) | (met[node] > 1) | special[node])
    if len(via):
        breaks |= used & np.isin(ways.node, via)
    return breaks


def _pieces(ways: Ways, node: Longs, drawn: Bools, breaks: Bools) -> _Pieces:
    lines = np.flatnonzero(drawn)
    if not len(lines):
        none = np.empty(0, np.int64)
        return _Pieces(
            tail=none, head=none, first=none, vertices=none, length_m=np.empty(0), way=none
        )
    metres = distances_m(ways.position[lines], ways.position[lines + 1])
    begins = np.flatnonzero(breaks[lines])
    ends = np.concatenate((begins[1:], [len(lines)])) - 1
    first, last = lines[begins], lines[ends] + 1
    return _Pieces(
        tail=node[first],
        head=node[last],
        first=first,
        vertices=last - first + 1,
        length_m=np.add.reduceat(metres, begins),
        way=_way_of(ways)[first],
    )


def _without_dots(pieces: _Pieces) -> tuple[_Pieces, int]:
    """Drop loops that go nowhere."""
    dots = (pieces.tail == pieces.head) & (pieces.length_m <= 0)
    return _taken(pieces, ~dots), int(np.count_nonzero(dots))


def _taken(pieces: _Pieces, which: Any) -> _Pieces:
    return _Pieces(
        tail=pieces.tail[which],
        head=pieces.head[which],
        first=pieces.first[which],
        vertices=pieces.vertices[which],
        length_m=pieces.length_m[which],
        way=pieces.way[which],
    )


@dataclass(slots=True, kw_only=True)
class _Ends:
    """Nodes that pieces may end at: place, number, and whom a barrier there stops."""

    at: Floats
    numbers: Longs
    bars: Any


def _with_barriers(pieces: _Pieces, end: _Ends) -> tuple[_Pieces, Longs, dict[str, int]]:
    """Part the road at every barrier within it.

    Returns:
        The pieces with, at the end, one without length for each barrier that lets someone through;
        for each of these the bits of those let through; and the counts.
    """
    count = len(pieces.tail)
    ends = np.concatenate((pieces.tail, pieces.head))
    arms = np.bincount(ends, minlength=len(end.bars)) if count else np.zeros(0, np.int64)
    stopping = (end.bars > 0) & (arms > 0) if count else np.zeros(0, bool)
    parted = np.flatnonzero(stopping & (arms == 2))  # noqa: PLR2004
    told = {
        "applied": len(parted),
        "at_junctions": int(np.count_nonzero(stopping & (arms > 2))),  # noqa: PLR2004
        "at_ends": int(np.count_nonzero(stopping & (arms == 1))),
    }
    if not len(parted):
        return pieces, np.empty(0, np.int64), told
    order = np.argsort(ends, kind="stable")
    second = order[np.searchsorted(ends[order], parted, side="left") + 1]
    fresh = np.arange(len(parted)) + len(end.numbers)
    ends[second] = fresh
    end.at = np.concatenate((end.at, end.at[parted]))
    end.numbers = np.concatenate((end.numbers, -np.arange(1, len(parted) + 1)))
    through = bits_of(PROFILES) & ~end.bars[parted].astype(np.int64)
    open_ = through > 0
    piece = second % count
    at_head = np.where(second < count, 0, pieces.vertices[piece] - 1)
    vertex = pieces.first[piece] + at_head
    joined = _Pieces(
        tail=np.concatenate((ends[:count], parted[open_])),
        head=np.concatenate((ends[count:], fresh[open_])),
        first=np.concatenate((pieces.first, vertex[open_])),
        vertices=np.concatenate((pieces.vertices, np.ones(int(open_.sum()), np.int64))),
        length_m=np.concatenate((pieces.length_m, np.zeros(int(open_.sum())))),
        way=np.concatenate((pieces.way, pieces.way[piece[open_]])),
    )
    return joined, through[open_], told


def _shapes(ways: Ways, pieces: _Pieces) -> tuple[Longs, Floats]:
    """Lay the vertices of all pieces out; a piece of one vertex (a barrier) shows it twice."""
    sizes = np.maximum(pieces.vertices, 2)
    start = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    step = np.arange(start[-1]) - np.repeat(start[:-1], sizes)
    step = np.minimum(step, np.repeat(pieces.vertices - 1, sizes))
    return start, ways.position[np.repeat(pieces.first, sizes) + step]


def _speeds(ways: Ways, pieces: _Pieces, passages: Longs) -> Floats:
    """Free speeds, (pieces, 2 directions, profiles)."""
    table = np.array([(k.forward, k.backward) for k in ways.kinds]).reshape(-1, 2, len(PROFILES))
    speeds = table[ways.kind[pieces.way]]
    timed = [i for i, kind in enumerate(ways.kinds) if kind.duration_s]
    if timed:
        durations = np.array([kind.duration_s or np.nan for kind in ways.kinds])
        kmh = np.array(_way_lengths(ways)) * 3.6 / durations[ways.kind]
        own = np.isin(ways.kind[pieces.way], timed)
        timed_kmh = np.maximum(kmh[pieces.way[own]], 0.01)[:, None, None]
        speeds[own] = np.where(speeds[own] > 0, timed_kmh, 0)
    if len(passages):
        let = ((passages[:, None] >> np.arange(len(PROFILES))) & 1).astype(bool)
        let &= (speeds[-len(passages) :] > 0).any(axis=1)
        speeds[-len(passages) :] = (let * _PASSAGE_KMH)[:, None, :]
    return speeds


def _way_lengths(ways: Ways) -> Floats:
    way = _way_of(ways)
    metres = np.zeros(len(ways.node))
    metres[:-1] = distances_m(ways.position[:-1], ways.position[1:])
    metres[:-1][way[1:] != way[:-1]] = 0
    summed = np.bincount(way, np.nan_to_num(metres), minlength=len(ways.id))
    return summed.astype(np.float64)


def _network(
    ways: Ways, pieces: _Pieces, passages: Longs, end: _Ends, said: tuple[str, dt.date]
) -> Network:
    count = len(pieces.tail)
    used, ends = np.unique(np.concatenate((pieces.tail, pieces.head)), return_inverse=True)
    tail, head = ends[:count].astype(np.int32), ends[count:].astype(np.int32)
    speeds = _speeds(ways, pieces, passages).reshape(2 * count, len(PROFILES))
    arcs = np.flatnonzero((speeds > 0).any(axis=1))
    segment = arcs // 2
    forward = arcs % 2 == 0
    shape_start, shape = _shapes(ways, pieces)
    highways, highway = _compact([k.highway for k in ways.kinds], ways.kind[pieces.way])
    names, name = _compact(list(ways.names), ways.name[pieces.way], first="")
    bits = (1 << np.arange(len(PROFILES))).astype(np.uint8)
    return Network(
        node_lon=np.ascontiguousarray(end.at[used, 0]),
        node_lat=np.ascontiguousarray(end.at[used, 1]),
        node_id=end.numbers[used],
        tail=np.where(forward, tail[segment], head[segment]).astype(np.int32),
        head=np.where(forward, head[segment], tail[segment]).astype(np.int32),
        segment=segment.astype(np.int32),
        forward=forward,
        length_m=np.round(pieces.length_m, 3)[segment],
        access=((speeds[arcs] > 0) * bits).sum(axis=1).astype(np.uint8),
        speed_kmh=np.ascontiguousarray(speeds[arcs].T.astype(np.float32)),
        way=ways.id[pieces.way],
        highway=highway,
        name=name,
        shape_start=shape_start,
        shape=shape,
        banned=np.empty((0, 2), np.int32),
        banned_access=np.empty(0, np.uint8),
        highways=highways,
        names=names,
        estimated=False,
        source=said[0],
        as_of=said[1],
        report={},
    )


def _compact(
    words: list[str], index: Ints, first: str | None = None
) -> tuple[tuple[str, ...], Ints]:
    """Keep the words in use, sorted (`first` leading), and count the index anew."""
    used = {words[i] for i in np.unique(index).tolist()}
    lead = [] if first is None else [first]
    listed = lead + sorted(used - set(lead))
    place = {word: i for i, word in enumerate(listed)}
    table = np.array([place.get(word, 0) for word in words], np.int32)
    return tuple(listed), table[index] if len(index) else np.empty(0, np.int32)
