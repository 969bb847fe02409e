"""Where officers stand: ends of closures always, and the junctions where they help most drivers.

Ends of closures, escorts, patrols and the place itself come first. With the officers left, HiGHS
chooses junctions so that the diverted flow that meets an officer is greatest (maximal covering,
Church & ReVelle 1974): an officer also sees the junctions within sight.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from sispamkota.roads.load_ways import distances_m
from sispamkota.roads.network import Floats, Network
from sispamkota.traffic.diversion import Diversion
from sispamkota.traffic.rules import PostRules

MUCH = 1.0
"""Passenger car units an hour from which a road that comes in counts as a conflict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Junction:
    """A junction on ways around.

    Attributes:
        event: id.
        node: its number.
        diverted: passenger car units an hour of diverted traffic that must be told there.
        conflicts: other roads with traffic that come in.
        value: what regulating it is worth.
    """

    event: str
    node: int
    diverted: float
    conflicts: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Officers somewhere for some time.

    Attributes:
        id: named in the plan.
        event: id.
        task: kawal, gatur or patroli.
        role: closure_end, place, junction, escort or patrol.
        node: -1 for what moves.
        closure: id, where it is the end of one.
        officers: how many.
        begins, ends: UTC.
        junction: what it is worth, where ways around pass.
        assigned: ids of persons.
    """

    id: str
    event: str
    task: str
    role: str
    node: int
    closure: str | None
    officers: int
    begins: dt.datetime
    ends: dt.datetime
    junction: Junction | None = None
    assigned: tuple[str, ...] = ()

    @property
    def mandatory(self) -> bool:
        """Whether the plan has it whatever it costs."""
        return self.role != "junction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Junctions chosen.

    Attributes:
        duties: one per junction.
        value: of the choice.
        bound: no choice is worth more.
    """

    duties: tuple[Duty, ...]
    value: float
    bound: float


def junctions_of(
    network: Network, diversions: Sequence[Diversion], after: Floats, rules: PostRules
) -> tuple[Junction, ...]:
    """Return the junctions on ways around of one event and what regulating each is worth.

    Args:
        network: the roads.
        diversions: ways around.
        after: per arc, passenger car units an hour under the closures.
        rules: worth of roles and conflicts.
    """
    weight = {"leaves": rules.leaves, "turns": rules.turns, "joins": rules.joins}
    diverted: dict[int, float] = defaultdict(float)
    value: dict[int, float] = defaultdict(float)
    used: dict[int, set[int]] = defaultdict(set)
    for diversion in diversions:
        for decision in diversion.decisions:
            diverted[decision.node] += diversion.flow
            value[decision.node] += diversion.flow * weight[decision.role]
        for arc in diversion.after.arcs:
            used[int(network.head[arc])].add(arc)
    found = []
    for node in sorted(diverted):
        others = [a for a in np.flatnonzero(network.head == node).tolist() if a not in used[node]]
        crossing = [float(after[a]) for a in others if after[a] >= MUCH]
        found.append(
            Junction(
                event=diversions[0].event,
                node=node,
                diverted=diverted[node],
                conflicts=len(crossing),
                value=value[node] + rules.conflict * min(sum(crossing), diverted[node]),
            )
        )
    return tuple(found)


def choose(
    network: Network,
    fixed: Sequence[Duty],
    options: Sequence[Duty],
    rules: PostRules,
    available: int | None,
) -> Chosen:
    """Choose junctions to regulate with the officers that fixed duties leave.

    Args:
        network: the roads.
        fixed: duties the plan has anyway.
        options: one duty per junction (`junction` is set).
        rules: sight, worth of an officer, relief.
        available: officers there are; None = as many as are worth it.

    Returns:
        the choice, proven best (value equals bound) unless HiGHS stopped.
    """
    if not options:
        return Chosen(duties=(), value=0.0, bound=0.0)
    model = _Model(options, rules)
    model.seen_when_near(network, fixed)
    if available is not None:
        model.officers_at_once(fixed, available)
    model.at_most_per_event()
    picked, value, bound = model.solve()
    return Chosen(duties=tuple(options[i] for i in picked), value=value, bound=bound)


