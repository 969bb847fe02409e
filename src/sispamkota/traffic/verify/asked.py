"""Rules about closures: those asked for lie where they were asked, proposals before the place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from sispamkota.roads.network import Network
from sispamkota.traffic.events import ClosureWish, TrafficEvent
from sispamkota.traffic.verify.facts import (
    METRES,
    MOTOR,
    SECONDS,
    Plan,
    TrafficFacts,
    Violation,
    bad,
)

Row = Mapping[str, Any]
EARTH_M = 6_371_008.8
NAMED_WITHIN_M = 1000.0


def wishes_kept(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Every closure an event asks for is in the plan, on all of the road it names."""
    for event in facts.events:
        asked = [c for c in plan["closures"] if c["event"] == event.id and not c["proposed"]]
        if len(asked) != len(event.closures):
            yield bad(
                "closure_wish", event.id, "permintaan tidak lengkap", "closures asked for missing"
            )
            continue
        here = _here(facts, event)
        for row, wish in zip(asked, event.closures, strict=True):
            crowd = here in row["segments"] if wish.crowd is None else wish.crowd
            ok = row["profiles"] == list(wish.profiles) and row["exempt"] == list(wish.exempt)
            ok &= row["direction"] == wish.direction and row["crowd"] == crowd
            ok &= not wish.name or row["name"] == {"id": wish.name, "en": wish.name}
            ok &= not wish.reason or row["reason"] == {"id": wish.reason, "en": wish.reason}
            ok &= _lies(facts, event, wish, row["segments"])
            if not ok:
                yield bad("closure_wish", row["id"], "bukan yang diminta", "not what was asked")


def _here(facts: TrafficFacts, event: TrafficEvent) -> int:
    return int(facts.network.segment[int(facts.at(*event.place).arc[0])])


def _lies(
    facts: TrafficFacts, event: TrafficEvent, wish: ClosureWish, segments: Sequence[int]
) -> bool:
    """Whether a closure is the road that was asked for, no more and no less."""
    network = facts.network
    if wish.line:
        return _along(facts, wish.line, segments)
    if wish.road is not None:
        return set(segments) == _named(network, wish.road, event.place)
    if wish.way is not None:
        named = {s for s, w in enumerate(network.way.tolist()) if w == wish.way}
    elif wish.area:
        area, start = shapely.Polygon(wish.area), network.shape_start.tolist()
        named = {
            s
            for s in range(network.segments)
            if area.intersects(shapely.LineString(network.shape[start[s] : start[s + 1]]))
        }
    else:
        named = set(wish.segments)
    used = set().union(*(set(network.segment[network.usable(p)].tolist()) for p in wish.profiles))
    return set(segments) == named & used


