"""Rules about the emergency corridor: an ambulance gets there and back under the closures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from sispamkota.traffic.verify.facts import (
    METRES,
    SECONDS,
    Plan,
    TrafficFacts,
    Violation,
    bad,
    closed,
    in_force,
    standing,
)
from sispamkota.traffic.verify.graph import Graph

Row = Mapping[str, Any]
PART = 1e-6


def crowd_of(
    plan: Plan, facts: TrafficFacts, event: str, closures: list[Row]
) -> tuple[set[int], dict[int, float]]:
    """Return the segments a crowd stands on, and metres from the place to their junctions.

    The distances are empty where the crowd does not stand before the place.
    """
    del plan
    own = {s for c in closures if c["event"] == event and c["crowd"] for s in c["segments"]}
    if not own:
        return set(), {}
    network = facts.network
    at = facts.at(*facts.by_id[event].place)
    arc, part = int(at.arc[0]), float(at.fraction[0])
    if int(network.segment[arc]) not in own:
        return own, {}
    length = network.length_m
    arcs = [a for a in range(network.arcs) if int(network.segment[a]) in own]
    place = network.nodes
    ends = [(int(network.tail[arc]), part), (int(network.head[arc]), 1 - part)]
    # one more junction, the place itself, on its piece of road
    best: dict[tuple[int, int], float] = {}
    for a in arcs:
        u, v = sorted((int(network.tail[a]), int(network.head[a])))
        best[u, v] = min(float(length[a]), best.get((u, v), np.inf))
    for node, share in ends:
        best[node, place] = min(
            max(share * float(length[arc]), 1e-9), best.get((node, place), np.inf)
        )
    pairs = list(best)
    matrix = csr_matrix(
        (list(best.values()), ([u for u, _ in pairs], [v for _, v in pairs])),
        shape=(place + 1, place + 1),
    )
    metres = dijkstra(matrix, directed=False, indices=place)
    nodes = {int(n) for a in arcs for n in (network.tail[a], network.head[a])}
    away = {n: float(metres[n]) for n in nodes if np.isfinite(metres[n])}
    reach = facts.reach(event)
    filled = {
        int(network.segment[a])
        for a in arcs
        if min(away.get(int(network.tail[a]), -1.0), away.get(int(network.head[a]), -1.0)) < reach
    }
    return filled | {int(network.segment[arc])}, away


def barred_to_ambulances(plan: Plan, facts: TrafficFacts, event: str) -> set[int]:
    """Return the arcs on which crowds stand while an event lasts, those of other events too."""
    force = in_force(plan, facts, event)
    filled: set[int] = set()
    for other in {c["event"] for c in force}:
        filled |= crowd_of(plan, facts, other, force)[0]
    return {a for a, s in enumerate(facts.network.segment.tolist()) if s in filled}


def corridors_there(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Every event has a corridor there and one back."""
    for event in facts.events:
        ways = [c["direction"] for c in plan["corridors"] if c["event"] == event.id]
        if sorted(ways) != ["to_hospital", "to_place"]:
            yield bad(
                "corridor_present", event.id, "jalur ambulans tidak lengkap", "corridor missing"
            )


