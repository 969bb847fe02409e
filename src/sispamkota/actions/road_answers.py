"""Answers about travel: routes, the nearest posts, and times between many places.

Each carries the version of the closures it holds for, and whether the roads are a stand-in.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sispamkota.actions.closures import DECIMALS, heading
from sispamkota.actions.road_places import Place, find_place, load_places, one_point
from sispamkota.actions.roads import Roads, load_roads
from sispamkota.actions.roads_network import points_of
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.roads.alternates import alternates
from sispamkota.roads.directions import directions
from sispamkota.roads.network import Floats, Profile
from sispamkota.roads.router import Route
from sispamkota.roads.snap import Snapped
from sispamkota.storage.workspace import Workspace

MOST_ALTERNATES = 3
MOST_NEAREST = 50
MATRIX_KINDS = ("tps", "posts", "desa")
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """How somebody travels.

    Attributes:
        profile: kind of vehicle.
        at: the moment, for closures with a window.
        exempt: kind of vehicle that closures may let through.
    """

    profile: Profile = "car"
    at: dt.datetime
    exempt: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the keys that every answer repeats."""
        return {"at": self.at.isoformat(), "profile": self.profile, "exempt": self.exempt}


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Times between many places.

    Attributes:
        origins, destinations: code, name, lon, lat of each.
        seconds: (origins, destinations); infinite where there is no way.
        head: version, whether estimated, and how somebody travels.
    """

    origins: pl.DataFrame
    destinations: pl.DataFrame
    seconds: Floats
    head: dict[str, Any]

    @property
    def unreachable(self) -> int:
        """How many pairs have no way."""
        return int((~np.isfinite(self.seconds)).sum())

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object of `roads matrix`; null where there is no way."""
        return {
            **self.head,
            "from": self.origins.select("code", "name", "lon", "lat").to_dicts(),
            "to": self.destinations.select("code", "name", "lon", "lat").to_dicts(),
            "travel_s": [[_finite(v) for v in row] for row in self.seconds.tolist()],
            "unreachable": self.unreachable,
        }

    def as_csv(self) -> str:
        """Return one line per pair: from, to, travel_s; empty where there is no way."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["from", "from_name", "to", "to_name", "travel_s"])
        ends = list(self.destinations.select("code", "name").iter_rows())
        starts = self.origins.select("code", "name").iter_rows()
        for (code, name), row in zip(starts, self.seconds.tolist(), strict=True):
            writer.writerows(
                (code, name, to, to_name, "" if (s := _finite(v)) is None else s)
                for (to, to_name), v in zip(ends, row, strict=True)
            )
        return out.getvalue()


def find_route(
    workspace: Workspace, start: str, end: str, trip: Trip, *, more: int = 0, lang: Lang
) -> dict[str, Any]:
    """Return the quickest way between two places, with up to `more` others.

    Raises:
        DomainError: `bad_place`, `unknown_place`, or `no_road_network`.
    """
    roads = load_roads(workspace)
    places = [find_place(workspace, text) for text in (start, end)]
    origin, destination = (roads.snap(one_point(p), trip.profile) for p in places)
    router = roads.router(trip.profile, at=trip.at, exempt=trip.exempt)
    found = alternates(router, origin, destination, 1 + min(max(more, 0), MOST_ALTERNATES))
    free = roads.open_router(trip.profile).route(origin, destination)
    routes = [
        {
            "rank": i + 1,
            "shared_m": round(a.shared_m, 1),
            **_route_json(roads, a.route, trip.profile, places[1], lang),
        }
        for i, a in enumerate(found)
    ]
    warnings = [w for w in (roads.base.warning, *_far(roads, places, (origin, destination))) if w]
    if not found:
        warnings.append(_no_way(closed=free is not None))
    same = bool(found) and free is not None and found[0].route.arcs == free.arcs
    return {
        **heading(roads, lang),
        **trip.as_json(),
        "from": place_json(places[0], origin),
        "to": place_json(places[1], destination),
        "reachable": bool(found),
        "routes": routes,
        "without_closures": None
        if free is None or same
        else {"travel_s": round(free.seconds, 1), "length_m": round(free.length_m, 1)},
        "warnings": [text.in_(lang) for text in warnings],
    }


def nearest_posts(
    workspace: Workspace, target: str, trip: Trip, *, k: int, lang: Lang
) -> dict[str, Any]:
    """Return the posts that are at a place soonest.

    Raises:
        DomainError: `bad_place`, `unknown_place`, `no_places_of_kind`, or `no_road_network`.
    """
    roads = load_roads(workspace)
    place, posts = find_place(workspace, target), load_places(workspace).posts
    if posts.is_empty():
        raise none_of("posts")
    at = roads.snap(one_point(place), trip.profile)
    units = roads.snap(points_of(posts), trip.profile)
    router = roads.router(trip.profile, at=trip.at, exempt=trip.exempt)
    found = router.nearest(at, units, min(max(k, 1), MOST_NEAREST))
    rows = []
    for unit, seconds in zip(found.units[0].tolist(), found.seconds[0].tolist(), strict=True):
        if unit >= 0:
            row = posts.select("code", "name", "kind", "lon", "lat").row(unit, named=True)
            away = round(float(units.distance_m[unit]), 1)
            rows.append(
                {**row, "travel_s": _finite(seconds), "reachable": True, "distance_m": away}
            )
    warnings = [w for w in (roads.base.warning, *_far(roads, [place], [at])) if w]
    return {
        **heading(roads, lang),
        **trip.as_json(),
        "to": place_json(place, at),
        "posts": rows,
        "unreachable": posts.height - len(rows) if len(rows) < k else 0,
        "warnings": [text.in_(lang) for text in warnings],
    }


def travel_times(
    workspace: Workspace,
    from_kind: str,
    to_kind: str,
    trip: Trip,
    *,
    lang: Lang,
    progress: Progress = lambda _step, _part: None,
) -> Times:
    """Return the times from each place of a kind to each of another.

    Args:
        workspace: an open workspace.
        from_kind: `tps`, `posts` or `desa`.
        to_kind: likewise.
        trip: how somebody travels.
        lang: of the sentence about a stand-in.
        progress: told the step and the part done.

    Raises:
        DomainError: `no_places_of_kind`, or `no_road_network`.
    """
    progress("order", 0.0)
    roads, places = load_roads(workspace), load_places(workspace)
    ends = []
    for kind in (from_kind, to_kind):
        frame = places.of("post" if kind == "posts" else kind)
        if frame.is_empty():
            raise none_of(kind)
        ends.append(frame)
    router = roads.router(trip.profile, at=trip.at, exempt=trip.exempt)
    progress("matrix", 0.0)
    snapped = [roads.snap(points_of(frame), trip.profile) for frame in ends]
    seconds = router.matrix(*snapped).seconds
    progress("matrix", 1.0)
    return Times(
        origins=ends[0],
        destinations=ends[1],
        seconds=seconds,
        head={**heading(roads, lang), **trip.as_json()},
    )


def _route_json(
    roads: Roads, route: Route, profile: Profile, target: Place, lang: Lang
) -> dict[str, Any]:
    network = roads.network
    names = [network.name_of(arc) for arc in route.arcs]
    steps = directions(network, route, profile, target=(target.lon, target.lat))
    return {
        "travel_s": round(route.seconds, 1),
        "length_m": round(route.length_m, 1),
        "roads": list(dict.fromkeys(name for name in names if name)),
        "line": np.round(route.line, DECIMALS).tolist(),
        "steps": [
            {
                "maneuver": step.maneuver,
                "text": step.text.in_(lang),
                "road": step.road,
                "length_m": round(step.length_m, 1),
                "travel_s": round(step.travel_s, 1),
                "lon": step.lon,
                "lat": step.lat,
            }
            for step in steps
        ],
    }


def place_json(place: Place, at: Snapped) -> dict[str, Any]:
    """Return a place that was asked for, and how far it lies from a road."""
    away = float(at.distance_m[0])
    return {
        "kind": place.kind,
        "code": place.code,
        "name": place.name,
        "lon": place.lon,
        "lat": place.lat,
        "distance_m": round(away, 1) if np.isfinite(away) else None,
        "far": bool(at.far[0]),
    }


def _far(roads: Roads, places: Sequence[Place], at: Sequence[Snapped]) -> list[Text]:
    """Say which places are far from any road; of a stand-in nothing is near."""
    if roads.estimated:
        return []
    return [
        Text(
            f"{p.name} berjarak {number(float(s.distance_m[0]), 'id')} m dari jalan terdekat",
            f"{p.name} is {number(float(s.distance_m[0]), 'en')} m from the nearest road",
        )
        for p, s in zip(places, at, strict=True)
        if s.far[0] and np.isfinite(s.distance_m[0])
    ]


def _no_way(*, closed: bool) -> Text:
    if closed:
        return Text(
            "tidak terjangkau: penutupan jalan memutus semua rute",
            "unreachable: closures cut every way",
        )
    return Text("tidak terjangkau dengan kendaraan ini", "unreachable by this kind of vehicle")


def _finite(seconds: float) -> float | None:
    return round(seconds, 1) if np.isfinite(seconds) else None


def none_of(kind: str) -> DomainError:
    """No place of a kind is known."""
    return DomainError(
        "no_places_of_kind",
        Text(f"tidak ada {kind} dengan titik", f"there are no {kind} with a place"),
        Text(
            f"Impor {kind} dengan kolom bujur dan lintang.",
            f"Import {kind} with columns of longitude and latitude.",
        ),
        {"kind": kind},
    )