def _named(network: Network, road: str, place: tuple[float, float]) -> set[int]:
    """Pieces of a road whose middle is near a place."""
    found = set()
    start = network.shape_start.tolist()
    for s in range(network.segments):
        if network.names[network.name[s]].casefold() != road.casefold():
            continue
        lon, lat = network.shape[(start[s] + start[s + 1] - 1) // 2]
        a, b = np.radians(lat), np.radians(place[1])
        half = np.sin((b - a) / 2) ** 2
        half += np.cos(a) * np.cos(b) * np.sin(np.radians(place[0] - lon) / 2) ** 2
        if 2 * EARTH_M * np.arcsin(np.sqrt(half)) <= NAMED_WITHIN_M:
            found.add(s)
    return found


def _along(
    facts: TrafficFacts, line: Sequence[tuple[float, float]], segments: Sequence[int]
) -> bool:
    """Whether pieces of road are a quickest way along a line, and nothing else.

    Which of two ways as quick is closed is left open; how much of the first and the last piece
    lies on the line too.
    """
    graph = facts.graph("car")
    stops = [facts.at(*p) for p in line]
    ends = {int(facts.network.segment[int(s.arc[0])]) for s in stops}
    others = {a for a in graph.time if graph.segment[a] not in ends | set(segments)}
    most = 0.0
    for one, other in pairwise(stops):
        legs = [
            (graph.seconds(*pair), graph.seconds(*pair, others))
            for pair in ((one, other), (other, one))
        ]
        kept = [within for free, within in legs if np.isfinite(free) and within - free <= SECONDS]
        if not kept:
            return False
        most += max(kept)
    inside = sum(
        min(graph.time[a] for a in graph.sides[s]) for s in set(segments) - ends if graph.sides[s]
    )
    return inside / 10 <= most + SECONDS


def proposals_allowed(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Proposed closures are of the place's road, within reach of the crowd, for vehicles alone."""
    for event in facts.events:
        own = [c for c in plan["closures"] if c["event"] == event.id]
        asked = {s for c in own if not c["proposed"] for s in c["segments"]}
        rows = [c for c in own if c["proposed"]]
        wanted = event.propose_closures and facts.kind(event.id).closure_m > 0
        for c in rows:
            if not wanted or not _before(facts, event, set(c["segments"]), asked):
                yield bad("closure_proposed", c["id"], "bukan di depan lokasi", "not at the place")
            if (*(c["crowd"], c["exempt"], c["profiles"], c["direction"]),) != (
                True,
                ["emergency"],
                list(MOTOR),
                "both",
            ):
                yield bad("closure_proposed", c["id"], "sifat usulan keliru", "proposal misstated")
        if len(rows) > 1:
            yield bad("closure_proposed", event.id, "usulan ganda", "proposed twice")
        # a proposal gives way to an ambulance, and the plan says that it did
        gave = any(
            r["en"].startswith(f"{event.name}: the proposed closure") for r in plan["remarks"]
        )
        closed = asked | {s for c in rows for s in c["segments"]}
        if (
            wanted
            and not gave
            and (_here(facts, event) not in closed or _goes_on(facts, event, closed))
        ):
            yield bad("closure_missing", event.id, "usulan hilang", "a proposal is missing")


def _before(facts: TrafficFacts, event: TrafficEvent, segments: set[int], asked: set[int]) -> bool:
    """Whether pieces of road go on from the place, under one name, no further than the crowd."""
    network, here = facts.network, _here(facts, event)
    every = segments | asked | {here}
    away, at = _reached(facts, event, every), _meeting(network, every)
    most = facts.kind(event.id).closure_m
    for s in segments - {here}:
        nodes = _nodes(network, s)
        if max(away.get(n, np.inf) for n in nodes) > most + METRES:
            return False
        if not any(_continues(facts, s, n, at[n] - {s}, every) for n in nodes):
            return False
    return True


def _continues(
    facts: TrafficFacts, segment: int, node: int, last: Collection[int], every: Collection[int]
) -> bool:
    """Whether a piece goes on from others at a junction: same name, or the only way on."""
    network = facts.network
    name = int(network.name[segment])
    if last and name > 0 and any(int(network.name[s]) == name for s in last):
        return True
    return bool(last) and _cars_at(facts, node) <= set(every)


def _cars_at(facts: TrafficFacts, node: int) -> set[int]:
    network = facts.network
    here = ((network.tail == node) | (network.head == node)) & network.usable("car")
    return set(network.segment[here].tolist())


def _goes_on(facts: TrafficFacts, event: TrafficEvent, closed: set[int]) -> bool:
    """Whether a closure that is one line could have been longer within reach of the crowd."""
    network = facts.network
    at = _meeting(network, closed)
    if any(len(s) > 2 for s in at.values()) or len(at) != len(closed) + 1:  # noqa: PLR2004
        return False
    away = _reached(facts, event, closed)
    metres = dict(zip(network.segment.tolist(), network.length_m.tolist(), strict=True))
    for node, last in at.items():
        if len(last) != 1 or node not in away:
            continue
        others = _cars_at(facts, node) - closed
        name = network.name[next(iter(last))]
        same = sorted(s for s in others if name > 0 and network.name[s] == name)
        more = same[0] if same else next(iter(others)) if len(others) == 1 else None
        if (
            more is not None
            and away[node] + metres[more] <= facts.kind(event.id).closure_m - METRES
        ):
            return True
    return False


def _nodes(network: Network, segment: int) -> tuple[int, int]:
    arc = int(np.flatnonzero(network.segment == segment)[0])
    return int(network.tail[arc]), int(network.head[arc])


def _meeting(network: Network, segments: Collection[int]) -> dict[int, set[int]]:
    """Junctions of pieces of road → which of them meet there."""
    found: dict[int, set[int]] = defaultdict(set)
    for s in segments:
        for n in _nodes(network, s):
            found[n].add(s)
    return found


def _reached(
    facts: TrafficFacts, event: TrafficEvent, segments: Collection[int]
) -> dict[int, float]:
    """Metres from the place to junctions along pieces of road."""
    network = facts.network
    snapped = facts.at(*event.place)
    arc, part = int(snapped.arc[0]), float(snapped.fraction[0])
    length = float(network.length_m[arc])
    rows = [
        (network.nodes, int(network.tail[arc]), max(part * length, 1e-9)),
        (network.nodes, int(network.head[arc]), max((1 - part) * length, 1e-9)),
    ]
    metres = dict(zip(network.segment.tolist(), network.length_m.tolist(), strict=True))
    rows += [(*_nodes(network, s), metres[s]) for s in segments]
    best: dict[tuple[int, int], float] = {}
    for u, v, m in rows:
        pair = (min(u, v), max(u, v))
        best[pair] = min(m, best.get(pair, np.inf))
    size = network.nodes + 1
    keys = list(best)
    matrix = csr_matrix(
        (list(best.values()), ([u for u, _ in keys], [v for _, v in keys])), shape=(size, size)
    )
    found = dijkstra(matrix, directed=False, indices=network.nodes)
    return {int(n): float(found[n]) for n in np.flatnonzero(np.isfinite(found[:-1]))}


RULES = (wishes_kept, proposals_allowed)