def corridors_hold(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """A corridor is driven outside crowds and closures, within its limit."""
    hospitals = {h.id: h for h in facts.hospitals}
    for row in plan["corridors"]:
        where = f"{row['event']} {row['direction']}"
        if row["hospital"] not in hospitals:
            yield bad("corridor_hospital", where, "rumah sakit tak dikenal", "unknown hospital")
            continue
        hospital = hospitals[row["hospital"]]
        yield from _limit(facts, row, hospital, where)
        yield from _driven(plan, facts, row, hospital, where)


def _limit(facts: TrafficFacts, row: Row, hospital: Any, where: str) -> Iterator[Violation]:
    event = facts.by_id[row["event"]]
    home, place = facts.at(hospital.lon, hospital.lat), facts.at(*event.place)
    shut = standing(facts, event.id, "car", "emergency")
    graph = facts.graph("car")
    ends = (home, place) if row["direction"] == "to_place" else (place, home)
    open_s = graph.seconds(*ends, shut)
    # standing closures may leave the crowd's edge alone in reach: then that way is the open one
    true = open_s if np.isfinite(open_s) else row["travel_closed_s"]
    if abs(true - row["travel_open_s"]) > SECONDS:
        yield bad("corridor_time", where, "waktu jalan terbuka keliru", "open time misstated")
    kind = facts.kind(event.id)
    limit = max(kind.corridor_s, true + facts.rules.corridor.delay_s)
    if abs(limit - row["limit_s"]) > SECONDS:
        yield bad("corridor_limit", where, "batas waktu keliru", "limit misstated")
    if not row["holds"] or row["travel_closed_s"] > limit + SECONDS:
        yield bad("corridor_holds", where, "melewati batas waktu", "takes longer than the limit")
    if row["walk_m"] > kind.stretcher_m + METRES:
        yield bad("corridor_holds", where, "jalan kaki terlalu jauh", "too far to walk")


def _driven(
    plan: Plan, facts: TrafficFacts, row: Row, hospital: Any, where: str
) -> Iterator[Violation]:
    graph, arcs = facts.graph("car"), row["arcs"]
    event = row["event"]
    inward = row["direction"] == "to_place"
    inside = all(0 <= row[k] <= 1 for k in ("begins_part", "ends_part"))
    if not arcs or not inside or any(a not in graph.time for a in arcs):
        yield bad("corridor_way", where, "jalan tidak sah", "not a way for cars")
        return
    shut = closed(plan, facts, event, "car", "emergency")
    crowd = barred_to_ambulances(plan, facts, event)
    own, away = crowd_of(plan, facts, event, in_force(plan, facts, event))
    last = arcs[-1] if inward else arcs[0]
    # the piece before the crowd may be driven up to its edge, where closures let ambulances in
    edge = {last} if away and graph.segment[last] in own and last not in shut else set()
    if any(a in shut or a in crowd - edge for a in arcs):
        yield bad("corridor_cut", where, "melewati penutupan atau massa", "closed, or crowded")
    for a, b in pairwise(arcs):
        if graph.head[a] != graph.tail[b] or b not in graph.turns[a]:
            yield bad("corridor_way", where, "terputus atau belok terlarang", "cannot be driven")
            return
    driven = graph.driven(arcs, row["begins_part"], row["ends_part"])
    if abs(driven - row["travel_closed_s"]) > SECONDS:
        yield bad("corridor_time", where, "waktu tempuh keliru", "travel time misstated")
    if abs(graph.metres(arcs, row["begins_part"], row["ends_part"]) - row["length_m"]) > METRES:
        yield bad("corridor_time", where, "panjang keliru", "length misstated")
    home = facts.at(hospital.lon, hospital.lat)
    start, stop = (arcs[0], row["begins_part"]), (arcs[-1], row["ends_part"])
    at_home, at_event = (start, stop) if inward else (stop, start)
    if not any(a == at_home[0] and abs(p - at_home[1]) < PART for a, p in graph.ends(home)):
        yield bad("corridor_ends", where, "bukan dari rumah sakit", "not from the hospital")
    if not _reaches(facts, row, graph, at_event, away, edge):
        yield bad("corridor_ends", where, "tidak sampai lokasi", "does not reach the place")


def _reaches(
    facts: TrafficFacts,
    row: Row,
    graph: Graph,
    at: tuple[int, float],
    away: Mapping[int, float],
    edge: set[int],
) -> bool:
    """Whether a corridor comes as near to the place as it says."""
    arc, part = at
    event = row["event"]
    inward = row["direction"] == "to_place"
    if not away:
        place = facts.at(*facts.by_id[event].place)
        return row["walk_m"] == 0 and any(
            a == arc and abs(p - part) < PART for a, p in graph.ends(place)
        )
    reach = facts.reach(event)
    if edge:
        far = graph.tail[arc] if inward else graph.head[arc]
        driven = (part if inward else 1 - part) * float(facts.network.length_m[arc])
        left = away.get(far, np.inf) - driven
        near = abs(row["walk_m"] - reach) <= METRES
        return near and abs(left - float(row["walk_m"])) <= METRES
    node = graph.head[arc] if inward else graph.tail[arc]
    at_end = part == (1 if inward else 0)
    metres = away.get(node, np.inf)
    return bool(at_end and abs(metres - float(row["walk_m"])) <= METRES)


RULES = (corridors_there, corridors_hold)
