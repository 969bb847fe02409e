"""GraphML as OSMnx writes it becomes ways: one for each pair of opposite edges."""

from __future__ import annotations

import ast
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

import numpy as np
import shapely

from sispamkota.roads import load_errors
from sispamkota.roads.load_tags import one_way
from sispamkota.roads.load_ways import Ways, on_grid
from sispamkota.roads.network import Floats
from sispamkota.roads.profiles import Kind, kind_of, rules

_SPACE = "{http://graphml.graphdrawing.org/xmlns}"
_DIGITS = 18
_LONGEST = 10_000  # letters of a list
_PASSED_ON = ("maxspeed", "access", "junction", "surface", "tracktype", "name", "motor_vehicle")


@dataclass(frozen=True, slots=True)
class _Edge:
    tail: int
    head: int
    line: Floats
    data: Mapping[str, str]

    def key(self, *, back: bool = False) -> tuple[int, int, bytes]:
        """What tells an edge; `back`: what its opposite would have."""
        if back:
            return self.head, self.tail, np.ascontiguousarray(self.line[::-1]).tobytes()
        return self.tail, self.head, self.line.tobytes()


def read_graphml_ways(name: str, content: bytes) -> Ways:
    """Read a street graph of OSMnx (nodes with `x`, `y`; edges with `highway`, `oneway`).

    Raises:
        DomainError: `damaged_roads` when it is no such graph, `bad_position`.
    """
    try:
        if _declares_a_type(content):
            raise load_errors.damaged(name, "DOCTYPE")
        # without a document type there are no entities to blow up
        root = ET.fromstring(content)  # noqa: S314
    except (ET.ParseError, expat.ExpatError, LookupError, ValueError) as error:
        raise load_errors.damaged(name, str(error)) from error
    graph = root.find(f"{_SPACE}graph")
    if graph is None:
        raise load_errors.damaged(name, "graph?")
    keys = {k.get("id", ""): k.get("attr.name", "") for k in root.iter(f"{_SPACE}key")}
    try:
        places = _places(name, graph, keys)
        return _ways(_edges(graph, keys, places))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # XML, but no graph as OSMnx writes them
        raise load_errors.damaged(name, f"{type(error).__name__}: {error}") from error
    except shapely.GEOSException as error:
        raise load_errors.damaged(name, str(error)) from error


class _Seen(Exception):  # noqa: N818 - no error: the first element begins
    """There is nothing more to look for."""


def _declares_a_type(content: bytes) -> bool:
    """Whether a document type stands before the first element, in whatever encoding."""
    declared: list[str] = []

    def declares(*_: Any) -> None:
        declared.append("DOCTYPE")
        raise _Seen

    def begins(*_: Any) -> None:
        raise _Seen

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declares
    parser.StartElementHandler = begins
    with suppress(_Seen):
        parser.Parse(content, True)
    return bool(declared)


def _whole(text: str, sign: int = 1) -> int:
    """The number of a text; 0 where it is none, or beyond what a file of roads counts to."""
    fits = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return sign * int(text) if fits else 0


def _data(element: Any, keys: Mapping[str, str]) -> dict[str, str]:
    found = element.findall(f"{_SPACE}data")
    return {keys[d.get("key")]: d.text or "" for d in found}


def _places(name: str, graph: Any, keys: Mapping[str, str]) -> dict[str, tuple[int, Floats]]:
    places: dict[str, tuple[int, Floats]] = {}
    for i, node in enumerate(graph.findall(f"{_SPACE}node")):
        data, code = _data(node, keys), node.get("id")
        lon, lat = float(data["x"]), float(data["y"])
        if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004
            raise load_errors.absurd(name, f"node {code}", lon, lat)
        number = _whole(code.removeprefix("-"), -1 if code.startswith("-") else 1) or -i - 1
        places[code] = number, on_grid(np.array([lon, lat]))
    return places


def _edges(
    graph: Any, keys: Mapping[str, str], places: Mapping[str, tuple[int, Floats]]
) -> list[_Edge]:
    edges = []
    for element in graph.findall(f"{_SPACE}edge"):
        data = _data(element, keys)
        tail, start = places[element.get("source")]
        head, end = places[element.get("target")]
        inner = np.empty((0, 2))
        if data.get("geometry"):
            inner = on_grid(shapely.get_coordinates(shapely.from_wkt(data["geometry"])))[1:-1]
        edges.append(_Edge(tail, head, np.concatenate([[start], inner, [end]]), data))
    return edges


