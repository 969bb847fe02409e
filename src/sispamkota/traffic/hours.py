"""The busiest hour of an event: its demand, and the roads before and under the closures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from sispamkota.roads.network import Bools, Floats, Network
from sispamkota.roads.router import Router
from sispamkota.roads.snap import Snapped
from sispamkota.traffic.demand import (
    HOUR,
    Load,
    Period,
    background,
    counted,
    crowd_pcu,
    from_where,
    hour_of,
    in_hour,
    load_of,
)
from sispamkota.traffic.events import TrafficEvent
from sispamkota.traffic.loading import Loaded, Streets, load, streets, zone_places
from sispamkota.traffic.rules import Kind, TrafficRules
from sispamkota.traffic.ways import Ways

BOUND_GAP = 1e-4  # relative gap at the bounds of demand
MOST_PAIRS_ARCS = 2e9
"""Beyond pairs of zones times arcs the bounds of demand are not loaded, only the expected one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hour:
    """One hour of an event on the roads.

    Attributes:
        event: id.
        period: arrival or dispersal, whichever has more traffic.
        begins: UTC.
        demand: trips.
        low, high: all trips at the bounds of demand.
        places: where zones, groups and the place hang.
        streets: links.
        before, after: without and under the closures.
        same: without the closures, of those who still have a way under them.
        bounds: level of demand → (`after`, `same`); empty where that would take too long.
    """

    event: str
    period: Period
    begins: dt.datetime
    demand: Load
    low: float
    high: float
    places: Snapped
    streets: Streets
    before: Loaded
    after: Loaded
    same: Loaded
    bounds: Mapping[str, tuple[Loaded, Loaded]]

    @property
    def added_hours(self) -> float:
        """Vehicle hours that closures add for those who still have a way."""
        return self.after.vehicle_hours - self.same.vehicle_hours

    @property
    def ends(self) -> dt.datetime:
        """When it ends, UTC."""
        return self.begins + HOUR


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class City:
    """Zones on the roads of cars.

    Attributes:
        ways: the roads.
        zones: codes, people and places, in order of code.
        seconds: free travel time between zones.
        counts: counted trips; None = gravity.
        rules: assumptions.
    """

    ways: Ways
    zones: pl.DataFrame
    seconds: Floats
    counts: pl.DataFrame | None
    rules: TrafficRules

    @property
    def points(self) -> Floats:
        """(zones, 2) lon, lat."""
        found: Floats = self.zones.select("lon", "lat").to_numpy()
        return found

    @property
    def people(self) -> Floats:
        """Per zone."""
        found: Floats = self.zones["people"].to_numpy().astype(np.float64)
        return found

    def residents(self, at: dt.datetime) -> Floats:
        """Return trips of residents in the hour that begins at `at`."""
        if self.counts is not None:
            return counted(self.counts, self.zones["code"].to_list(), self.rules)
        return background(self.people, self.seconds, self.rules, at)


def city(ways: Ways, zones: pl.DataFrame, counts: pl.DataFrame | None, rules: TrafficRules) -> City:
    """Put zones on the roads and find the free travel times between them."""
    at = ways.snap(zones.select("lon", "lat").to_numpy())
    router = Router.exact(ways.network, ways.profile)
    return City(
        ways=ways,
        zones=zones,
        seconds=router.matrix(at, at).seconds,
        counts=counts,
        rules=rules,
    )


def busiest_hour(
    home: City,
    event: TrafficEvent,
    kind: Kind,
    *,
    shut: Bools,
    standing: Bools,
    closed_ever: Bools,
) -> Hour:
    """Load the roads in the busiest hour of an event, before and under closures.

    Args:
        home: zones and roads.
        event: the event.
        kind: its kind.
        shut: arcs barred to cars under all closures in force.
        standing: those barred by standing closures alone.
        closed_ever: arcs that no zone hangs on.
    """
    rules, network = home.rules, home.ways.network
    points = np.vstack(
        [home.points, *[np.array([g.gathering]) for g in event.groups], np.array([event.place])]
    )
    places = zone_places(network, points, closed_ever, rules.places.far_m)
    period, demands = _demands(home, event, kind, places)
    roads = streets(network, home.ways.graph, places, closed_ever, rules)
    before, after, same = _both(roads, demands["expected"], standing, shut, rules.links.gap)
    bounds = {}
    work = float((demands["expected"].trips > 0).sum()) * network.arcs
    if work <= MOST_PAIRS_ARCS:
        bounds = {
            level: _both(roads, demands[level], standing, shut, max(rules.links.gap, BOUND_GAP))[1:]
            for level in ("low", "high")
        }
    return Hour(
        event=event.id,
        period=period,
        begins=hour_of(event, period),
        demand=demands["expected"],
        low=demands["low"].total,
        high=demands["high"].total,
        places=places,
        streets=roads,
        before=before,
        after=after,
        same=same,
        bounds=bounds,
    )


def _demands(
    home: City, event: TrafficEvent, kind: Kind, places: Snapped
) -> tuple[Period, dict[str, Load]]:
    """The hour with more traffic, and its trips as expected and at their bounds."""
    rules = home.rules
    parts = from_where(event, home.people, to_place(home, places), rules)
    factor = {"expected": 1.0, "low": rules.demand.low, "high": rules.demand.high}
    made: dict[Period, dict[str, Load]] = {}
    periods: Sequence[Period] = ("arrival", "dispersal")
    for period in periods:
        residents = home.residents(hour_of(event, period))
        made[period] = {
            level: load_of(
                residents,
                parts,
                in_hour(crowd_pcu(event, kind, rules, level), kind, period),
                period,
                factor[level],
            )
            for level in ("expected", "low", "high")
        }
    period = max(periods, key=lambda p: made[p]["expected"].total)
    return period, made[period]


def to_place(home: City, places: Snapped) -> Floats:
    """Return per zone the free travel time to the place (the last row of places)."""
    router = Router.exact(home.ways.network, home.ways.profile)
    zones = places.take(np.arange(home.zones.height))
    last = places.take(np.array([len(places) - 1]))
    seconds: Floats = router.matrix(zones, last).seconds[:, 0]
    return seconds


def _both(
    roads: Streets, demand: Load, standing: Bools, shut: Bools, gap: float
) -> tuple[Loaded, Loaded, Loaded]:
    """The roads before closures, under them, and before them without those whom they cut off."""
    before = load(roads, demand.trips, closed=standing, gap=gap)
    paths = before.answer.paths
    after = load(roads, demand.trips, closed=shut, gap=gap, warm=paths)
    lost = after.answer.unroutable
    if after.unroutable <= before.unroutable:
        return before, after, before
    trips = demand.trips.copy()
    trips[lost.origin, lost.destination] = 0.0
    return before, after, load(roads, trips, closed=standing, gap=gap, warm=paths)


def total_flow(network: Network, flow: Floats) -> Floats:
    """Return per segment the flow of both directions."""
    summed = np.bincount(network.segment, weights=flow, minlength=network.segments)
    return summed.astype(np.float64)
