"""Rules about ways: they can be driven, avoid closures, and are as long as the plan says."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sispamkota.roads.network import Profile
from sispamkota.roads.snap import Snapped
from sispamkota.traffic.events import Group, TrafficEvent
from sispamkota.traffic.verify.corridor import barred_to_ambulances
from sispamkota.traffic.verify.facts import (
    METRES,
    SECONDS,
    Plan,
    TrafficFacts,
    Violation,
    arcs_on,
    bad,
    closed,
    moment,
    standing,
)
from sispamkota.traffic.verify.graph import Graph

Row = Mapping[str, Any]
PART = 1e-6


def drivable(
    graph: Graph, way: Row, shut: Collection[int], where: str, arcs_key: str = "arcs"
) -> Iterator[Violation]:
    """Yield what makes a way impossible to drive."""
    arcs = way[arcs_key]
    if not arcs:
        yield bad("way_connected", where, "tanpa jalan", "names no road")
        return
    for a in arcs:
        if a not in graph.time:
            yield bad("way_access", where, f"arah {a} terlarang", f"arc {a} may not be used")
            return
        if a in shut:
            yield bad("way_closed", where, f"melewati ruas tutup {a}", f"uses closed arc {a}")
    for a, b in pairwise(arcs):
        if graph.head[a] != graph.tail[b]:
            yield bad("way_connected", where, "terputus", f"arcs {a} and {b} do not meet")
        elif b not in graph.turns[a]:
            yield bad("way_turns", where, "belok terlarang", f"the turn {a} to {b} is forbidden")


def told_right(
    graph: Graph,
    way: Row,
    where: str,
    seconds: float,
    parts: tuple[str, str] = ("begins_part", "ends_part"),
) -> Iterator[Violation]:
    """Yield misstated lengths and times of a way that can be driven."""
    begins, ends = way[parts[0]], way[parts[1]]
    if not (0 <= begins <= 1 and 0 <= ends <= 1):
        yield bad("way_figures", where, "bagian ruas keliru", "parts of road misstated")
        return
    if abs(graph.driven(way["arcs"], begins, ends) - seconds) > SECONDS:
        yield bad("way_figures", where, "waktu tempuh keliru", "travel time misstated")
    if abs(graph.metres(way["arcs"], begins, ends) - way["length_m"]) > METRES:
        yield bad("way_figures", where, "panjang keliru", "length misstated")
    if way["line"] and not _drawn(graph, way):
        yield bad("way_line", where, "garis bukan jalan ini", "the line is not this way's")


def _drawn(graph: Graph, way: Row) -> bool:
    """Whether the line ends where the way does (where it ends at junctions)."""
    network = graph.network
    fine = True
    for part, node, at in (
        (way["begins_part"], graph.tail[way["arcs"][0]], way["line"][0]),
        (1 - way["ends_part"], graph.head[way["arcs"][-1]], way["line"][-1]),
    ):
        if part == 0:
            place = (network.node_lon[node], network.node_lat[node])
            fine &= max(abs(place[0] - at[0]), abs(place[1] - at[1])) < 1e-5  # noqa: PLR2004
    return fine


def begins_at(graph: Graph, way: Row, at: Snapped) -> bool:
    """Say whether a way begins at a place."""
    return _on(graph, way["arcs"][0], way["begins_part"], at)


def ends_at(graph: Graph, way: Row, at: Snapped) -> bool:
    """Say whether a way ends at a place."""
    return _on(graph, way["arcs"][-1], way["ends_part"], at)


def _on(graph: Graph, arc: int, part: float, at: Snapped) -> bool:
    return any(a == arc and abs(p - part) < PART for a, p in graph.ends(at))


def diversions(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """A way around avoids closures, keeps to the rules of the road, and goes around something."""
    closures = {c["id"]: c for c in plan["closures"]}
    barred: dict[tuple[str, Profile], tuple[set[int], set[int]]] = {}
    for d in plan["diversions"]:
        where = d["id"]
        graph = facts.graph(d["profile"])
        asked = (d["event"], d["profile"])
        if asked not in barred:
            barred[asked] = (closed(plan, facts, *asked), standing(facts, *asked))
        shut, before = barred[asked]
        found = list(drivable(graph, d, shut, where))
        found += drivable(graph, d, before, where, "arcs_before")
        yield from found
        if found:
            continue
        yield from told_right(graph, d, where, d["travel_after_s"])
        old = graph.driven(d["arcs_before"], d["before_begins_part"], d["before_ends_part"])
        if (
            abs(old - d["travel_before_s"]) > SECONDS
            or abs(d["travel_after_s"] - d["travel_before_s"] - d["added_s"]) > SECONDS
        ):
            yield bad("diversion_added", where, "tambahan waktu keliru", "added time misstated")
        avoided = {graph.segment[a] for a in d["arcs_before"]}
        if any(
            i not in closures or not avoided & set(closures[i]["segments"]) for i in d["closures"]
        ):
            yield bad(
                "diversion_around", where, "tidak mengitari penutupan", "goes around no closure"
            )
        yield from _parting(graph, d)


def _parting(graph: Graph, d: Row) -> Iterator[Violation]:
    """Both ways part and meet at the junctions stated; what must be told is on the way."""
    begins, ends = d["arcs"][0], d["arcs"][-1]
    ok = (d["from"]["node"], d["to"]["node"]) == (graph.tail[begins], graph.head[ends])
    # a trip that begins or ends right at a closure parts there, in the middle of its road
    inside = d["begins_part"] > 0 or d["before_begins_part"] > 0
    ok &= inside or graph.tail[d["arcs_before"][0]] == d["from"]["node"]
    inside = d["ends_part"] < 1 or d["before_ends_part"] < 1
    ok &= inside or graph.head[d["arcs_before"][-1]] == d["to"]["node"]
    passed = {graph.tail[begins], *(graph.head[a] for a in d["arcs"])}
    ok &= all(x["node"] in passed for x in d["decisions"])
    roles = {x["role"]: x["node"] for x in d["decisions"] if x["role"] != "turns"}
    ok &= roles.get("leaves", d["from"]["node"]) == d["from"]["node"]
    ok &= roles.get("joins", d["to"]["node"]) == d["to"]["node"]
    if not ok:
        yield bad("diversion_ends", d["id"], "simpang keliru", "junctions misstated")


def diversions_missing(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Where traffic would go through a closure, there is a way around or it is told as cut off."""
    for row in plan["assignment"]:
        event = row["event"]
        shut = set().union(
            *(
                arcs_on(facts.network, c["segments"], c["direction"])
                for c in plan["closures"]
                if c["event"] == event and "car" in c["profiles"]
            )
        )
        through = max((row["flows"]["before"][a] for a in shut), default=0.0)
        around = any(d["event"] == event for d in plan["diversions"])
        cut = row["after"]["unroutable_pcu_h"] > row["before"]["unroutable_pcu_h"]
        if through > MUCH and not around and not cut:
            yield bad(
                "diversion_missing",
                event,
                "arus tanpa jalan alihan",
                "traffic without a way around",
            )