def _first(text: str) -> str:
    """The first of a list that OSMnx wrote as Python would, or the text itself."""
    return (_listed(text) or [""])[0]


def _listed(text: str) -> list[str]:
    """The list that OSMnx wrote as Python would; of one where it is plain text."""
    if not text.startswith("["):
        return [text]
    try:
        found = ast.literal_eval(text[:_LONGEST])
    except (MemoryError, RecursionError, SyntaxError, TypeError, ValueError):
        return []
    return [str(part) for part in found]


def _lowest_class(text: str) -> str:
    """Of several classes the one lowest in the table: the slower, the safer guess."""
    order = list(rules()["speed_kmh"])
    return max(_listed(text), key=lambda c: order.index(c) if c in order else -1, default="road")


def _tags(data: Mapping[str, str]) -> dict[str, str]:
    tags = {key: _first(data[key]) for key in _PASSED_ON if data.get(key)}
    tags["highway"] = _lowest_class(data.get("highway", "road"))
    return tags


def _ways(edges: list[_Edge]) -> Ways:
    waiting: dict[tuple[int, int, bytes], list[int]] = {}
    partner: dict[int, int] = {}
    for i, edge in enumerate(edges):
        back = waiting.get(edge.key(back=True))
        if back:
            partner[back.pop()] = i
        else:
            waiting.setdefault(edge.key(), []).append(i)
    second = set(partner.values())
    kinds: dict[Kind, int] = {}
    names: dict[str, int] = {"": 0}
    dropped: Counter[str] = Counter()
    rows: list[tuple[_Edge, int, int]] = []
    for i, edge in enumerate(edges):
        if i in second:
            continue
        tags = _tags(edge.data)
        kind = kind_of(tags)
        if kind.dropped is not None:
            dropped[kind.dropped] += 1
            continue
        if i not in partner:
            kind = _forward_only(tags)
        name = names.setdefault(_first(edge.data.get("name", "")), len(names))
        rows.append((edge, kinds.setdefault(kind, len(kinds)), name))
    report = {
        "ways_kept": len(rows),
        "ways_dropped": dict(sorted(dropped.items())),
        "ways_outside": 0,
        "edges": len(edges),
        "opposite_edges_paired": len(partner),
    }
    return _columns(rows, tuple(kinds), tuple(names), report)


def _forward_only(tags: Mapping[str, str]) -> Kind:
    """One edge alone: vehicles go its way only; walkers, whom one-way rules do not bind, both."""
    both = kind_of({**tags, "oneway": "no"})
    forward = kind_of({**tags, "oneway": "yes"})
    return forward if any(forward.forward) else one_way(both)


def _columns(
    rows: list[tuple[_Edge, int, int]],
    kinds: tuple[Kind, ...],
    names: tuple[str, ...],
    report: dict[str, Any],
) -> Ways:
    sizes = [len(edge.line) for edge, _, _ in rows]
    start = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    position = np.concatenate([edge.line for edge, _, _ in rows]) if rows else np.empty((0, 2))
    ends = {edge.tail for edge, _, _ in rows} | {edge.head for edge, _, _ in rows}
    # vertices between the ends have no numbers of their own: below all that are taken
    node = min([0, *ends]) - 1 - np.arange(len(position), dtype=np.int64)
    if rows:
        node[start[:-1]] = [edge.tail for edge, _, _ in rows]
        node[start[1:] - 1] = [edge.head for edge, _, _ in rows]
    numbers = [_first(edge.data.get("osmid", "")) for edge, _, _ in rows]
    ids = [_whole(n) or -i - 1 for i, n in enumerate(numbers)]
    extent = [180.0, 90.0, -180.0, -90.0]
    if rows:
        extent = [*map(float, position.min(axis=0)), *map(float, position.max(axis=0))]
    return Ways(
        id=np.array(ids, np.int64),
        start=start,
        node=node,
        position=position,
        kind=np.array([kind for _, kind, _ in rows], np.int32),
        kinds=kinds,
        name=np.array([name for _, _, name in rows], np.int32),
        names=names,
        report=report | {"found": extent},
    )
