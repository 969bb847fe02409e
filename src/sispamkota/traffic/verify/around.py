"""Rules about ways around: how much traffic takes them, and where drivers must be told.

Flow by path is not unique at equilibrium, so the flow of a single way around cannot be worked out
from the roads; all of them together carry no more than drives into the closures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from sispamkota.roads.network import Floats, Network
from sispamkota.traffic.verify.facts import MOTOR, Plan, TrafficFacts, Violation, arcs_on, bad
from sispamkota.traffic.verify.load import hung_on

Row = Mapping[str, Any]
UNIT = 0.5  # passenger car units an hour: rounding of what is printed, summed
ROADS_MEET = 3
NEARLY = 1e-6  # degrees of a turn


def flows_bounded(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Ways around carry no more than would have driven into the closures, per class of vehicle."""
    share = _shares(facts)
    hours = {r["event"]: r for r in plan["assignment"]}
    told: dict[tuple[str, str], float] = defaultdict(float)
    for d in plan["diversions"]:
        if d["flow_pcu_h"] < 0 or not d["closures"]:
            yield bad("diversion_around", d["id"], "tidak mengitari apa pun", "goes around nothing")
        if any(c["event"] != d["event"] for c in plan["closures"] if c["id"] in d["closures"]):
            yield bad("diversion_around", d["id"], "penutupan kegiatan lain", "another's closure")
        told[d["event"], d["profile"]] += d["flow_pcu_h"]
    for (event, profile), flow in sorted(told.items()):
        most = _into(plan, facts, hours[event]) * share[profile]
        if flow > most + UNIT:
            yield bad("diversion_flow", f"{event} {profile}", "arus berlebih", "too much flow")


def _shares(facts: TrafficFacts) -> dict[str, float]:
    d, pcu = facts.rules.demand, facts.rules.pcu
    units = {p: d.share[p] * pcu[p] / d.persons[p] for p in MOTOR}
    return {p: u / sum(units.values()) for p, u in units.items()}


def _into(plan: Plan, facts: TrafficFacts, hour: Row) -> float:
    """The most that can enter closed roads: what comes in from open ones, and begins there."""
    network, event = facts.network, hour["event"]
    shut = np.zeros(network.arcs, np.bool_)
    for c in plan["closures"]:
        if c["event"] == event and "car" in c["profiles"]:
            shut[list(arcs_on(network, c["segments"], c["direction"]))] = True
    flow = np.array(hour["flows"]["before"])
    out, within = np.zeros(network.nodes), np.zeros(network.nodes)
    np.add.at(out, network.tail[shut], flow[shut])
    np.add.at(within, network.head[~shut], flow[~shut])
    for node in hung_on(plan, facts, event)[1]:
        within[node] = np.inf  # trips may begin at this very junction
    return float(np.minimum(out, within).sum())


def decisions_right(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Drivers are told where a way leaves, turns and joins again, and nowhere else."""
    for d in plan["diversions"]:
        told = {x["node"]: x["role"] for x in d["decisions"]}
        sure, maybe = _turns(facts, d)
        first = int(facts.network.tail[d["arcs"][0]])
        last = int(facts.network.head[d["arcs"][-1]])
        fine = len(told) == len(d["decisions"])
        roads = hung_on(plan, facts, d["event"])[0]
        # no way leaves or joins where a trip itself begins or ends
        if d["begins_part"] > 0:
            fine &= told.get(first) != "leaves"
        elif int(facts.network.segment[d["arcs"][0]]) not in roads:
            fine &= told.get(first) == "leaves"
        if d["ends_part"] < 1:
            fine &= told.get(last) != "joins"
        elif int(facts.network.segment[d["arcs"][-1]]) not in roads:
            fine &= last in told
        turns = {n for n, role in told.items() if role == "turns"}
        ends = {n for n, role in told.items() if role in ("leaves", "joins")}
        fine &= ends <= {first, last} and {*turns, *ends} == set(told)
        fine &= sure - {first, last} <= turns <= sure | maybe
        if not fine:
            yield bad("diversion_decisions", d["id"], "simpang arahan keliru", "turns misstated")


def _turns(facts: TrafficFacts, d: Row) -> tuple[set[int], set[int]]:
    """Junctions where a way turns or changes its name; and where it nearly does."""
    network, most = facts.network, facts.rules.diversions.straight_deg
    sure, maybe = set(), set()
    for one, other in pairwise(d["arcs"]):
        node = int(network.head[one])
        at = (network.tail == node) | (network.head == node)
        if len(np.unique(network.segment[at])) < ROADS_MEET:
            continue
        angle = _angle(network, one, other)
        if network.name_of(one) != network.name_of(other) or angle > most + NEARLY:
            sure.add(node)
        elif angle > most - NEARLY:
            maybe.add(node)
    return sure, maybe


def _angle(network: Network, one: int, other: int) -> float:
    into, out = _heading(network.line(one)[-2:]), _heading(network.line(other)[:2])
    return abs((out - into + 180.0) % 360.0 - 180.0)


def _heading(line: Floats) -> float:
    (x0, y0), (x1, y1) = line
    east = (x1 - x0) * np.cos(np.radians((y0 + y1) / 2))
    return float(np.degrees(np.arctan2(east, y1 - y0)))


RULES = (flows_bounded, decisions_right)
