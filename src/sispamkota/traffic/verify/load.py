"""Rules about traffic: demand, flows that go somewhere, and an equilibrium that is one."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sispamkota.roads.connect import components
from sispamkota.roads.network import PROFILES
from sispamkota.roads.snap import Snapped, Snapper
from sispamkota.traffic.verify.facts import (
    Plan,
    TrafficFacts,
    Violation,
    bad,
    closed,
    moment,
    standing,
)

Row = Mapping[str, Any]
Floats = NDArray[np.float64]
FLOW = 1e-4  # printed flows are rounded to this
WIB_H = 7
VEHICLES = ("car", "motorcycle", "bus", "truck")
HUNDREDTH = 0.011  # printed to two decimals


@dataclass(frozen=True, kw_only=True, eq=False)
class Trips:
    """Trips of an hour, worked out anew.

    Attributes:
        at: where zones, groups and the place hang.
        trips: by node.
        crowd: of which the crowd's.
        low, high: all trips at the bounds.
    """

    at: Snapped
    trips: Floats
    crowd: float
    low: float
    high: float


def hours_there(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Each event has its hour, and flows for every arc."""
    told = [r["event"] for r in plan["assignment"]]
    if sorted(told) != sorted(facts.by_id):
        yield bad("load_present", "assignment", "jam kegiatan hilang", "an hour is missing")
    for row in plan["assignment"]:
        for when in ("before", "after"):
            flows = row["flows"][when]
            if len(flows) != facts.network.arcs or min(flows, default=0.0) < 0:
                yield bad("load_flows", row["event"], "arus tidak lengkap", "flows misshaped")


