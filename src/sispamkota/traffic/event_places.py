"""Where events are on the roads; a place in a lake or a route off the network is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.network import Network
from sispamkota.roads.snap import Snapped
from sispamkota.traffic.closings import check_wishes
from sispamkota.traffic.events import Point, TrafficEvent
from sispamkota.traffic.rules import TrafficRules, default_rules
from sispamkota.traffic.ways import Way, Ways


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """An event on the roads.

    Attributes:
        event: the event.
        at: its place, one row.
        gatherings: one row per group.
        route: the way of a convoy; None where the event has none.
    """

    event: TrafficEvent
    at: Snapped
    gatherings: Snapped
    route: Way | None


def check_places(
    network: Network, events: Iterable[TrafficEvent], rules: TrafficRules | None = None
) -> None:
    """Refuse events that are not on these roads.

    Raises:
        DomainError: `event_far_from_roads`, `gathering_far_from_roads`, `route_off_network`,
            `closure_on_no_road`, `unknown_road`.
    """
    place_events(network, tuple(events), rules or default_rules())


def place_events(
    network: Network, events: Sequence[TrafficEvent], rules: TrafficRules
) -> tuple[Placed, ...]:
    """Put events on the roads of cars.

    Raises:
        DomainError: see `check_places`.
    """
    ways = Ways(network, "car", far_m=rules.places.far_m)
    return tuple(place_event(ways, event, rules) for event in events)


def place_event(ways: Ways, event: TrafficEvent, rules: TrafficRules) -> Placed:
    """Put one event on the roads; see `place_events`."""
    limit = rules.places.far_m
    # a stand-in joins desa by straight lines: nothing is near those, and everything says so
    far_m = np.inf if ways.network.estimated else limit
    at = ways.snap([event.place])
    if not at.distance_m[0] <= far_m:
        raise _far("event_far_from_roads", event, event.place, at, limit)
    gatherings = ways.snap([g.gathering for g in event.groups])
    for row, group in enumerate(event.groups):
        if not gatherings.distance_m[row] <= far_m:
            here = gatherings.take(slice(row, row + 1))
            raise _far("gathering_far_from_roads", event, group.gathering, here, limit)
    check_wishes(ways, event)
    route_m = np.inf if ways.network.estimated else rules.places.route_m
    return Placed(event=event, at=at, gatherings=gatherings, route=_route(ways, event, route_m))


def _route(ways: Ways, event: TrafficEvent, limit: float) -> Way | None:
    """The way through all points of a route, each leg a shortest one."""
    if not event.route:
        return None
    stops = ways.snap(event.route)
    for row in range(len(stops)):
        if not stops.distance_m[row] <= limit:
            here = stops.take(slice(row, row + 1))
            raise _far("route_off_network", event, event.route[row], here, limit)
    arcs: list[int] = []
    begins = ends = 0.0
    for row in range(len(stops) - 1):
        start, stop = stops.take(slice(row, row + 1)), stops.take(slice(row + 1, row + 2))
        # a convoy goes on the way it came; it does not turn round in the middle of a road
        starts = ways.stopped(arcs[-1], ends) if arcs else ways.from_place(start)
        leg = ways.way(starts, ways.to_place(stop))
        if leg is None:
            raise _far("route_off_network", event, event.route[row + 1], stop, limit)
        begins = begins if arcs else leg.begins
        arcs += leg.arcs[1:] if arcs else leg.arcs
        ends = leg.ends
    return ways.along(arcs, begins, ends)


def _far(code: str, event: TrafficEvent, point: Point, at: Snapped, limit: float) -> DomainError:
    away = float(at.distance_m[0])
    metres = f"{away:.0f} m" if np.isfinite(away) else "?"
    where = f"{point[0]:.5f}, {point[1]:.5f}"
    return DomainError(
        code,
        Text(
            f"kegiatan '{event.id}': titik {where} berjarak {metres} dari jalan terdekat; "
            f"batasnya {limit:.0f} m",
            f"event '{event.id}': point {where} is {metres} from the nearest road; the limit is "
            f"{limit:.0f} m",
        ),
        Text(
            "Periksa urutan bujur, lintang; pindahkan ke jalan, atau impor jalan wilayah ini.",
            "Check the order lon, lat; move the point to a road, or import the roads of this area.",
        ),
        {
            "event": event.id,
            "place": list(point),
            "distance_m": round(away, 1) if np.isfinite(away) else None,
        },
    )
