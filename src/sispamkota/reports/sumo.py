"""The roads and the traffic of a plan as plain XML of Eclipse SUMO, and SUMO's answers read back.

One edge per arc of the network, with more lanes on the widest roads; a road that ends where it
begins is cut in two, for SUMO knows no such edge. Every turn that is allowed is a connection of
its own and no other is, so that bans hold. Text in, text out.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np

from sispamkota.roads.graph import TurnGraph
from sispamkota.roads.network import PROFILES, Floats, Network

EARTH_M = 6_371_008.8
LANE_PCU_H = 1500.0
"""Capacity of one lane; wider roads get more lanes (an assumption)."""
HOUR_S = 3600
LEAST_M = 0.1
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Vehicles that take the same way.

    Attributes:
        arcs: arcs of the network in order of travel.
        flow: passenger car units in the hour.
    """

    arcs: tuple[int, ...]
    flow: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of SUMO tells.

    Attributes:
        loaded: vehicles that should set out.
        completed: of which arrived.
        running: of which were still on the way when the run ended.
        waiting: of which never found room to set out.
        teleports: times a vehicle stuck for long was lifted on by SUMO.
        travel_s: mean time on the way.
        lost_s: mean time lost against free speed.
        delay_s: mean wait before setting out.
        curve: (seconds, running, halting, waiting to set out), minute by minute.
    """

    loaded: int
    completed: int
    running: int
    waiting: int
    teleports: int
    travel_s: float
    lost_s: float
    delay_s: float
    curve: tuple[tuple[float, int, int, int], ...]

    @property
    def longest_queue(self) -> int:
        """Most vehicles that stood still at once."""
        return max((row[2] for row in self.curve), default=0)

    def as_json(self) -> dict[str, Any]:
        """Return the figures of the run, without its curve."""
        return {
            "loaded": self.loaded,
            "completed": self.completed,
            "running": self.running,
            "waiting": self.waiting,
            "teleports": self.teleports,
            "mean_travel_s": round(self.travel_s, 1),
            "mean_time_lost_s": round(self.lost_s, 1),
            "mean_depart_delay_s": round(self.delay_s, 1),
            "longest_queue": self.longest_queue,
        }


def nodes_xml(network: Network) -> str:
    """Return the junctions, in metres on a plane that touches the globe at their middle."""
    x, y = _flat(network, network.node_lon, network.node_lat)
    rows = [
        f'  <node id="n{i}" x="{x[i]:.2f}" y="{y[i]:.2f}" type="priority"/>'
        for i in range(network.nodes)
    ]
    for segment in np.unique(network.segment[network.tail == network.head]).tolist():
        shape = network.shape[network.shape_start[segment] : network.shape_start[segment + 1]]
        middle = shape[len(shape) // 2 : len(shape) // 2 + 1]
        (at_x,), (at_y,) = _flat(network, middle[:, 0], middle[:, 1])
        rows.append(f'  <node id="m{segment}" x="{at_x:.2f}" y="{at_y:.2f}" type="priority"/>')
    return _document("nodes", rows)


def edge_ids(network: Network, arc: int) -> tuple[str, ...]:
    """Return the edges of an arc in order of travel: one, or two where it ends at its beginning."""
    if network.tail[arc] == network.head[arc]:
        return f"a{arc}", f"a{arc}b"
    return (f"a{arc}",)


def edges_xml(network: Network, graph: TurnGraph, capacity: Floats) -> str:
    """Return an edge for every arc that cars may use.

    Args:
        network: the roads.
        graph: turns of cars on it.
        capacity: per arc, passenger car units an hour.
    """
    return _document("edges", _edges(network, graph, capacity))


def _edges(network: Network, graph: TurnGraph, capacity: Floats) -> Iterator[str]:
    speed = network.speed_kmh[PROFILES.index("car")] / 3.6
    for arc in graph.arc.tolist():
        line = network.line(arc)
        ids = edge_ids(network, arc)
        ends = [f"n{network.tail[arc]}", f"n{network.head[arc]}"]
        parts = [line]
        if len(ids) > 1:
            # counted from the end of the shape where the arc runs against it: the same vertex
            half = len(line) // 2 if network.forward[arc] else len(line) - 1 - len(line) // 2
            ends.insert(1, f"m{network.segment[arc]}")
            parts = [line[: half + 1], line[half:]]
        lanes = max(1, round(float(capacity[arc]) / LANE_PCU_H))
        name = network.name_of(arc)
        named = f" name={quoteattr(name)}" if name else ""
        length = max(float(network.length_m[arc]) / len(ids), LEAST_M)
        for edge, part, tail, head in zip(ids, parts, ends[:-1], ends[1:], strict=True):
            x, y = _flat(network, part[:, 0], part[:, 1])
            shape = " ".join(f"{a:.2f},{b:.2f}" for a, b in zip(x, y, strict=True))
            yield (
                f'  <edge id="{edge}" from="{tail}" to="{head}" numLanes="{lanes}" '
                f'speed="{speed[arc]:.2f}" length="{length:.2f}" shape="{shape}"{named}/>'
            )


def connections_xml(network: Network, graph: TurnGraph) -> str:
    """Return every allowed turn; an edge without any gets none, and so ends there."""
    ids = {a: edge_ids(network, a) for a in graph.arc.tolist()}
    turns = zip(graph.arc[graph.begins].tolist(), graph.arc[graph.ends].tolist(), strict=True)
    rows = [f'  <connection from="{ids[a][-1]}" to="{ids[b][0]}"/>' for a, b in turns]
    rows += [f'  <connection from="{i[0]}" to="{i[1]}"/>' for i in ids.values() if len(i) > 1]
    dead = np.setdiff1d(graph.arc, graph.arc[graph.begins])
    rows += [f'  <connection from="{ids[a][-1]}"/>' for a in dead.tolist()]
    # the network is named so that whoever reads the file alone knows where it is from
    note = f"  <!-- {_plain(network.source)}, {network.as_of.isoformat()} -->"
    return _document("connections", [note, *rows])


def routes_xml(network: Network, paths: Sequence[Path]) -> str:
    """Return one vehicle per passenger car unit, spread evenly over the hour.

    Fractions are carried from path to path, so that the sum is that of the flows and every run of
    this makes the same vehicles.
    """
    return _document("routes", _vehicles(network, paths))


def _vehicles(network: Network, paths: Sequence[Path]) -> Iterator[str]:
    yield '  <vType id="pcu" vClass="passenger" length="5.0" sigma="0.5"/>'
    made: list[tuple[float, int, int]] = []
    carried = 0.0
    for row, path in enumerate(paths):
        carried += path.flow
        count = math.floor(carried + 1e-9)
        carried -= count
        # a golden step sets the paths apart within the hour without drawing lots
        offset = (row * 0.618033988749895) % 1.0
        made += [((k + offset) / count * HOUR_S, row, k) for k in range(count)]
    for depart, row, k in sorted(made):
        edges = " ".join(e for a in paths[row].arcs for e in edge_ids(network, a))
        yield (
            f'  <vehicle id="p{row}.{k}" type="pcu" depart="{depart:.2f}" departLane="best">'
            f'<route edges="{edges}"/></vehicle>'
        )


def count_of(paths: Iterable[Path]) -> int:
    """Return how many vehicles `routes_xml` makes of the paths."""
    return math.floor(sum(p.flow for p in paths) + 1e-9)


def selection(network: Network, arcs: Iterable[int]) -> str:
    """Return edges as a selection that sumo-gui loads."""
    return "".join(f"edge:{edge}\n" for arc in arcs for edge in edge_ids(network, arc))


def read_run(statistics: bytes, summary: bytes) -> Run:
    """Return what SUMO's `--statistic-output` and `--summary-output` say.

    Raises:
        ValueError: a file is not what SUMO writes.
    """
    try:
        told, steps = ET.fromstring(statistics), ET.fromstring(summary)  # noqa: S314  (SUMO's own)
        vehicles, trips = _part(told, "vehicles"), _part(told, "vehicleTripStatistics")
        loaded = int(vehicles["loaded"])
        running, waiting = int(vehicles["running"]), int(vehicles["waiting"])
        return Run(
            loaded=loaded,
            completed=loaded - running - waiting,
            running=running,
            waiting=waiting,
            teleports=int(_part(told, "teleports")["total"]),
            travel_s=float(trips["duration"]),
            lost_s=float(trips["timeLoss"]),
            delay_s=float(trips["departDelay"]),
            curve=_while_moving([_step(s.attrib) for s in steps.iter("step")]),
        )
    except (ET.ParseError, KeyError) as error:
        raise ValueError(f"no output of SUMO: {error}") from error


def _part(told: ET.Element, name: str) -> dict[str, str]:
    found = told.find(name)
    if found is None:
        raise KeyError(name)
    return dict(found.attrib)


def _step(told: dict[str, str]) -> tuple[float, int, int, int]:
    return (
        float(told["time"]),
        int(told["running"]),
        int(told.get("halting", "0")),
        int(told["waiting"]),
    )


def _while_moving(
    curve: Sequence[tuple[float, int, int, int]],
) -> tuple[tuple[float, int, int, int], ...]:
    """Leave out the end, when everybody has arrived; its first moment stays."""
    last = max((i for i, row in enumerate(curve) if row[1] or row[3]), default=0)
    return tuple(curve[: last + 2])


def _flat(network: Network, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    west, south = float(network.node_lon.mean()), float(network.node_lat.mean())
    degree = math.radians(1.0) * EARTH_M
    x: Floats = (lon - west) * degree * math.cos(math.radians(south))
    y: Floats = (lat - south) * degree
    return x, y


def _plain(text: str) -> str:
    return text.replace("--", "-").replace("<", "").replace(">", "").replace("&", "+")


def _document(name: str, rows: Iterable[str]) -> str:
    body = "\n".join(rows)
    return f"{HEAD}<{name}>\n{body}\n</{name}>\n"


__all__ = [
    "Path",
    "Run",
    "connections_xml",
    "count_of",
    "edges_xml",
    "nodes_xml",
    "read_run",
    "routes_xml",
    "selection",
]
