"""Traffic put on the roads before and under closures: the equilibrium of the hour of an event.

Each arc is a link whose time grows with its flow; a turn that is allowed joins two of them, so
forbidden turns and one-way roads are honoured. Zones hang on the road nearest to them that stays
open, at no cost: what happens on the first and the last piece of road is not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sispamkota.roads.connect import components
from sispamkota.roads.graph import TurnGraph
from sispamkota.roads.network import PROFILES, Bools, Floats, Ints, Network
from sispamkota.roads.snap import Snapped, Snapper
from sispamkota.traffic.assignment import Assignment, Demand, Links, Paths, assign
from sispamkota.traffic.costs import LinkCosts
from sispamkota.traffic.rules import TrafficRules


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Streets:
    """The links of an assignment.

    Attributes:
        network: the roads.
        links: zones first, then two nodes per state (its beginning and its end).
        arc: per state, its arc.
        capacity: per arc, passenger car units an hour.
        zones: number of zones.
        piece: per zone, the segment it hangs on; a number of its own below 0 where on none.
    """

    network: Network
    links: Links
    arc: Ints
    capacity: Floats
    zones: int
    piece: Ints

    @property
    def states(self) -> int:
        """Number of states."""
        return len(self.arc)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loaded:
    """An hour of traffic.

    Attributes:
        flow: per arc, passenger car units an hour.
        answer: the assignment.
        vehicle_hours: spent by all in that hour.
        unroutable: units an hour that no open way joins.
    """

    flow: Floats
    answer: Assignment
    vehicle_hours: float
    unroutable: float


def zone_places(network: Network, points: Floats, shut: Bools, far_m: float) -> Snapped:
    """Put zones on roads of cars that stay open and that hang together while nothing is closed.

    The last point is the place of the event: its crowd drives to the nearest road that can still
    be reached, which a piece of road between closures cannot.
    """
    joined = components(network, "car").arcs_within(network)
    bit = np.uint8(1 << PROFILES.index("car"))
    open_ = joined & ~shut
    access = np.where(open_, network.access | bit, network.access & ~bit)
    masked = replace(network, access=access.astype(np.uint8))
    zones = Snapper(network=masked, profile="car", within_component=False, limit_m=far_m)
    place = Snapper(network=masked, profile="car", within_component=True, limit_m=far_m)
    return _after(zones.snap(points[:-1]), place.snap(points[-1:]))


def _after(first: Snapped, last: Snapped) -> Snapped:
    return Snapped(
        arc=np.concatenate((first.arc, last.arc)),
        fraction=np.concatenate((first.fraction, last.fraction)),
        distance_m=np.concatenate((first.distance_m, last.distance_m)),
        far=np.concatenate((first.far, last.far)),
        place=np.concatenate((first.place, last.place)),
        limit_m=first.limit_m,
    )


def capacities(network: Network, rules: TrafficRules) -> Floats:
    """Return per arc its capacity by class of road."""
    by_class = np.array([rules.capacity_of(h) for h in network.highways] or [0.0])
    capacity: Floats = by_class[network.highway[network.segment]]
    return capacity


def streets(
    network: Network, graph: TurnGraph, places: Snapped, shut: Bools, rules: TrafficRules
) -> Streets:
    """Build the links on which zones trade trips.

    Args:
        network: the roads.
        graph: turns of cars.
        places: one row per zone.
        shut: arcs that zones do not hang on.
        rules: how roads slow down.
    """
    zones, states = len(places), graph.states
    begin = zones + 2 * np.arange(states)
    end = begin + 1
    capacity = capacities(network, rules)
    zone, state = _sides(graph, places, shut)
    tail = np.concatenate((begin, end[graph.begins], zone, begin[state]))
    head = np.concatenate((end, begin[graph.ends], end[state], zone))
    size = len(tail)
    free, room = np.zeros(size), np.full(size, np.inf)
    free[:states] = graph.time_ds / 10
    room[:states] = capacity[graph.arc]
    b, power = np.zeros(size), np.zeros(size)
    b[:states], power[:states] = rules.links.b, rules.links.power
    constant = np.zeros(size)
    constant[states : states + graph.turns] = rules.links.turn_s
    return Streets(
        network=network,
        links=Links(
            nodes=zones + 2 * states,
            tail=tail.astype(np.int32),
            head=head.astype(np.int32),
            costs=LinkCosts(free_time=free, capacity=room, b=b, power=power, length_cost=constant),
            first_thru_node=zones,
        ),
        arc=graph.arc,
        capacity=capacity,
        zones=zones,
        piece=np.where(places.arc >= 0, network.segment[places.arc], -1 - np.arange(zones)),
    )


def load(
    roads: Streets,
    trips: Floats,
    *,
    closed: Bools,
    gap: float,
    warm: Paths | None = None,
) -> Loaded:
    """Return the equilibrium of (zones, zones) trips while arcs are closed.

    Trips between zones on one piece of road stay on it: they load no road, and need no way round.
    """
    shut = np.zeros(roads.links.size, np.bool_)
    shut[: roads.states] = closed[roads.arc]
    origin, destination = np.nonzero(trips * (roads.piece[:, None] != roads.piece[None, :]))
    answer = assign(
        roads.links,
        Demand(
            origin=origin.astype(np.int32),
            destination=destination.astype(np.int32),
            volume=trips[origin, destination],
        ),
        gap=gap,
        warm=warm,
        closed=shut,
    )
    flow = np.zeros(roads.network.arcs)
    flow[roads.arc] = answer.flow[: roads.states]
    return Loaded(
        flow=flow,
        answer=answer,
        vehicle_hours=answer.total_cost / 3600,
        unroutable=float(answer.unroutable.volume.sum()),
    )


def path_arcs(roads: Streets, paths: Paths, row: int) -> list[int]:
    """Return the arcs that a path drives wholly."""
    links = paths.links_of(row)
    return [int(a) for a in roads.arc[links[links < roads.states]]]


def _sides(graph: TurnGraph, places: Snapped, shut: Bools) -> tuple[Ints, Ints]:
    """Pairs of zone and state: either direction of the road a zone hangs on."""
    zones: list[int] = []
    states: list[int] = []
    for row, arc in enumerate(places.arc.tolist()):
        for side in _both(graph, arc):
            if not shut[side] and graph.state[side] >= 0:
                zones.append(row)
                states.append(int(graph.state[side]))
    return np.array(zones, np.int32), np.array(states, np.int32)


def _both(graph: TurnGraph, arc: int) -> Sequence[int]:
    if arc < 0:
        return ()
    other = int(graph.opposite[arc])
    return (arc,) if other < 0 else (arc, other)
