"""Rules about conflicts: all that can be found in the plan are told, and no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from sispamkota.traffic.verify.facts import Plan, TrafficFacts, Violation, bad, moment

Row = Mapping[str, Any]
Key = tuple[str, tuple[str, ...], tuple[int, ...]]
Found = dict[Key, set[tuple[Any, Any]]]
"""Conflicts, and from when to when each may be said to last."""


def conflicts(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Conflicts are those that follow from closures, routes and approaches."""
    told: Found = {}
    for c in plan["conflicts"]:
        if c["kind"] != "officers_short":
            key = (c["kind"], tuple(sorted(c["events"])), tuple(c["segments"]))
            told.setdefault(key, set()).add((moment(c["begins"]), moment(c["ends"])))
    true = _roads(plan, facts) | _rivals(plan, facts)
    for kind, events, _ in sorted(set(true) - set(told)):
        yield bad("conflict_told", f"{kind} {events}", "konflik tidak disebut", "not told")
    for kind, events, _ in sorted(set(told) - set(true)):
        yield bad("conflict_true", f"{kind} {events}", "konflik tidak ada", "no such conflict")
    for key in sorted(set(told) & set(true)):
        if not told[key] <= true[key]:
            yield bad("conflict_hours", f"{key[0]} {key[1]}", "jam keliru", "hours misstated")
    short = plan["officers"]["needed"] > len(facts.officers) > 0
    if short != any(c["kind"] == "officers_short" for c in plan["conflicts"]):
        yield bad("conflict_told", "officers_short", "kekurangan tidak disebut", "not told")


def _roads(plan: Plan, facts: TrafficFacts) -> Found:
    segment = facts.network.segment
    used: dict[str, list[tuple[bool, set[int], Any, Any]]] = {e.id: [] for e in facts.events}
    for c in plan["closures"]:
        used.setdefault(c["event"], []).append(
            (False, set(c["segments"]), moment(c["begins"]), moment(c["ends"]))
        )
    for row in plan["events"]:
        route = row["route"]
        if route is not None and len(route["waypoints"]) > 2:  # noqa: PLR2004
            roads = {int(segment[a]) for a in route["arcs"]}
            used.setdefault(row["id"], []).append(
                (True, roads, moment(row["starts_at"]), moment(row["ends_at"]))
            )
    found: Found = {}
    for one, other in combinations(sorted(used), 2):
        common: dict[str, set[int]] = {}
        spans: dict[str, list[tuple[Any, Any]]] = {}
        for a_way, a_roads, a_from, a_to in used[one]:
            for b_way, b_roads, b_from, b_to in used[other]:
                both = a_roads & b_roads
                if both and a_from < b_to and b_from < a_to:
                    key = "same" if a_way == b_way else "b" if a_way else "a"
                    common.setdefault(key, set()).update(both)
                    spans.setdefault(key, []).append((max(a_from, b_from), min(a_to, b_to)))
        for key, roads in common.items():
            kind = "same_road_same_hour" if key == "same" else "closure_blocks_route"
            whole = (min(b for b, _ in spans[key]), max(e for _, e in spans[key]))
            found.setdefault((kind, (one, other), tuple(sorted(roads))), set()).add(whole)
    return found


def _rivals(plan: Plan, facts: TrafficFacts) -> Found:
    segment = facts.network.segment
    found: Found = {}
    for a, b in combinations(plan["approaches"], 2):
        same = (a["event"], a["group"]) == (b["event"], b["group"])
        if same or not (
            moment(a["begins"]) < moment(b["ends"]) and moment(b["begins"]) < moment(a["ends"])
        ):
            continue
        both = {int(segment[x]) for x in a["arcs"]} & {int(segment[x]) for x in b["arcs"]}
        if both:
            events = tuple(sorted((a["event"], b["event"])))
            span = (
                max(moment(a["begins"]), moment(b["begins"])),
                min(moment(a["ends"]), moment(b["ends"])),
            )
            key = ("rival_groups_meet", events, tuple(sorted(both)))
            found.setdefault(key, set()).add(span)
    return found


RULES = (conflicts,)
