"""Ways of groups of supporters to an event and away, kept apart from each other.

Each group comes to an end of the closure of its own where there are enough of them, on a way that
shares as little road as can be with the ways of others at the same time: shared metres are made
dearer, and the groups take turns until nothing changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sispamkota.roads.network import Bools, Floats
from sispamkota.roads.snap import Snapped
from sispamkota.traffic.events import Group
from sispamkota.traffic.rules import ApproachRules
from sispamkota.traffic.ways import Ends, Way, Ways, metres_shared

Heading = Literal["arrival", "dispersal"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coming:
    """A group that comes to an event.

    Attributes:
        event: id.
        group: who.
        gathering: where from, one row.
        place: of the event, one row.
        doors: junctions where the closure can be entered on foot; none = the place itself.
        begins, ends: when it is on the road.
        shut: arcs barred at that time.
        heading: there, or away.
    """

    event: str
    group: Group
    gathering: Snapped
    place: Snapped
    doors: tuple[int, ...]
    begins: dt.datetime
    ends: dt.datetime
    shut: Bools
    heading: Heading


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Approach:
    """A group's way.

    Attributes:
        coming: the group.
        door: junction of the closure; -1 = the place itself.
        way: of its vehicles.
        shared_m: road shared with ways of others at the same time.
        shared_with: their labels.
    """

    coming: Coming
    door: int
    way: Way
    shared_m: float
    shared_with: tuple[str, ...]


def plan_approaches(
    ways: Ways, comings: Sequence[Coming], rules: ApproachRules
) -> tuple[tuple[Approach, ...], tuple[Coming, ...]]:
    """Return the ways of all groups, and the groups that cannot come by car at all."""
    chosen: list[tuple[int, Way] | None] = [None] * len(comings)
    best: list[tuple[int, Way] | None] = list(chosen)
    least = (np.inf, np.inf)
    for _ in range(max(1, rules.rounds)):
        for row, coming in enumerate(comings):
            chosen[row] = _one(ways, comings, chosen, row, coming, rules)
        now = _together(ways, comings, chosen)
        if now < least:
            least, best = now, list(chosen)
        else:
            break
    made, lost = [], []
    for row, coming in enumerate(comings):
        found = best[row]
        if found is None:
            lost.append(coming)
            continue
        shared, labels = _shared(ways, comings, best, row)
        made.append(
            Approach(
                coming=coming,
                door=found[0],
                way=found[1],
                shared_m=shared,
                shared_with=labels,
            )
        )
    return tuple(made), tuple(lost)


def meet(one: Coming, other: Coming) -> bool:
    """Say whether two groups are rivals on the road at the same time."""
    if one is other or (one.event, one.group.label) == (other.event, other.group.label):
        return False
    return one.begins < other.ends and other.begins < one.ends


def _one(
    ways: Ways,
    comings: Sequence[Coming],
    chosen: Sequence[tuple[int, Way] | None],
    row: int,
    coming: Coming,
    rules: ApproachRules,
) -> tuple[int, Way] | None:
    """The best way of a group while the others keep theirs."""
    extra = np.zeros(ways.network.arcs)
    doors: list[int] = []
    for other, found in enumerate(chosen):
        if other != row and found is not None and meet(coming, comings[other]):
            extra += _dearer(ways, found[1], rules.shared_penalty)
            doors.append(found[0])
    options = []
    for door in coming.doors or (-1,):
        starts, ends = _terminals(ways, coming, door)
        if not starts.states or not ends.states:
            continue
        tree = ways.tree(starts, coming.shut, extra)
        cost = tree.cost(ends) + 10 * rules.same_door_s * doors.count(door)
        if np.isfinite(cost):
            options.append((cost, door, tree, ends))
    if not options:
        return None
    _, door, tree, ends = min(options, key=lambda o: (o[0], o[1]))
    way = tree.to(ends)
    return (door, way) if way else None


def _terminals(ways: Ways, coming: Coming, door: int) -> tuple[Ends, Ends]:
    shut = coming.shut
    if coming.heading == "arrival":
        ends = ways.to_node(door, shut) if door >= 0 else ways.to_place(coming.place, shut)
        return ways.from_place(coming.gathering, shut), ends
    starts = ways.from_node(door, shut) if door >= 0 else ways.from_place(coming.place, shut)
    return starts, ways.to_place(coming.gathering, shut)


def _dearer(ways: Ways, way: Way, penalty: float) -> Floats:
    """What the roads of a way cost more, either direction, in deciseconds per arc."""
    network = ways.network
    used = np.isin(network.segment, network.segment[list(way.arcs)])
    extra = np.zeros(network.arcs)
    extra[ways.graph.arc] = ways.graph.time_ds * penalty
    return np.where(used, extra, 0.0)


def _shared(
    ways: Ways,
    comings: Sequence[Coming],
    chosen: Sequence[tuple[int, Way] | None],
    row: int,
) -> tuple[float, tuple[str, ...]]:
    own = chosen[row]
    total, labels = 0.0, []
    for other, found in enumerate(chosen):
        if own is None or found is None or not meet(comings[row], comings[other]):
            continue
        shared = metres_shared(ways.network, own[1].arcs, found[1].arcs)
        if shared > 0:
            total += shared
            labels.append(comings[other].group.label)
    return total, tuple(sorted(set(labels)))


def _together(
    ways: Ways, comings: Sequence[Coming], chosen: Sequence[tuple[int, Way] | None]
) -> tuple[float, float]:
    """Metres shared by all, then seconds of all; groups that cannot come weigh most."""
    shared = sum(_shared(ways, comings, chosen, row)[0] for row in range(len(comings)))
    lost = sum(c is None for c in chosen)
    return shared + lost * 1e9, sum(c[1].seconds for c in chosen if c is not None)
