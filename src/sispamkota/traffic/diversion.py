"""Ways around closures, per class of vehicle, for the traffic that would have gone through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sispamkota.roads.network import Bools, Floats, Network, Profile
from sispamkota.roads.snap import Snapped
from sispamkota.traffic.closings import Planned, barred
from sispamkota.traffic.events import MOTOR
from sispamkota.traffic.loading import Loaded, Streets, path_arcs
from sispamkota.traffic.rules import TrafficRules
from sispamkota.traffic.ways import Way, Ways

JUNCTION = 3  # roads that meet


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A junction where drivers must be told: where a way around leaves, turns, or joins again."""

    node: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Diversion:
    """A way around.

    Attributes:
        event: id.
        closures: ids of closures it goes around.
        profile: for whom.
        before: what would have been driven, between leaving and joining.
        after: what is driven instead.
        flow: passenger car units an hour of that class.
        decisions: junctions along it.
    """

    event: str
    closures: tuple[str, ...]
    profile: Profile
    before: Way
    after: Way
    flow: float
    decisions: tuple[Decision, ...]

    @property
    def added_s(self) -> float:
        """What it adds in free travel time."""
        return self.after.seconds - self.before.seconds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traffic:
    """What diversions of one event are found in.

    Attributes:
        ways: roads by class of vehicle.
        streets: links of the assignment.
        loaded: the hour before closures.
        places: where zones hang, one row per node of the demand.
        shut: per class, arcs barred under all closures in force.
        before: per class, arcs barred by standing closures alone.
        share: part of the flow of each class.
        rules: which ways around are listed.
    """

    ways: Mapping[Profile, Ways]
    streets: Streets
    loaded: Loaded
    places: Snapped
    shut: Mapping[Profile, Bools]
    before: Mapping[Profile, Bools]
    share: Mapping[str, float]
    rules: TrafficRules


@dataclass(slots=True)
class _Through:
    """Flow through closures, by where it enters and leaves them; its biggest path stands for it."""

    closures: tuple[str, ...]
    flow: float = 0.0
    most: float = 0.0
    origin: int = -1
    destination: int = -1
    arcs: list[int] = field(default_factory=list)


def find_diversions(traffic: Traffic, event: str, own: Sequence[Planned]) -> tuple[Diversion, ...]:
    """Return the ways around the closures of an event, the most driven first."""
    limits = traffic.rules.diversions
    through = _through(traffic, own)
    kept: list[_Through] = []
    listed: dict[tuple[str, ...], int] = defaultdict(int)
    for group in sorted(through, key=lambda g: (-g.flow, g.origin, g.destination)):
        if group.flow >= limits.least_pcu_h and listed[group.closures] < limits.most_per_closure:
            listed[group.closures] += 1
            kept.append(group)
    found: dict[tuple[str, tuple[int, ...], tuple[int, ...]], Diversion] = {}
    for group in kept:
        for profile in MOTOR:
            made = _around(traffic, event, own, group, profile)
            if made is None:
                continue
            key = (profile, made.before.arcs, made.after.arcs)
            if key in found:
                made = _joined(found[key], made)
            found[key] = made
    order = {p: i for i, p in enumerate(MOTOR)}
    # as the plan prints it, so that what follows from it can be checked
    told = [replace(d, flow=round(d.flow, 2)) for d in found.values()]
    return tuple(sorted(told, key=lambda d: (-d.flow, order[d.profile], d.after.arcs)))


def _joined(one: Diversion, other: Diversion) -> Diversion:
    return Diversion(
        event=one.event,
        closures=tuple(sorted({*one.closures, *other.closures})),
        profile=one.profile,
        before=one.before,
        after=one.after,
        flow=one.flow + other.flow,
        decisions=one.decisions,
    )


def _through(traffic: Traffic, own: Sequence[Planned]) -> list[_Through]:
    network, paths = traffic.streets.network, traffic.loaded.answer.paths
    masks = [(p.closure.id, barred(network, [p.closure], "car")) for p in own]
    shut = np.logical_or.reduce([m for _, m in masks]) if masks else None
    if shut is None:
        return []
    groups: dict[tuple[tuple[str, ...], int, int], _Through] = {}
    for row in range(paths.count):
        arcs = path_arcs(traffic.streets, paths, row)
        hit = np.flatnonzero(shut[arcs])
        if not len(hit):
            continue
        names = tuple(i for i, m in masks if m[arcs].any())
        first, last = int(hit[0]), int(hit[-1])
        enter = arcs[first - 1] if first > 0 else -1
        leave = arcs[last + 1] if last + 1 < len(arcs) else -1
        group = groups.setdefault((names, enter, leave), _Through(closures=names))
        flow = float(paths.flow[row])
        group.flow += flow
        if flow > group.most:
            group.most, group.arcs = flow, arcs
            group.origin, group.destination = int(paths.origin[row]), int(paths.destination[row])
    return list(groups.values())