def loads(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Demand, conservation, closed roads empty, equilibrium, totals."""
    for row in plan["assignment"]:
        event = row["event"]
        if event not in facts.by_id or len(row["flows"]["after"]) != facts.network.arcs:
            continue
        shut = {
            "before": standing(facts, event, "car"),
            "after": closed(plan, facts, event, "car"),
        }
        demand = trips_of(facts, event, row["period"], shut["before"] | shut["after"])
        yield from _demand(facts, row, demand)
        for when in ("before", "after"):
            yield from _one(facts, row, when, demand, (shut[when], shut["before"] | shut["after"]))
        yield from _totals(facts, row)


def demand_told(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """The people and zones behind the demand are those of the inputs."""
    known = _zones(facts)
    told = plan["demand"]
    if told["zones"] != len(known) or told["people"] != sum(z["people"] for z in known):
        yield bad("demand_told", "demand", "penduduk atau zona keliru", "people or zones misstated")


def _zones(facts: TrafficFacts) -> list[Row]:
    rows = facts.zones.sort("code").iter_rows(named=True)
    return [
        r for r in rows if r["lon"] is not None and r["lat"] is not None and (r["people"] or 0) > 0
    ]


def trips_of(facts: TrafficFacts, event_id: str, period: str, shut: set[int]) -> Trips:
    """Work out the trips of an hour from people, travel times and the event."""
    event, kind, rules = facts.by_id[event_id], facts.kind(event_id), facts.rules
    zones = _zones(facts)
    points = _points(facts, event_id)
    at = _hang(facts, points, shut)
    people = [float(z["people"]) for z in zones]
    begins = event.starts_at - dt.timedelta(hours=1) if period == "arrival" else event.ends_at
    residents = (
        _counted(facts, [z["code"] for z in zones])
        if facts.counts is not None
        else _gravity(facts, zones, people, begins)
    )
    share = _origins(facts, event, people, at)
    size = len(points)
    totals = {}
    trips = np.zeros((size, size))
    minutes = kind.arrive_min if period == "arrival" else kind.leave_min
    for level, factor in (("low", rules.demand.low), ("high", rules.demand.high), ("mid", 1.0)):
        crowd = share * _crowd(facts, event_id, level) * min(1.0, 60 / minutes)
        totals[level] = float(residents.sum() * factor + crowd.sum())
        if level == "mid":
            trips[: len(zones), : len(zones)] = residents
            if period == "arrival":
                trips[:-1, -1] += crowd
            else:
                trips[-1, :-1] += crowd
            total_crowd = float(crowd.sum())
    return Trips(at=at, trips=trips, crowd=total_crowd, low=totals["low"], high=totals["high"])


def _points(facts: TrafficFacts, event_id: str) -> list[tuple[float, float]]:
    """Zones, then groups, then the place of an event."""
    event = facts.by_id[event_id]
    return [
        *((z["lon"], z["lat"]) for z in _zones(facts)),
        *(g.gathering for g in event.groups),
        event.place,
    ]


def _hang(facts: TrafficFacts, points: Sequence[tuple[float, float]], shut: set[int]) -> Snapped:
    network = facts.network
    bit = 1 << PROFILES.index("car")
    joined = components(network, "car").arcs_within(network)
    access = network.access.copy()
    for a in range(network.arcs):
        if not joined[a] or a in shut:
            access[a] &= 0xFF ^ bit
        else:
            access[a] |= bit
    masked = replace(network, access=access)
    limit = facts.rules.places.far_m
    zones, place = (
        Snapper(network=masked, profile="car", within_component=within, limit_m=limit)
        for within in (False, True)
    )
    first, last = zones.snap(np.array(points[:-1])), place.snap(np.array(points[-1:]))
    columns = ("arc", "fraction", "distance_m", "far", "place")
    both = {c: np.concatenate((getattr(first, c), getattr(last, c))) for c in columns}
    return Snapped(**both, limit_m=limit)


def hung_on(plan: Plan, facts: TrafficFacts, event: str) -> tuple[set[int], set[int]]:
    """Return the pieces of road that zones of an event hang on, and the junctions at their ends."""
    network = facts.network
    key = ("hung", event, str([c["segments"] for c in plan["closures"]]))
    if key not in facts.kept:
        shut = standing(facts, event, "car") | closed(plan, facts, event, "car")
        at = _hang(facts, _points(facts, event), shut)
        arcs = [a for a in at.arc.tolist() if a >= 0]
        ends = {int(n) for a in arcs for n in (network.tail[a], network.head[a])}
        facts.kept[key] = ({int(network.segment[a]) for a in arcs}, ends)
    found: tuple[set[int], set[int]] = facts.kept[key]
    return found


def capacity_of(facts: TrafficFacts) -> Floats:
    """Return per arc its capacity by class of road."""
    network, table = facts.network, facts.rules.links.capacity
    room = []
    for name in network.highways:
        base = name.removesuffix("_link")
        room.append(float(table.get(name, table.get(base, table["other"]))))
    return np.array(room or [0.0])[network.highway[network.segment]]


def _free_seconds(facts: TrafficFacts, at: Snapped) -> Floats:
    """Free seconds from zone to zone: the same for every event."""
    if "seconds" not in facts.kept:
        facts.kept["seconds"] = _matrix(facts, at)
    found: Floats = facts.kept["seconds"]
    return found


def _matrix(facts: TrafficFacts, at: Snapped) -> Floats:
    """Free seconds from each place to each."""
    graph = facts.graph("car")
    rows = [at.take(slice(i, i + 1)) for i in range(len(at))]
    spread = graph.spread([graph.leaving(r) for r in rows])
    seconds = np.zeros((len(rows), len(rows)))
    for i, one in enumerate(rows):
        origin = graph.ends(one)
        for j, other in enumerate(rows):
            seconds[i, j] = graph.arriving(spread[i], origin, other) / 10
    return seconds


def _gravity(
    facts: TrafficFacts, zones: Sequence[Row], people: Sequence[float], begins: dt.datetime
) -> Floats:
    rules = facts.rules
    d = rules.demand
    hour = (begins.astimezone(dt.UTC).hour + WIB_H) % 24
    units = sum(d.share[p] * rules.pcu[p] / d.persons[p] for p in ("car", "motorcycle", "truck"))
    at = facts.snapper.snap(np.array([(z["lon"], z["lat"]) for z in zones]))
    seconds = _free_seconds(facts, at)
    trips = np.zeros_like(seconds)
    for i, sent in enumerate(people):
        pulls = [
            0.0
            if i == j or not math.isfinite(seconds[i, j])
            else p * math.exp(-seconds[i, j] / d.decay_s)
            for j, p in enumerate(people)
        ]
        every = sum(pulls)
        if every <= 0:
            continue
        makes = sent * d.trips_person_day * d.hour_share[hour] * units
        for j, pull in enumerate(pulls):
            volume = makes * pull / every
            trips[i, j] = volume if volume >= d.least_pcu_h else 0.0
    return trips


def _counted(facts: TrafficFacts, codes: Sequence[str]) -> Floats:
    assert facts.counts is not None
    trips = np.zeros((len(codes), len(codes)))
    for row in facts.counts.iter_rows(named=True):
        i, j = codes.index(row["from"]), codes.index(row["to"])
        if i != j:
            trips[i, j] += sum(
                (row[p] or 0.0) * facts.rules.pcu[p] for p in ("car", "motorcycle", "truck")
            )
    return trips


def _origins(facts: TrafficFacts, event: Any, people: Sequence[float], at: Snapped) -> Floats:
    """Part of the crowd from each zone, then from each group."""
    sizes = [float(g.size) for g in event.groups]
    crowd = max(float(event.crowd.expected) if event.crowd else 0.0, sum(sizes))
    groups = [s / crowd if crowd > 0 else s for s in sizes]
    graph = facts.graph("car")
    last = at.take(slice(len(at) - 1, len(at)))
    rows = [at.take(slice(i, i + 1)) for i in range(len(people))]
    spread = graph.spread([graph.leaving(r) for r in rows])
    pulls = []
    for i, row in enumerate(rows):
        seconds = graph.arriving(spread[i], graph.ends(row), last) / 10
        far = not math.isfinite(seconds)
        pulls.append(0.0 if far else people[i] * math.exp(-seconds / facts.rules.demand.decay_s))
    rest = max(0.0, 1.0 - sum(groups))
    every = sum(pulls)
    return np.array([*(p / every * rest if every > 0 else 0.0 for p in pulls), *groups])


def _crowd(facts: TrafficFacts, event_id: str, level: str) -> float:
    event, kind, rules = facts.by_id[event_id], facts.kind(event_id), facts.rules
    expected = event.crowd.expected if event.crowd else 0
    count = {
        v: getattr(event.vehicles, v)
        if event.vehicles is not None
        else round(expected * kind.share[v] / rules.occupancy[v])
        for v in VEHICLES
    }
    units = float(sum(count[v] * rules.pcu[v] for v in VEHICLES))
    if level == "mid" or event.crowd is None or not expected:
        return units
    return units * float(getattr(event.crowd, level)) / expected


def _demand(facts: TrafficFacts, row: Row, demand: Trips) -> Iterator[Violation]:
    event = facts.by_id[row["event"]]
    begins = event.starts_at - dt.timedelta(hours=1)
    begins = begins if row["period"] == "arrival" else event.ends_at
    if moment(row["begins"]) != begins or row["zones"] != len(demand.at):
        yield bad("load_hour", row["event"], "jam atau zona keliru", "hour or zones misstated")
    said = (row["trips_pcu_h"], row["event_pcu_h"], row["trips_low_pcu_h"], row["trips_high_pcu_h"])
    true = (float(demand.trips.sum()), demand.crowd, demand.low, demand.high)
    if any(abs(a - b) > 1e-2 + 1e-6 * b for a, b in zip(said, true, strict=True)):
        yield bad("load_demand", row["event"], "permintaan keliru", "demand misstated")


def _one(
    facts: TrafficFacts, row: Row, when: str, demand: Trips, barred: tuple[set[int], set[int]]
) -> Iterator[Violation]:
    """Rules for one load of the roads; barred arcs are those of now, and those of ever."""
    shut, ever = barred
    where = f"{row['event']} {when}"
    graph = facts.graph("car")
    flow = np.array(row["flows"][when], np.float64)
    if any(flow[a] > FLOW for a in shut) or any(
        f > FLOW and a not in graph.time for a, f in enumerate(flow.tolist())
    ):
        yield bad("load_closed", where, "arus di ruas tertutup", "flow on a closed road")
    cost = _costs(facts, flow)
    shortest = _shortest(facts, demand.at, cost, (shut, ever))
    real = demand.trips * _apart(facts, demand.at)
    lost = real[~np.isfinite(shortest)].sum()
    if abs(lost - row[when]["unroutable_pcu_h"]) > 1e-2:  # noqa: PLR2004
        yield bad("load_unroutable", where, "yang terputus keliru", "what is cut off is misstated")
    yield from _conserved(facts, where, demand, np.isfinite(shortest) * real, flow)
    total = float(sum(flow[a] * c for a, c in cost.items()))
    least = float((real * np.where(np.isfinite(shortest), shortest, 0.0)).sum())
    gap = (total - least) / total if total > 0 else 0.0
    rounding = FLOW * sum(cost.values()) / total if total > 0 else 0.0
    aim = facts.rules.links.gap
    if gap > 10 * aim + rounding or gap < -rounding - 1e-9 or row[when]["relative_gap"] > 10 * aim:
        yield bad(
            "load_gap", where, f"bukan keseimbangan ({gap:.2g})", f"no equilibrium ({gap:.2g})"
        )
    if abs(total / 3600 - row[when]["vehicle_hours"]) > 1e-2 + total * 1e-6:
        yield bad("load_hours", where, "jam kendaraan keliru", "vehicle hours misstated")


def _apart(facts: TrafficFacts, at: Snapped) -> Floats:
    """1 for pairs of zones on different pieces of road; trips within one piece load no road."""
    piece = [int(facts.network.segment[a]) if a >= 0 else -1 - i for i, a in enumerate(at.arc)]
    apart: Floats = (np.array(piece)[:, None] != np.array(piece)[None, :]).astype(np.float64)
    return apart


def _costs(facts: TrafficFacts, flow: Floats) -> dict[int, float]:
    links, room = facts.rules.links, capacity_of(facts)
    return {
        a: t / 10 * (1 + links.b * float(flow[a] / room[a]) ** links.power)
        for a, t in facts.graph("car").time.items()
    }


def _shortest(
    facts: TrafficFacts, at: Snapped, cost: Mapping[int, float], barred: tuple[set[int], set[int]]
) -> Floats:
    """Least cost from zone to zone; the pieces of road that zones hang on cost nothing."""
    shut, ever = barred
    graph = facts.graph("car")
    turn = facts.rules.links.turn_s
    sides = [
        [a for a, _ in graph.ends(at.take(slice(i, i + 1))) if a not in ever]
        for i in range(len(at))
    ]
    spread = graph.spread([dict.fromkeys(s, 0.0) for s in sides], shut, cost, 0.0)
    least = np.full((len(at), len(at)), np.inf)
    for j, side in enumerate(sides):
        before = sorted({b for a in side for b in graph.into[a]})
        if before:
            least[:, j] = spread[:, before].min(axis=1) + turn
    return least


def _conserved(
    facts: TrafficFacts, where: str, demand: Trips, trips: Floats, flow: Floats
) -> Iterator[Violation]:
    """What flows into a junction flows out again, but for trips that begin or end there.

    Which end of its road a zone's trips take is not told, so both ends are looked at together.
    """
    network, graph = facts.network, facts.graph("car")
    balance = np.zeros(network.nodes)
    np.add.at(balance, network.head, flow)
    np.subtract.at(balance, network.tail, flow)
    group = list(range(network.nodes))

    def top(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    at = []
    for i in range(len(demand.at)):
        ends = [
            n
            for a, _ in graph.ends(demand.at.take(slice(i, i + 1)))
            for n in (graph.tail[a], graph.head[a])
        ]
        at.append(ends[0] if ends else -1)
        for n in ends[1:]:
            group[top(n)] = top(ends[0])
    net = np.zeros(network.nodes)
    for n in range(network.nodes):
        net[top(n)] += balance[n]
    for i, n in enumerate(at):
        if n >= 0:
            net[top(n)] += trips[i].sum() - trips[:, i].sum()
    slack = FLOW * (20 + np.bincount([top(int(n)) for n in network.head], minlength=network.nodes))
    # pairs whose road is one and the same use no road at all
    if (np.abs(net) > slack).any():
        worst = int(np.abs(net).argmax())
        yield bad(
            "load_conserved",
            f"{where} {worst}",
            "arus hilang atau muncul di simpang",
            "flow appears or vanishes at a junction",
        )


def _totals(facts: TrafficFacts, row: Row) -> Iterator[Violation]:
    """Sums that follow from the flows."""
    network = facts.network
    same, before = row["same_trips_before"]["vehicle_hours"], row["before"]["vehicle_hours"]
    none_lost = row["after"]["unroutable_pcu_h"] <= row["before"]["unroutable_pcu_h"]
    if (none_lost and same != before) or not 0 <= same <= before + HUNDREDTH:
        yield bad("load_totals", row["event"], "jam sebelum keliru", "hours before misstated")
    added = row["after"]["vehicle_hours"] - same
    if abs(added - row["added_vehicle_hours"]) > 2e-3 or (  # noqa: PLR2004
        row["unroutable_pcu_h"] != row["after"]["unroutable_pcu_h"]
    ):
        yield bad("load_totals", row["event"], "selisih keliru", "differences misstated")
    after = row["flows"]["after"]
    for b in row["busiest"]:
        if abs(after[b["arc"]] - b["flow_pcu_h"]) > HUNDREDTH or (
            abs(b["ratio"] - b["flow_pcu_h"] / b["capacity_pcu_h"]) > HUNDREDTH / 10
        ):
            yield bad("load_busiest", row["event"], "ruas terpadat keliru", "busiest misstated")
    summed = {
        when: np.bincount(network.segment, row["flows"][when], minlength=network.segments)
        for when in ("before", "after")
    }
    for segment, was, now, _ in row["changed"]:
        if (
            abs(summed["before"][segment] - was) > 2 * HUNDREDTH
            or abs(summed["after"][segment] - now) > 2 * HUNDREDTH
        ):
            yield bad("load_changed", row["event"], "perubahan keliru", "changes misstated")
            break


RULES = (hours_there, loads, demand_told)
