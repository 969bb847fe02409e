"""Rules about what the hour of an event prints besides flows: which hour, busiest, changes, bounds.

Hours at the bounds of demand (`low`, `high`) come without their flows, so that they cannot be
worked out again; they are held to their own sums and to the hours of the expected demand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sispamkota.roads.network import Floats
from sispamkota.traffic.verify.facts import Plan, TrafficFacts, Violation, bad, closed, standing
from sispamkota.traffic.verify.load import FLOW, capacity_of, trips_of

Row = Mapping[str, Any]
BUSIEST, CHANGED, LEAST_CHANGE = 20, 300, 1.0
CENT = 0.02
SLACK = 0.01  # an equilibrium of less traffic may, rarely, take longer in all
MOST_PAIRS_ARCS = 2e9
THOUSANDTH = 2.5e-3


def hour_chosen(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Of arrival and dispersal the hour with more traffic is told."""
    for row in plan["assignment"]:
        event = row["event"]
        shut = standing(facts, event, "car") | closed(plan, facts, event, "car")
        own = float(trips_of(facts, event, row["period"], shut).trips.sum())
        other = "dispersal" if row["period"] == "arrival" else "arrival"
        if float(trips_of(facts, event, other, shut).trips.sum()) > own * (1 + 1e-9) + CENT:
            yield bad("load_period", event, "bukan jam tersibuk", "not the busiest hour")


def objective_told(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Beckmann's objective follows from the flows (where turns cost nothing)."""
    links = facts.rules.links
    if links.turn_s > 0:
        return
    free = np.zeros(facts.network.arcs)
    for a, t in facts.graph("car").time.items():
        free[a] = t / 10
    room = capacity_of(facts)
    for row in plan["assignment"]:
        for when in ("before", "after"):
            flow = np.array(row["flows"][when], np.float64)
            rising = links.b * (flow / room) ** links.power / (links.power + 1)
            true = float((free * flow * (1 + rising)).sum())
            if abs(true - row[when]["objective"]) > CENT + 1e-6 * true + FLOW * free.sum():
                yield bad("load_objective", row["event"], "objektif keliru", "objective misstated")


def busiest_told(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """The busiest roads are those nearest to their capacity, and none is left out."""
    network, room = facts.network, capacity_of(facts)
    for row in plan["assignment"]:
        flow = np.array(row["flows"]["after"], np.float64)
        ratio = flow / room
        told = [b["arc"] for b in row["busiest"]]
        fine = len(set(told)) == len(told)
        fine &= len(told) >= min(BUSIEST, int((flow > FLOW).sum()))
        left = np.delete(ratio, told)
        least = min((float(ratio[a]) for a in told), default=np.inf)
        fine &= float(left.max(initial=0.0)) <= least + CENT / 100
        for b in row["busiest"]:
            arc = b["arc"]
            fine &= b["capacity_pcu_h"] == room[arc] and b["segment"] == network.segment[arc]
            fine &= b["road"] == network.name_of(arc)
            fine &= abs(b["ratio"] - ratio[arc]) <= CENT / 100
        if not fine:
            yield bad("load_busiest", row["event"], "ruas terpadat keliru", "busiest misstated")


def changes_told(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """The roads that change most are told, and none is left out."""
    for row in plan["assignment"]:
        before, after = (_summed(facts, row["flows"][when]) for when in ("before", "after"))
        change = np.abs(after - before)
        told = [c[0] for c in row["changed"]]
        least = LEAST_CHANGE
        if len(told) >= CHANGED:
            least = min(float(change[s]) for s in told)
        left = np.delete(change, told)
        if len(set(told)) != len(told) or float(left.max(initial=0.0)) > least + CENT:
            yield bad("load_changed", row["event"], "perubahan hilang", "changes left out")


def _summed(facts: TrafficFacts, flow: list[float]) -> Floats:
    network = facts.network
    return np.bincount(network.segment, np.array(flow), minlength=network.segments).astype(float)


def bounds_told(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Hours at low and high demand add up and enclose those of the expected demand."""
    for row in plan["assignment"]:
        low, high = row["low"], row["high"]
        if low is None or high is None:
            pairs = float(row["zones"]) ** 2
            if low is not high or pairs * facts.network.arcs <= MOST_PAIRS_ARCS:
                yield bad("load_bounds", row["event"], "batas hilang", "bounds are missing")
            continue
        fine = True
        for level in (low, high):
            added = level["after"]["vehicle_hours"] - level["before"]["vehicle_hours"]
            fine &= abs(added - level["added_vehicle_hours"]) <= THOUSANDTH
        for when in ("before", "after"):
            key = "same_trips_before" if when == "before" else "after"
            mid = row[key]["vehicle_hours"]
            fine &= low[when]["vehicle_hours"] <= mid * (1 + SLACK) + CENT
            fine &= mid <= high[when]["vehicle_hours"] * (1 + SLACK) + CENT
        lost = row["after"]["unroutable_pcu_h"]
        fine &= low["unroutable_pcu_h"] <= lost + CENT and lost <= high["unroutable_pcu_h"] + CENT
        if not fine:
            yield bad("load_bounds", row["event"], "batas keliru", "bounds misstated")


RULES = (hour_chosen, objective_told, busiest_told, changes_told, bounds_told)