MUCH = 20.0  # passenger car units an hour on one arc of a closure


def approaches(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Groups come from where they gather to an end of the closure, and back."""
    graph = facts.graph("car")
    for row in plan["approaches"]:
        where = f"{row['event']} {row['group']} {row['direction']}"
        event = facts.by_id[row["event"]]
        group = next((g for g in event.groups if g.label == row["group"]), None)
        if group is None:
            yield bad("approach_group", where, "kelompok tidak dikenal", "unknown group")
            continue
        shut = closed(plan, facts, event.id, "car")
        found = list(drivable(graph, row, shut, where))
        yield from found
        if found:
            continue
        yield from told_right(graph, row, where, row["travel_s"])
        home = facts.at(*group.gathering)
        there = row["direction"] == "arrival"
        fine = begins_at(graph, row, home) if there else ends_at(graph, row, home)
        fine &= _at_door(plan, facts, row, there=there)
        if not fine:
            yield bad("approach_ends", where, "ujung rute keliru", "begins or ends elsewhere")
        yield from _on_time(facts, row, where)
    yield from _all_groups(plan, facts)
    yield from _shared(plan, facts)


def _at_door(plan: Plan, facts: TrafficFacts, row: Row, *, there: bool) -> bool:
    graph, event = facts.graph("car"), facts.by_id[row["event"]]
    if row["door"] is None:
        at = facts.at(*event.place)
        return ends_at(graph, row, at) if there else begins_at(graph, row, at)
    node = graph.head[row["arcs"][-1]] if there else graph.tail[row["arcs"][0]]
    part = row["ends_part"] == 1 if there else row["begins_part"] == 0
    doors = {n["node"] for c in plan["closures"] if c["event"] == event.id for n in c["ends_nodes"]}
    return part and node == row["door"]["node"] and node in doors


def _on_time(facts: TrafficFacts, row: Row, where: str) -> Iterator[Violation]:
    event, kind = facts.by_id[row["event"]], facts.kind(row["event"])
    if row["direction"] == "arrival":
        span = (event.starts_at - dt.timedelta(minutes=kind.arrive_min), event.starts_at)
    else:
        span = (event.ends_at, event.ends_at + dt.timedelta(minutes=kind.leave_min))
    if (moment(row["begins"]), moment(row["ends"])) != span:
        yield bad("approach_window", where, "jam keliru", "at the wrong time")


def _all_groups(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Every group has its two ways, unless a remark says that it cannot come."""
    said = " ".join(r["en"] for r in plan["remarks"])
    for event in facts.events:
        for group in event.groups:
            ways = [
                r["direction"]
                for r in plan["approaches"]
                if (r["event"], r["group"]) == (event.id, group.label)
            ]
            where = f"{event.id} {group.label}"
            missing = {"arrival", "dispersal"} - set(ways)
            if len(ways) != len(set(ways)) or (missing and f"{group.label}:" not in said):
                yield bad(
                    "approach_group", where, "rute kelompok hilang", "ways of a group are missing"
                )
            elif any(_can_come(plan, facts, event, group, there=w == "arrival") for w in missing):
                yield bad("approach_lost", where, "sebenarnya ada jalan", "there is a way")


def _can_come(
    plan: Plan, facts: TrafficFacts, event: TrafficEvent, group: Group, *, there: bool
) -> bool:
    """Whether open roads join a group to an end of the closures, or to the place."""
    graph = facts.graph("car")
    shut = closed(plan, facts, event.id, "car")
    home, place = facts.at(*group.gathering), facts.at(*event.place)
    doors = {n["node"] for c in plan["closures"] if c["event"] == event.id for n in c["ends_nodes"]}
    if not doors:
        return math.isfinite(graph.seconds(*((home, place) if there else (place, home)), shut))
    if there:
        seeds = graph.leaving(home, shut)
        reached = graph.spread([seeds], shut)[0] if seeds else {}
        return any(
            math.isfinite(reached[a]) for a in graph.time if graph.head[a] in doors and seeds
        )
    seeds = {a: t for a, t in graph.time.items() if graph.tail[a] in doors and a not in shut}
    if not seeds:
        return False
    begun = [(a, 0.0) for a in seeds]
    return math.isfinite(graph.arriving(graph.spread([seeds], shut)[0], begun, home, shut))


def _shared(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    segment = facts.network.segment
    for one in plan["approaches"]:
        metres, labels = 0.0, set()
        for other in plan["approaches"]:
            same = (one["event"], one["group"]) == (other["event"], other["group"])
            if same or not (one["begins"] < other["ends"] and other["begins"] < one["ends"]):
                continue
            common = {int(segment[a]) for a in one["arcs"]} & {
                int(segment[a]) for a in other["arcs"]
            }
            if common:
                metres += _length(facts, common)
                labels.add(other["group"])
        if abs(metres - one["shared_m"]) > METRES or sorted(labels) != one["shared_with"]:
            yield bad(
                "approach_shared",
                f"{one['event']} {one['group']} {one['direction']}",
                "bagian bersama keliru",
                "shared road misstated",
            )


def _length(facts: TrafficFacts, segments: Collection[int]) -> float:
    network = facts.network
    length = dict(zip(network.segment.tolist(), network.length_m.tolist(), strict=True))
    return float(sum(length[s] for s in segments))


def escorts(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """A convoy has an open way, and fall-backs that are as separate as they claim."""
    graph = facts.graph("car")
    for event in facts.events:
        needs = "kawal" in facts.kind(event.id).tasks and bool(event.route)
        if needs != any(e["event"] == event.id for e in plan["escorts"]):
            yield bad("escort_present", event.id, "kawal hilang", "escort missing or not asked")
    for row in plan["escorts"]:
        event = facts.by_id[row["event"]]
        # what is closed for an event is open to its own convoy
        others = [c for c in plan["closures"] if c["event"] != event.id]
        shut = closed({"closures": others}, facts, event.id, "car")
        ends = (facts.at(*event.route[0]), facts.at(*event.route[-1]))
        for number, way in enumerate((row["primary"], *row["alternates"])):
            where = f"{row['id']}[{number}]"
            found = list(drivable(graph, way, shut, where))
            yield from found
            if found:
                continue
            yield from told_right(graph, way, where, way["travel_s"])
            if not (begins_at(graph, way, ends[0]) and ends_at(graph, way, ends[1])):
                yield bad(
                    "escort_ends", where, "asal atau tujuan keliru", "begins or ends elsewhere"
                )
            if number:
                yield from _apart(facts, row["primary"], way, where)


def _apart(facts: TrafficFacts, primary: Row, way: Row, where: str) -> Iterator[Violation]:
    segment = facts.network.segment
    own = [int(segment[a]) for a in primary["arcs"]]
    common = set(own) & {int(segment[a]) for a in way["arcs"]}
    disjoint = common <= {own[0], own[-1]}
    if abs(_length(facts, common) - way["shared_m"]) > METRES or disjoint != way["link_disjoint"]:
        yield bad("escort_apart", where, "bagian bersama keliru", "shared road misstated")


def patrols(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """A patrol goes where it may, past the posts it names."""
    graph = facts.graph("car")
    at = {p["id"]: p["node"] for p in plan["posts"]}
    for row in plan["patrols"]:
        if not row["arcs"]:
            continue
        shut = closed(plan, facts, row["event"], "car", "emergency")
        shut |= barred_to_ambulances(plan, facts, row["event"])
        found = list(drivable(graph, row, shut, row["id"]))
        yield from found
        if found:
            continue
        yield from told_right(graph, row, row["id"], row["travel_s"])
        passed = {graph.tail[row["arcs"][0]], *(graph.head[a] for a in row["arcs"])}
        if any(p not in at or at[p] not in passed for p in row["posts"]):
            yield bad("patrol_posts", row["id"], "pos tidak dilewati", "does not pass its posts")


RULES: Sequence[Any] = (diversions, diversions_missing, approaches, escorts, patrols)
