"""How far one gets, and which links hold the whole together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl

from sispamkota.actions.closure_effect import counted
from sispamkota.actions.closures import heading, lines_of
from sispamkota.actions.road_answers import Trip, none_of, place_json
from sispamkota.actions.road_places import Places, find_place, load_places, one_point
from sispamkota.actions.roads import Roads, load_roads
from sispamkota.actions.roads_network import points_of
from sispamkota.kernel.text import Lang
from sispamkota.roads.critical import CriticalLink, critical_links
from sispamkota.roads.isochrones import Isochrone, isochrones
from sispamkota.storage.workspace import Workspace

SHOWN_TPS = 50
Progress = Callable[[str, float], None]


def isochrone(
    workspace: Workspace,
    start: str,
    minutes: Sequence[float],
    trip: Trip,
    *,
    areas: Sequence[str] = (),
    lang: Lang,
) -> dict[str, Any]:
    """Return how far one gets from a place within some minutes, as a FeatureCollection.

    Args:
        workspace: an open workspace.
        start: a place; see `find_place`.
        minutes: limits.
        trip: how somebody travels.
        areas: kecamatan whose TPS are counted; none = all.
        lang: of the sentence about a stand-in.

    Raises:
        DomainError: `bad_place`, `unknown_place`, `bad_limit`, or `no_road_network`.
    """
    roads, place = load_roads(workspace), find_place(workspace, start)
    tps = load_places(workspace).tps
    if areas:
        tps = tps.filter(pl.col("kecamatan").is_in(list(areas)))
    origin = roads.snap(one_point(place), trip.profile)
    router = roads.router(trip.profile, at=trip.at, exempt=trip.exempt)
    targets = roads.snap(points_of(tps), trip.profile)
    found = isochrones(router, origin, [60 * m for m in minutes], targets=targets)
    return {
        "type": "FeatureCollection",
        **heading(roads, lang),
        **trip.as_json(),
        "from": place_json(place, origin),
        "features": [_ring_json(one, tps) for one in reversed(found)],
    }


def _ring_json(one: Isochrone, tps: pl.DataFrame) -> dict[str, Any]:
    inside = tps[np.array(one.reached, dtype=np.int64)]
    return {
        "type": "Feature",
        "properties": {
            "minutes": round(one.limit_s / 60, 2),
            "travel_s": one.limit_s,
            "area_km2": round(one.area_km2, 2),
            "road_m": one.road_m,
            **counted(inside),
        },
        "geometry": {"type": "MultiPolygon", "coordinates": one.polygons},
    }


def critical(
    workspace: Workspace,
    trip: Trip,
    *,
    limit: int,
    lang: Lang,
    progress: Progress = lambda _step, _part: None,
) -> dict[str, Any]:
    """Return the links whose loss cuts off or slows most TPS and voters, the worst first.

    Raises:
        DomainError: `no_places_of_kind` without TPS or posts, or `no_road_network`.
    """
    progress("critical", 0.0)
    roads, places = load_roads(workspace), load_places(workspace)
    for kind, frame in (("tps", places.tps), ("posts", places.posts)):
        if frame.is_empty():
            raise none_of(kind)
    router = roads.router(trip.profile, at=trip.at, exempt=trip.exempt)
    tps, posts = (roads.snap(points_of(f), trip.profile) for f in (places.tps, places.posts))
    voters = places.tps["voters"].fill_null(0.0).to_numpy()
    found = critical_links(router, tps, posts, voters)
    progress("critical", 1.0)
    return {
        **heading(roads, lang),
        **trip.as_json(),
        "examined": found.examined,
        "used": found.used,
        "count": len(found.links),
        "links": [
            _link_json(roads, places, link, i + 1, lang)
            for i, link in enumerate(found.links[:limit])
        ],
        "unreachable": _rows(places.tps, found.unreachable),
        "unreachable_count": len(found.unreachable),
    }


def _link_json(
    roads: Roads, places: Places, link: CriticalLink, rank: int, lang: Lang
) -> dict[str, Any]:
    codes = places.tps["code"]
    touched = [*link.isolated, *link.slower][:SHOWN_TPS]
    return {
        "rank": rank,
        "segment": link.segment,
        "way": link.way,
        "road": link.name,
        "highway": link.highway,
        "kind": "bridge" if link.bridge else "link",
        "length_m": link.length_m,
        "lon": link.lon,
        "lat": link.lat,
        "line": lines_of(roads.network, [link.segment])[0],
        "isolated_tps": len(link.isolated),
        "isolated_on_it": len(link.isolated_on_it),
        "isolated_voters": link.isolated_voters,
        "slower_tps": len(link.slower),
        "slower_voters": link.slower_voters,
        "most_added_s": link.most_added_s,
        "tps": [str(codes[i]) for i in touched],
        "reason": link.reason.in_(lang),
    }


def _rows(tps: pl.DataFrame, rows: tuple[int, ...]) -> list[dict[str, Any]]:
    chosen = tps[np.array(rows, dtype=np.int64)].select("code", "name", "kecamatan", "lon", "lat")
    return [{"tps": row.pop("code"), **row} for row in chosen.head(SHOWN_TPS).to_dicts()]
