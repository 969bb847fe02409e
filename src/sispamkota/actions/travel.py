"""The travel times that guard plans of a workspace are made with: on its roads where it has any."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from sispamkota.actions.closure_records import StandingClosure
from sispamkota.actions.roads import Roads, load_roads
from sispamkota.actions.travel_words import straight_line, uses_roads
from sispamkota.kernel.times import WIB
from sispamkota.planning.road_times import RoadTimes
from sispamkota.planning.travel import Floats, TravelTimes
from sispamkota.roads.closures import closed_arcs
from sispamkota.roads.network import Profile
from sispamkota.roads.snap import Snapped
from sispamkota.storage.config import Planning
from sispamkota.storage.workspace import Workspace


def travel_times(workspace: Workspace, planning: Planning | None = None) -> TravelTimes:
    """Return the travel times that the settings ask for.

    The stand-in between desa is not used: it is made of straight lines and knows no more.

    Args:
        workspace: an open workspace.
        planning: settings to use instead of the workspace's own.

    Raises:
        DomainError: `no_imported_roads` where the settings ask for roads and there are none.
    """
    planning = planning or workspace.config.planning
    if not uses_roads(workspace, planning):
        return straight_line(planning)
    return _road_times(workspace, load_roads(workspace), planning)


def travel_of_plan(workspace: Workspace, plan: dict[str, Any]) -> TravelTimes:
    """Return the times to print beside a plan: on roads only where the plan was made on them."""
    planning = workspace.config.planning
    if plan.get("travel") is None or not uses_roads(workspace, planning):
        return straight_line(planning)
    return travel_times(workspace)


def _road_times(workspace: Workspace, roads: Roads, planning: Planning) -> RoadTimes:
    profile: Profile = planning.road_profile
    day = workspace.config.operation.voting_day
    standing = closures_of_day(roads.closures, day)
    mask = closed_arcs(roads.network, tuple(c.closure for c in standing), profile=profile, at=None)
    router = roads.router(profile, at=None)

    def matrix(origins: Snapped, destinations: Snapped) -> Floats:
        router.set_closed(mask)
        return router.matrix(origins, destinations).seconds

    return RoadTimes(
        network=roads.network,
        sha256=roads.base.sha256,
        profile=profile,
        access_kmh=planning.access_kmh,
        far_m=roads.far_m,
        closed=mask,
        closures=tuple(sorted(c.id for c in standing)),
        version=roads.version,
        day=day,
        snap=lambda points: roads.snap(points, profile),
        matrix=matrix,
    )


def closures_of_day(
    closures: Iterable[StandingClosure], day: dt.date
) -> tuple[StandingClosure, ...]:
    """Return the closures not lifted that hold at any moment of a day in WIB."""
    begin, end = _day(day)
    return tuple(
        c
        for c in closures
        if c.lifted is None
        and (c.closure.begins is None or c.closure.begins < end)
        and (c.closure.ends is None or c.closure.ends > begin)
    )


def closures_on_voting_day(workspace: Workspace) -> pl.Series:
    """Return the ids of the imports that closed or opened roads used on voting day."""
    rows = workspace.store.history("closures").select("import_id", "spec")
    begin, end = _day(workspace.config.operation.voting_day)
    return rows.filter(
        pl.Series(
            [_overlaps(json.loads(spec), begin, end) for spec in rows["spec"]], dtype=pl.Boolean
        )
    )["import_id"].unique()


def _overlaps(spec: Mapping[str, Any], begin: dt.datetime, end: dt.datetime) -> bool:
    first, last = (spec[k] and dt.datetime.fromisoformat(spec[k]) for k in ("begins", "ends"))
    return (not first or first < end) and (not last or last > begin)


def _day(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    begin = dt.datetime.combine(day, dt.time(), tzinfo=WIB)
    return begin, begin + dt.timedelta(days=1)


__all__ = [
    "closures_of_day",
    "closures_on_voting_day",
    "straight_line",
    "travel_of_plan",
    "travel_times",
    "uses_roads",
]