def _around(
    traffic: Traffic, event: str, own: Sequence[Planned], group: _Through, profile: Profile
) -> Diversion | None:
    """The way around of one class; None where it is not stopped or cannot get around."""
    ways = traffic.ways[profile]
    start, stop = _place(traffic, group.origin, ways), _place(traffic, group.destination, ways)
    before = ways.way(
        ways.from_place(start, traffic.before[profile]),
        ways.to_place(stop, traffic.before[profile]),
        traffic.before[profile],
    )
    if before is None:
        return None
    own_shut = barred(ways.network, [p.closure for p in own], profile)
    if profile == "car" and not own_shut[list(before.arcs)].any():
        # at rest in the traffic another way than the shortest goes through
        before = _loaded_way(group, ways, start, stop) or before
    if not own_shut[list(before.arcs)].any():
        return None
    shut = traffic.shut[profile]
    after = ways.way(ways.from_place(start, shut), ways.to_place(stop, shut), shut)
    if after is None:
        return None
    old, new = _apart(ways, before, after)
    if old is None or new is None:
        return None
    return Diversion(
        event=event,
        closures=_around_what(ways, own, old, profile),
        profile=profile,
        before=old,
        after=new,
        flow=group.flow * traffic.share[profile],
        decisions=_decisions(ways.network, after, new, traffic.rules),
    )


def _around_what(
    ways: Ways, own: Sequence[Planned], before: Way, profile: Profile
) -> tuple[str, ...]:
    """The closures that a way would have gone through."""
    arcs = list(before.arcs)
    return tuple(
        p.closure.id for p in own if barred(ways.network, [p.closure], profile)[arcs].any()
    )


def _loaded_way(group: _Through, ways: Ways, start: Snapped, stop: Snapped) -> Way | None:
    """The way of the assignment, with the pieces of road that the zones hang on."""
    first = ways.from_place(start)
    last = ways.to_place(stop)
    graph = ways.graph
    states = [int(graph.state[a]) for a in group.arcs]
    for s, begins in zip(first.states, first.part, strict=True):
        turns = graph.ends[graph.first[s] : graph.first[s + 1]]
        if states[0] not in turns:
            continue
        onward = graph.ends[graph.first[states[-1]] : graph.first[states[-1] + 1]]
        for t, ends in zip(last.states, last.part, strict=True):
            if t in onward:
                return ways.along([int(graph.arc[s]), *group.arcs, int(graph.arc[t])], begins, ends)
    return None


def _place(traffic: Traffic, row: int, ways: Ways) -> Snapped:
    """Where a zone hangs; on another road where this class may not use that one."""
    at = traffic.places.take(slice(row, row + 1))
    if ways.graph.state[int(at.arc[0])] >= 0:
        return at
    return ways.snap(at.place)


def _apart(ways: Ways, before: Way, after: Way) -> tuple[Way | None, Way | None]:
    """Return both ways between the junction where they part and the one where they meet again."""
    old, new = before.arcs, after.arcs
    shortest = min(len(old), len(new))
    head = 0
    while head < shortest and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shortest - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return (
        _part(ways, before, head, len(old) - tail),
        _part(ways, after, head, len(new) - tail),
    )


def _part(ways: Ways, way: Way, begin: int, end: int) -> Way | None:
    if end <= begin:
        return None
    return ways.along(
        way.arcs[begin:end],
        way.begins if begin == 0 else 0.0,
        way.ends if end == len(way.arcs) else 1.0,
    )


def _decisions(
    network: Network, after: Way, part: Way, rules: TrafficRules
) -> tuple[Decision, ...]:
    """Junctions along the way around where one must be told to turn."""
    start = int(network.tail[part.arcs[0]])
    stop = int(network.head[part.arcs[-1]])
    found = []
    if part.arcs[0] != after.arcs[0]:
        found.append(Decision(node=start, role="leaves"))
    for one, other in zip(part.arcs[:-1], part.arcs[1:], strict=True):
        node = int(network.head[one])
        turned = _angle(network, one, other) > rules.diversions.straight_deg
        renamed = network.name_of(one) != network.name_of(other)
        if (turned or renamed) and _meets(network, node) >= JUNCTION:
            found.append(Decision(node=node, role="turns"))
    if part.arcs[-1] != after.arcs[-1]:
        found.append(Decision(node=stop, role="joins"))
    return tuple({d.node: d for d in reversed(found)}.values())[::-1]


def _meets(network: Network, node: int) -> int:
    at = (network.tail == node) | (network.head == node)
    return len(np.unique(network.segment[at]))


def _angle(network: Network, one: int, other: int) -> float:
    """Degrees by which one turns from an arc into another."""
    into, out = _heading(network.line(one)[-2:]), _heading(network.line(other)[:2])
    turn = (out - into + 180) % 360 - 180
    return abs(turn)


def _heading(line: Floats) -> float:
    (x0, y0), (x1, y1) = line
    east = (x1 - x0) * np.cos(np.radians((y0 + y1) / 2))
    return float(np.degrees(np.arctan2(east, y1 - y0)))
