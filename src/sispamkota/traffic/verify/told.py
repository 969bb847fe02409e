"""Rules about what a plan prints: events as their files say, lines and names of roads as they are.

Officers act on the map and the table, not on numbers of arcs; so these are held to the roads too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from sispamkota.kernel.neutrality import party_name
from sispamkota.roads.network import Network
from sispamkota.roads.snap import Snapped
from sispamkota.traffic.events import event_json
from sispamkota.traffic.verify.facts import (
    METRES,
    SECONDS,
    Plan,
    TrafficFacts,
    Violation,
    bad,
    inputs_sha256,
)
from sispamkota.traffic.verify.going import drivable, ends_at, told_right
from sispamkota.traffic.verify.graph import Graph

Row = Mapping[str, Any]
LINE = 2e-6  # degrees; printed to six decimals
PART = 1e-6
VEHICLES = ("car", "motorcycle", "bus", "truck")
LISTS = ("events", "closures", "diversions", "posts", "escorts", "patrols")
ROAD_NAMES = frozenset({"roads", "road", "name", "place_name", "sources", "source", "operation"})
"""Names of roads and places are as the map has them: a street may be called anything."""


def names_once(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Ids are used once: whoever reads `post 3` must find one."""
    del facts
    for part in LISTS:
        ids = [row["id"] for row in plan[part]]
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            yield bad("ids", f"{part} {twice}", "id dipakai dua kali", "an id used twice")


