"""Tasks about roads: routes, reach, closures, events; the network and its routers stay in memory.

They have a worker of their own: a route must not wait behind a plan, nor load the server with a
network.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sispamkota.actions import closures as closing
from sispamkota.actions import road_facts, road_reach
from sispamkota.actions import traffic_events as events
from sispamkota.actions import traffic_orders as orders
from sispamkota.actions.closure_records import closures_version
from sispamkota.actions.reach import preview_reach
from sispamkota.actions.road_answers import Trip, find_route, nearest_posts
from sispamkota.actions.roads import known_profile, load_roads
from sispamkota.kernel.text import Lang
from sispamkota.storage.workspace import Workspace

Progress = Callable[[str, float], None]


def trip_of(given: Mapping[str, Any]) -> Trip:
    """Return how somebody travels, as a query says it."""
    return Trip(profile=known_profile(given["profile"]), at=given["at"], exempt=given["exempt"])


def summary(
    workspace: Workspace, progress: Progress, *, at: dt.datetime, lang: Lang
) -> dict[str, Any]:
    """Return the summary of the roads."""
    del progress
    return road_facts.roads_summary(workspace, at, lang)


def road_at(
    workspace: Workspace, progress: Progress, *, lon: float, lat: float, profile: str, lang: Lang
) -> dict[str, Any]:
    """Return the road at a point."""
    del progress
    return road_facts.road_at(workspace, lon, lat, known_profile(profile), lang)


def names(
    workspace: Workspace, progress: Progress, *, query: str, limit: int, lang: Lang
) -> dict[str, Any]:
    """Return names of roads."""
    del progress
    return road_facts.road_names(workspace, query, limit, lang)


def route(
    workspace: Workspace,
    progress: Progress,
    *,
    start: str,
    end: str,
    trip: Mapping[str, Any],
    more: int,
    lang: Lang,
) -> dict[str, Any]:
    """Return a route with its alternates."""
    del progress
    return find_route(workspace, start, end, trip_of(trip), more=more, lang=lang)


def nearest(
    workspace: Workspace,
    progress: Progress,
    *,
    target: str,
    trip: Mapping[str, Any],
    k: int,
    lang: Lang,
) -> dict[str, Any]:
    """Return the posts that are at a place soonest."""
    del progress
    return nearest_posts(workspace, target, trip_of(trip), k=k, lang=lang)


def isochrone(
    workspace: Workspace,
    progress: Progress,
    *,
    start: str,
    minutes: Sequence[float],
    trip: Mapping[str, Any],
    areas: Sequence[str],
    lang: Lang,
) -> dict[str, Any]:
    """Return how far one gets."""
    del progress
    return road_reach.isochrone(workspace, start, minutes, trip_of(trip), areas=areas, lang=lang)


def critical(
    workspace: Workspace,
    progress: Progress,
    *,
    trip: Mapping[str, Any],
    limit: int,
    lang: Lang,
) -> dict[str, Any]:
    """Return the links whose loss hurts most."""
    return road_reach.critical(workspace, trip_of(trip), limit=limit, lang=lang, progress=progress)


def reach(workspace: Workspace, progress: Progress, *, lang: Lang) -> dict[str, Any]:
    """Return which TPS are hard to reach."""
    del progress
    return preview_reach(workspace).as_json(lang)


def closures(
    workspace: Workspace, progress: Progress, *, at: dt.datetime, lang: Lang
) -> dict[str, Any]:
    """Return all closures."""
    del progress
    return closing.list_closures(workspace, at, lang)


def closures_geojson(
    workspace: Workspace, progress: Progress, *, at: dt.datetime, lang: Lang
) -> dict[str, Any]:
    """Return what is closed, as shapes."""
    del progress
    return closing.closures_geojson(workspace, at, lang)


def preview_closure(
    workspace: Workspace,
    progress: Progress,
    *,
    wish: Mapping[str, Any],
    now: dt.datetime,
    lang: Lang,
) -> dict[str, Any]:
    """Return what a closure would do."""
    del progress
    return closing.preview_closure(workspace, wish, now, lang)


def close(
    workspace: Workspace,
    progress: Progress,
    *,
    wish: Mapping[str, Any],
    signed: Mapping[str, Any],
    lang: Lang,
) -> dict[str, Any]:
    """Close roads; `signed` holds by, reason, public_reason and now."""
    del progress
    made, effect = closing.close_roads(workspace, wish, **signed)
    roads = load_roads(workspace)
    return {
        "version": roads.version,
        "closure": closing.closure_json(roads, made, signed["now"], lang),
        **effect.as_json(),
    }


def lift(
    workspace: Workspace,
    progress: Progress,
    *,
    closure: str,
    signed: Mapping[str, Any],
    lang: Lang,
) -> dict[str, Any]:
    """Open roads again; `signed` holds by, reason and now."""
    del progress
    found = closing.lift_closure(workspace, closure, **signed)
    roads = load_roads(workspace)
    return {
        "version": closures_version(workspace),
        "closure": closing.closure_json(roads, found, signed["now"], lang),
    }


def preview_order(
    workspace: Workspace, progress: Progress, *, plan: str, now: dt.datetime, lang: Lang
) -> dict[str, Any]:
    """Return what ordering the closures of a plan would close."""
    del progress
    return orders.preview_order(workspace, plan, now, lang)


def order(
    workspace: Workspace,
    progress: Progress,
    *,
    plan: str,
    signed: Mapping[str, Any],
    lang: Lang,
) -> dict[str, Any]:
    """Order the closures of a plan; `signed` holds by, reason, public_reason and now."""
    del progress
    made = orders.order_closures(workspace, plan, **signed)
    return orders.order_json(workspace, made, signed["now"], lang)


def lift_order(
    workspace: Workspace,
    progress: Progress,
    *,
    order: str,
    signed: Mapping[str, Any],
    lang: Lang,
) -> dict[str, Any]:
    """Lift all of an order; `signed` holds by, reason and now."""
    del progress
    lifted = orders.lift_order(workspace, order, **signed)
    return orders.lifted_json(workspace, order, lifted, signed["now"], lang)


def add_event(
    workspace: Workspace,
    progress: Progress,
    *,
    event: Mapping[str, Any],
    by: str,
    now: dt.datetime,
) -> dict[str, Any]:
    """Keep an event."""
    del progress
    kept, replaced = events.add_event(workspace, event, by=by, now=now)
    return {"event": kept.as_json(), "replaced": replaced, "warnings": []}


def list_events(
    workspace: Workspace, progress: Progress, *, withdrawn: bool
) -> list[dict[str, Any]]:
    """Return the events."""
    del progress
    return events.list_events(workspace, withdrawn=withdrawn)


def remove_event(
    workspace: Workspace, progress: Progress, *, event: str, by: str, now: dt.datetime
) -> None:
    """Withdraw an event."""
    del progress
    events.remove_event(workspace, event, by=by, now=now)