class _Model:
    """Maximal covering: x = a junction has a post, y = it is seen from one."""

    def __init__(self, options: Sequence[Duty], rules: PostRules) -> None:
        self.options = options
        self.rules = rules
        self.size = len(options)
        self.rows: list[Floats] = []
        self.most: list[float] = []

    def at_most(self, row: Floats, most: float) -> None:
        """Add a row: its sum over x and y is at most so much."""
        self.rows.append(row)
        self.most.append(most)

    def seen_when_near(self, network: Network, fixed: Sequence[Duty]) -> None:
        """A junction is regulated from a post of the same event within sight."""
        for i, option in enumerate(self.options):
            if any(near(network, option, f, self.rules.sight_m) for f in fixed if f.node >= 0):
                continue
            row = np.zeros(2 * self.size)
            row[self.size + i] = 1.0
            for j, other in enumerate(self.options):
                if near(network, option, other, self.rules.sight_m):
                    row[j] = -1.0
            self.at_most(row, 0.0)

    def officers_at_once(self, fixed: Sequence[Duty], available: int) -> None:
        """At no time more officers than there are, relief between duties included."""
        relief = dt.timedelta(minutes=self.rules.relief_min)
        for at in sorted({d.begins for d in (*fixed, *self.options)}):
            taken = sum(f.officers for f in fixed if f.begins <= at < f.ends + relief)
            row = np.zeros(2 * self.size)
            for i, o in enumerate(self.options):
                row[i] = o.officers if o.begins <= at < o.ends + relief else 0
            if row.any():
                self.at_most(row, max(0, available - taken))

    def at_most_per_event(self) -> None:
        """No event has more posts than can be led."""
        for event in sorted({o.event for o in self.options}):
            row = np.zeros(2 * self.size)
            row[: self.size] = [o.event == event for o in self.options]
            self.at_most(row, self.rules.most)

    def solve(self) -> tuple[list[int], float, float]:
        """Return the rows chosen, their value and the proven bound."""
        gain = [_value(o) for o in self.options]
        cost = [self.rules.officer_worth * o.officers for o in self.options]
        answer = milp(
            np.array([*cost, *(-g for g in gain)]),
            integrality=[1] * self.size + [0] * self.size,
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(np.array(self.rows), ub=np.array(self.most)),
            options={"mip_rel_gap": 0.0},
        )
        picked = [i for i in range(self.size) if answer.x[i] > 0.5]  # noqa: PLR2004
        return picked, float(-answer.fun), float(-answer.mip_dual_bound)


def near(network: Network, one: Duty, other: Duty, sight_m: float) -> bool:
    """Say whether a post of the same event sees another junction."""
    if one.event != other.event:
        return False
    if one.node == other.node:
        return True
    at = np.array([network.node_lon[one.node], network.node_lat[one.node]])
    to = np.array([network.node_lon[other.node], network.node_lat[other.node]])
    return bool(distances_m(at, to) <= sight_m)


def _value(duty: Duty) -> float:
    return duty.junction.value if duty.junction else 0.0


def peak(duties: Sequence[Duty], relief_min: float) -> tuple[dt.datetime | None, int]:
    """Return when most officers are needed at once, and how many."""
    relief = dt.timedelta(minutes=relief_min)
    best: tuple[dt.datetime | None, int] = (None, 0)
    for at in sorted({d.begins for d in duties}):
        needed = sum(d.officers for d in duties if d.begins <= at < d.ends + relief)
        if needed > best[1]:
            best = (at, needed)
    return best


def assign_officers(
    duties: Sequence[Duty], people: Sequence[str], relief_min: float
) -> tuple[Duty, ...]:
    """Give duties their officers, nobody two at once; what comes first in `duties` is served first.

    Where all can be served all are: duties are then filled in order of time, each person taking
    the next one that begins after the last.
    """
    _, most = peak(duties, relief_min)
    rank = {d.id: i for i, d in enumerate(duties)}
    order = [*duties]
    if most <= len(people):
        order.sort(key=lambda d: (d.begins, rank[d.id]))
    relief = dt.timedelta(minutes=relief_min)
    busy: dict[str, list[Duty]] = {p: [] for p in people}
    given: dict[str, tuple[str, ...]] = {}
    for duty in order:
        free = [p for p in people if not any(_overlap(duty, d, relief) for d in busy[p])]
        taken = tuple(free[: duty.officers])
        for person in taken:
            busy[person].append(duty)
        given[duty.id] = taken
    return tuple(replace(d, assigned=given[d.id]) for d in duties)


def _overlap(one: Duty, other: Duty, relief: dt.timedelta) -> bool:
    return one.begins < other.ends + relief and other.begins < one.ends + relief


def ranked(duties: Sequence[Duty]) -> Mapping[str, int]:
    """Return the rank of each duty within its event: most worth first, then ends of closures."""
    ranks: dict[str, int] = {}
    by_event: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        by_event[duty.event].append(duty)
    for own in by_event.values():
        own.sort(key=lambda d: (-_value(d), not d.mandatory, d.id))
        ranks |= {d.id: i for i, d in enumerate(own, 1)}
    return ranks