def frame_told(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """The plan's own name, the roads it was made on, and the closures that stood already."""
    if plan["plan"] != f"traffic-{inputs_sha256(facts)[:12]}":
        yield bad("plan_id", "plan", "nama rencana keliru", "the plan is misnamed")
    network, told = facts.network, plan["network"]
    true = (network.source, network.as_of.isoformat(), network.estimated)
    if (told["source"], told["as_of"], told["estimated"]) != true:
        yield bad("same_network", "plan", "asal jaringan keliru", "source of roads misstated")
    standing = [
        [c.id, list(c.segments), list(c.ways), list(c.profiles), list(c.exempt), c.direction]
        for c in facts.standing
    ]
    keys = ("id", "segments", "ways", "profiles", "exempt", "direction")
    if [[row[k] for k in keys] for row in plan["standing"]] != standing:
        yield bad("standing", "plan", "penutupan berlaku keliru", "standing closures misstated")


def events_as_filed(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Names, crowds, receipts and groups are those of the event files."""
    for row in plan["events"]:
        event = facts.by_id.get(row["id"])
        if event is None:
            continue
        filed, kind = event_json(event), facts.kind(event.id)
        groups = [
            {"label": g.label, "size": g.size, "gathering": list(g.gathering)} for g in event.groups
        ]
        expected = event.crowd.expected if event.crowd else 0
        vehicles = {
            v: getattr(event.vehicles, v)
            if event.vehicles is not None
            else round(expected * kind.share[v] / facts.rules.occupancy[v])
            for v in VEHICLES
        }
        same = row["name"] == event.name and row["place_name"] == event.place_name
        same &= row["crowd"] == filed.get("crowd") and row["sttp"] == filed.get("sttp")
        same &= row["groups"] == groups and row["officers_min"] == event.officers_min
        same &= row["vehicles"] == vehicles and row["tasks"] == list(kind.tasks)
        same &= row["vehicles_estimated"] == (event.vehicles is None)
        if not same:
            yield bad("events", event.id, "tidak seperti berkasnya", "differs from its file")


def routes_told(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """The route of a convoy passes its points in order, each leg a quickest one."""
    graph = facts.graph("car")
    for row in plan["events"]:
        event = facts.by_id.get(row["id"])
        if event is None:
            continue
        route = row["route"]
        if (route is None) != (not event.route):
            yield bad("route", event.id, "rute hilang atau dibuat-buat", "route missing or made up")
        if route is None or not event.route:
            continue
        found = list(drivable(graph, route, (), event.id))
        found = found or list(told_right(graph, route, event.id, route["travel_s"]))
        yield from found
        if route["waypoints"] != [list(p) for p in event.route] or (
            not found and not _passes(facts, graph, route, event.route)
        ):
            yield bad("route", event.id, "tidak lewat titik rute", "does not pass its points")


def _passes(
    facts: TrafficFacts, graph: Graph, route: Row, points: Sequence[tuple[float, float]]
) -> bool:
    """Whether a route meets its points in order and never goes further than it must."""
    stops = [facts.at(*p) for p in points]
    arcs = route["arcs"]
    at = _met(graph, stops[0], arcs, (0, route["begins_part"]))
    if at is None or at[0] != 0 or abs(at[1] - route["begins_part"]) > PART:
        return False
    for number, stop in enumerate(stops[1:]):
        there = _met(graph, stop, arcs, at)
        if there is None:
            return False
        # out of the first point either way is free; from the others a convoy goes on
        begun = graph.ends(stops[0]) if number == 0 else [(arcs[at[0]], at[1])]
        seeds = {a: float(np.rint((1 - p) * graph.time[a])) for a, p in begun}
        least = graph.arriving(graph.spread([seeds])[0], begun, stop) / 10
        if graph.driven(arcs[at[0] : there[0] + 1], at[1], there[1]) - least > SECONDS:
            return False
        at = there
    return ends_at(graph, route, stops[-1]) and at[0] == len(arcs) - 1


def _met(
    graph: Graph, stop: Snapped, arcs: Sequence[int], since: tuple[int, float]
) -> tuple[int, float] | None:
    """Where a way first meets a place: number of the arc and how far along it."""
    sides = dict(graph.ends(stop))
    for number in range(since[0], len(arcs)):
        part = sides.get(arcs[number])
        if part is not None and (number > since[0] or part >= since[1] - PART):
            return number, part
    return None


def neutral_throughout(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """No text of the plan names a party, but for names of roads, as the map has them."""
    del facts
    left: list[tuple[str, Any]] = [(k, v) for k, v in plan.items() if k not in ROAD_NAMES]
    while left:
        where, part = left.pop()
        if isinstance(part, Mapping):
            left += [(f"{where}.{k}", v) for k, v in part.items() if k not in ROAD_NAMES]
        elif isinstance(part, list):
            if part and not isinstance(part[0], int | float):
                left += [(where, v) for v in part]
        elif isinstance(part, str) and party_name(_without_roads(part, plan)):
            yield bad("neutral", where, "menyebut partai", "names a party")


def _without_roads(text: str, plan: Plan) -> str:
    """A text without the names of the roads of closures and ways around that it quotes."""
    rows = [*plan["closures"], *plan["diversions"], *plan["conflicts"]]
    for name in {n for row in rows for n in row["roads"]}:
        text = text.replace(name, " ") if name else text
    return text


def lines_drawn(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Lines and names of roads are those of the arcs."""
    network = facts.network
    ways: list[tuple[str, Row]] = [(d["id"], d) for d in plan["diversions"]]
    ways += [(f"{a['event']} {a['group']}", a) for a in plan["approaches"]]
    ways += [(f"{c['event']} {c['direction']}", c) for c in plan["corridors"]]
    ways += [(e["id"], e["route"]) for e in plan["events"] if e["route"]]
    ways += [(p["id"], p) for p in plan["patrols"] if p["arcs"]]
    ways += [(e["id"], w) for e in plan["escorts"] for w in (e["primary"], *e["alternates"])]
    for where, way in ways:
        arcs = way["arcs"]
        if not arcs or not all(isinstance(a, int) and 0 <= a < network.arcs for a in arcs):
            continue  # `drivable` tells of those
        if not _same_line(
            way["line"], line_of(network, arcs, way["begins_part"], way["ends_part"])
        ):
            yield bad("way_line", where, "garis bukan jalan ini", "the line is not this way's")
        if way["roads"] != _roads(network, arcs):
            yield bad("way_roads", where, "nama jalan keliru", "names of roads misstated")
    for d in plan["diversions"]:
        before = (d["before_begins_part"], d["before_ends_part"])
        if not _same_line(d["line_before"], line_of(network, d["arcs_before"], *before)):
            yield bad("way_line", d["id"], "garis lama keliru", "the line before is not that way's")


def closures_drawn(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Lines and names of closed roads are theirs."""
    network, start = facts.network, facts.network.shape_start
    for c in plan["closures"]:
        lines = [network.shape[start[s] : start[s + 1]] for s in c["segments"]]
        drawn = len(lines) == len(c["lines"]) and all(
            _same_line(told, line) for told, line in zip(c["lines"], lines, strict=True)
        )
        roads = sorted({network.names[network.name[s]] for s in c["segments"]} - {""})
        if not drawn or c["roads"] != roads or c["segments"] != sorted(set(c["segments"])):
            yield bad("closure_figures", c["id"], "garis atau nama keliru", "line or roads differ")


def _same_line(told: Sequence[Sequence[float]], line: Any) -> bool:
    drawn = np.array(told, np.float64)
    return drawn.shape == line.shape and bool((np.abs(drawn - line) <= LINE).all())


def line_of(network: Network, arcs: Sequence[int], begins: float, ends: float) -> Any:
    """Return the (vertices, 2) lon, lat along arcs, the first and the last of them in part."""
    points: list[tuple[float, float]] = []
    for number, arc in enumerate(arcs):
        line = [(float(x), float(y)) for x, y in network.line(arc)]
        first = begins if number == 0 else 0.0
        last = ends if number == len(arcs) - 1 else 1.0
        if first > 0 or last < 1:
            line = _between(line, first, last)
        points += line[1:] if points else line
    return np.array(points)


def _between(
    line: list[tuple[float, float]], first: float, last: float
) -> list[tuple[float, float]]:
    """The part of a line between two fractions of its length."""
    east = float(np.cos(np.radians(np.mean([y for _, y in line]))))
    gone = [0.0]
    for (x0, y0), (x1, y1) in pairwise(line):
        gone.append(gone[-1] + float(np.hypot((x1 - x0) * east, y1 - y0)))
    if gone[-1] <= 0:
        return line
    begin, end = first * gone[-1], last * gone[-1]
    cuts = [
        tuple(float(np.interp(at, gone, [p[i] for p in line])) for i in (0, 1))
        for at in (begin, end)
    ]
    inside = [p for p, g in zip(line, gone, strict=True) if begin < g < end]
    return [(cuts[0][0], cuts[0][1]), *inside, (cuts[1][0], cuts[1][1])]


def _roads(network: Network, arcs: Sequence[int]) -> list[str]:
    names: list[str] = []
    for arc in arcs:
        name = network.name_of(arc)
        if name and names[-1:] != [name]:
            names.append(name)
    return names


def hospitals_told(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Corridors print the hospital they are from, and the event's place."""
    homes = {h.id: h for h in facts.hospitals}
    for row in plan["corridors"]:
        where = f"{row['event']} {row['direction']}"
        home, event = homes.get(row["hospital"]), facts.by_id[row["event"]]
        if home is None:
            continue  # `corridors_hold` tells
        hospital = {"id": home.id, "name": home.name, "lon": home.lon, "lat": home.lat}
        lon, lat = event.place
        place = {"name": event.place_name or event.name, "lon": lon, "lat": lat}
        ends = (hospital, place) if row["direction"] == "to_place" else (place, hospital)
        rough = bool(getattr(home, "approximate", False))
        if (row["from"], row["to"]) != ends or row["approximate"] != rough:
            yield bad("corridor_hospital", where, "rumah sakit keliru", "hospital misstated")
        if row["walk_m"] < -METRES:
            yield bad("corridor_hospital", where, "jalan kaki keliru", "walk misstated")


RULES = (
    names_once,
    frame_told,
    events_as_filed,
    routes_told,
    neutral_throughout,
    lines_drawn,
    closures_drawn,
    hospitals_told,
)
