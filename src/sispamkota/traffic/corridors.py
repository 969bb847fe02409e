"""The way of an ambulance to and from an event, kept open under the closures.

A closure lets an ambulance through, except where the crowd stands: there nothing drives. It stops
at the edge of the crowd, and the last metres are walked. A corridor holds when the ambulance comes
there and back within the limit; where closures would cut it, proposed ones give way, and a plan in
which those asked for cut it is refused.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text, number
from sispamkota.roads.closures import Closure
from sispamkota.roads.network import Bools, Network
from sispamkota.roads.snap import Snapped
from sispamkota.traffic.closings import (
    Planned,
    Window,
    barred,
    closed_segments,
    in_window,
    reach_of,
    standing_in,
    window_of,
)
from sispamkota.traffic.event_places import Placed
from sispamkota.traffic.rules import Kind, TrafficRules
from sispamkota.traffic.ways import Way, Ways, segment_metres

CorridorDirection = Literal["to_place", "to_hospital"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A named place: a hospital, a post.

    Attributes:
        id: its code.
        name: as people call it.
        lon, lat: degrees.
        approximate: not surveyed; answers about it say so.
    """

    id: str
    name: str
    lon: float
    lat: float
    approximate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Where an ambulance stops.

    Attributes:
        node: junction beyond which the crowd's road is.
        walk_m: what is left to the place.
        driven: whether that road is driven from the junction up to the crowd.
        arc: its direction towards the place; -1 = none.
        part: how far along it.
        back: its other direction; -1 = none.
    """

    node: int
    walk_m: float
    driven: bool = False
    arc: int = -1
    part: float = 0.0
    back: int = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corridor:
    """A way of an ambulance that holds.

    Attributes:
        event: id.
        direction: towards the place or away.
        hospital: from or to where.
        way: under the closures.
        open_s: without the closures of the plan.
        walk_m: the last metres.
        limit_s: within which it must be there.
    """

    event: str
    direction: CorridorDirection
    hospital: Site
    way: Way
    open_s: float
    walk_m: float
    limit_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """What corridors depend on besides the closures of the plan."""

    ways: Ways
    placed: Sequence[Placed]
    kinds: Mapping[str, Kind]
    rules: TrafficRules
    hospitals: Sequence[Site]
    hospital_at: Snapped
    standing: Sequence[Closure]

    def kind(self, placed: Placed) -> Kind:
        """Return the kind of an event."""
        return self.kinds[placed.event.kind]

    def window(self, placed: Placed) -> Window:
        """Return the times of an event."""
        return window_of(placed.event, self.kind(placed))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Barriers:
    """Arcs barred to an ambulance: by closures, with the crowds too, and before the plan."""

    law: Bools
    shut: Bools
    before: Bools


def find_corridors(
    scene: Scene, placed: Placed, planned: Sequence[Planned]
) -> tuple[Corridor, ...] | None:
    """Return the ways there and back of the nearest hospital that has both, or None.

    Args:
        scene: roads, events, hospitals.
        placed: the event.
        planned: closures of all events.
    """
    window = scene.window(placed)
    force = in_window(planned, window)
    standing = [*standing_in(scene.standing, window)]
    network = scene.ways.network
    law = barred(network, [*standing, *(p.closure for p in force)], "car", "emergency")
    shut = law | np.isin(network.segment, list(crowds(scene, force)))
    before = barred(network, standing, "car", "emergency")
    barriers = _Barriers(law=law, shut=shut, before=before)
    edges = edges_of(scene, placed, force)
    found = [
        pair
        for row in range(len(scene.hospitals))
        if (pair := _pair(scene, placed, row, barriers, edges))
    ]
    return min(found, key=lambda p: max(p[0].way.seconds, p[1].way.seconds), default=None)


def crowds(scene: Scene, force: Iterable[Planned]) -> frozenset[int]:
    """Return the segments on which crowds of events stand, of all closures in force."""
    own: dict[str, list[Planned]] = defaultdict(list)
    for planned in force:
        if planned.crowd:
            own[planned.event].append(planned)
    filled: set[int] = set()
    for placed in scene.placed:
        theirs = own.get(placed.event.id)
        if theirs:
            filled |= set(_crowd(scene, placed, theirs)[0])
    return frozenset(filled)


def edges_of(scene: Scene, placed: Placed, force: Sequence[Planned]) -> tuple[Edge, ...]:
    """Return where an ambulance to this event may stop; none where the crowd stands on no road."""
    own = [p for p in force if p.event == placed.event.id and p.crowd]
    filled, away, via = _crowd(scene, placed, own)
    reach = reach_of(placed.event, scene.kind(placed))
    # where not even ambulances are let through, the whole way from the end is walked
    let_in = all("emergency" in p.closure.exempt for p in own)
    edges = []
    for node, metres in sorted(away.items()):
        if not let_in or metres <= reach:
            edges.append(Edge(node=node, walk_m=metres))
        elif via[node] in filled:
            edges.append(_driven_in(scene.ways.network, node, via[node], metres - reach, reach))
    return tuple(edges)


def _driven_in(network: Network, node: int, segment: int, driven: float, reach: float) -> Edge:
    """An edge inside a long piece of road: it is driven from its far end up to the crowd."""
    arcs = np.flatnonzero((network.segment == segment) & network.usable("car"))
    return Edge(
        node=node,
        walk_m=reach,
        driven=True,
        arc=next((int(a) for a in arcs if network.tail[a] == node), -1),
        part=min(1.0, driven / float(segment_metres(network)[segment])),
        back=next((int(a) for a in arcs if network.head[a] == node), -1),
    )


def _crowd(
    scene: Scene, placed: Placed, own: Sequence[Planned]
) -> tuple[frozenset[int], dict[int, float], dict[int, int]]:
    """Segments the crowd stands on, and per junction its distance along them and the last of them.

    A crowd closure that does not hold the place itself is filled from end to end.
    """
    network = scene.ways.network
    closed = closed_segments(own)
    arc = int(placed.at.arc[0])
    here = int(network.segment[arc])
    if here not in closed:
        return closed, {}, {}
    reach = reach_of(placed.event, scene.kind(placed))
    length, part = float(network.length_m[arc]), float(placed.at.fraction[0])
    meets: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    metres = segment_metres(network)
    for a in np.flatnonzero(np.isin(network.segment, list(closed))).tolist():
        s = int(network.segment[a])
        for u, v in ((network.tail[a], network.head[a]), (network.head[a], network.tail[a])):
            meets[int(u)].append((int(v), s, float(metres[s])))
    away: dict[int, float] = {}
    via: dict[int, int] = {}
    queue = [
        (part * length, int(network.tail[arc]), here),
        ((1 - part) * length, int(network.head[arc]), here),
    ]
    heapq.heapify(queue)
    while queue:
        gone, node, segment = heapq.heappop(queue)
        if node in away:
            continue
        away[node], via[node] = gone, segment
        for other, s, m in meets[node]:
            if other not in away:
                heapq.heappush(queue, (gone + m, other, s))
    near = {
        s
        for node, rows in meets.items()
        for _, s, _ in rows
        if away.get(node, -1.0) < reach or s == here
    }
    return frozenset(near), away, via


def _pair(
    scene: Scene, placed: Placed, row: int, barriers: _Barriers, edges: Sequence[Edge]
) -> tuple[Corridor, Corridor] | None:
    there = _one(scene, placed, row, "to_place", barriers, edges)
    back = _one(scene, placed, row, "to_hospital", barriers, edges) if there else None
    return (there, back) if there and back else None


def _one(
    scene: Scene,
    placed: Placed,
    row: int,
    direction: CorridorDirection,
    barriers: _Barriers,
    edges: Sequence[Edge],
) -> Corridor | None:
    ways, at = scene.ways, scene.hospital_at.take(slice(row, row + 1))
    kind = scene.kind(placed)
    ends = (at, placed.at) if direction == "to_place" else (placed.at, at)
    free = _between(ways, *ends, barriers.before)
    if edges:
        options = [
            (way, edge.walk_m)
            for edge in edges
            if edge.walk_m <= kind.stretcher_m
            and (way := _at_edge(ways, at, edge, barriers, direction))
        ]
    else:
        way = _between(ways, *ends, barriers.shut)
        options = [(way, 0.0)] if way else []
    if not options:
        return None
    best, walk_m = min(options, key=lambda o: (o[0].seconds, o[1]))
    open_s = free.seconds if free else best.seconds
    limit = max(kind.corridor_s, open_s + scene.rules.corridor.delay_s)
    if best.seconds > limit:
        return None
    return Corridor(
        event=placed.event.id,
        direction=direction,
        hospital=scene.hospitals[row],
        way=best,
        open_s=open_s,
        walk_m=walk_m,
        limit_s=limit,
    )


def _between(ways: Ways, one: Snapped, other: Snapped, shut: Bools) -> Way | None:
    return ways.way(ways.from_place(one, shut), ways.to_place(other, shut), shut)


def _at_edge(
    ways: Ways, at: Snapped, edge: Edge, barriers: _Barriers, direction: CorridorDirection
) -> Way | None:
    """The way to or from an edge; into the road of the crowd only where closures let it in."""
    shut = barriers.shut
    if direction == "to_place":
        starts = ways.from_place(at, shut)
        if not edge.driven:
            return ways.way(starts, ways.to_node(edge.node, shut), shut)
        if edge.arc < 0 or barriers.law[edge.arc]:
            return None
        way = ways.way(starts, ways.into(edge.arc, edge.part, shut), shut)
        return ways.along([*way.arcs, edge.arc], way.begins, edge.part) if way else None
    ends = ways.to_place(at, shut)
    if not edge.driven:
        return ways.way(ways.from_node(edge.node, shut), ends, shut)
    if edge.back < 0 or barriers.law[edge.back]:
        return None
    return ways.way(ways.stopped(edge.back, 1 - edge.part), ends, shut)


def cut_by(scene: Scene, placed: Placed, planned: Sequence[Planned]) -> list[str]:
    """Return the closures each of which alone cuts the corridor of an event; else all in force."""
    window = scene.window(placed)
    force = in_window(planned, window)
    alone = [
        p.closure.id
        for p in force
        if find_corridors(scene, placed, [q for q in planned if q is not p])
    ]
    return alone or [p.closure.id for p in force] or [c.id for c in scene.standing]


def refused(scene: Scene, placed: Placed, planned: Sequence[Planned]) -> DomainError:
    """Return the error of a corridor that no proposed closure can give way to."""
    closures = cut_by(scene, placed, planned)
    limit = scene.kind(placed).corridor_s / 60
    listed = ", ".join(closures) or "-"
    names = ", ".join(h.name for h in scene.hospitals[:3])
    return DomainError(
        "corridor_cut",
        Text(
            f"kegiatan '{placed.event.id}': ambulans ({names}) tidak sampai dalam "
            f"{number(limit, 'id')} menit; terputus oleh penutupan {listed}",
            f"event '{placed.event.id}': no ambulance ({names}) gets there within "
            f"{number(limit, 'en')} minutes; cut by closure {listed}",
        ),
        Text(
            "Buka atau geser penutupan itu, atau beri 'exempt': ['emergency'] bila massa tidak "
            "berdiri di sana.",
            "Open or move that closure, or give 'exempt': ['emergency'] where no crowd stands "
            "there.",
        ),
        {
            "event": placed.event.id,
            "closures": closures,
            "hospital": [h.id for h in scene.hospitals],
        },
    )
