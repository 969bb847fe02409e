"""Rules about places a plan prints: junctions, ends of ways, where conflicts are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from sispamkota.roads.network import Network
from sispamkota.traffic.verify.facts import METRES, Plan, TrafficFacts, Violation, bad, moment

NEAR = 2e-6  # degrees; printed to six decimals


def junctions_printed(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Wherever a junction is named by number, its position and its roads are its own."""
    network = facts.network
    left: list[Any] = [plan]
    known: dict[int, str] = {}
    while left:
        part = left.pop()
        if isinstance(part, list):
            left += [inner for inner in part if isinstance(inner, dict | list)]
        elif isinstance(part, Mapping):
            left += [inner for inner in part.values() if isinstance(inner, dict | list)]
            if {"node", "lon", "lat", "name"} <= set(part) and 0 <= part["node"] < network.nodes:
                node = part["node"]
                if node not in known:
                    known[node] = _meeting(network, node)
                away = abs(network.node_lon[node] - part["lon"])
                away = max(away, abs(network.node_lat[node] - part["lat"]))
                if away > NEAR or part["name"] != known[node]:
                    yield bad(
                        "junction_printed", str(node), "simpang keliru", "junction misprinted"
                    )


def _meeting(network: Network, node: int) -> str:
    at = (network.tail == node) | (network.head == node)
    names = {network.names[network.name[s]] for s in network.segment[at].tolist()}
    return " / ".join(sorted(names - {""})[:3])


def groups_printed(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Groups come from where they gather to the place; officers assemble in time."""
    for row in plan["approaches"]:
        event = facts.by_id[row["event"]]
        group = next((g for g in event.groups if g.label == row["group"]), None)
        if group is None:
            continue  # `approaches` tells
        ends = [list(group.gathering), list(event.place)]
        ends = ends if row["direction"] == "arrival" else ends[::-1]
        if [row["from"], row["to"], row["size"]] != [*ends, group.size]:
            yield bad("approach_ends", event.id, "kelompok keliru", "group misprinted")
    for row in plan["events"]:
        if row["id"] in facts.by_id:
            before = dt.timedelta(minutes=facts.kind(row["id"]).assembly_min)
            if moment(row["assembly_at"]) != facts.window(row["id"])[0] - before:
                yield bad("events", row["id"], "jam apel keliru", "assembly misstated")
    for row in plan["assignment"]:
        hour = moment(row["ends"]) - moment(row["begins"])
        if row["period"] not in ("arrival", "dispersal") or hour != dt.timedelta(hours=1):
            yield bad("load_hour", row["event"], "jam keliru", "hour misstated")


def conflicts_printed(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Conflicts name the roads they are on."""
    network = facts.network
    length = dict(zip(network.segment.tolist(), network.length_m.tolist(), strict=True))
    for c in plan["conflicts"]:
        roads = sorted({network.names[network.name[s]] for s in c["segments"]} - {""})
        metres = sum(length[s] for s in c["segments"])
        if c["roads"] != roads or abs(c["length_m"] - metres) > METRES:
            yield bad("conflict_true", c["kind"], "ruas keliru", "roads misstated")


RULES = (junctions_printed, groups_printed, conflicts_printed)
